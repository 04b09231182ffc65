"""At which length the answers of which models end, and who sees to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.core.message import Message, MessageStatus, Role, TextPart, user_message
from desktop.core.model import ModelInfo
from desktop.core.models.answer_limit import ANSWER_TOKENS, answer_limit, limit_in_force, limit_to_send
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode, room_for_reply
from desktop.core.sign import Sign, SignKind
from desktop.core.signs.exchange import EarlierMessage, Exchange
from desktop.core.signs.rules import signs_in

THINKS = ChatRequest("m", (user_message("Hi"),))
ANSWERS = replace(THINKS, cannot_reason=True)


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        ("SmolLM2 135M", 134_515_008),
        ("Gemma 3 270M", 268_098_176),
        ("Qwen2.5 0.5B", 494_032_768),
        ("Qwen3 0.6B", 751_632_384),
    ],
)
def test_very_small_models_have_a_limit_on_this_computer(model, parameters):
    info = ModelInfo(model, parameters=parameters)
    assert answer_limit(info, THIS_COMPUTER) == ANSWER_TOKENS
    assert answer_limit(info, Place(PlaceKind.PRIVATE_NETWORK, "gpu.lan")) is None
    assert answer_limit(info, Place(PlaceKind.INTERNET, "api.example.com")) is None


@pytest.mark.parametrize("parameters", [999_885_952, 1_235_814_432, 8_000_000_000, None])
def test_larger_models_have_none_nor_those_that_nothing_is_known_of(parameters):
    assert answer_limit(ModelInfo("m", parameters=parameters, size_on_disk=277), THIS_COMPUTER) is None
    assert answer_limit(None, THIS_COMPUTER) is None


def test_a_server_is_told_where_nothing_but_an_answer_can_come():
    assert limit_to_send(ANSWERS, 500) == 500
    assert limit_to_send(THINKS, 500) is None
    assert limit_to_send(ANSWERS, None) is None
    assert limit_to_send(replace(ANSWERS, params=GenerationParams(max_tokens=9)), 500) == 9
    sent = replace(ANSWERS, params=GenerationParams(max_tokens=500))
    assert room_for_reply(sent, counts_thinking=True) == 500


@pytest.mark.parametrize(("used", "was_ours"), [(500, True), (None, True), (120, False)])
def test_a_full_context_is_not_taken_for_the_limit(used, was_ours):
    limit = limit_in_force(replace(ANSWERS, params=GenerationParams(max_tokens=500)), 500)
    assert limit is not None
    assert limit.was_reached(used) is was_ours
    assert not limit.is_reached(9_000, has_thought=True), "that is its server's to see to"


def test_only_what_is_certain_to_be_answer_counts():
    limit = limit_in_force(THINKS, 500)
    assert limit is not None
    assert not limit.is_reached(9_000, has_thought=False), "it may yet turn out to be thinking"
    assert not limit.is_reached(499, has_thought=True)
    assert limit.is_reached(500, has_thought=True)
    assert not limit.was_reached(500)


@pytest.mark.parametrize(
    ("request_", "is_certain"),
    [
        (replace(THINKS, thinking=Thinking(ThinkingMode.OFF)), True),
        (replace(THINKS, thinking=Thinking(ThinkingMode.OFF), thinks_first=True), False),
        (replace(THINKS, partial_reply=PartialReply("The answer has", "Hm")), True),
        (replace(THINKS, partial_reply=PartialReply("", "Hm")), False),
    ],
    ids=["thinking is off", "asked to think first", "the answer has begun", "it has only thought"],
)
def test_what_follows_is_answer_where_no_thinking_can_come(request_, is_certain):
    limit = limit_in_force(request_, 500)
    assert limit is not None
    assert limit.is_reached(500, has_thought=False) is is_certain


def test_a_limit_that_was_asked_for_takes_its_place():
    assert limit_in_force(replace(THINKS, params=GenerationParams(max_tokens=8_192)), 500) is None
    assert limit_in_force(THINKS, None) is None


def test_the_sign_of_an_answer_that_was_cut_off_says_at_which_limit():
    reply = Message(role=Role.ASSISTANT, parts=(TextPart("Once upon a"),), status=MessageStatus.CUT_OFF)
    said = [EarlierMessage(Role.USER, "Tell me a story.")]
    assert signs_in(Exchange(reply, said, answer_limit=500)) == (Sign(SignKind.CUT_OFF, answer_limit=500),)
    assert signs_in(Exchange(reply, said)) == (Sign(SignKind.CUT_OFF),)
    complete = replace(reply, status=MessageStatus.COMPLETE)
    assert signs_in(Exchange(complete, said, answer_limit=500)) == ()

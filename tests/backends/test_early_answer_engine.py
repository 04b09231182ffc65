"""Thinking that is ended early on a real llama.cpp, with a template that opens it: live, by budget, and by going on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.events import ReasoningDelta, TextDelta, ThinkingCanEnd, ThinkingEnded
from desktop.core.message import AnswerWay, EarlyAnswer, Message, MessageStatus, ReasoningPart, Role, user_message
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode
from tests.backends.outcome import run
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.engine

_PATIENCE = 120.0  # seconds: the engine shares the cores with other tests

QUESTION = (user_message("Tell me of the sea."),)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    from desktop.store.paths import starter_model

    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model()), "opens"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate(timeout=PATIENCE)


@dataclass(frozen=True)
class Ended:
    message: Message
    pieces_before: int  # of thinking, at the click
    pieces_after: int


def ended_early(address: str, request: ChatRequest, after: int | None = None) -> Ended:
    """One reply, whose thinking is ended after so many pieces of it."""

    async def work() -> Ended:
        backend = OpenAICompatBackend(address, "", load_presets()["llama-server"])
        parts = (ReasoningPart(request.partial_reply.reasoning),) if request.partial_reply else ()
        builder = ReplyBuilder(Message(role=Role.ASSISTANT, parts=parts, status=MessageStatus.STREAMING))
        can_end: ThinkingCanEnd | None = None
        pieces = [0, 0]
        async for event in backend.stream(request):
            builder.apply(event)
            if isinstance(event, ThinkingCanEnd):
                can_end = event
            elif isinstance(event, ReasoningDelta):
                pieces[builder.awaits_answer] += 1
                if pieces[0] == after and not builder.awaits_answer:
                    builder.apply(ThinkingEnded())
                    assert can_end is not None
                    assert await can_end.end()
        await backend.aclose()
        return Ended(builder.message, *pieces)

    return run(work(), _PATIENCE)


def asking(tokens: int = 40, budget: int | None = None, partial_reply: PartialReply | None = None) -> ChatRequest:
    params = GenerationParams(max_tokens=tokens, temperature=0.7, seed=1)
    return ChatRequest(
        "m", QUESTION, params=params, thinking=Thinking(ThinkingMode.AUTO, budget), partial_reply=partial_reply
    )


def test_without_an_end_it_thinks_until_its_room_is_used_up(address: str) -> None:
    """What the others are measured against; the room for thinking is added to the room for the answer."""
    request = asking(tokens=10, budget=10_000)
    params = GenerationParams(max_tokens=10)

    async def thought_of(first: int) -> bool:
        backend = OpenAICompatBackend(address, "", load_presets()["llama-server"])
        pieces = 0
        async for event in backend.stream(ChatRequest("m", request.messages, params=params, thinking=request.thinking)):
            assert not isinstance(event, TextDelta)
            pieces += isinstance(event, ReasoningDelta)
            if pieces == first:
                break
        await backend.aclose()
        return pieces == first

    assert run(thought_of(80), _PATIENCE)


def test_live_control_ends_it_at_once(address: str) -> None:
    got = ended_early(address, asking(), after=20)
    assert got.pieces_before == 20
    assert got.pieces_after < 10, "only what was under way"
    assert got.message.text
    assert got.message.early == EarlyAnswer(AnswerWay.SAME_STREAM)


def test_a_budget_ends_it_by_itself(address: str) -> None:
    got = ended_early(address, asking(budget=10))
    assert 1 <= got.pieces_before <= 12
    assert got.message.text
    assert got.message.early is None


def test_it_goes_on_behind_thinking_that_was_closed(address: str) -> None:
    partial_reply = PartialReply("", "The sea is blue, I think", answer_by=(AnswerWay.CONTINUED, AnswerWay.ASKED))
    got = ended_early(address, asking(partial_reply=partial_reply))
    assert (got.message.reasoning, got.pieces_before) == ("The sea is blue, I think", 0)
    assert got.message.text
    assert got.message.early == EarlyAnswer(AnswerWay.CONTINUED)


def test_it_answers_from_notes(address: str) -> None:
    partial_reply = PartialReply("", "The sea is blue, I think", answer_by=(AnswerWay.ASKED,))
    got = ended_early(address, asking(partial_reply=partial_reply))
    assert got.message.reasoning == "The sea is blue, I think"
    assert got.message.text
    assert got.message.early == EarlyAnswer(AnswerWay.ASKED)

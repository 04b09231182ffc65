"""What is sent of a conversation, and in which ways the rest of a reply may be asked for."""

from __future__ import annotations

import pytest

from desktop.core.message import AnswerWay, AttachmentPart, Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.outgoing.asking import asking_to_answer
from desktop.core.outgoing.continuation import asking_to_go_on
from desktop.core.outgoing.messages import outgoing, partial_reply_of, ways_to_go_on
from desktop.core.place import THIS_COMPUTER, Place, PlaceKind
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode

OFF = Thinking(ThinkingMode.OFF)
QUESTION = user_message("What is it?")


def reply(text: str, reasoning: str = "") -> Message:
    parts = (ReasoningPart(reasoning), TextPart(text))
    return Message(role=Role.ASSISTANT, parts=parts, model="m", place=THIS_COMPUTER)


def request(partial_reply: PartialReply | None, thinking: Thinking = Thinking()) -> ChatRequest:  # noqa: B008 - a frozen value
    return ChatRequest("m", (QUESTION,), thinking=thinking, partial_reply=partial_reply)


def test_thinking_and_wordless_replies_stay_here() -> None:
    path = [QUESTION, reply("It is", "secret"), user_message("And?"), reply("", "secret"), user_message("So?")]
    sent = outgoing(path)
    assert [(each.role, each.text, each.reasoning) for each in sent] == [
        (Role.USER, "What is it?", ""),
        (Role.ASSISTANT, "It is", ""),
        (Role.USER, "And?\n\nSo?", ""),
    ]


def test_no_two_messages_of_a_kind_follow_each_other() -> None:
    scan = user_message("", attached=[AttachmentPart("scan.pdf", "application/pdf", "")])
    sent = outgoing([QUESTION, reply("It is"), scan, reply("I see"), user_message(""), reply("nothing.")])
    assert [(each.role, each.text) for each in sent] == [
        (Role.USER, "What is it?"),
        (Role.ASSISTANT, "It is"),
        (Role.USER, "scan.pdf"),
        (Role.ASSISTANT, "I see\n\nnothing."),
    ]


@pytest.mark.parametrize(
    ("model", "place", "reasoning"),
    [
        ("m", THIS_COMPUTER, "thought"),
        ("other", THIS_COMPUTER, ""),
        ("m", Place(PlaceKind.INTERNET, "x.test"), ""),
        ("m", None, ""),
    ],
)
def test_thinking_goes_back_to_where_it_came_from_only(model: str, place: Place | None, reasoning: str) -> None:
    assert partial_reply_of(reply("It is", "thought"), model, place) == PartialReply("It is", reasoning, not reasoning)
    assert partial_reply_of(reply("It is"), model, place) == PartialReply("It is")


def test_a_request_that_continues_nothing_is_made_as_it_is() -> None:
    plain = request(None)
    assert ways_to_go_on(plain, from_last_character=True, with_thinking=True) == [plain]


def test_the_best_way_comes_first() -> None:
    whole = request(PartialReply("It is", "thought"))
    first, second, third = ways_to_go_on(whole, from_last_character=True, with_thinking=True)
    assert first == whole
    assert (second.partial_reply, second.thinking) == (PartialReply("It is"), OFF)
    assert third.partial_reply is None
    assert third.thinking == Thinking()
    assert [each.text for each in third.messages] == ["What is it?", "It is", asking_to_go_on("What is it?", "It is")]
    ways = ways_to_go_on(whole, from_last_character=True, with_thinking=False)
    assert [way.partial_reply for way in ways] == [PartialReply("It is"), None]
    ways = ways_to_go_on(whole, from_last_character=False, with_thinking=True)
    assert [way.partial_reply for way in ways] == [None]


def test_without_thinking_there_is_nothing_to_send_back() -> None:
    for each in (request(PartialReply("It is")), request(PartialReply("It is", "thought"), OFF)):
        ways = ways_to_go_on(each, from_last_character=True, with_thinking=True)
        assert [way.partial_reply for way in ways] == [PartialReply("It is"), None]


def test_cut_off_while_it_thought() -> None:
    thought = request(PartialReply("\n", "thought"))
    assert ways_to_go_on(thought, from_last_character=True, with_thinking=True) == [thought, request(None)]
    assert ways_to_go_on(thought, from_last_character=True, with_thinking=False) == [request(None)]


# --- The answer to what was thought so far -----------------------------------------------------------------------

BY = (AnswerWay.CONTINUED, AnswerWay.ASKED)
THOUGHT = PartialReply("", "It is", answer_by=BY)
NOTES = asking_to_answer("What is it?", "It is")


def test_the_answer_is_got_behind_the_thinking_where_that_can_be_sent() -> None:
    whole = request(THOUGHT)
    first, last = ways_to_go_on(whole, from_last_character=True, with_thinking=True)
    assert first == whole
    assert (last.partial_reply, last.thinking) == (None, OFF)
    assert [each.text for each in last.messages] == [f"What is it?\n\n{NOTES}"]


def test_or_behind_its_closing_tag() -> None:
    first, last = ways_to_go_on(request(THOUGHT), from_last_character=True, with_thinking=False, from_tags=True)
    assert (first.partial_reply, first.thinking) == (PartialReply("<think>\nIt is\n</think>\n\n"), OFF)
    assert last.partial_reply is None


@pytest.mark.parametrize("partial_reply", [THOUGHT, PartialReply("", "It is", answer_by=BY[1:])])
def test_or_by_asking_with_notes(partial_reply: PartialReply) -> None:
    knows = partial_reply.answer_by == BY[1:]  # then it has been tried already
    (only,) = ways_to_go_on(request(partial_reply), from_last_character=knows, with_thinking=knows, from_tags=knows)
    assert [each.text for each in only.messages] == [f"What is it?\n\n{NOTES}"]
    assert only.thinking == OFF


def test_without_thinking_that_may_be_shown_it_is_just_asked() -> None:
    partial_reply = PartialReply("", withholds_thinking=True, answer_by=BY)
    (only,) = ways_to_go_on(request(partial_reply), from_last_character=True, with_thinking=True, from_tags=True)
    assert (only.messages, only.thinking, only.partial_reply) == ((QUESTION,), OFF, None)


def test_an_answer_that_has_begun_is_gone_on_with_and_no_more_thought() -> None:
    partial_reply = PartialReply("It is a", "It is", answer_by=BY)
    first, last = ways_to_go_on(request(partial_reply), from_last_character=True, with_thinking=True)
    assert (first.partial_reply, first.thinking) == (PartialReply("It is a"), OFF)
    assert (last.partial_reply, last.thinking) == (None, OFF)

"""Which steps are offered below a reply that has ended, and what is said of how its answer was got."""

from __future__ import annotations

import pytest

from desktop.core.message import (
    AnswerWay,
    EarlyAnswer,
    Message,
    MessageStatus,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    Usage,
)
from desktop.ui import words
from desktop.ui.message_actions import ReplyStep
from desktop.ui.thinking.in_reply import steps_after

THOUGHT, ANSWER = ReasoningPart("a fox"), TextPart("A fox.")
HIDDEN = Usage(completion_tokens=6_000, reasoning_tokens=6_000)
BROKEN = (MessageStatus.STOPPED, MessageStatus.INTERRUPTED, MessageStatus.FAILED)


def steps(status: MessageStatus, *parts: Part, usage: Usage | None = None) -> tuple[ReplyStep, ...]:
    message = Message(role=Role.ASSISTANT, parts=parts, status=status, usage=usage)
    return steps_after(message, can_ask_without=True)


@pytest.mark.parametrize("status", BROKEN)
def test_thinking_that_broke_off_can_be_answered(status: MessageStatus) -> None:
    assert steps(status, THOUGHT) == (ReplyStep.ANSWER_NOW,)
    assert steps(status, THOUGHT, ANSWER) == steps(status) == ()


def test_thinking_that_was_cut_off_has_all_steps_also_where_it_is_hidden() -> None:
    assert steps(MessageStatus.CUT_OFF, THOUGHT) == steps(MessageStatus.CUT_OFF, usage=HIDDEN) == tuple(ReplyStep)


def test_thinking_that_ended_by_itself_is_not_offered_more_room() -> None:
    assert steps(MessageStatus.COMPLETE, THOUGHT) == (ReplyStep.ANSWER_NOW, ReplyStep.WITHOUT_THINKING)


@pytest.mark.parametrize("by_limit", [False, True])
def test_notes_are_spoken_of_where_there_were_some(by_limit: bool) -> None:
    said = {way: words.answered_early(EarlyAnswer(way, by_limit)) for way in AnswerWay}
    assert [way for way in AnswerWay if "notes" in said[way]] == [AnswerWay.ASKED]
    assert len(set(said.values())) == len(AnswerWay)

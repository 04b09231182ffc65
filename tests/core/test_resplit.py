"""A split that was wrong, undone: which words go where, what is learnt from it, and that it can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.message import (
    AnswerWay,
    EarlyAnswer,
    Message,
    ReasoningPart,
    Role,
    Split,
    TextPart,
    Timings,
    Usage,
)
from desktop.core.reply import ReplyPhase, phase_of, reasoning_tokens_of
from desktop.core.resplit import lesson_of, resplit
from tests.core.tables import table


def reply(reasoning="", text="", *more):
    parts = [*([ReasoningPart(reasoning)] if reasoning else []), *([TextPart(text)] if text else [])]
    usage = Usage(prompt_tokens=5, completion_tokens=100, reasoning_tokens=70)
    return Message(
        role=Role.ASSISTANT, parts=(*parts, *more), usage=usage, timings=Timings(thinking=3.0, answering=1.0)
    )


CASES = table("resplit.toml")["cases"]


@pytest.mark.parametrize("case", CASES)
def test_words_change_sides(case):
    *sides, thinking, reasoning, text, lesson = CASES[case]
    message = reply(*sides)
    moved = resplit(message, thinking=thinking)
    assert (moved.reasoning, moved.text) == (reasoning, text)
    assert lesson_of(message, thinking=thinking) == lesson
    assert moved.id == message.id


def test_nothing_to_move_changes_nothing():
    only_text, only_thinking = reply("", "4."), reply("Hm")
    assert resplit(only_text, thinking=False) is only_text
    assert resplit(only_thinking, thinking=True) is only_thinking


def test_counts_and_times_follow():
    answer = resplit(reply("Hm", "4."), thinking=False)
    assert answer.timings == Timings(thinking=0.0, answering=4.0)
    assert reasoning_tokens_of(answer) == 0
    assert answer.usage == Usage(prompt_tokens=5, completion_tokens=100)
    thought = resplit(reply("", "abcd </think> efgh"), thinking=True)
    assert thought.timings is not None
    assert thought.timings.thinking + thought.timings.answering == pytest.approx(4.0)
    assert thought.timings.thinking > 3.0
    assert 0 < reasoning_tokens_of(thought) < 100


def test_an_answer_without_thinking_was_not_got_early():
    early = replace(reply("Hm", "4."), early=EarlyAnswer(AnswerWay.ASKED))
    assert resplit(early, thinking=False).early is None
    assert resplit(early, thinking=True).early == early.early


def test_a_reply_that_was_all_thinking_did_not_answer():
    assert phase_of(resplit(reply("", "Hm."), thinking=True)) is ReplyPhase.NO_ANSWER
    assert phase_of(resplit(reply("Hm."), thinking=False)) is ReplyPhase.DONE


@given(st.text(min_size=1), st.text(min_size=1))
def test_what_became_the_answer_can_go_back(reasoning, text):
    message = reply(reasoning.strip(), text)
    moved = resplit(message, thinking=False)
    if moved is message or not text.strip():
        return
    back = resplit(moved, thinking=True)
    assert (back.reasoning, back.text) == (reasoning.strip(), text)
    assert lesson_of(moved, thinking=True) is Split.AUTO


@given(st.text(), st.text(), st.booleans())
def test_no_word_is_lost(reasoning, text, thinking):
    moved = resplit(reply(reasoning, text), thinking=thinking)
    letters = [each for each in reasoning + text if each.isalpha()]
    assert [each for each in moved.reasoning + moved.text if each.isalpha()] == letters

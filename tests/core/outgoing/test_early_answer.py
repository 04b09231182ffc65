"""The words with which an answer is asked for early: what is given back of the thinking, and how it is fenced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.outgoing.asking import MOST_OF_NOTES, asking_to_answer, end_of_thinking
from desktop.core.text.tokens import estimate_tokens


@pytest.mark.parametrize(
    ("separator", "piece"),
    [("\n\n", "A paragraph of it"), ("\n", "A line of it"), (" ", "A sentence of it."), (" ", "wordofit")],
)
def test_long_thinking_begins_where_something_begins(separator, piece):
    notes = end_of_thinking(separator.join([piece] * 2_000))
    assert notes.startswith(piece)
    assert notes.endswith(piece)
    assert MOST_OF_NOTES / 2 <= estimate_tokens(notes) <= MOST_OF_NOTES


@given(st.text(max_size=30).map(lambda text: text * 900))
def test_it_is_always_the_end_and_never_much_more_than_wanted(trace):
    notes = end_of_thinking(trace)
    assert trace.strip().endswith(notes)
    assert estimate_tokens(notes) <= MOST_OF_NOTES * 1.5


def test_notes_that_quote_are_not_closed_by_their_own_quotes():
    asked = asking_to_answer("What?", 'He said """"stop"""" twice.')
    assert '"""""\nHe said' in asked
    assert 'twice.\n"""""\n' in asked


@pytest.mark.parametrize(
    ("question", "word"), [("What is it?", "final answer"), ("这是什么?", "最终回答"), ("", "final")]
)
def test_it_is_asked_in_the_language_of_the_question(question, word):
    assert word in asking_to_answer(question, "A fox.")

"""Titles of conversations, made from their first message."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text.titles import TITLE_COLUMNS, distinct, title_from
from tests.core.tables import table

CASES = table("text/titles.toml")


@pytest.mark.parametrize("text", CASES)
def test_title(text):
    assert title_from(text) == CASES[text]


def columns(text):
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
        if unicodedata.category(character)[0] not in "MC"
    )


@given(st.text() | st.text(st.sampled_from('ab好。.!? \n#*_`"[](:：>-1é\u0301👩\u200d🇩你早上'), max_size=150))
def test_title_is_one_short_line_and_never_empty(text):
    title = title_from(text)
    assert bool(title) == bool(text)
    assert "\n" not in title
    assert title == title.strip()
    assert columns(title) <= TITLE_COLUMNS


@pytest.mark.parametrize(
    "text", ["word " * 1_000_000, " " * 5_000_000, "*_`[" * 1_250_000, "好" * 5_000_000, "a\n" * 99]
)
def test_long_message_takes_no_time(text):
    begin = time.process_time()
    assert title_from(text)
    assert time.process_time() - begin < 1


def test_a_title_that_is_taken_gets_a_number():
    assert distinct("Due date", []) == "Due date"
    assert distinct("Due date", ["Due date", "(2) Due date", "Other"]) == "(3) Due date"

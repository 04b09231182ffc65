"""Finding a query in a text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text.find import FoundIn, comparable, occurrences
from tests.core.tables import table

CASES = table("text/found.toml")

_LETTERS = st.text(
    st.sampled_from("aAsSzZ ßẞﬁİıǰJeéE\u0301\u0323\u030c가ᄀ\u1161\u11a8\u09c7\u09be合同ＡＢ\u3000\n\t.\U0001f600")
)


@pytest.mark.parametrize(("text", "query", "found"), CASES["found"])
def test_what_is_found(text, query, found):
    assert [text[start:end] for start, end in occurrences(text, query)] == found


def test_an_odd_letter_far_away_moves_nothing():
    text = "x" * 70_000 + " ß " + "y" * 70_000 + " word"

    assert occurrences(text, "word") == [(len(text) - 4, len(text))]


def test_a_long_run_of_accents_ends():
    assert occurrences("ß" + "\u0301" * 200_000 + "a", "a") == [(200_001, 200_002)]


def test_a_message_counts_both_its_texts():
    assert FoundIn("id", in_reasoning=((0, 2),), in_text=((0, 1), (40, 2))).count == 5


@given(_LETTERS, _LETTERS)
def test_places_are_in_order_apart_and_hold_the_query(text, query):
    previous = 0
    for start, end in occurrences(text, query):
        assert previous <= start < end <= len(text)
        previous = end
        wanted, there = ("".join(comparable(each).split()) for each in (query, text[start:end]))
        assert wanted in there


@given(_LETTERS, st.data())
def test_a_piece_of_a_text_is_found_in_it(text, data):
    text = unicodedata.normalize("NFC", text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    # Half a letter is no piece: neither one whose accent is left behind, nor an accent without its letter.
    edges = text[start : start + 1] + text[end : end + 1]
    if text[start:end].strip() and not any(unicodedata.combining(each) for each in edges):
        assert occurrences(text, text[start:end]) or unicodedata.normalize("NFC", text[start:end]) not in text

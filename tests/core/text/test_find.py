"""Finding a query in a text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.text.find import FoundIn, comparable, occurrences

_LETTERS = st.text(
    st.sampled_from("aAsSzZ ßẞﬁİıǰJeéE\u0301\u0323\u030c가ᄀ\u1161\u11a8\u09c7\u09be合同ＡＢ\u3000\n\t.\U0001f600")
)


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("The contract, the CONTRACT", "contract", ["contract", "CONTRACT"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("", "a", []),
        ("anything", "", []),
        ("any thing", "  ", []),
        ("a payment\n   period", "payment period", ["payment\n   period"]),
        ("payment period", " payment ", ["payment"]),
        ("1.5 and 125", "1.5", ["1.5"]),
        (
            "4,812,300 or 4812300, 4.812.300, 4\u202f812\u202f300",
            "4812300",
            ["4,812,300", "4812300", "4.812.300", "4\u202f812\u202f300"],
        ),
        ("4,812,300 and 14812300", "4,812,300", ["4,812,300", "4812300"]),
        ("in 2031 and 2,031 of them", "2031", ["2031", "2,031"]),
        ("die Straße, die STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("ßx", "s", ["ß"]),
        ("ßx", "x", ["x"]),
        ("Straße", "ß", ["ß"]),
        ("Strasse", "ß", ["ss"]),
        ("ﬁnal", "fin", ["ﬁn"]),
        ("İstanbul ve istanbul", "istanbul", ["İstanbul", "istanbul"]),
        ("caf\u00e9 cafe\u0301", "CAFE\u0301", ["caf\u00e9", "cafe\u0301"]),
        ("cafe\u0301", "cafe", []),
        ("合同的付款期限", "付款", ["付款"]),
        ("ＡＢＣ１２３", "abc123", ["ＡＢＣ１２３"]),
        ("合\u3000同", "合 同", ["合\u3000同"]),
        ("\U0001f600 smile", "smile", ["smile"]),
        ("\u1112\u1161\u11ab글", "한글", ["\u1112\u1161\u11ab글"]),
    ],
)
def test_what_is_found(text: str, query: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in occurrences(text, query)] == found


def test_an_odd_letter_far_away_moves_nothing() -> None:
    text = "x" * 70_000 + " ß " + "y" * 70_000 + " word"

    assert occurrences(text, "word") == [(len(text) - 4, len(text))]


def test_a_long_run_of_accents_ends() -> None:
    assert occurrences("ß" + "\u0301" * 200_000 + "a", "a") == [(200_001, 200_002)]


def test_a_message_counts_both_its_texts() -> None:
    assert FoundIn("id", in_reasoning=((0, 2),), in_text=((0, 1), (40, 2))).count == 5


@given(_LETTERS, _LETTERS)
def test_places_are_in_order_apart_and_hold_the_query(text: str, query: str) -> None:
    previous = 0
    for start, end in occurrences(text, query):
        assert previous <= start < end <= len(text)
        previous = end
        wanted, there = ("".join(comparable(each).split()) for each in (query, text[start:end]))
        assert wanted in there


@given(_LETTERS, st.data())
def test_a_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    text = unicodedata.normalize("NFC", text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    # Half a letter is no piece: neither one whose accent is left behind, nor an accent without its letter.
    edges = text[start : start + 1] + text[end : end + 1]
    if text[start:end].strip() and not any(unicodedata.combining(each) for each in edges):
        assert occurrences(text, text[start:end]) or unicodedata.normalize("NFC", text[start:end]) not in text

"""Answers and files that nobody means well by, or that nobody thought of: what was looked up comes, and in time."""

from __future__ import annotations

import pytest

from desktop.core.evidence.checked import GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.rendering.page.shown_claims import shown_in
from desktop.ui.evidence.words import MOST_MARKED, lines

CONTRACT = "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nClause 7 Deposit\n\nThe tenant pays a deposit of 12,500."
_LONG = 1_200


def looked_up(answer, *files):
    sources = [GivenText(f"{at}.txt", text) for at, text in enumerate(files)]
    return check(shown_in(answer), Given(sources))


def verdicts(evidence):
    return [(each.text, each.verdict) for each in evidence.checked if each.verdict is not Verdict.UNCHECKED]


def test_ten_thousand_numbers_in_an_answer():
    """Those up to a number that is a help to anybody."""
    numbers = ["10,001", *(f"{500 + at % 9}-{at % 7}" for at in range(10_000))]
    found = looked_up(". ".join(numbers), "The number is 10,001.")
    told = verdicts(found)
    assert ("10,001", Verdict.FOUND) in told
    assert len(told) > MOST_MARKED / 2
    assert 2 <= len(lines(found)) <= 5


@pytest.mark.parametrize("text", ["4150", "4,150", "€ 4,150", "四千一百五十", " 4150 \n\n"])
def test_a_file_of_one_number(text):
    assert verdicts(looked_up("It is 4,150, not 4,510.", text)) == [
        ("4,150", Verdict.FOUND),
        ("4,510", Verdict.NOT_FOUND),
    ]


@pytest.mark.parametrize(
    ("answer", "text", "expected"),
    [
        ("السعر هو 4,150 درهم وليس 4,510 درهم.", "السعر 4,150 درهم شهريا.", ["4,150", "4,510"]),
        ("המחיר הוא 4,150 ולא 4,510.", "המחיר הוא 4,150 לחודש.", ["4,150", "4,510"]),
    ],
)
def test_words_from_right_to_left(answer, text, expected):
    found = looked_up(answer, text)
    assert [each.text.split()[0] for each in found.checked] == expected
    assert [each.verdict for each in found.checked] == [Verdict.FOUND, Verdict.NOT_FOUND]
    shown = shown_in(answer).text
    assert all(shown[each.start : each.end] == each.text for each in found.checked)


def test_a_quotation_over_the_end_of_a_page():
    text = "[Page 1]\n\nThe tenant keeps the garden in good\n\n[Page 2]\n\norder and cuts the hedge in March."
    found = looked_up("It says “keeps the garden in good order and cuts the hedge”.", text)
    assert [verdict for _, verdict in verdicts(found)] == [Verdict.FOUND]


def test_things_within_each_other_keep_their_places():
    """A quotation that holds a figure, a reference and a name."""
    answer = "“The rent is 4,150 a month” (clause 4), see “Clause 7 Deposit”, 12,500."
    found = looked_up(answer, CONTRACT)
    shown = shown_in(answer).text
    assert all(shown[each.start : each.end] == each.text for each in found.checked)
    assert ("12,500", Verdict.FOUND) in verdicts(found)


BOMBS = (
    "1", "1,", "1.", "1 ", "“", '"', '"a', "(", "[", "一", "三千五百", "三", "clause 7, ", "clause 1 and ", "a", "Aa-",
    "Aa ", "1-", "1/", "1 + ", "1 = ", "1 % ", "http://", "a@", "| ", "| 1 | 2 |\n", "第", "第一条", "€", "1 × ", "\n",
    "a: ", "12 May ", "\t", "\u200d", "\0", "\ud800", "1万", "½", "²", "点", "零点一",
)  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS, ids=ascii)
def test_the_same_again_and_again(bomb):
    """In the answer and in the file: what else stands there is looked up, whatever patterns would make of it."""
    filler = (bomb * _LONG)[:_LONG]
    told = dict(verdicts(looked_up(f"The rent is 4,510 a month.\n\n{filler}", CONTRACT)))
    assert told["4,510"] in (Verdict.ELSEWHERE, Verdict.NOT_FOUND)
    assert ("4,150", Verdict.FOUND) in verdicts(looked_up("The rent is 4,150 a month.", f"{CONTRACT}\n\n{filler}"))

"""Numbers and days of an answer that come of others: which are taken for computed, and which for wrong."""

from __future__ import annotations

import pytest

from desktop.core.evidence.checked import GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.rendering.page.shown_claims import shown_in

_OFFER = GivenText(
    "Offer.docx",
    "1. Begin\nThe contract begins on 1 June 2026 and runs for 3 years, with 14 days' notice.\n\n"
    "2. Prices\nCleaning costs £11,480 a month, windows £1,984 per cleaning, 4 times a year.\n\n"
    "3. Areas\nOffices have 4,920 m², corridors 1,130 m², kitchens 480 m² and meeting rooms 320 m².\n\n"
    "| Item (GBP thousand) | 2024 | 2025 |\n| Medicines | 4,196 | 3,980 |\n| Treatment | 6,842 | 7,315 |\n",
)
_COMPUTED, _MISCOMPUTED, _MISSING = Verdict.COMPUTED, Verdict.MISCOMPUTED, Verdict.NOT_FOUND


@pytest.mark.parametrize(
    ("answer", "words", "verdict"),
    [
        ("Cleaning costs 12 × £11,480, that is £137,760 a year.", "£137,760", _COMPUTED),
        ("It can be left by 15 June 2026, i.e. 14 days after 1 June 2026.", "15 June 2026", _COMPUTED),
        ("The contract runs for 3 years from 1 June 2026, so it ends on 31 May 2029.", "31 May 2029", _COMPUTED),
        ("Offices have 4,920 m² and corridors 1,130 m², together 6,050 m².", "6,050 m²", _COMPUTED),
        ("Offices have 4,920 m² and corridors 1,130 m², together 6,950 m².", "6,950 m²", _MISSING),
        ("Together the offices and corridors have 6,050 m².", "6,050 m²", _MISSING),
        ("Together the offices and corridors have 6,950 m².", "6,950 m²", _MISSING),
        ("The notice has to be given within 41 days.", "41 days", _MISSING),
        ("From 1 June 2026 to 31 May 2029 are 36 months.", "36 months", Verdict.FOUND),
        ("From 1 June 2026 to 15 June 2026 are 14 days, to 30 August 2026 there are 90 days.", "90 days", _MISSING),
        ("The first 1.5 years end on 30 November 2027, as they begin on 1 June 2026.", "30 November 2027", _MISSING),
        ("12 × £11,480 = 137,760 days", "137,760 days", _MISSING),
        ("20 × £11,840 = £236,800", "£236,800", _MISSING),
        ("| Item | Calculation | Sum |\n|---|---|---|\n| Windows | 4 × £1,984 | £7,936 |", "£7,936", _COMPUTED),
        ("| Item | Calculation | Sum |\n|---|---|---|\n| Windows | 4 × £1,984 | £7,396 |", "£7,396", _MISCOMPUTED),
        ("Medicines came to £3.98 million, after £4,196 thousand.", "£3.98 million", Verdict.FOUND),
    ],
)
def test_a_number_comes_of_those_that_stand_near(answer, words, verdict):
    evidence = check(shown_in(answer), Given([_OFFER]))
    assert {each.text: each.verdict for each in evidence.checked}[words] is verdict


ROWS = "| Payee | May | June |\n|---|---|---|\n| Medicines | 4,196 | 3,980 |\n| Treatment | 6,842 | 7,315 |\n"


@pytest.mark.parametrize(
    ("answer", "words", "verdict"),
    [
        (f"{ROWS}| Total | 11,038 | 11,295 |", "11,038", _COMPUTED),
        (f"{ROWS}| Total | 11,038 | 11,259 |", "11,259", _MISSING),
        (f"{ROWS}| Total | 11,038 | 11,295 |".replace("4,196", "4,169"), "11,038", _MISSING),
        ("- Offices: 4,920 m²\n- Corridors: 1,130 m²\n- Kitchens: 480 m²\n- Total: 6,530 m²", "6,530 m²", _COMPUTED),
        ("(11,480 + 1,984) × 6% = 807.84", "807.84", _MISSING),
        ("(11,480 + 1,984) × 4 = 53,856", "53,856", _COMPUTED),
        ("(11,480 + 1,984) × 4 = 58,356", "58,356", _MISCOMPUTED),
    ],
)
def test_a_total_counts_only_where_all_its_terms_are_found(answer, words, verdict):
    evidence = check(shown_in(answer), Given([_OFFER]))
    assert {each.text: each.verdict for each in evidence.checked}[words] is verdict


_ORDER = GivenText(
    "Order.txt",
    "The monthly fee is 4,200 EUR. The setup fee is 1,500 EUR. The term is 24 months.\n\n"
    "| Item | Qty | Price | Total |\n| Chair | 40 | 120 | 4,800 |\n| Desk | 12 | 340 | 4,080 |\n",
)
_LEASE = GivenText("租约.txt", "第一条 租金为每月3,500元，押金为三个月租金，即10,500元。共12个月。")


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (_ORDER, "4,200 + 5% = 4,410"),
        (_ORDER, "4,200 EUR × (12 + 12) = 100,800 EUR"),
        (_ORDER, "12 months at 4,200 + 1,500 = 51,900 EUR"),
        (_ORDER, "5% of 4,200 + 1,500 = 1,710"),
        (_ORDER, "twice 4,200 + 1,500 = 9,900"),
        (_ORDER, "24 months + 12 = 3 years"),
        (_ORDER, "24 months + 12 days = 25 months"),
        (_ORDER, "4,800 + 4,080 ≈ 9,000"),
        (_ORDER, "4,800 + 4,080 = about 9,000"),
        (_ORDER, "1,500 / 4,200 = 5/14"),
        (_ORDER, "40 + 12 = 4 dozen and 4"),
        (_LEASE, "12个月的3500 + 10500 = 52500元"),
        (_ORDER, "The price for the 40 chairs comes to 4,800."),
        (_ORDER, "The price of 12 desks is 4,080."),
        (_ORDER, "The chair price of 40 chairs is 4,800 in total."),
        (_ORDER, "At 130 each, chairs would cost 40 × 130 = 5,200."),
    ],
)
def test_what_may_be_right_is_no_fault(given, answer):
    evidence = check(shown_in(answer), Given([given]))
    assert [each.text for each in evidence.amiss] == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("The price per chair is 340.", "340"),
        ("4,800 + 4,080 = 8,800", "8,800"),
        ("The year: 4,200 EUR × 12 = 54,000 EUR, without setup.", "54,000 EUR"),
    ],
)
def test_what_is_plainly_wrong_is_still_told(answer, words):
    evidence = check(shown_in(answer), Given([_ORDER]))
    assert [each.text for each in evidence.amiss] == [words]


def test_the_same_figure_twice_is_not_two_terms():
    evidence = check(shown_in("The fee is 4,200 EUR; 4,200 EUR is due monthly, that is 8,400 EUR."), Given([_ORDER]))
    assert {each.text: each.verdict for each in evidence.checked}["8,400 EUR"] is _MISSING

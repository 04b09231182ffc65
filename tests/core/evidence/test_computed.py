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
        ("Offices (4,920 m²) are on average 4.4 times as large as corridors (1,130 m²).", "4.4", _COMPUTED),
        ("Together the offices and corridors have 6,050 m².", "6,050 m²", _COMPUTED),
        ("Together the offices and corridors have 6,950 m².", "6,950 m²", _MISSING),
        ("The notice has to be given within 41 days.", "41 days", _MISSING),
        ("| Item | Calculation | Sum |\n|---|---|---|\n| Windows | 4 × £1,984 | £7,936 |", "£7,936", _COMPUTED),
        ("| Item | Calculation | Sum |\n|---|---|---|\n| Windows | 4 × £1,984 | £7,396 |", "£7,396", _MISCOMPUTED),
        ("Medicines came to £3.98 million, after £4,196 thousand.", "£3.98 million", Verdict.FOUND),
    ],
)
def test_a_number_comes_of_those_that_stand_near(answer: str, words: str, verdict: Verdict) -> None:
    evidence = check(shown_in(answer), Given([_OFFER]))
    assert {each.text: each.verdict for each in evidence.checked}[words] is verdict


def test_rows_that_are_reckoned_alike_tell_which_is_wrong() -> None:
    source = GivenText(
        "a.csv", "| Region | Target | Actual |\n| A | 640 | 793 |\n| B | 815 | 902 |\n| C | 530 | 471 |\n"
    )
    answer = (
        "| Region | Target | Actual | Change |\n|---|---|---|---|\n"
        "| A | 640 | 793 | +23.9 % |\n| B | 815 | 902 | +10.7 % |\n| C | 530 | 471 | −17.1 % |\n"
    )
    evidence = check(shown_in(answer), Given([source]))
    verdicts = {each.text.lstrip("−+"): each for each in evidence.checked}
    assert verdicts["23.9 %"].verdict is verdicts["10.7 %"].verdict is _COMPUTED
    wrong = verdicts["17.1 %"]
    assert wrong.verdict is _MISCOMPUTED
    assert wrong.calculation is not None
    assert wrong.calculation.result == "11.13"


def test_a_wrong_number_of_a_calculation_is_told_by_its_right_result() -> None:
    source = GivenText("a.txt", "Six wallboxes are installed, each for £1,095.")
    evidence = check(shown_in("| Wallboxes | 6 × £1,059 | £6,570 |\n|---|---|---|\n| x | y | z |"), Given([source]))
    verdicts = {each.text: each for each in evidence.checked}
    assert verdicts["£6,570"].verdict is _COMPUTED
    assert verdicts["£1,059"].verdict is _MISSING
    instead = verdicts["£1,059"].instead
    assert instead is not None
    assert instead.text == "£1,095"

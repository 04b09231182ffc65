"""What is told by what stands beside it: names, ranges, changed values, and numbers that come of others."""

from __future__ import annotations

import pytest

from desktop.core.claims.claim import Shown
from desktop.core.evidence.checked import Evidence, GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given

LIFTS = """三家公司的报价：迅捷电梯每部31.8万元，质保5年；恒升电梯每部29.6万元，质保3年；东方通力每部34.2万元，质保6年。

第二辆车的月租由200元调整为260元，自5月1日起执行。会议还讨论了绿化、保洁和门禁。
"""
FAIR = """The rent of the booth is 289 euros per square metre, and the hall opens at 8:00.

Build-up is from 7 to 11 September. Flights between 500 and 1,500 kilometres could be saved.

The daily menu rises from 4.80 EUR to 5.20 EUR in July. The lease runs for 60 months.

A journey by train causes 31 grams of carbon per kilometre, one by plane 214. The hotel is 1,250 kilometres away.
"""
STATEMENT = """| Date | Payee | Amount | Balance |
| 05-12 | Harlow Steel | 218,600.00 | 1,067,830.52 |
| 05-20 | Pine Estates | 85,000.00 | 1,294,728.55 |
| 05-22 | Kessel Tools | 47,350.00 | 1,247,378.55 |
"""


def checked(answer: str, text: str, question: str = "") -> Evidence:
    return check(Shown(answer), Given([GivenText("file.pdf", text)]), question)


def verdict_of(evidence: Evidence, text: str) -> Verdict:
    return next(each.verdict for each in evidence.checked if each.text == text)


def test_a_name_is_told_when_all_beside_it_is_anothers() -> None:
    evidence = checked("建议由恒升电梯更换，每部31.8万元，质保5年。", LIFTS)
    assert [each.text for each in evidence.amiss] == ["恒升电梯"]


def test_a_value_that_the_file_says_was_changed_is_told_with_the_new_one() -> None:
    (told,) = checked("第二辆车的月租为200元。", LIFTS).amiss
    assert told.instead is not None
    assert (told.text, told.instead.text) == ("200元", "260元")
    assert not checked("第二辆车的月租原为200元。", LIFTS).amiss
    assert not checked("第二辆车的月租由200元调整为260元。", LIFTS).amiss
    (told,) = checked("The daily menu costs 4.80 EUR.", FAIR).amiss
    assert told.text == "4.80 EUR"


def test_an_end_of_a_range_that_belongs_to_another_is_told() -> None:
    (told,) = checked("Flights between 500 and 1,250 kilometres could be saved.", FAIR).amiss
    assert told.instead is not None
    assert (told.text, told.instead.text) == ("1,250 kilometres", "1,500 kilometres")
    assert not checked("Flights between 500 and 1,500 kilometres could be saved.", FAIR).amiss


@pytest.mark.parametrize(
    ("answer", "thing", "verdict"),
    [
        ("The lease runs for five years.", "five years", Verdict.COMPUTED),
        ("The lease runs for four years.", "four years", Verdict.NOT_FOUND),
        ("Per kilometre the emissions fall by 183 grams.", "183 grams", Verdict.COMPUTED),
        ("A journey by plane causes 214 grams per kilometre.", "214 grams", Verdict.FOUND),
        ("Example: for an order of 3,000 EUR, nothing else is said.", "3,000 EUR", Verdict.UNCHECKED),
    ],
)
def test_what_comes_of_others_is_computed(answer: str, thing: str, verdict: Verdict) -> None:
    assert verdict_of(checked(answer, FAIR), thing) is verdict


def test_a_day_alone_in_a_cell_is_a_date() -> None:
    answer = "Harlow Steel was paid on 12 May, Kessel Tools on 23 May."
    assert verdict_of(checked(answer, STATEMENT), "12 May") is Verdict.FOUND
    assert verdict_of(checked(answer, STATEMENT), "23 May") is Verdict.NOT_FOUND


def test_a_sum_is_told_to_be_wrong_only_in_a_row_that_is_the_total() -> None:
    rows = "Payee\tAmount\nHarlow Steel\t218,600.00\nPine Estates\t85,000.00\n"
    assert verdict_of(checked(f"{rows}Total\t303,600.00", STATEMENT), "303,600.00") is Verdict.COMPUTED
    assert verdict_of(checked(f"{rows}Total\t304,600.00", STATEMENT), "304,600.00") is Verdict.MISCOMPUTED
    assert verdict_of(checked(f"{rows}Total for 30\t777.70", STATEMENT), "777.70") is Verdict.NOT_FOUND


def test_a_share_of_a_column_is_computed() -> None:
    rows = "Payee\tAmount\tShare\nHarlow Steel\t218,600.00\t62.3%\nPine Estates\t85,000.00\t24.2%\n"
    evidence = checked(f"{rows}Kessel Tools\t47,350.00\t13.5%\nTotal\t350,950.00\t100%", STATEMENT)
    assert {each.verdict for each in evidence.checked if each.text.endswith("%")} == {Verdict.COMPUTED}


def test_a_change_along_a_row_is_computed() -> None:
    rows = "Payee\tMay\tJune\tChange\nHarlow Steel\t218,600.00\t85,000.00\t−61.1%\n"
    evidence = checked(f"{rows}Pine Estates\t85,000.00\t47,350.00\t−44.3%", STATEMENT)
    assert {each.verdict for each in evidence.checked if "%" in each.text} == {Verdict.COMPUTED}


def test_a_total_is_right_that_fits_the_file_and_not_a_wrong_number_above_it() -> None:
    rows = "Payee\tAmount\nHarlow Steel\t218,600.00\nPine Estates\t58,000.00\nKessel Tools\t47,350.00\n"
    evidence = checked(f"{rows}Total\t350,950.00", STATEMENT)
    assert [each.text for each in evidence.amiss] == ["58,000.00"]


def test_a_number_of_the_files_name_is_not_looked_for_in_it() -> None:
    (number,) = check(Shown("Sales in 2026"), Given([GivenText("Sales 2026.xlsx", STATEMENT)])).checked
    assert number.verdict is Verdict.UNCHECKED


def test_a_file_that_was_given_before_is_not_indexed_anew() -> None:
    one, other = GivenText("one.pdf", STATEMENT), GivenText("other.pdf", FAIR)
    first = Given([one])
    both = Given([one, other], first.indexes)
    assert both.indexes[0] is first.indexes[0]
    assert Given([other], first.indexes).indexes[0] is not first.indexes[0]


def test_what_is_between_two_times_is_computed() -> None:
    text = "Start 19:05, end 21:20.\n\nThe next meeting is in June."
    evidence = checked("The meeting ended at 21:20 and lasted 2 hours 15 minutes.", text)
    assert not evidence.amiss
    assert (
        verdict_of(checked("It ended at 21:20 and lasted 2 hours 45 minutes.", text), "45 minutes") is Verdict.NOT_FOUND
    )


def test_days_that_share_a_month_are_dates() -> None:
    text = "We move on Friday and Saturday, 28 and 29 August 2026. The office is at Hof 31."
    evidence = checked("The move is on 28 and 29 August.", text)
    assert [each.verdict for each in evidence.checked] == [Verdict.FOUND, Verdict.FOUND]
    assert verdict_of(checked("The move is on 27 and 29 August.", text), "27") is Verdict.NOT_FOUND


def test_the_new_value_is_not_taken_for_the_old_one() -> None:
    text = "物业费由每平方米0.55元上调到0.95元，收缴率却从62%升到88%。"
    assert not checked("物业费为每平方米0.95元，收缴率升到88%。", text).amiss
    assert [each.text for each in checked("物业费目前为每平方米0.55元。", text).amiss] == ["0.55元"]


def test_a_calculation_in_brackets_is_reckoned_anew() -> None:
    text = "Freight 12,900 EUR, surcharge 1,548 EUR, fuel 6 %."
    assert verdict_of(checked("(12,900 + 1,548) × 6% = 866.88 EUR", text), "866.88 EUR") is Verdict.COMPUTED
    assert verdict_of(checked("(12,900 + 1,548) × 6% = 886.88 EUR", text), "886.88 EUR") is Verdict.MISCOMPUTED


def test_the_unit_of_a_column_is_what_is_paid_and_not_what_for() -> None:
    text = "| Line | Part load (EUR/kg) |\n| Leeds | 1.35 |\n| York | 1.10 |"
    assert verdict_of(checked("Part load to Leeds costs 1.35 EUR/kg.", text), "1.35 EUR") is Verdict.FOUND

"""What of an answer stands in its files, beside other answers and in the texts of an office."""

from __future__ import annotations

import pytest

from desktop.core.claims.claim import Shown
from desktop.core.evidence.checked import GivenText, Verdict, sources_of
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.message import AttachmentPart, user_message
from desktop.rendering.page.shown_claims import shown_in

# --- What is told by what stands beside it -------------------------------------------------------------------------

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


def checked(answer, text, question=""):
    return check(Shown(answer), Given([GivenText("file.pdf", text)]), question)


def verdict_of(evidence, text):
    return next(each.verdict for each in evidence.checked if each.text == text)


@pytest.mark.parametrize(
    ("answer", "thing", "verdict"),
    [
        ("The lease runs for five years.", "five years", Verdict.FOUND),  # 60 months
        ("The lease runs for four years.", "four years", Verdict.NOT_FOUND),
        ("Example: for an order of 3,000 EUR, nothing else is said.", "3,000 EUR", Verdict.NOT_FOUND),
        ("Flights between 500 and 1,500 kilometres could be saved.", "1,500 kilometres", Verdict.FOUND),
        ("Flights of 2,250 kilometres could be saved.", "2,250 kilometres", Verdict.NOT_FOUND),
        ("The daily menu rises to 5.20 EUR.", "5.20 EUR", Verdict.FOUND),
        ("The hall opens at 8:00.", "8:00", Verdict.FOUND),
        ("The hall opens at 9:00.", "9:00", Verdict.ELSEWHERE),
    ],
)
def test_what_is_said_of_a_figure(answer, thing, verdict):
    assert verdict_of(checked(answer, FAIR), thing) is verdict


def test_a_day_alone_in_a_cell_is_a_date():
    answer = "Harlow Steel was paid on 12 May, Kessel Tools on 23 May."
    assert verdict_of(checked(answer, STATEMENT), "12 May") is Verdict.FOUND
    assert verdict_of(checked(answer, STATEMENT), "23 May") is Verdict.ELSEWHERE


def test_a_number_of_the_files_name_is_not_looked_for_in_it():
    (number,) = check(Shown("Sales in 2026"), Given([GivenText("Sales 2026.xlsx", STATEMENT)])).checked
    assert number.verdict is Verdict.UNCHECKED


def test_a_file_that_was_given_before_is_not_indexed_anew():
    one, other = GivenText("one.pdf", STATEMENT), GivenText("other.pdf", FAIR)
    first = Given([one])
    both = Given([one, other], first.indexes)
    assert both.indexes[0] is first.indexes[0]
    assert Given([other], first.indexes).indexes[0] is not first.indexes[0]


@pytest.mark.parametrize(("words", "verdict"), [("15", Verdict.COMPUTED), ("45", Verdict.NOT_FOUND)])
def test_what_is_between_two_times_is_computed(words, verdict):
    answer = f"The meeting began at 19:05, ended at 21:20 and lasted 2 hours {words} minutes."
    evidence = checked(answer, "Start 19:05, end 21:20.\n\nThe next meeting is in June.")
    assert verdict_of(evidence, f"2 hours {words} minutes") is verdict


# Two files that contradict each other: the answer's value is found, and the other file's is told with it.

CONTRACT = GivenText(
    "Contract.pdf", "Clause 4 Rent\n\nThe rent is 4,150 a month.\n\nThe tenant pays a deposit of 12,500."
)
LETTER = GivenText("Letter.docx", "Dear tenant,\n\nas agreed, the rent is 4,300 a month from May on.")
CHINESE = GivenText("合同.pdf", "第三条 租金\n月租金为35,000元。\n\n第四条 押金\n押金为105,000元。")
CHINESE_LETTER = GivenText("来函.docx", "尊敬的租户：\n自五月起，月租金为38,000元。")


def one(answer, text, *files):
    evidence = check(Shown(answer), Given(files))
    return next(each for each in evidence.checked if each.text == text)


@pytest.mark.parametrize(
    ("answer", "text", "files", "other"),
    [
        ("The rent is 4,150 a month.", "4,150", (CONTRACT, LETTER), "4,300"),
        ("The rent is 4,300 a month.", "4,300", (CONTRACT, LETTER), "4,150"),
        ("月租金为35,000元。", "35,000元", (CHINESE, CHINESE_LETTER), "38,000元"),
    ],
)
def test_what_another_file_gives_is_told(answer, text, files, other):
    found = one(answer, text, *files)
    assert found.verdict is Verdict.FOUND
    assert found.instead is not None
    assert found.instead.text == other
    assert found.instead.place.source != found.places[0].source


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("The contract says the rent is 4,150 a month, the letter 4,300.", "4,150"),  # both are named
        ("The tenant pays a deposit of 12,500.", "12,500"),  # of which the other file says nothing
        ("According to Contract.pdf, the rent is 4,150 a month.", "4,150"),  # it says of which file it speaks
    ],
)
def test_nothing_is_told_where_nothing_contradicts(answer, text):
    found = one(answer, text, CONTRACT, LETTER)
    assert found.verdict is Verdict.FOUND
    assert found.instead is None


DEVICES = GivenText(
    "Copier rental.pdf", "1. The Supplier provides three devices Orbis C458i and one device Orbis C308i."
)
PRICES = GivenText("prices.csv", "Article,Unit,Price\nToner cartridge black for Orbis C458i,piece,86.40\n")


@pytest.mark.parametrize(
    ("answer", "files", "told"),
    [
        ("Toner cartridge black for Orbis C458i, piece: 87. (prices.csv)", (DEVICES, PRICES), ""),
        ("The rent is 4,290 for a month (Contract.pdf).", (CONTRACT, LETTER), "4,150"),
        ("The rent of the flat is 4,290 a month from May (Letter.docx).", (CONTRACT, LETTER), "4,300"),
        ("The rent of the flat is 4,290 a month from May.", (CONTRACT, LETTER), ""),
        ("The tenant pays a deposit of 13,900 (Letter.docx).", (CONTRACT, LETTER), ""),
    ],
)
def test_of_what_is_not_found_only_the_file_named_beside_it_tells_something_else(answer, files, told):
    evidence = check(Shown(answer), Given(files), "What does a toner cartridge black for Orbis cost?")
    [missing] = evidence.of(Verdict.NOT_FOUND)
    assert (missing.instead.text if missing.instead is not None else "") == told


def test_in_one_file_nothing_contradicts():
    assert one("The rent is 4,150 a month.", "4,150", CONTRACT).instead is None


# --- An agreement, a price list and a list of expenses -------------------------------------------------------------

AGREEMENT = GivenText(
    "Agreement.pdf",
    "Agreement between Northwold Furniture Ltd and the Brightwater Schools\n\n"
    "3 Term\n\n3.1 It runs for 24 months and renews for 12 months at a time.\n\n"
    "3.2 Either party may give notice of six (6) months.\n\n"
    "6 Prices\n\n6.1 A discount of 6 % is granted on orders of GBP 20,000 and more.\n\n"
    "6.2 Invoices are due within 30 days. Late payment bears interest of 8 % a year.\n\n"
    "7 Delivery\n\n7.1 Goods are delivered within five (5) Business Days. Defects are notified within 14 days.\n\n"
    "9 Liability\n\n9.1 It is limited to GBP 250,000 for each event and to GBP 500,000 in a contract year.\n",
)
PRICES = GivenText(
    "Prices.xlsx",
    "| Article | Unit price (GBP) | Discount from 10 pieces |\n| Folding table | 612.50 | 3 % |\n"
    "| Stacking chair | 189.00 | 2 % |\n| Locker, two doors | 245.00 | 2 % |\n",
)
COMPLAINT = GivenText(
    "", "On 24 November I ordered twelve chairs. They came late, and two of them were scratched. Answer within 14 days."
)
EXPENSES = GivenText(
    "",
    "市场部 张三 3月5日 差旅 2000\n市场部 李四 3月6日 餐费 860\n"
    "研发部 王五 3月8日 差旅 1500\n研发部 赵六 3月9日 设备 1240",
)
SHEET = GivenText(
    "报销.xlsx",
    "| 部门 | 姓名 | 金额 |\n| 市场部 | 张三 | 2000 |\n| 市场部 | 李四 | 860 |\n"
    "| 研发部 | 王五 | 1500 |\n| 研发部 | 赵六 | 1240 |\n",
)
TERMS = "List ten terms of the agreement."
ORDER = "What do 10 folding tables and 20 stacking chairs cost?"
LINES = "- Folding tables: 10 x 612.50 = 6,125.00\n- Stacking chairs: 20 x {0} = {1}\n\nIn total that is GBP {2}."
TABLE = (
    "| Article | Calculation | Sum |\n|---|---|---|\n| Folding table | 10 x 612.50 | 6,125.00 |\n"
    "| Stacking chair | 20 x {0} | {1} |\n| Total | | {2} |"
)
WRONG, RIGHT = ("198.00", "3,960.00", "10,085.00"), ("189.00", "3,780.00", "9,905.00")
GROUPS = "| 部门 | 合计 |\n|---|---|\n| 市场部 | {0} |\n| 研发部 | 2740 |\n| 总计 | {1} |"


def looked_up(answer, *given, question=""):
    return check(shown_in(answer), Given(given), question)


def verdicts(answer, *given, question=""):
    return {each.text: each.verdict for each in looked_up(answer, *given, question=question).checked}


@pytest.mark.parametrize(
    ("answer", "figures"),
    [
        ("- **Late payment:** interest of 10 % a year", ["10 %"]),
        ("- **Delivery:** within 10 Business Days", ["10 Business Days"]),
        ("- **Liability per contract year:** GBP 750,000", ["GBP 750,000"]),
        ("Liability is limited to GBP 250,000 for each event and GBP 750,000 in a contract year.", ["GBP 750,000"]),
        (LINES.format(*WRONG), ["198.00", "3,960.00", "GBP 10,085.00"]),
        (TABLE.format(*WRONG), list(WRONG)),
    ],
)
def test_a_wrong_figure_and_what_comes_of_it_are_not_shown_as_found(answer, figures):
    question = ORDER if "chair" in answer else TERMS
    found = verdicts(answer, AGREEMENT, PRICES, question=question)
    shown = (Verdict.FOUND, Verdict.COMPUTED, Verdict.FROM_QUESTION)
    assert [each for each in figures if found[each] in shown] == []


@pytest.mark.parametrize(
    ("answer", "given", "question"),
    [
        ("- **Discount:** 6 % on orders of GBP 20,000 and more", (AGREEMENT, PRICES), TERMS),
        ("- **Liability:** GBP 250,000 for each event, GBP 500,000 in a contract year", (AGREEMENT,), TERMS),
        ("Here are ten terms. Payment is due within 30 days.", (AGREEMENT,), TERMS),
        ("We replace the two chairs within 14 days.", (COMPLAINT,), "Write a reply to this complaint."),
        (LINES.format(*RIGHT), (AGREEMENT, PRICES), ORDER),
        (TABLE.format(*RIGHT), (AGREEMENT, PRICES), ORDER),
        (GROUPS.format(2860, 5600), (EXPENSES,), "按部门汇总。"),
        (GROUPS.format(2860, 5600), (SHEET,), "按部门汇总。"),
        ("- 市场部：2860元\n- 研发部：2740元", (SHEET,), "按部门汇总。"),
        ("市场部 2000+860 → 2860，研发部 1500+1240 → 2740", (EXPENSES,), "按部门汇总。"),
    ],
)
def test_right_figures_are_not_accused(answer, given, question):
    assert [each.text for each in looked_up(answer, *given, question=question).amiss] == []


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        ("We are 45 people. What is the discount?", Verdict.FROM_QUESTION),
        ("We are 45. What is the discount?", Verdict.NOT_FOUND),
        ("We need 45 %. What is the discount?", Verdict.NOT_FOUND),
    ],
)
def test_a_figure_is_the_users_own_where_value_and_unit_are(last, verdict):
    assert verdicts("For 45 people the discount is 6 %.", AGREEMENT, question=last)["45 people"] is verdict


def test_what_was_said_before_the_last_message_is_neither_the_users_own_nor_amiss():
    file = AttachmentPart("Agreement.pdf", "application/pdf", AGREEMENT.text)
    path = [
        user_message("We are 45 people, the order is for Ida Brandt.", attached=[file]),
        user_message("And 12 lockers. What is the discount?"),
    ]
    sources = sources_of(path)
    shown = shown_in("For 45 people, 12 lockers and Ida Brandt it is 6 %.")
    found = {
        each.text: each.verdict
        for each in check(shown, Given(sources.given), sources.question, sources.earlier).checked
    }
    assert found["45 people"] is found["Ida Brandt"] is Verdict.UNCHECKED
    assert found["6 %"] is Verdict.FOUND


@pytest.mark.parametrize(
    ("answer", "said", "stands", "instead"),
    [
        (
            "| Article | Unit price |\n|---|---|\n| Stacking chair | 245.00 |",
            "Stacking chair",
            "Locker, two doors",
            "189.00",
        ),
    ],
)
def test_a_figure_stands_as_something_else_where_the_label_is_the_same_word_for_word(answer, said, stands, instead):
    (amiss,) = looked_up(answer, AGREEMENT, PRICES).amiss
    assert amiss.verdict is Verdict.ELSEWHERE
    assert amiss.instead is not None
    assert (amiss.said_as, amiss.stands_as, amiss.instead.text) == (said, stands, instead)

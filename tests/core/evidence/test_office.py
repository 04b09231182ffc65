"""An agreement, a price list and a list of expenses: what may be said of wrong figures, and what of right ones."""

from __future__ import annotations

import pytest

from desktop.core.evidence.checked import GivenText, Verdict
from desktop.core.evidence.checking import check
from desktop.core.evidence.given import Given
from desktop.core.evidence.sources import sources_of
from desktop.core.message import AttachmentPart, user_message
from desktop.rendering.page.shown_claims import shown_in

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

"""The passages that bear on a question: found in both languages, with their headings, within the room that there is."""

from __future__ import annotations

import pytest

from desktop.core.documents.document import Block, Document, Run, Section, SectionKind, table_row
from desktop.core.documents.passages import PassageFinder
from desktop.core.documents.selection import WHOLE, Selection, attachment

CLAUSES = {
    1: ("Clause 1 Parties and premises", "The landlord lets the rooms on the second floor to the tenant."),
    2: ("Clause 2 Term", "The contract begins on 1 July 2026 and runs for three years."),
    3: ("Clause 3 Rent", "The basic rent is 4,150 a month. It is due on the third working day."),
    4: ("Clause 4 Deposit", "Before the keys are handed over, the tenant pays a deposit of 12,500."),
    5: ("Clause 5 Notice", "Either side may give notice of six months to the end of a quarter."),
    6: ("第六条 维护", "设备的维护费用由出租方承担，每年检查四次。"),
    7: ("第七条 付款", "承租方应在每月第三个工作日之前支付租金。"),
}


def block(text, level=0):
    return Block((Run(text),), level=level)


CONTRACT = Document(
    "Contract.pdf",
    "application/pdf",
    tuple(
        Section(SectionKind.PAGE, number, heading, (block(heading, 2), block(text)))
        for number, (heading, text) in CLAUSES.items()
    ),
)
ROWS = [["Item", "Price"], *([f"Part {number}", str(number)] for number in range(300)), ["Maintenance visit", "310"]]
PRICES = Document(
    "Prices.xlsx",
    "application/vnd.ms-excel",
    (Section(SectionKind.SHEET, 1, "", (Block((Run("\n".join(map(table_row, ROWS))),), "1", 0, True),)),),
)


def pages_for(question, room=1000.0):
    found = PassageFinder(CONTRACT).selection(question, WHOLE, room, float)
    assert found is not None
    return {section for section, _ in found[0].passages or ()}


@pytest.mark.parametrize(
    ("question", "page"),
    [
        ("How much is the deposit?", 4),
        ("What rents are due, and when?", 3),
        ("How long does the contract run?", 2),
        ("Can we give notice?", 5),
        ("维护费用由谁承担？", 6),
        ("什么时候支付租金？", 7),
    ],
)
def test_the_passage_that_answers_is_found(question, page):
    assert page in pages_for(question)


def test_a_passage_comes_with_its_heading_and_the_rest_stays_here():
    found = PassageFinder(CONTRACT).selection("How much is the deposit?", WHOLE, 100, float)
    assert found is not None
    assert attachment(CONTRACT, found[0]).text == "[Page 4]\n\n" + "\n\n".join(CLAUSES[4])


def test_rows_come_with_the_first_row_of_their_table():
    found = PassageFinder(PRICES).selection("What does maintenance cost?", WHOLE, 1000, float)
    assert found is not None
    assert attachment(PRICES, found[0]).text == "[Sheet 1]\n\n| Item | Price |\n| Maintenance visit | 310 |"


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("Day {0}: we went on, and spent {1}.", "What was spent on day 99?"),
        ("第{0}天：继续施工，花了{1}元。", "第99天花了多少元？"),
    ],
)
def test_of_many_lines_without_a_blank_one_only_those_around_what_answers_are_sent(line, question):
    lines = [line.format(number, 7 * number) for number in range(1, 3_000)]
    diary = Document("diary.txt", "text/plain", (Section(SectionKind.WHOLE, 1, blocks=(block("\n".join(lines)),)),))
    found = PassageFinder(diary).selection(question, WHOLE, 1_500.0, float)
    assert found is not None
    text = attachment(diary, found[0]).text
    assert lines[98] in text.split("\n")
    assert len(text) < 1_600


def test_no_more_is_chosen_than_there_is_room_for():
    found = PassageFinder(CONTRACT).selection("tenant landlord rent deposit notice contract", WHOLE, 150, float)
    assert found is not None
    assert len(attachment(CONTRACT, found[0]).text) < 250
    assert PassageFinder(CONTRACT).selection("deposit", WHOLE, 10, float) is None


def test_pages_that_were_not_chosen_give_no_passage():
    some = Selection(sections=frozenset({1, 2}))
    assert PassageFinder(CONTRACT).selection("How much is the deposit?", some, 1000, float) is None


@pytest.mark.parametrize("question", ["", "?", "what is this", "请问这个是什么", "zebra"])
def test_a_question_without_a_word_of_the_document_gives_none(question):
    assert PassageFinder(CONTRACT).selection(question, WHOLE, 1000, float) is None

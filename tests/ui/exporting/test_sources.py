"""Answers in an export with their sources: one line below each says in which files, and where in them, it was found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop import exporters
from desktop.core.documents.document import SectionKind
from desktop.core.exporting.format import ExportPart
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.ui.exporting.sources import sources_of_answers
from tests.exporters.talk import said, talk
from tests.readers.conftest import document_from
from tests.readers.making import xlsx
from tests.ui.evidence.showing import contract, given
from tests.ui.languages import speaking


def sheet(*prices, of="Chair"):
    rows = (
        f'<x:row r="{at}"><x:c r="A{at}" t="inlineStr"><x:is><x:t>{of} number {at}</x:t></x:is></x:c>'
        f'<x:c r="B{at}"><x:v>{price}</x:v></x:c></x:row>'
        for at, price in enumerate(prices, 1)
    )
    return f"<x:sheetData>{''.join(rows)}</x:sheetData>"


LETTER = given(contract())
SCAN = given(contract("Agreement.pdf", SectionKind.PAGE))
LIST = given(document_from(xlsx({"Prices": sheet(111, 222, 333, 444, 555, 666, 777)}), "Prices.xlsx"))
BOOK = given(document_from(xlsx({"Chairs": sheet(118, 229, 337), "Tables": sheet(941, 952, of="Table")}), "Book.xlsx"))


def reply(text):
    return Message(role=Role.ASSISTANT, parts=(TextPart(text),))


def line(answer, *files, question="What does it say?"):
    """The line below an answer over these files; empty where there is none."""
    asked, answered = user_message(question, attached=files), reply(answer)
    return sources_of_answers([asked, answered], [asked, answered]).get(answered.id, "")


RENT = "The rent is 4,150 a month."
BOTH = f"{RENT} The deposit is 12,500. Interest is 7 %."


@pytest.mark.parametrize(
    ("answer", "files", "english", "chinese"),
    [
        (RENT, [SCAN], "From: Agreement.pdf, page 1", "来源：Agreement.pdf，第 1 页"),
        (
            BOTH,
            [SCAN],
            "From: Agreement.pdf, pages 1–2 · 1 figure is not in the file: 7 %",
            "来源：Agreement.pdf，第 1–2 页 · 1 个数字不在文件中：7 %",
        ),
        (
            BOTH,
            [LETTER],
            "From: Rental contract.docx, clauses 4, 7 · 1 figure is not in the file: 7 %",
            "来源：Rental contract.docx，第 4、7 条 · 1 个数字不在文件中：7 %",
        ),
        ("Chair number 4: 444", [LIST], "From: Prices.xlsx, row 4", "来源：Prices.xlsx，第 4 行"),
        (
            f"{RENT}\n\n- Chair number 2: 222\n- Chair number 3: 333\n- Chair number 6: 666",
            [SCAN, LIST],
            "From: Agreement.pdf, page 1; Prices.xlsx, rows 2–3, 6",
            "来源：Agreement.pdf，第 1 页；Prices.xlsx，第 2–3、6 行",
        ),
        (
            "The chairs cost 118 and 337. The table costs 952.",
            [BOOK],
            "From: Book.xlsx, rows 1, 3 of “Chairs”, row 2 of “Tables”",
            "来源：Book.xlsx，工作表“Chairs”第 1、3 行，工作表“Tables”第 2 行",
        ),
        ("The interest is 7 %.", [SCAN], "1 figure is not in the file: 7 %", "1 个数字不在文件中：7 %"),
        (
            "The rent in clause 4 is 4,250 a month; the deposit is 12,500.",
            [SCAN],
            "From: Agreement.pdf, pages 1–2 · 1 to check: 4,250",
            "来源：Agreement.pdf，第 1–2 页 · 1 处要核对：4,250",
        ),
        ("Good morning.", [SCAN], "", ""),
    ],
)
def test_one_line_tells_where_it_was_found(qapp, answer, files, english, chinese):
    assert line(answer, *files) == english
    with speaking(qapp, "zh_CN"):
        assert line(answer, *files) == chinese


def test_what_was_not_given_as_a_file_is_not_named():
    assert line(RENT) == ""
    assert line(RENT, question='What is the rent?\n\n"""\nThe rent is 4,150 a month.\n"""') == ""


def test_only_what_went_along_counts():
    asked, answered = user_message("What is the rent?", attached=(SCAN,)), reply(RENT)
    assert sources_of_answers([answered], [asked, answered]) == {answered.id: "From: Agreement.pdf, page 1"}
    assert sources_of_answers([answered], [asked, answered], left_out=(asked.id,)) == {}


@pytest.mark.parametrize("form", exporters.formats(), ids=lambda form: form.ENDING)
def test_every_form_has_the_line_below_the_answer_and_no_notes(qapp, form):
    asked, answered = user_message("What?", attached=(SCAN,)), reply("The deposit is 12,500; the rent is 4,150.")
    sources = {answered.id: "From: plan_B *2026*.pdf, pages 1–2"}
    export = replace(talk(asked, answered, user_message("Thanks")), sources=sources)
    shown = said(form, export).replace("\\", "")
    assert shown.count("plan_B *2026*.pdf, pages 1–2") == int(ExportPart.SOURCES in form.PARTS)
    assert "[^" not in shown
    if ExportPart.SOURCES in form.PARTS:
        assert shown.index("the rent is 4,150.") < shown.index("plan_B") < shown.index("Thanks")
    assert "plan_B" not in said(form, replace(export, parts=export.parts - {ExportPart.SOURCES}))

"""Documents and binary workbooks of Office 97: text and values in their places, hidden ones told; else a reason."""

from __future__ import annotations

import pytest

from desktop.core.documents.document import Aside, SectionKind
from desktop.core.documents.reading import ReadingProblem
from tests.readers.conftest import FILES
from tests.readers.making import asides, blocks, read
from tests.readers.test_hostile import outcome


def test_a_document_of_word_97():
    content = (FILES / "report.doc").read_bytes()
    found = [(each.text, each.level, each.is_table) for each in blocks(content)]
    assert ("The report", 1, False) in found
    assert ("Numbers of 2025 and 数字", 2, False) in found
    assert ("| North | 15.3% |\n| South | 9 \\| 10 |", 0, True) in found
    assert [each.title for each in read(content).sections] == ["The report", "Numbers of 2025 and 数字"]
    texts = [each for each, _, _ in found]
    assert texts.index("It rose.") == texts.index("The price of it.") + 1
    assert asides(content, Aside.FOOTNOTE) == [("It rose.", "")]
    assert asides(content, Aside.HEADER) == [("Secret", "")]
    assert asides(content, Aside.COMMENT) == [("Which?", "Ann")]
    assert [text for text, _ in asides(content, Aside.DELETED)] == ["never "]
    assert [text for text, _ in asides(content, Aside.INSERTED)] == ["always "]
    assert [text for text, _ in asides(content, Aside.HIDDEN)] == ["unseen"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_document_that_was_cut_off_is_text_or_said(share):
    content = (FILES / "report.doc").read_bytes()
    assert outcome(content[: int(len(content) * share)]) in {None, ReadingProblem.OLD_KIND, ReadingProblem.DAMAGED}


def test_a_directory_that_is_damaged_is_an_old_file():
    """Word mends such files, so the sentence names it."""
    broken = bytearray((FILES / "report.doc").read_bytes())
    table = broken.index("1Table".encode("utf-16-le"))
    broken[table + 66] = 1  # a folder
    assert outcome(bytes(broken)) is ReadingProblem.OLD_KIND


def test_any_byte_of_a_header_may_be_wrong():
    content = (FILES / "report.doc").read_bytes()
    start = content.index(b"\xec\xa5")
    for at in range(start, start + 900, 7):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        outcome(bytes(broken))


def test_a_workbook_of_excel_97():
    found = read((FILES / "sales.xls").read_bytes()).sections
    assert [(each.kind, each.title, each.is_hidden) for each in found] == [
        (SectionKind.SHEET, "Sales", False),
        (SectionKind.SHEET, "Secret", True),
    ]
    assert [(each.text.split("\n")[0], each.place) for each in found[0].blocks] == [
        ("|  | Region | Share | Day |", "2"),
        ("|  | 数字 \\| x |", "6"),
    ]
    assert found[0].blocks[0].text.split("\n")[1:] == [
        "|  | North | 15.3% | 2023-03-15 |",
        "|  | South | #DIV/0! | TRUE |",
    ]
    assert [run.text for run in found[0].blocks[0].runs if run.aside] == [" | South | #DIV/0! | TRUE"]


def test_any_byte_may_be_wrong():
    content = (FILES / "sales.xls").read_bytes()
    for at in range(0, len(content), 41):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        outcome(bytes(broken))

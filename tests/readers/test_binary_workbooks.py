"""Binary workbooks: values in their places, and hidden sheets said."""

from __future__ import annotations

from pathlib import Path

from desktop.core.documents.document import SectionKind
from tests.readers.making import read
from tests.readers.test_hostile_documents import outcome

FILES = Path(__file__).parent / "files"


def test_a_workbook_of_excel_97() -> None:
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


def test_any_byte_may_be_wrong() -> None:
    content = (FILES / "sales.xls").read_bytes()
    for at in range(0, len(content), 41):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        outcome(bytes(broken))

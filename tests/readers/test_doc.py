"""Word documents of the older kind: what comes out well is text, and what does not is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.documents.document import Aside
from desktop.core.documents.reading import ReadingProblem
from tests.readers.making import asides, blocks, read
from tests.readers.test_hostile_documents import outcome

FILES = Path(__file__).parent / "files"


def test_a_document_of_word_97() -> None:
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
def test_a_document_that_was_cut_off_is_text_or_said(share: float) -> None:
    content = (FILES / "report.doc").read_bytes()
    assert outcome(content[: int(len(content) * share)]) in {None, ReadingProblem.OLD_KIND, ReadingProblem.DAMAGED}


def test_a_directory_that_is_damaged_is_an_old_file() -> None:
    """Word mends such files, so the sentence names it."""
    broken = bytearray((FILES / "report.doc").read_bytes())
    table = broken.index("1Table".encode("utf-16-le"))
    broken[table + 66] = 1  # a folder
    assert outcome(bytes(broken)) is ReadingProblem.OLD_KIND


def test_any_byte_of_a_header_may_be_wrong() -> None:
    content = (FILES / "report.doc").read_bytes()
    start = content.index(b"\xec\xa5")
    for at in range(start, start + 900, 7):
        broken = bytearray(content)
        broken[at] ^= 0xFF
        outcome(bytes(broken))

"""Files that mean harm to their reader: the program gets a reason in a few seconds, and the user keeps the computer."""

from __future__ import annotations

import importlib.util
import zlib

import pytest

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.readers.formats import FORMATS
from desktop.readers.running import Limits
from tests.readers.conftest import document_of, texts
from tests.readers.making import xlsx
from tests.readers.pdf_making import drawn, pages
from tests.readers.reading_in_turn import problems_in_turn

# Enough for what is harmless, and soon reached.
LIMITS = Limits(memory=250 << 20, silence=20.0)
ENDS = {ReadingProblem.TOO_LARGE, ReadingProblem.TOO_LONG, ReadingProblem.CRASHED, ReadingProblem.DAMAGED}


def is_there(form):
    return importlib.util.find_spec(f"desktop.readers.{form.module}") is not None


def problem_or_none(read, path):
    """Why a file is not read, None if it is."""
    try:
        document_of(read(path, LIMITS))
    except ReadingError as error:
        return error.problem
    return None


def inflated(megabytes, of=b" "):
    """A compressed stream of that many megabytes, made in no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15)
    head = packer.compress(of * ((1 << 20) // len(of))) + packer.flush(zlib.Z_FULL_FLUSH)
    packer.compress(of * ((1 << 20) // len(of)))
    again = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = again.compress(of * ((1 << 20) // len(of))) + again.flush(zlib.Z_FULL_FLUSH)
    return head + piece * (megabytes - 1) + b"\x03\x00"


def page_with(content, filters="/FlateDecode"):
    """A PDF file of one page, with this as its compressed content."""
    whole = pages([drawn((60, 700, "words"))])
    start = whole.index(b"5 0 obj")
    end = whole.index(b"endobj", start)
    made = f"5 0 obj\n<</Length {len(content)}/Filter[{filters}]>>stream\n".encode() + content + b"\nendstream\n"
    return whole[:start] + made + whole[end:]  # its table of places is wrong, and is made anew by readers


@pytest.mark.parametrize(
    "content",
    [
        page_with(inflated(600)),
        page_with(zlib.compress(inflated(600)), "/FlateDecode/FlateDecode"),
        page_with(inflated(30, b"BT /F 9 Tf (a) Tj ET ")),
    ],
    ids=["spaces", "packed twice", "operators"],
)
def test_a_small_file_that_grows_is_ended(read, tmp_path, content):
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    assert len(content) < 4 << 20
    assert problem_or_none(read, path) in {*ENDS, None}


def test_many_pages_are_read(read, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pages([drawn((60, 700, f"page {number}")) for number in range(1, 10_001)]))
    assert texts(document_of(read(path)))[-1] == "page 10000"


def test_a_long_line_is_read(read, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("word " * 400_000)
    assert "".join(texts(document_of(read(path)))) == "word " * 400_000


def test_a_large_cell_is_read(read, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "x" * (1 << 20) + ",c\n")
    assert len("".join(texts(document_of(read(path))))) > 1 << 20
    path = tmp_path / "a.xlsx"
    cell = f'<x:c r="A1" t="inlineStr"><x:is><x:t>{"x" * (1 << 20)}</x:t></x:is></x:c>'
    path.write_bytes(xlsx({"S": f'<x:sheetData><x:row r="1">{cell}</x:row></x:sheetData>'}))
    assert "x" * (1 << 20) in "".join(texts(document_of(read(path))))


NONSENSE = (b"\0" * 5000, b"\xff" * 5000, b"PK\x03\x04" + b"\0" * 999, b"%PDF-" + b"<" * 9999)
NAMES = ("a", "a.zip", *(f"a{each.endings[0]}" for each in FORMATS if is_there(each)))


def test_nonsense_ends_with_a_reason_or_a_text(tmp_path):
    paths = []
    for number, content in enumerate(NONSENSE):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name in NAMES:
            paths.append(folder / name)
            paths[-1].write_bytes(content)
    problems = problems_in_turn(paths)
    assert [str(each) for each in paths if each not in problems] == [], "the first of these ended the process"
    assert [str(each) for each, problem in problems.items() if problem is ReadingProblem.CRASHED] == []


def test_nonsense_comes_back_from_a_process_of_its_own(read, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(NONSENSE[-1])
    assert problem_or_none(read, path) is not ReadingProblem.CRASHED

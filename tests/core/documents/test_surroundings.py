"""Where a place of a sent text stands: its page or sheet, its paragraph or row, and what is around it."""

from __future__ import annotations

import pytest

from desktop.core.documents.document import Block, Document, Run, Section, SectionKind, table_row
from desktop.core.documents.selection import WHOLE, Selection, attachment
from desktop.core.documents.surroundings import (
    by_section,
    column_at,
    neighbourhood,
    paragraph_at,
    rows_around,
    section_at,
)
from tests.core.tables import table

CASES = table("documents/surroundings.toml")


def pages(*texts, kind=SectionKind.PAGE):
    """What is sent of a document with these paragraphs on its pages."""
    sections = tuple(
        Section(kind, number, blocks=tuple(Block((Run(words),), str(100 * at)) for at, words in enumerate(blocks)))
        for number, blocks in enumerate(texts, start=1)
    )
    return attachment(Document("a.pdf", "application/pdf", sections))


def sheet(rows, first=1, selection=WHOLE, of_block=100):
    """What is sent of a sheet with these rows."""
    lines = [table_row(cells) for cells in rows]
    blocks = tuple(
        Block((Run("\n".join(lines[at : at + of_block])),), str(first + at), is_table=True)
        for at in range(0, len(lines), of_block)
    )
    return attachment(Document("a.xlsx", "x", (Section(SectionKind.SHEET, 1, "Prices", blocks),)), selection)


def number_at(part, at):
    mark = section_at(part.text, part.anchors, at)
    return mark.number if mark else 0


@pytest.mark.parametrize(("texts", "words", "page", "paragraph"), CASES["places"])
def test_a_place_is_on_a_page_and_in_a_paragraph(texts, words, page, paragraph):
    part = pages(*texts)
    start = part.text.index(words)
    found = paragraph_at(part.text, part.anchors, start, start + len(words))
    assert (number_at(part, start), part.text[found.start : found.end]) == (page, paragraph)


def test_a_line_of_the_file_that_looks_like_a_mark_is_none():
    part = pages(["first", "[Page 9]", "the place"], kind=SectionKind.WHOLE)
    assert number_at(part, part.text.index("the place")) == 0


def test_the_place_of_a_page_itself_is_its_mark():
    part = pages(["one", "two"], ["three"])
    for at in (1, part.text.index("[Page 2]"), part.text.index("ge 2]")):
        number = number_at(part, at)
        assert number == (2 if at > 1 else 1)
        found = paragraph_at(part.text, part.anchors, at, at + 1)
        assert found.anchor is None
        assert part.text[found.start : found.end] == f"[Page {number}]"


def test_a_quotation_ends_where_its_page_does():
    part = pages(["one", "two"], ["three"])
    start = part.text.index("two")
    found = paragraph_at(part.text, part.anchors, start, len(part.text))
    assert part.text[found.start : found.end] == "two"


def test_a_quotation_over_the_end_of_a_page_stands_on_both():
    part = pages(["one", "two"], ["three", "four"], ["five"])
    start, end = part.text.index("wo"), part.text.index("ive") + 1
    pieces = by_section(part.text, part.anchors, start, end)
    assert [part.text[first:last] for first, last in pieces] == ["wo", "three\n\nfour", "fi"]
    assert by_section(part.text, part.anchors, start, start + 2) == [(start, start + 2)]
    assert by_section("any text", (), 2, 5) == [(2, 5)]


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n", "| a |", "x" * 60_000, "x\n" * 30_000, "[Page 1]"])
def test_any_place_of_any_text_has_a_paragraph(text):
    for start in (-5, 0, len(text) // 2, len(text), len(text) + 9):
        found = paragraph_at(text, (), start, start + 3)
        assert 0 <= found.start <= found.end <= len(text)
        first, last = neighbourhood(text, found.start, found.end, 1_000)
        assert first <= found.start <= found.end <= last
        assert last - first <= 2_000 + found.end - found.start


def test_rows_around_a_place_have_their_numbers_and_the_first_row_with_them():
    part = sheet([["Item", "Price"], *([f"Article {at}", f"{at}.50"] for at in range(1, 500))], first=3)
    at = part.text.index("| 250.50 |")
    rows = rows_around(part.text, part.anchors, at, 2)
    assert [row.number for row in rows] == [3, 251, 252, 253, 254, 255]
    assert part.text[rows[0].start : rows[0].end] == "| Item | Price |"
    assert part.text[rows[3].start : rows[3].end] == "| Article 250 | 250.50 |"
    first = rows_around(part.text, part.anchors, part.text.index("Item"), 2)
    assert [row.number for row in first] == [3, 4, 5]
    last = rows_around(part.text, part.anchors, part.text.index("499.50"), 2)
    assert [row.number for row in last] == [3, 500, 501, 502]


def test_columns_that_stayed_here_keep_their_letters_from_the_others():
    part = sheet([["a", "b", "c"], ["1", "2", "3"]], selection=Selection(columns_off=frozenset({(1, 1)})))
    [_, row] = rows_around(part.text, part.anchors, part.text.index("3"), 5)
    assert part.text[row.start : row.end] == "| 1 | 3 |"
    assert (row.number, row.columns) == (2, (0, 2))


def test_a_letter_in_no_row_has_none_around_it():
    assert rows_around("words\n\n| a |", (), 2, 5) == []
    assert rows_around("", (), 0, 5) == []


def test_the_neighbourhood_of_a_row_among_many_takes_no_time_of_the_others():
    part = sheet([["Item", "Price"], *([f"Article {at}", f"{at}.50"] for at in range(100_000))])
    rows = rows_around(part.text, part.anchors, part.text.index("| 90000.50 |"), 60)
    assert len(rows) == 122
    assert rows[-1].number == 90_062


@pytest.mark.parametrize(("cells", "column", "words"), CASES["columns"])
def test_a_place_in_a_row_is_in_a_cell(cells, column, words):
    line = table_row(cells)
    assert column_at(line, line.rindex(words)) == column
    assert column_at(line, len(line) + 5) == len(cells) - 1

"""A part of a text as a text of its own."""

from __future__ import annotations

import pytest

from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Span, Style
from desktop.rendering.text.shown_text import END, Position

TABLE = "| a | b |\n|---|---|\n| one | two |\n| three | four |"


def test_all_of_a_text_is_the_text() -> None:
    leaves = parse(f"# Head\n\n1. *one*\n2. two\n\n{TABLE}")
    assert excerpt(leaves) == leaves


def test_of_a_paragraph_in_part_the_emphasis_stays() -> None:
    (part,) = excerpt(parse("some **bold words** here"), Position(0, 7), Position(0, 17))
    assert (part.text, part.spans) == ("ld words h", (Span(0, 8, Style.BOLD),))


def test_an_item_without_its_beginning_has_no_marker() -> None:
    first, second = excerpt(parse("1. one\n2. two"), Position(0, 1), END)
    assert [each.marker for each in first.containers + second.containers] == ["", "2."]
    assert first.text == "ne"


@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [(5, 13, [["ne", "two"], ["t", ""]]), (8, 11, [["two"]])],  # from "ne" to "th" of the next row; of one row, a cell
)
def test_of_a_table_the_rows_that_are_touched(start: int, end: int, rows: list[list[str]]) -> None:
    (part,) = excerpt(parse(TABLE), Position(0, start), Position(0, end))
    assert part.table is not None
    assert [[cell.text for cell in row] for row in part.table.rows] == rows
    assert not part.table.has_header

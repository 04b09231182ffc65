"""A part of a text as a text of its own."""

from __future__ import annotations

from desktop.rendering.markdown.leaves import parse
from desktop.rendering.text.excerpt import excerpt
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style
from desktop.rendering.text.long_text import split_long
from desktop.rendering.text.shown_text import END, START, Position

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


def test_of_a_table_the_rows_that_are_touched() -> None:
    (part,) = excerpt(parse(TABLE), Position(0, 5), Position(0, 13))  # from "ne" to "th" of the next row
    assert part.table is not None
    assert [[cell.text for cell in row] for row in part.table.rows] == [["ne", "two"], ["t", ""]]
    assert not part.table.has_header


def test_of_one_row_the_cells_that_are_touched() -> None:
    (part,) = excerpt(parse(TABLE), Position(0, 8), Position(0, 11))
    assert part.table is not None
    assert [[cell.text for cell in row] for row in part.table.rows] == [["two"]]


def test_a_paragraph_in_several_leaves_becomes_one_again() -> None:
    text = "word " * 20_000
    leaves = split_long(Leaf(LeafKind.PARAGRAPH, text.strip()))
    assert len(leaves) > 1
    (part,) = excerpt(leaves, START, END)
    assert part.text == text.strip()

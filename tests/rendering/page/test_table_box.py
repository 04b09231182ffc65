"""Tables: columns only grow, rows that stand stay, links can be hit, wide ones move sideways."""

from __future__ import annotations

import time

import pytest

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.table_box import TableBox
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Table
from desktop.rendering.text.shown_text import Position, leaf_text
from tests.rendering.painted import WIDTH, page_of, picture, style

pytestmark = pytest.mark.usefixtures("qapp")

TEXT = "| Plan | Price |\n|---|--:|\n" + "".join(
    f"| **{'long ' * (number % 5)}plan {number}** | {number * 111} € |\n" for number in range(60)
)


def table(*rows):
    return Leaf(
        LeafKind.TABLE, table=Table(("",) * len(rows[0]), tuple(tuple(Cell(text) for text in row) for row in rows))
    )


def box_of(leaf):
    return TableBox(leaf, WIDTH, style())


def middle_of(box, row):
    """Half-way down a row."""
    return (box.tops[row] + box.tops[row + 1]) / 2


def test_columns_only_grow_and_rows_stay_while_it_is_written():
    document = MarkdownDocument()
    box: TableBox | None = None
    columns: list[float] = []
    standing: list[float] = []
    for start in range(0, len(TEXT), 9):
        document.append(TEXT[start : start + 9])
        [leaf] = document.leaves
        if leaf.kind is not LeafKind.TABLE:
            continue
        if box is None:
            box = box_of(leaf)
        else:
            box.update(leaf, WIDTH)
        assert all(new >= old for new, old in zip(box.columns, columns, strict=False))
        columns = list(box.columns)
        assert box.tops[: len(standing)] == standing
        standing = box.tops[:-1]
    assert box is not None
    document.finish()
    box.update(document.leaves[0], WIDTH)
    assert box.height == box_of(document.leaves[0]).height


def test_a_row_that_changes_above_the_last_is_shown_anew():
    """A link that is defined below the table changes cells that stood."""
    box = box_of(table(("head",), ("old",), ("last",)))
    changed = table(("head",), ("new and much longer",), ("last",))
    box.update(changed, WIDTH)
    assert leaf_text(box.leaf) == "head\nnew and much longer\nlast"
    assert [box.hit(13, middle_of(box, row)).offset for row in range(3)] == [0, 5, 25]
    assert picture(page_of([changed])).height() == round(box.height)


def test_fewer_rows_or_columns_are_taken_too():
    box = box_of(table(("a", "b"), ("c", "d"), ("e", "f")))
    box.update(table(("a", "b")), WIDTH)
    assert leaf_text(box.leaf) == "a\tb"
    box.update(table(("a",), ("b",)), WIDTH)
    assert box.columns == box_of(table(("a",), ("b",))).columns
    assert leaf_text(box.leaf) == "a\nb"


@pytest.mark.parametrize("align", ["---", "--:"])
def test_a_link_in_a_cell_is_hit(align):
    [leaf] = parse(
        f"| a | b |\n|---|{align}|\n| plain | a wide cell that is wider than the link |\n"
        "| x | [there](https://a.example/) |\n"
    )
    box = box_of(leaf)
    y, left, right = middle_of(box, 2), box.columns[0] + 36, sum(box.columns) + 36
    at, beside = (right - 5, right - 200) if align == "--:" else (left + 3, 14)
    assert box.hit(at, y).href == "https://a.example/"
    assert box.hit(beside, y).href == ""


def test_a_wide_table_moves_sideways_and_its_links_with_it():
    wide = " | ".join("column number one hundred" for _ in range(8))
    [leaf] = parse(f"| {wide} |\n|{'---|' * 8}\n| [there](https://a.example/) |\n")
    box = box_of(leaf)
    y = middle_of(box, 1)
    assert box.hit(16, y).href
    assert box.scroll_sideways(150)
    assert not box.hit(16, y).href
    while box.scroll_sideways(1_000):
        pass
    assert box.offset == pytest.approx(box.natural - WIDTH)
    box.update(leaf, 100_000)
    assert box.offset == 0


def test_a_table_without_rows_stands():
    assert box_of(Leaf(LeafKind.TABLE, table=Table(("",), ()))).height > 0
    assert box_of(Leaf(LeafKind.TABLE)).hit(5, 5).offset == 0


@pytest.mark.parametrize("offset", [0, 5, 11, 12, 17, 24])
def test_what_is_hit_is_what_is_marked(offset):
    leaf = table(("name", "amount"), ("rent", "1,000"), ("heating", "90"))
    page = page_of([leaf])
    plain = picture(page)
    marked = picture(page, (Position(0, offset), Position(0, offset + 1)))
    changed = [
        (x, y) for x in range(plain.width()) for y in range(plain.height()) if plain.pixel(x, y) != marked.pixel(x, y)
    ]
    text = leaf_text(leaf)
    assert bool(changed) is (offset < len(text) and text[offset] not in "\t\n")
    if changed:
        x, y = changed[0]
        assert page.hit(x + 1, y + 1).position == Position(0, offset)


def test_of_a_wide_table_the_cells_in_sight_are_laid_out():
    rows = [tuple(Cell(f"cell {row} {column}") for column in range(5_000)) for row in range(6)]
    leaf = Leaf(LeafKind.TABLE, table=Table(("",) * 5_000, tuple(rows)))
    began = time.process_time()
    page = page_of([leaf])
    first = picture(page)
    assert time.process_time() - began < 1
    box = page._boxes[0]
    assert isinstance(box, TableBox)
    hit = page.hit(10, 10).position
    assert leaf_text(box.leaf)[hit.offset :].startswith("cell 0 0")
    while box.scroll_sideways(100_000):
        pass
    assert picture(page) != first
    last = page.hit(WIDTH - 30, page.height - 5).position.offset
    assert leaf_text(box.leaf)[:last].rpartition("\t")[2] in "cell 5 4999"
    assert last > len(leaf_text(box.leaf)) - 200


def test_a_very_long_table_is_placed_in_steps():
    rows = tuple((Cell(f"plan {number}"), Cell("words " * 10)) for number in range(20_000))
    page = page_of([Leaf(LeafKind.TABLE, table=Table(("", ""), rows))])
    box = page._boxes[0]
    assert isinstance(box, TableBox)
    assert len(box.tops) < 10_000
    about = page.height
    picture(page, height=100)
    page.take_heights()
    assert len(box.tops) == 20_001
    assert page.height == pytest.approx(about, rel=0.01)
    assert page.hit(5, page.height - 10).position.offset > len(leaf_text(page.leaves[0])) - 100

"""Formulas that stand by themselves, and pages and tables that are told of typeset formulas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.rendering.markdown.around import formula_around, word_around
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.box import Mark
from desktop.rendering.page.formula_box import FormulaBox
from desktop.rendering.page.stack import Page
from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.shown_text import Position
from tests.rendering.formula.formulas import Formulas, block
from tests.rendering.painted import WIDTH, rows_above, style

pytestmark = pytest.mark.usefixtures("qapp")

SIZES = {"tall": block(2.0, 3.0, 2.0), "wide": block(60.0, 1.0, 1.0)}


def box_of(latex, formulas=None, *, is_open=False):
    leaf = Leaf(LeafKind.FORMULA, latex, is_open=is_open)
    return FormulaBox(leaf, WIDTH, style(formulas or Formulas(sizes=SIZES)))


def ink(box, colour="#222222", marks=()):
    """Left, top, right and bottom of all pixels of a colour."""
    image = QImage(int(WIDTH), int(box.height + 1), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    box.paint(painter, QPointF(0, 0), QRectF(0, 0, WIDTH, box.height), marks)
    painter.end()
    wanted = QColor(colour).rgb()
    found = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == wanted]
    xs, ys = [x for x, _ in found], [y for _, y in found]
    return (min(xs), min(ys), max(xs), max(ys)) if found else (0, 0, 0, 0)


def test_it_stands_in_the_middle_and_is_as_high_as_it_is():
    box = box_of("tall")
    left, top, right, bottom = ink(box)
    assert abs(left - (WIDTH - right)) <= 2
    assert top <= 2
    assert bottom == pytest.approx(box.height, abs=3)
    assert box.height == pytest.approx(5 * style().formula_em(style().body), abs=3)


@pytest.mark.parametrize("latex", ["whole", "fraction"])
def test_nothing_of_it_is_cut_wherever_on_the_page_it_stands(latex):
    box = box_of(latex, Formulas(sizes={"whole": block(2.0, 1.0, 1.0), "fraction": block(2.0, 1.03, 0.36)}))
    heights = set()
    for eighth in range(8):
        image = QImage(int(WIDTH), int(box.height + 4), QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        room = QRectF(0, 1 + eighth / 8, WIDTH, box.height)
        box.paint(painter, room.topLeft(), room, ())
        painter.end()
        middle = [QColor(image.pixel(int(WIDTH / 2), y)).lightness() for y in range(image.height())]
        heights.add(sum(255 - each for each in middle))
    assert len(heights) == 1


def test_a_wide_one_moves_sideways():
    box = box_of("wide")
    assert box.scroll_sideways(50)
    assert not box.scroll_sideways(0)
    assert not box_of("tall").scroll_sideways(50)
    assert ink(box)[0] == 0


def test_a_selected_one_has_the_colours_of_selected_text():
    box = box_of("tall")
    assert ink(box, "#ffffff", (Mark(0, 4),)) != (0, 0, 0, 0)
    assert ink(box, "#222222", (Mark(0, 4),)) == (0, 0, 0, 0)
    assert ink(box, "#222222", (Mark(4, 9),)) != (0, 0, 0, 0)


def test_it_is_hit_at_its_beginning_or_its_end():
    box = box_of("tall")
    assert [box.hit(x, 5).offset for x in (0, WIDTH / 2 - 5, WIDTH / 2 + 5, WIDTH)] == [0, 0, 4, 4]
    assert box.leaf.text == "tall"


def test_a_broken_one_and_one_that_is_written_show_their_source():
    box = box_of("broken")
    assert box._source is not None
    assert box.hit(WIDTH, 5).offset == 6
    formulas = Formulas()
    box = box_of(r"\frac{a}", formulas, is_open=True)
    assert formulas.asked == []
    for _ in range(2):
        box.update(Leaf(LeafKind.FORMULA, r"\frac{a}{b}"), WIDTH)
    assert formulas.asked == [(r"\frac{a}{b}", True)]  # once while nothing changes
    assert box._source is None


def test_it_changes_when_it_is_ready():
    formulas = Formulas(withheld=True, sizes=SIZES)
    box = box_of("tall", formulas)
    before = box.height
    assert box.formulas_ready(frozenset({("tall", False)})) is None
    assert box.formulas_ready(formulas.release()) == 0.0
    assert box.height > before
    assert box.formulas_ready(frozenset({("tall", True)})) is None


PAGE = """Text with $x$ in it.

$$
tall
$$

Other text.

| Name | Formula |
|---|---|
| a rather long source | $tall_{and long}$ |

- item with $tall$
"""


def painted(page, above):
    """The page on white, so many pixels below the upper edge."""
    image = QImage(int(WIDTH), int(page.height) + 2, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    page.paint(painter, QPointF(0, above), QRectF(image.rect()))
    painter.end()
    return image


def page_of(formulas, text=PAGE, on_stale=lambda *_: None):
    page = Page(style(formulas), WIDTH, on_stale)
    page.show(MarkdownDocument(text).leaves, 0)
    return page


def test_a_page_that_is_told_looks_like_one_whose_formulas_were_there():
    late, there = Formulas(withheld=True, sizes=SIZES), Formulas(sizes=SIZES)
    page, expected = page_of(late), page_of(there)
    assert page.height != expected.height
    page.formulas_ready(late.release())
    assert page.height == expected.height
    page.formulas_ready(frozenset(late.asked))
    assert page.height == expected.height


@pytest.mark.parametrize("above", [0.0, 0.4, 0.9])
@pytest.mark.parametrize(
    "text", [PAGE, "# Heading\n\nSome `code`, 中文, $tall$ and `code`."], ids=["blocks", "scripts"]
)
def test_a_page_says_where_the_change_begins(text, above):
    formulas = Formulas(withheld=True, sizes=SIZES)
    stale: list[float] = []
    page = page_of(formulas, text, lambda top, _: stale.append(top))
    before = painted(page, above)
    stale.clear()
    page.formulas_ready(formulas.release())
    [top] = stale
    assert rows_above(before, top + above) == rows_above(painted(page, above), top + above)
    page.formulas_ready(frozenset(formulas.asked))
    assert len(stale) == 1


def test_the_latex_at_a_position_and_a_double_click_on_it():
    leaves = page_of(Formulas()).leaves
    assert [formula_around(leaves, Position(*at)) for at in ((0, 11), (0, 3), (1, 0))] == ["x", "", "tall"]
    assert word_around(leaves, Position(0, 10)) == (Position(0, 10), Position(0, 13))
    assert word_around(leaves, Position(0, 1)) == (Position(0, 0), Position(0, 4))
    assert word_around(leaves, Position(1, 0)) == (Position(1, 0), Position(1, 4))

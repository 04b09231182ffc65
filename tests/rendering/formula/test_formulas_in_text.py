"""Formulas in lines of text: where they stand, what they do to lines, offsets, marks and growth."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from desktop.rendering.formula.outline import Formula
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.box import UNDERLINED, Mark, MarkKind
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Leaf, LeafKind
from tests.rendering.formula.formulas import Formulas, block
from tests.rendering.painted import WIDTH, style

pytestmark = pytest.mark.usefixtures("qapp")

TALL = {"tall": block(2.0, 2.5, 1.5), "narrow": block(0.3), "wide": block(60.0), "widish": block(30.0)}


def leaf_of(markdown):
    document = MarkdownDocument(markdown)
    document.finish()
    [leaf] = document.leaves
    return leaf


def box_of(markdown, formulas=None, width=WIDTH):
    return TextBox(leaf_of(markdown), width, style(formulas or Formulas(sizes=TALL)))


def runs(box):
    return list(box._runs)


def picture(box, marks=(), ratio=1.0):
    image = QImage(int(WIDTH * ratio), int((box.height + 1) * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    box.paint(painter, QPointF(0, 0), QRectF(0, 0, WIDTH, box.height), marks)
    painter.end()
    return image


def colours_in(image, rectangle):
    """Colours of the inner pixels of a rectangle."""
    inner = rectangle.adjusted(1, 1, -1, -1).toAlignedRect()
    return {
        image.pixelColor(x, y).name()
        for x in range(inner.left(), inner.right())
        for y in range(inner.top(), inner.bottom())
    }


def test_a_formula_stands_on_the_baseline_in_the_ink_of_the_text():
    box = box_of("word $x$ word")
    [run] = runs(box)
    line = box._layout.lineAt(0)
    assert run.baseline == line.y() + line.ascent() == box.first_baseline()
    assert run.width == pytest.approx(3 * run.em)
    assert colours_in(picture(box), run.rectangle()) == {"#222222"}


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_it_is_sharp_at_every_scale(ratio):
    """A fraction's rule keeps its long edges on the screen's pixels: no grey rows above and below."""
    ruled = Formula(QPainterPath(), (QRectF(0, -0.3, 3.0, 0.06),), 3.0, 0.8, 0.2)
    box = box_of("a $x$ b", Formulas(sizes={"x": ruled}))
    [run] = runs(box)
    image = picture(box, ratio=ratio)
    middle = int((run.x + run.width / 2) * ratio)
    column = [image.pixelColor(middle, y).name() for y in range(image.height())]
    assert set(column) == {"#ffffff", "#222222"}
    assert 1 <= column.count("#222222") <= 2 * ratio


def test_a_tall_formula_makes_its_line_taller_and_a_small_one_does_not():
    plain, small, tall = (box_of(f"one\\\ntwo {formula}\\\nthree") for formula in ("", "$x$", "$tall$"))
    assert small.height == plain.height
    assert tall.height > plain.height + 2 * runs(tall)[0].em


def test_every_height_of_a_tall_line_hits_that_line():
    box = box_of("one\\\ntwo $tall$\\\nthree")
    line = box_of("one").height
    for y in range(int(line) + 1, int(box.height - line)):
        assert "two" in box.leaf.text[: box.hit(WIDTH, y).offset]
        assert "three" not in box.leaf.text[: box.hit(WIDTH, y).offset]
    assert box.hit(0, line - 1).offset == 0


def test_a_formula_is_hit_before_or_behind_its_source():
    box = box_of("😀 a $x_1$ b $y$ c")
    text = box.leaf.text
    for run, source in zip(runs(box), ("$x_1$", "$y$"), strict=True):
        start = text.index(source)
        assert box.hit(run.x + 2, 8).offset == start
        assert box.hit(run.x + run.width - 2, 8).offset == start + len(source)
    assert box.hit(WIDTH, 8).offset == len(text)


@pytest.mark.parametrize("kind", sorted(set(MarkKind) - UNDERLINED))
@pytest.mark.parametrize(("start", "end"), [(0, 99), (2, 5), (3, 4)])
def test_a_marked_formula_has_the_colours_of_the_mark(kind, start, end):
    solid = block(3.0, 0.8, 0.2)
    outlines = solid.outlines
    outlines.addRect(0.5, -0.6, 2.0, 0.6)  # even-odd: a hole
    hollow = replace(solid, outlines=outlines)
    box = box_of("a $x$ b", Formulas(sizes={"x": hollow}))
    [run] = runs(box)
    marked, colours = picture(box, (Mark(start, end, kind),)), style().mark_format(kind)
    hole = QRectF(run.x + 0.5 * run.em, run.baseline - 0.6 * run.em, 2 * run.em, 0.6 * run.em)
    assert colours_in(marked, hole) == {colours.background().color().name()}
    left = QRectF(run.x, run.baseline - 0.8 * run.em, 0.5 * run.em, run.em)
    assert colours_in(marked, left) == {colours.foreground().color().name()}


def test_the_placeholder_is_never_seen():
    invisible = Formula(QPainterPath(), (), 3.0, 0.8, 0.2)
    box = box_of("$x$", Formulas(sizes={"x": invisible}))
    [run] = runs(box)
    room = QRectF(run.x, 0, run.width, box.height)
    assert colours_in(picture(box), room) == {"#ffffff"}
    for kind in MarkKind:
        # Paper and the ground of the mark; of a line its own colour, whole and at its soft edges.
        most = 3 if kind in UNDERLINED else 2
        assert len(colours_in(picture(box, (Mark(0, 3, kind),)), room)) <= most


def test_lines_break_beside_formulas_but_not_in_them_and_not_before_a_comma():
    box = box_of("(" + "$x$, " * 60 + ")")
    assert all(run.x + run.width <= WIDTH + 1 for run in runs(box))
    starts = {box.hit(0, y).offset for y in range(int(box.height))}
    assert len(starts) > 4
    assert {box.leaf.text[start] for start in starts} <= {"(", "$", ")"}
    box = box_of("中" * 27 + "$x$" + "文" * 10)
    assert runs(box)[0].baseline > box.first_baseline()


def test_a_wide_formula_is_made_smaller_and_a_very_wide_one_stays_source():
    [run] = runs(box_of("a $widish$ b"))
    assert run.width == pytest.approx(WIDTH)
    assert runs(box_of("a $wide$ b")) == []


def test_in_right_to_left_text_it_stands_between_its_neighbours():
    box = box_of("مرحبا $x$ بالعالم")
    [run] = runs(box)
    line = box._layout.lineAt(0)
    first, last = line.x() + line.width() - line.naturalTextWidth(), line.x() + line.width()
    assert first + 20 < run.x < run.x + run.width < last - 20
    assert box.hit(run.x + run.width - 2, 8).offset in (6, 9)
    assert colours_in(picture(box), run.rectangle()) == {"#222222"}


def test_until_it_is_there_and_where_it_is_broken_the_source_is_shown():
    formulas = Formulas(withheld=True)
    box = box_of("a $x$ and $broken$ b", formulas)
    assert runs(box) == []
    assert box._layout.text() == "a $x$ and $broken$ b"
    assert box._layout.formats() == []
    assert formulas.asked == [("x", False), ("broken", False)]
    assert box.formulas_ready(frozenset({("other", False)})) is None
    assert box.formulas_ready(formulas.release()) == 0.0
    assert [run.start for run in runs(box)] == [2]
    [_, code] = sorted(box._layout.formats(), key=lambda each: each.length)
    assert code.length == len("$broken$")
    assert code.format.background().color() == style().colours.code_ground
    assert box.formulas_ready(frozenset({("x", False)})) is None


@pytest.mark.parametrize("seed", range(3))
def test_formulas_that_come_late_end_up_like_those_that_were_there(seed):
    generator = random.Random(seed)
    words = [
        "word",
        "$x$",
        "$tall$",
        "中文字",
        "**bold $y_1$**",
        "`code`",
        "$narrow$,",
        "\\(z\\)",
        "longer-word",
        "$broken$",
    ]
    leaf = leaf_of(" ".join(generator.choices(words, k=270)))
    formulas = Formulas(withheld=True, sizes=TALL)
    box = TextBox(Leaf(LeafKind.PARAGRAPH), WIDTH, style(formulas))
    end = 0
    while end < len(leaf.text):
        end = min(len(leaf.text), end + generator.randint(1, 400))
        formulas.withheld = generator.random() < 0.5
        spans = tuple(span for span in leaf.spans if span.end <= end)
        box.update(Leaf(LeafKind.PARAGRAPH, leaf.text[:end], spans), WIDTH)
        if generator.random() < 0.3:
            box.formulas_ready(formulas.release())
    box.update(leaf, WIDTH)
    box.formulas_ready(formulas.release())
    whole = TextBox(leaf, WIDTH, style(Formulas(sizes=TALL)))
    assert len(runs(box)) == len(runs(whole)) > 60
    assert picture(box) == picture(whole)


def test_what_is_said_to_be_unchanged_looks_the_same():
    text = "Some words $x$ and `code` with $tall$ formulas, and $y_1 + z$ too. " * 8
    document = MarkdownDocument()
    formulas = Formulas(sizes=TALL)
    box: TextBox | None = None
    before = QImage()
    for start in range(0, len(text), 7):
        document.append(text[start : start + 7])
        [leaf] = document.leaves
        if box is None:
            box = TextBox(leaf, WIDTH, style(formulas))
            changed = 0.0
        else:
            changed = box.update(leaf, WIDTH)
        after = picture(box)
        rows = int(min(changed, before.height()))
        assert before.copy(0, 0, before.width(), rows) == after.copy(0, 0, after.width(), rows)
        before = after


def test_a_formula_that_came_meanwhile_is_said_to_have_changed():
    formulas = Formulas(withheld=True)
    box = box_of("$x$ " + "word " * 100, formulas)
    formulas.release()
    assert box.update(leaf_of("$x$ " + "word " * 101), WIDTH) == 0.0

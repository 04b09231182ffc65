"""Marks by their places in the whole text: which leaf each stands in, which line is drawn, and what is left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor

from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.box import UNDERLINED, Mark, MarkKind, marks_within
from desktop.rendering.page.placed_marks import PlacedMark, PlacedMarks, lines_of
from desktop.rendering.page.shown_claims import shown_in
from desktop.rendering.page.stack import Page
from desktop.rendering.text.shown_text import Position
from tests.rendering.painted import WIDTH, picture, style

pytestmark = [pytest.mark.window, pytest.mark.usefixtures("qapp")]


# --- Marks by their places in the whole text -----------------------------------------------------------------------

STANDS, AMISS, MISSING = MarkKind.STANDS, MarkKind.AMISS, MarkKind.MISSING


def placed(source, *words, nth=0):
    """Marks on the first occurrence of each of these words in what is shown, or on a later one."""
    shown = shown_in(source)
    marks = []
    for name, (word, kind) in enumerate(words):
        start = -1
        for _ in range(nth + 1):
            start = shown.text.index(word, start + 1)
        marks.append(PlacedMark(start, start + len(word), word, kind, name))
    return PlacedMarks(sorted(marks, key=lambda mark: mark.start), shown.blocks)


def page_of(source, marks, width=WIDTH):
    page = Page(style(), width)
    page.show(parse(source), 0)
    page.marks.set_placed(marks)
    page.marks.hovered_name = 0  # of what stands, only that is underlined
    return page


def columns(image, colour):
    """The columns of a picture in which a pixel has just this colour."""
    wanted = QColor(colour)
    return [x for x in range(image.width()) if any(image.pixelColor(x, y) == wanted for y in range(image.height()))]


def test_a_mark_stands_in_its_own_sentence_and_not_where_the_same_words_are():
    source = "The rent is 12,500.\n\n- first\n- the deposit is 12,500 too"
    page = page_of(source, placed(source, ("12,500", STANDS), nth=1))
    leaves = [index for index in range(len(page.leaves)) if page.marks.placed_at(Position(index, 15))]
    at = page.marks.leaf_of_placed(0)
    assert at is not None
    assert leaves == [at[0]]
    assert page.leaves[at[0]].text[at[1] :].startswith("12,500 too")


@pytest.mark.parametrize(
    "source",
    [
        "| item | price |\n| --- | --- |\n| Desk **Alto** | 389.00 |\n| Desk Vela | 749.00 |",
        "Before.\n\n> quoted: 749.00 a piece",
        "1. one\n2. two\n   - inside **749.00**",
        "# A heading of 749.00",
        "first line  \nsecond line of 749.00",
    ],
)
def test_a_mark_is_found_in_every_kind_of_text(source):
    page = page_of(source, placed(source, ("749.00", STANDS)))
    assert columns(picture(page), "#2f6f6a")
    hits = {
        page.marks.placed_at(hit.letter) is not None
        for y in range(2, int(page.height), 3)
        for x in range(0, int(WIDTH), 4)
        if (hit := page.hit(x, y)).letter is not None
    }
    assert hits == {True, False}


def test_nothing_is_marked_where_the_text_is_another_one():
    marks = placed("The rent is 12,500.", ("12,500", STANDS))
    page = page_of("The rent is 99,500, as before.", marks)
    assert not columns(picture(page), "#2f6f6a")


def test_of_marks_over_each_other_the_gravest_is_drawn_and_the_inner_one_hit():
    marks = [Mark(0, 30, STANDS, 0), Mark(5, 10, MISSING, 1), Mark(8, 20, AMISS, 2)]
    assert lines_of(marks) == [
        Mark(0, 5, STANDS),
        Mark(5, 8, MISSING),
        Mark(8, 20, AMISS),
        Mark(20, 30, STANDS),
    ]
    source = "it says that twelve thousand is due"
    page = page_of(source, placed(source, ("it says that twelve thousand is due", STANDS), ("twelve", MISSING)))
    inner, outer = page.marks.placed_at(Position(0, 15)), page.marks.placed_at(Position(0, 1))
    assert inner is not None
    assert outer is not None
    assert (inner.name, outer.name) == (1, 0)


def test_in_a_text_from_right_to_left_the_line_is_below_its_letters():
    source = "الإيجار هو 12500 درهم شهريا"
    word = "12500"
    page = page_of(source, placed(source, (word, STANDS)))
    marked = columns(picture(page), "#2f6f6a")
    hit = [x for x in range(int(WIDTH)) if (letter := page.hit(x, 10).letter) and page.marks.placed_at(letter)]
    assert marked
    assert hit
    assert abs(min(marked) - min(hit)) <= 2
    assert abs(max(marked) - max(hit)) <= 2
    assert max(marked) < WIDTH - 40  # it does not begin at the left edge, nor reach the right one


def test_a_mark_over_two_lines_has_a_line_below_each():
    source = "word " * 15 + "the office of the landlord keeps them"
    page = page_of(source, placed(source, ("the office of the landlord", STANDS)), width=160)
    image = picture(page)
    wanted = QColor("#2f6f6a")
    rows = {y for y in range(image.height()) if sum(image.pixelColor(x, y) == wanted for x in range(160)) > 10}
    assert len(rows) >= 2


def test_the_open_mark_has_a_ground():
    source = "The rent is 12,500."
    page = page_of(source, placed(source, ("12,500", AMISS)))
    assert not columns(picture(page), "#f7e7ae")
    page.marks.open_name = 0
    assert columns(picture(page), "#f7e7ae")


@given(cuts=st.sets(st.integers(0, 200)), start=st.integers(0, 200), length=st.integers(0, 60), others=st.booleans())
def test_the_marks_within_are_those_that_touch(cuts, start, length, others):
    edges = sorted(cuts)
    marks = [Mark(a, b, MarkKind.STANDS) for a, b in zip(edges[1::2], edges[2::2], strict=False)]
    marks += [Mark(a, b, MarkKind.FOUND) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if others:
        marks += [Mark(10, 20, MarkKind.CURRENT), Mark(0, 1 << 30)]
    touching = [mark for mark in marks if mark.start < start + length and mark.end > start]
    assert list(marks_within(marks, start, start + length)) == touching


def test_the_line_of_what_is_computed_has_another_colour_than_that_of_what_was_found(qapp):
    pens = {kind: style().mark_pen(kind) for kind in UNDERLINED}
    assert pens[MarkKind.ASIDE].color() == style().colours.muted
    assert pens[MarkKind.STANDS].color() == style().colours.accent
    assert len({(pen.color().name(), tuple(pen.dashPattern())) for pen in pens.values()}) == len(UNDERLINED)

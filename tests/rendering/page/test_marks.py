"""Of many marks, those that touch a piece of text are found without looking at all."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from desktop.rendering.page.box import UNDERLINED, Mark, MarkKind, marks_within
from tests.rendering.painted import style


@given(cuts=st.sets(st.integers(0, 200)), start=st.integers(0, 200), length=st.integers(0, 60), others=st.booleans())
def test_the_marks_within_are_those_that_touch(cuts: set[int], start: int, length: int, others: bool) -> None:
    edges = sorted(cuts)
    marks = [Mark(a, b, MarkKind.STANDS) for a, b in zip(edges[1::2], edges[2::2], strict=False)]
    marks += [Mark(a, b, MarkKind.FOUND) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if others:
        marks += [Mark(10, 20, MarkKind.CURRENT), Mark(0, 1 << 30)]
    touching = [mark for mark in marks if mark.start < start + length and mark.end > start]
    assert list(marks_within(marks, start, start + length)) == touching


def test_many_marks_cost_little() -> None:
    marks = [Mark(at, at + 1, MarkKind.FOUND) for at in range(0, 400_000, 2)]
    began = time.process_time()
    for start in range(0, 40_000, 40):
        assert len(marks_within(marks, start, start + 40)) == 20
    assert time.process_time() - began < 0.5


def test_the_line_of_what_is_computed_has_another_colour_than_that_of_what_was_found(qapp: QApplication) -> None:
    pens = {kind: style().mark_pen(kind) for kind in UNDERLINED}
    assert pens[MarkKind.ASIDE].color() == style().colours.muted
    assert pens[MarkKind.STANDS].color() == style().colours.accent
    assert len({(pen.color().name(), tuple(pen.dashPattern())) for pen in pens.values()}) == len(UNDERLINED)

"""The lines below words that were looked up: where they run in laid out text, also from right to left; their pens."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter, QTextLayout, QTextLine

from desktop.rendering.page.box import MarkKind
from desktop.rendering.page.formula_runs import x_of
from desktop.rendering.page.style import PageStyle

_FROM_RIGHT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI"})
_JOINED = 0.75  # pixels between two pieces that still are one stretch


def runs_both_ways(text: str) -> bool:
    """Return True if some of a text runs from right to left, so that its letters do not stand in their order."""
    return not text.isascii() and any(unicodedata.bidirectional(char) in _FROM_RIGHT for char in text)


def paint_line(
    painter: QPainter,
    layout: QTextLayout,
    units: tuple[int, int],
    kind: MarkKind,
    origin: QPointF,
    clip: QRectF,
    style: PageStyle,
    *,
    both_ways: bool,
) -> None:
    """Draw the line below some units of a layout whose corner is at `origin`, as far as it lies in `clip`."""
    painter.setPen(style.mark_pen(kind))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, kind is MarkKind.AMISS)
    first = layout.lineForTextPosition(units[0]).lineNumber()
    for number in range(max(0, first), layout.lineCount()):
        line = layout.lineAt(number)
        if line.textStart() >= units[1]:
            break
        y = round(origin.y() + line.y() + line.ascent() + style.mark_drop)
        if not clip.top() - 2 <= y <= clip.bottom() + 2:
            continue
        start = max(units[0], line.textStart())
        end = min(units[1], line.textStart() + line.textLength())
        for left, right in _extents(line, start, end, both_ways=both_ways):
            # On whole pixels, so that a line one pixel wide is as dark everywhere.
            painter.drawLine(QLineF(round(origin.x() + left), y + 0.5, round(origin.x() + right), y + 0.5))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _extents(line: QTextLine, start: int, end: int, *, both_ways: bool) -> Iterator[tuple[float, float]]:
    """Yield from where to where letters of a line reach; those of a text that runs both ways may stand apart."""
    if start >= end:
        return
    if not both_ways:
        right = x_of(line, end)
        if end == line.textStart() + line.textLength():  # blanks at its end hang over
            right = min(right, line.x() + line.naturalTextWidth())
        yield x_of(line, start), right
        return
    # A cursor between two directions has two places; the letters themselves have one.
    rectangles = sorted((run.boundingRect() for run in line.glyphRuns(start, end - start)), key=QRectF.left)
    stretches: list[tuple[float, float]] = []
    for each in rectangles:
        if stretches and each.left() <= stretches[-1][1] + _JOINED:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], each.right())
        else:
            stretches.append((each.left(), each.right()))
    yield from stretches

"""Paragraphs, headings, cells: wrapped text with links, looks and formulas, laid out in one go."""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence, Set

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption

from desktop.rendering.formula.typesetter import Key
from desktop.rendering.page import formula_runs
from desktop.rendering.page.box import UNDERLINED, Box, Hit, Mark
from desktop.rendering.page.formula_runs import FormulaRun, RunUnits, format_range
from desktop.rendering.page.mark_lines import paint_line, runs_both_ways
from desktop.rendering.page.style import PageStyle
from desktop.rendering.text.invisible import has_stacked_marks, in_order
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style
from desktop.rendering.text.utf16 import Units

_DIRECTION_WITHIN = 200  # characters at the beginning, of which the first letter decides


class TextBox(Box):
    """Box of a paragraph, a heading or a cell of a table."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle, font: QFont | None = None) -> None:
        super().__init__(leaf, width, style)
        self._font = font or (style.heading_font(leaf.level) if leaf.kind is LeafKind.HEADING else style.body)
        self._line = style.line_height(self._font)
        self._baseline = style.baseline(self._font)
        self._runs: Sequence[FormulaRun] = ()
        self._missing: frozenset[Key] = frozenset()  # formulas whose source is shown: they have yet to be typeset
        self._bottoms: list[float] = []  # of the lines
        self._lay_out()

    def update(self, leaf: Leaf, width: float) -> float:
        is_same_text = leaf.text == self.leaf.text and leaf.spans == self.leaf.spans
        if width == self._width and is_same_text:
            self.leaf = leaf
            return self.height
        unchanged = self._unchanged_height(leaf) if width == self._width else 0.0
        self.leaf, self._width = leaf, width
        self._lay_out()
        return unchanged

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        painter.setPen(self._style.colours.ink)
        if self._has_stacked_marks:  # which would be painted far into other texts
            painter.save()
            beyond = self._line / 2
            frame = QRectF(origin.x(), origin.y(), self._width, self.height).adjusted(-beyond, -beyond, beyond, beyond)
            painter.setClipRect(frame, Qt.ClipOperation.IntersectClip)
        marked = self._marked(marks)
        if not self._runs:
            self._layout.draw(painter, origin, marked, clip)
        else:
            self._paint_with_formulas(painter, origin, clip, marked)
        self._paint_lines(painter, origin, clip, marks)
        if self._has_stacked_marks:
            painter.restore()

    def hit(self, x: float, y: float) -> Hit:
        layout = self._layout
        number = min(bisect_right(self._bottoms, y), layout.lineCount() - 1)
        line = layout.lineAt(number)
        offset = self._units.to_python(max(0, line.xToCursor(x)))  # below 0 before marks over marks
        room = line.naturalTextRect()
        if not (0 <= y < self.height and room.left() <= x <= room.right()):
            return Hit(min(offset, len(self.leaf.text)))
        under = self._units.to_python(line.xToCursor(x, line.CursorPosition.CursorOnCharacter))
        span = span_at(self.leaf.spans, under)
        href = span.href if span is not None and span.style & Style.LINK else ""
        return Hit(min(offset, len(self.leaf.text)), href, under=under)

    def first_baseline(self) -> float:
        line = self._layout.lineAt(0)
        return line.y() + line.ascent()

    def top_of(self, offset: int) -> float:
        number = self._layout.lineForTextPosition(self._units.to_qt(offset)).lineNumber()
        return self._bottoms[number - 1] if number > 0 else 0.0

    def natural_width(self) -> float:
        """Return the width of the widest line, in pixels."""
        return self._layout.maximumWidth()

    def misses(self, formulas: Set[Key]) -> bool:
        """Return True if the source of one of these formulas is shown, since it had not been typeset."""
        return not self._missing.isdisjoint(formulas)

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        if not self.misses(ready):
            return None
        self._lay_out()
        return 0.0

    def _lay_out(self) -> None:
        leaf = self.leaf
        text = in_order(leaf.text.replace("\n", "\u2028"))
        self._has_stacked_marks = has_stacked_marks(text)
        self._both_ways: bool | None = None  # some letters run from right to left; None until that is wanted
        self.is_right_to_left = _is_right_to_left(in_order(leaf.text[:_DIRECTION_WITHIN]))
        self._runs, to_come = self._find_runs()
        self._missing = frozenset(to_come.values())
        self._units = RunUnits(text, self._runs) if self._runs else Units(text)
        layout = QTextLayout(self._units.text if isinstance(self._units, RunUnits) else text, self._font)
        layout.setTextOption(_wrapping(self.is_right_to_left))
        layout.setCacheEnabled(True)  # else Qt shapes the whole text anew to paint one line of it
        typeset = {*to_come, *(run.start for run in self._runs)}
        formats = [
            self._format_range(span.start, span.end, self._style.format(look))
            for span in leaf.spans
            if (look := span.style & ~Style.FORMULA if span.start in typeset else span.style)
        ]
        if self._runs:
            letter = QFontMetricsF(self._font).horizontalAdvance(formula_runs.PLACEHOLDER)
            formats += [
                format_range(run.unit, 1, formula_runs.placeholder_format(run.width, letter)) for run in self._runs
            ]
        if formats:
            layout.setFormats(formats)
        self._layout = layout
        self._make_lines()

    def _make_lines(self) -> None:
        """Break the text into lines, and note the lower edge of each."""
        y = 0.0
        self._bottoms = []
        layout = self._layout
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            natural = line.height()
            height = max(self._line, natural)
            if self._runs:
                above, below = formula_runs.line_extent(line, self._runs, height)
                line.setPosition(QPointF(0, y + above - line.ascent()))
                height = above + below
                formula_runs.place(line, self._runs)
            else:
                # On one baseline whatever their script, whose letters may bring other heights with them.
                above = 0.0 if natural > self._line else line.ascent() - self._baseline
                line.setPosition(QPointF(0, y - above))
            y += height
            self._bottoms.append(y)
        layout.endLayout()
        self.height = y

    def _unchanged_height(self, leaf: Leaf) -> float:
        """Return the height of the lines that stay as they are when `leaf` only adds to what stands."""
        text, spans = self.leaf.text, self.leaf.spans
        if self._missing or not leaf.text.startswith(text) or leaf.spans[: len(spans) - 1] != spans[:-1]:
            return 0.0
        last = self._units.to_python(self._layout.lineAt(self._layout.lineCount() - 1).textStart())
        if spans:
            last = min(last, spans[-1].start)
        if len(leaf.spans) > len(spans):  # a formula that has been closed covers text that stood before
            last = min(last, leaf.spans[len(spans)].start)
        return self.top_of(last)

    def _find_runs(self) -> tuple[list[FormulaRun], dict[int, Key]]:
        spans = [span for span in self.leaf.spans if span.style & Style.FORMULA]
        if self._style.formulas is None or not spans:
            return [], {}
        em = self._style.formula_em(self._font)
        return formula_runs.find_runs(spans, self.leaf.text, self._style, em, self._width)

    def _format_range(self, start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
        first = self._units.to_qt(start)
        return format_range(first, self._units.to_qt(end) - first, look)

    def _marked(self, marks: Sequence[Mark]) -> list[QTextLayout.FormatRange]:
        found: list[QTextLayout.FormatRange] = []
        for mark in marks:
            start, end = max(mark.start, 0), min(mark.end, len(self.leaf.text))
            if mark.kind not in UNDERLINED and start < end:
                if self._runs and self._units.to_python(self._units.to_qt(end)) < end:
                    end += 1  # a part of a formula is marked as the whole
                found.append(self._format_range(start, end, self._style.mark_format(mark.kind)))
        return found

    def _paint_with_formulas(
        self, painter: QPainter, origin: QPointF, clip: QRectF, marked: list[QTextLayout.FormatRange]
    ) -> None:
        marked, looks = formula_runs.around_runs(marked, self._runs)
        in_sight = [run for run in self._runs if run.rectangle().translated(origin).intersects(clip)]
        for run in in_sight:
            if run.unit in looks:
                line = self._layout.lineForTextPosition(run.unit)
                ground = run.rectangle() | QRectF(run.x, line.y(), run.width, line.height())
                painter.fillRect(ground.translated(origin), looks[run.unit].background())
        self._layout.draw(painter, origin, marked, clip)
        for run in in_sight:
            ink = looks[run.unit].foreground().color() if run.unit in looks else self._style.colours.ink
            run.paint(painter, origin, ink)

    def _paint_lines(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        """Draw the lines below words that were looked up."""
        lines = [mark for mark in marks if mark.kind in UNDERLINED]
        if not lines:
            return
        if self._both_ways is None:
            self._both_ways = runs_both_ways(self.leaf.text)
        for mark in lines:
            units = self._units.to_qt(max(mark.start, 0)), self._units.to_qt(min(mark.end, len(self.leaf.text)))
            paint_line(painter, self._layout, units, mark.kind, origin, clip, self._style, both_ways=self._both_ways)
        painter.setPen(self._style.colours.ink)


@functools.cache
def _wrapping(right_to_left: bool) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    if right_to_left:
        option.setAlignment(Qt.AlignmentFlag.AlignRight)  # QTextLayout does not turn "left" round by itself
    return option


def span_at(spans: Sequence[Span], offset: int) -> Span | None:
    """Return the span that covers a character, if any."""
    index = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and spans[index].end > offset else None


def _is_right_to_left(text: str) -> bool:
    """Return True if the first letter with a direction is written from right to left (rule P2 of UAX #9)."""
    directions = () if text.isascii() else map(unicodedata.bidirectional, text)
    return next((each != "L" for each in directions if each in ("L", "R", "AL")), False)

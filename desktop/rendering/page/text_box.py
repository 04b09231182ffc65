"""Paragraphs and headings: wrapped text of any length that grows at its end.

The text is laid out in windows of some lines each. Lines before the last one of a window do not change when text is
appended, so a growing paragraph costs what its last window costs, whatever its length.
"""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextLine, QTextOption

from desktop.rendering.formula.typesetter import Key
from desktop.rendering.page import formula_runs
from desktop.rendering.page.box import UNDERLINED, Hit, Mark, marks_within
from desktop.rendering.page.formula_runs import FormulaRun, RunUnits, format_range
from desktop.rendering.page.mark_lines import paint_line, runs_both_ways
from desktop.rendering.page.style import PageStyle
from desktop.rendering.text.invisible import has_stacked_marks, in_order
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style
from desktop.rendering.text.utf16 import Units

# A window must hold several lines even in a wide column; larger ones make each flush dearer.
_WINDOW = 1200
_KEEP_GROWING = 600
_DIRECTION_WITHIN = 200  # characters at the beginning, of which the first letter decides


@dataclass(slots=True)
class _Window:
    """Window of `text[start:end]` of the leaf, laid out; `top` within the box."""

    start: int
    end: int
    top: float
    height: float
    layout: QTextLayout
    last_line_start: int  # in the leaf's text
    units: Units
    has_stacked_marks: bool
    runs: Sequence[FormulaRun] = ()
    bottoms: list[float] = field(default_factory=list)  # of its lines; only if there are formulas
    both_ways: bool | None = None  # of its letters some run from right to left; None until that is wanted
    missing: frozenset[Key] = frozenset()  # formulas whose source is shown, since they have yet to be typeset


class TextBox:
    """Box of a paragraph or a heading."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle, font: QFont | None = None) -> None:
        self.leaf = Leaf(leaf.kind)
        self.height = 0.0
        self._style = style
        self._font = font or (style.heading_font(leaf.level) if leaf.kind is LeafKind.HEADING else style.body)
        self._line = style.line_height(self._font)
        self._baseline = style.baseline(self._font)
        self._width = -1.0
        self._windows: list[_Window] = []
        self._span_starts: list[int] = []
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        kept = 0
        if width == self._width and self._windows:
            if leaf.text == self.leaf.text and leaf.spans == self.leaf.spans:
                self.leaf = leaf
                return self.height
            # Only what the last form called settled is known to be the same now; and a step may be cut in two.
            settled = min(self.leaf.settled, len(leaf.text))
            kept = sum(1 for window in self._windows if window.end <= settled and window is not self._windows[-1])
        unchanged = self._unchanged_height(leaf) if kept or width == self._width else 0.0
        del self._windows[kept:]
        self.leaf, self._width = leaf, width
        self._span_starts = [span.start for span in leaf.spans]
        self._lay_out()
        return unchanged

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        top = clip.top() - origin.y() - self._style.overhang
        bottom = clip.bottom() - origin.y() + self._style.overhang
        painter.setPen(self._style.colours.ink)
        for window in self._windows:
            if window.top > bottom:
                break
            if window.top + window.height < top:
                continue
            if window.has_stacked_marks:
                painter.save()
                painter.setClipRect(self._frame(origin), Qt.ClipOperation.IntersectClip)
            self._paint_window(window, painter, origin + QPointF(0, window.top), clip, marks)
            if window.has_stacked_marks:
                painter.restore()

    def hit(self, x: float, y: float) -> Hit:
        for window in self._windows:
            if y < window.top + window.height or window is self._windows[-1]:
                return self._hit_in(window, x, y - window.top)
        return Hit(0)

    def text(self) -> str:
        return self.leaf.text

    @property
    def is_right_to_left(self) -> bool:
        """True if it is written from right to left, as Arabic and Hebrew are."""
        return _is_right_to_left(in_order(self.leaf.text[:_DIRECTION_WITHIN]))

    def scroll_sideways(self, by: float) -> bool:
        return False

    def first_baseline(self) -> float:
        """Return the height of the first line's baseline in the box."""
        if not self._windows or self._windows[0].layout.lineCount() == 0:
            return self._line
        line = self._windows[0].layout.lineAt(0)
        return line.y() + line.ascent()

    def top_of(self, offset: int) -> float:
        """Return the height in the box, in pixels, of the upper edge of the line in which a character stands."""
        number = bisect_right(self._windows, offset, key=lambda window: window.start) - 1
        return self._top_in(self._windows[number], offset) if number >= 0 else 0.0

    def natural_width(self) -> float:
        """Return the width of the widest line, in pixels."""
        return max((window.layout.maximumWidth() for window in self._windows), default=0.0)

    def misses(self, formulas: Set[Key]) -> bool:
        """Return True if the source of one of these formulas is shown, since it had not been typeset."""
        return any(not window.missing.isdisjoint(formulas) for window in self._windows)

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        """Lay out again what shows the source of one of these formulas.

        Return the height from which on it looks different, or None if nothing has changed.
        """
        for number, window in enumerate(self._windows):
            if not window.missing.isdisjoint(ready):
                del self._windows[number:]
                self._lay_out()
                return window.top
        return None

    def _paint_window(
        self, window: _Window, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]
    ) -> None:
        within = marks_within(marks, window.start, window.end) if marks else ()
        marked = self._marked(window, within)
        if not window.runs:
            window.layout.draw(painter, origin, marked, clip)
            self._paint_lines(window, painter, origin, clip, within)
            return
        marked, looks = formula_runs.around_runs(marked, window.runs)
        in_sight = [run for run in window.runs if run.rectangle().translated(origin).intersects(clip)]
        for run in in_sight:
            if run.unit in looks:
                line = window.layout.lineForTextPosition(run.unit)
                ground = run.rectangle() | QRectF(run.x, line.y(), run.width, line.height())
                painter.fillRect(ground.translated(origin), looks[run.unit].background())
        window.layout.draw(painter, origin, marked, clip)
        for run in in_sight:
            ink = looks[run.unit].foreground().color() if run.unit in looks else self._style.colours.ink
            run.paint(painter, origin, ink)
        self._paint_lines(window, painter, origin, clip, within)

    def _paint_lines(
        self, window: _Window, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]
    ) -> None:
        """Draw the lines below words that were looked up."""
        lines = [mark for mark in marks if mark.kind in UNDERLINED]
        if lines and window.both_ways is None:
            window.both_ways = runs_both_ways(self.leaf.text[window.start : window.end])
        for mark in lines:
            start, end = max(mark.start, window.start), min(mark.end, window.end)
            units = window.units.to_qt(start - window.start), window.units.to_qt(end - window.start)
            both_ways = bool(window.both_ways)
            paint_line(painter, window.layout, units, mark.kind, origin, clip, self._style, both_ways=both_ways)
        if lines:
            painter.setPen(self._style.colours.ink)

    def _frame(self, origin: QPointF) -> QRectF:
        """Return the box with half a line around it: marks over marks would be painted far into other texts."""
        beyond = self._line / 2
        return QRectF(origin.x(), origin.y(), self._width, self.height).adjusted(-beyond, -beyond, beyond, beyond)

    def _unchanged_height(self, leaf: Leaf) -> float:
        """Return the height of the lines that stay as they are when `leaf` only adds to what stands."""
        if (
            not self._windows
            or not leaf.text.startswith(self.leaf.text)
            or leaf.spans[: len(self.leaf.spans) - 1] != (self.leaf.spans[:-1])
        ):
            return 0.0
        last_span = self.leaf.spans[-1].start if self.leaf.spans else len(self.leaf.text)
        if len(leaf.spans) > len(self.leaf.spans):  # a formula that has been closed covers text that stood before
            last_span = min(last_span, leaf.spans[len(self.leaf.spans)].start)
        window = self._windows[-1]
        if window.missing:
            return window.top  # one may have been typeset meanwhile
        return self._top_in(window, min(window.last_line_start, max(last_span, window.start)))

    def _lay_out(self) -> None:
        text = self.leaf.text
        offset = self._windows[-1].end if self._windows else 0
        top = self._windows[-1].top + self._windows[-1].height if self._windows else 0.0
        right_to_left = self.is_right_to_left
        while offset < len(text) or not self._windows:
            end = min(len(text), offset + _WINDOW)
            window = self._make_window(offset, end, top, right_to_left)
            grows = self.leaf.settled > 0 and window.end - window.start > _KEEP_GROWING
            cut = window.last_line_start
            must_cut = end < len(text) or (grows and cut <= self.leaf.settled)
            if must_cut and cut > offset:
                window = self._make_window(offset, cut, top, right_to_left)
            self._windows.append(window)
            offset, top = window.end, top + window.height
        self.height = top

    def _make_window(self, start: int, end: int, top: float, right_to_left: bool) -> _Window:
        spans = self._spans_in(start, end) if self.leaf.spans else []
        runs, to_come = self._find_runs(spans, start) if spans else ([], {})
        if runs:
            end = max(end, start + runs[-1].end)  # a formula is never cut
        text = self.leaf.text[start:end]
        if end < len(self.leaf.text):
            text = text.removesuffix("\n")  # a break at the end of a window would be shown as an empty line
        text = in_order(text.replace("\n", "\u2028"))
        units = RunUnits(text, runs) if runs else Units(text)
        layout = QTextLayout(units.text if isinstance(units, RunUnits) else text, self._font)
        layout.setTextOption(_wrapping(right_to_left))
        layout.setCacheEnabled(True)  # else Qt shapes the whole window anew to paint one line of it
        if runs or to_come:
            spans = _as_plain(spans, {*to_come, *(start + run.start for run in runs)})
        formats = self._formats(spans, start, end, units) if spans else []
        if runs:
            letter = QFontMetricsF(self._font).horizontalAdvance(formula_runs.PLACEHOLDER)
            formats += [format_range(run.unit, 1, formula_runs.placeholder_format(run.width, letter)) for run in runs]
        if formats:
            layout.setFormats(formats)
        last, bottoms = self._make_lines(layout, runs)
        window = _Window(
            start, end, top, bottoms[-1], layout, start + units.to_python(last), units, has_stacked_marks(text)
        )
        window.missing = frozenset(to_come.values())
        if runs:
            window.runs, window.bottoms = runs, bottoms
        return window

    def _make_lines(self, layout: QTextLayout, runs: Sequence[FormulaRun]) -> tuple[int, list[float]]:
        """Break the text into lines; return where the last one begins, and the lower edge of each."""
        y, last = 0.0, QTextLine()
        bottoms: list[float] = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            natural = line.height()
            height = max(self._line, natural)
            if runs:
                above, below = formula_runs.line_extent(line, runs, height)
                line.setPosition(QPointF(0, y + above - line.ascent()))
                height = above + below
                formula_runs.place(line, runs)
            else:
                # On one baseline whatever their script, whose letters may bring other heights with them.
                above = 0.0 if natural > self._line else line.ascent() - self._baseline
                line.setPosition(QPointF(0, y - above))
            y += height
            bottoms.append(y)
            last = line
        layout.endLayout()
        return (last.textStart(), bottoms) if bottoms else (0, [0.0])

    def _top_in(self, window: _Window, offset: int) -> float:
        """Return the upper edge of the line of a window in which a character stands."""
        line = window.layout.lineForTextPosition(window.units.to_qt(offset - window.start))
        if window.bottoms:
            above = window.bottoms[line.lineNumber() - 1] if line.lineNumber() > 0 else 0.0
        else:
            above = self._top_of(line) if line.isValid() else 0.0
        return window.top + min(above, max(0.0, window.height - self._line))

    def _top_of(self, line: QTextLine) -> float:
        """Return the upper edge of a line that has been placed; of a script that is higher than the others, its own."""
        return line.y() if line.height() > self._line else line.y() + line.ascent() - self._baseline

    def _spans_in(self, start: int, end: int) -> list[Span]:
        found: list[Span] = []
        first = max(0, bisect_right(self._span_starts, start) - 1)
        for span in self.leaf.spans[first:]:
            if span.start >= end:
                break
            if span.end > start:
                found.append(span)
        return found

    def _find_runs(self, spans: list[Span], start: int) -> tuple[list[FormulaRun], dict[int, Key]]:
        if self._style.formulas is None or not any(span.style & Style.FORMULA for span in spans):
            return [], {}
        em = self._style.formula_em(self._font)
        return formula_runs.find_runs(spans, self.leaf.text, start, self._style, em, self._width)

    def _formats(self, spans: list[Span], start: int, end: int, units: Units) -> list[QTextLayout.FormatRange]:
        found: list[QTextLayout.FormatRange] = []
        for span in spans:
            a = units.to_qt(max(span.start, start) - start)
            b = units.to_qt(min(span.end, end) - start)
            found.append(format_range(a, b - a, self._style.format(span.style)))
        return found

    def _marked(self, window: _Window, marks: Sequence[Mark]) -> list[QTextLayout.FormatRange]:
        found: list[QTextLayout.FormatRange] = []
        for mark in marks:
            if mark.kind in UNDERLINED:
                continue
            start, end = max(mark.start, window.start), min(mark.end, window.end)
            if start < end:
                a, b = window.units.to_qt(start - window.start), window.units.to_qt(end - window.start)
                if window.runs and window.units.to_python(b) < end - window.start:
                    b += 1  # a part of a formula is marked as the whole
                found.append(format_range(a, b - a, self._style.mark_format(mark.kind)))
        return found

    def _hit_in(self, window: _Window, x: float, y: float) -> Hit:
        layout = window.layout
        count = layout.lineCount()
        if count == 0:
            return Hit(window.start)
        line = layout.lineAt(count - 1)
        for index in range(count):
            candidate = layout.lineAt(index)
            height = max(self._line, candidate.height())
            bottom = window.bottoms[index] if window.bottoms else self._top_of(candidate) + height
            if y < bottom:
                line = candidate
                break
        offset = window.start + window.units.to_python(max(0, line.xToCursor(x)))  # below 0 before marks over marks
        href = ""
        inside = 0 <= y < window.height
        on_letter = line.CursorPosition.CursorOnCharacter
        is_on_text = inside and line.naturalTextRect().left() <= x <= line.naturalTextRect().right()
        letter = window.start + window.units.to_python(line.xToCursor(x, on_letter)) if is_on_text else -1
        if inside and line.rect().contains(QPointF(x, line.y() + 1)) and line.naturalTextWidth() >= x - line.x():
            under = window.start + window.units.to_python(line.xToCursor(x, on_letter))
            span = span_at(self.leaf.spans, self._span_starts, under)
            if span is not None and span.style & Style.LINK:
                href = span.href
        return Hit(min(offset, window.end), href, under=letter)


@functools.cache
def _wrapping(right_to_left: bool) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    # Not left to Qt, which would choose anew for every window.
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    if right_to_left:
        option.setAlignment(Qt.AlignmentFlag.AlignRight)  # QTextLayout does not turn "left" round by itself
    return option


def _as_plain(spans: list[Span], formulas: Set[int]) -> list[Span]:
    """Return spans without the look of LaTeX on these formulas, which are typeset or will be soon."""
    found: list[Span] = []
    for span in spans:
        if span.start not in formulas:
            found.append(span)
        elif style := span.style & ~Style.FORMULA:
            found.append(Span(span.start, span.end, style, span.href))
    return found


def span_at(spans: tuple[Span, ...], starts: list[int], offset: int) -> Span | None:
    """Return the span that covers a character, if any."""
    index = bisect_right(starts, offset) - 1
    if index >= 0 and spans[index].end > offset:
        return spans[index]
    return None


def _is_right_to_left(text: str) -> bool:
    """Return True if the first letter with a direction is written from right to left (rule P2 of UAX #9)."""
    if text.isascii():
        return False
    for char in text:
        match unicodedata.bidirectional(char):
            case "L":
                return False
            case "R" | "AL":
                return True
    return False

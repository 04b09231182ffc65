"""Paragraphs, headings, cells: wrapped text with links, looks and formulas, laid out in one go; and formulas alone.

In a text a formula has the place of one letter, which is as wide as the formula and never seen. Behind it stand marks
of no width, as many as its source has further letters, so that the text and its layout count alike. One that stands by
itself is centred, and moves sideways where it is wider than the page. Until it has been typeset its source is shown.
"""

from __future__ import annotations

import functools
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from desktop.rendering.formula.typesetter import Formula, Key
from desktop.rendering.markdown.inline import without_delimiters
from desktop.rendering.page.box import UNDERLINED, Box, Hit, Mark, MarkKind, PageStyle, WideBox
from desktop.rendering.text.leaves import Leaf, LeafKind, Span, Style
from desktop.rendering.text.letters import Units, has_stacked_marks, in_order

_DIRECTION_WITHIN = 200  # characters at the beginning, of which the first letter decides
_PLACEHOLDER, _NO_WIDTH = "x", "\ufe00"
_LEAST_SCALE = 0.6  # of a formula wider than the column; below, its source is easier to read
_GAP = 1.0  # pixels between a formula and the lines above and below
_JOINED = 0.75  # pixels between two pieces of a marked line that still are one stretch


@dataclass(slots=True)
class FormulaRun:
    """Formula `start` to `end` of a text, the unit of its placeholder, and where it is in pixels."""

    start: int
    end: int
    formula: Formula
    em: float
    unit: int
    x: float = 0.0
    baseline: float = 0.0

    @property
    def width(self) -> float:
        return self.formula.width * self.em

    def rectangle(self) -> QRectF:
        """Return the room it takes in its box."""
        ascent = self.formula.ascent * self.em
        return QRectF(self.x, self.baseline - ascent, self.width, ascent + self.formula.descent * self.em)


class TextBox(Box):
    """Box of a paragraph, a heading or a cell of a table."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle, font: QFont | None = None) -> None:
        super().__init__(leaf, width, style)
        self._font = font or (style.heading_font(leaf.level) if leaf.kind is LeafKind.HEADING else style.body)
        self._line = style.line_height(self._font)
        self._baseline = style.baseline(self._font)
        self._runs: list[FormulaRun] = []
        self._missing: set[Key] = set()  # formulas whose source is shown: they have yet to be typeset
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
        marked = [mark for mark in map(self._whole, marks) if mark.start < mark.end]
        grounds = [mark for mark in marked if mark.kind not in UNDERLINED]
        in_sight = [run for run in self._runs if run.rectangle().translated(origin).intersects(clip)]
        looks: dict[int, QTextCharFormat] = {}  # of formulas that are marked, by their units
        for run in in_sight:
            for mark in grounds:
                if mark.start <= run.start < mark.end:
                    looks[run.unit] = self._style.mark_format(mark.kind)
            if run.unit in looks:
                line = self._layout.lineForTextPosition(run.unit)
                ground = run.rectangle() | QRectF(run.x, line.y(), run.width, line.height())
                painter.fillRect(ground.translated(origin), looks[run.unit].background())
        selected = [each for mark in grounds for each in self._beside_formulas(mark)]
        self._layout.draw(painter, origin, selected, clip)
        for run in in_sight:
            ink = looks[run.unit].foreground().color() if run.unit in looks else self._style.colours.ink
            run.formula.paint(painter, origin + QPointF(run.x, run.baseline), run.em, ink)
        for mark in marked:
            if mark.kind in UNDERLINED:
                self._paint_line(painter, mark, origin, clip)
        if self._has_stacked_marks:
            painter.restore()

    def hit(self, x: float, y: float) -> Hit:
        layout = self._layout
        number = min(bisect_right(self._bottoms, y), layout.lineCount() - 1)
        line = layout.lineAt(number)
        unit, on_unit = line.xToCursor(x), line.xToCursor(x, line.CursorPosition.CursorOnCharacter)
        room = line.naturalTextRect()
        is_beside = not room.left() <= x <= room.right()
        if not is_beside and self._runs_in(line):  # right behind marks of no width Qt finds the end of the words
            unit = min((unit, on_unit, on_unit + 1), key=lambda each: abs(_x_of(line, each) - x))
        offset = self._units.to_python(max(0, unit))  # below 0 before marks over marks
        run = self._run_around(offset)
        offset = min(run.end if run is not None else offset, len(self.leaf.text))
        if is_beside or not 0 <= y < self.height:
            return Hit(offset)
        under = self._units.to_python(on_unit)
        span = _span_at(self.leaf.spans, under)
        href = span.href if span is not None and span.style & Style.LINK else ""
        return Hit(offset, href, under=under)

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
        self.is_right_to_left = _is_right_to_left(in_order(leaf.text[:_DIRECTION_WITHIN]))
        self._units = Units(text)
        formats = self._find_formulas()
        pieces, position = [], 0
        letter = QFontMetricsF(self._font).horizontalAdvance(_PLACEHOLDER) if self._runs else 0.0
        for run in self._runs:
            pieces += [text[position : run.start], _PLACEHOLDER]
            pieces.append(_NO_WIDTH * (self._units.to_qt(run.end) - run.unit - 1))
            position = run.end
            formats.append(format_range(run.unit, 1, _unseen(run.width - letter)))
        layout = QTextLayout("".join([*pieces, text[position:]]), self._font)
        layout.setTextOption(_wrapping(self.is_right_to_left))
        layout.setCacheEnabled(True)  # else Qt shapes the whole text anew to paint one line of it
        if formats:
            layout.setFormats(formats)
        self._layout = layout
        self._make_lines()

    def _find_formulas(self) -> list[QTextLayout.FormatRange]:
        """Find which formulas are typeset and which are yet to come; return the looks of the text."""
        self._runs, self._missing = [], set()
        formulas = self._style.formulas
        formats = []
        for span in self.leaf.spans:
            look = span.style
            if look & Style.FORMULA and formulas is not None:
                key = without_delimiters(self.leaf.text[span.start : span.end])
                formula, em = formulas.lookup(*key), self._style.formula_em(self._font)
                if formula is not None and formula.width * em * _LEAST_SCALE <= self._width:
                    run_em, unit = min(em, self._width / formula.width), self._units.to_qt(span.start)
                    self._runs.append(FormulaRun(span.start, span.end, formula, run_em, unit))
                    look &= ~Style.FORMULA
                elif formula is None and not formulas.is_turned_down(*key):
                    self._missing.add(key)
                    look &= ~Style.FORMULA
            if look:
                formats.append(self._format_range(span.start, span.end, self._style.format(look)))
        return formats

    def _make_lines(self) -> None:
        """Break the text into lines, note the lower edge of each, and place the formulas."""
        y = 0.0
        self._bottoms = []
        layout = self._layout
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            natural = line.height()
            height = max(self._line, natural)
            if self._runs:
                runs = self._runs_in(line)
                above = (height - natural) / 2 + line.ascent()
                below = height - above
                above = max([above, *(run.formula.ascent * run.em + _GAP for run in runs)])
                below = max([below, *(run.formula.descent * run.em + _GAP for run in runs)])
                line.setPosition(QPointF(0, y + above - line.ascent()))
                height = above + below
                for run in runs:
                    run.x = min(_x_of(line, run.unit), _x_of(line, run.unit + 1))
                    run.baseline = line.y() + line.ascent()
            else:
                # On one baseline whatever their script, whose letters may bring other heights with them.
                above = 0.0 if natural > self._line else line.ascent() - self._baseline
                line.setPosition(QPointF(0, y - above))
            y += height
            self._bottoms.append(y)
        layout.endLayout()
        self.height = y

    def _runs_in(self, line: QTextLine) -> list[FormulaRun]:
        start = line.textStart()
        first = bisect_right(self._runs, start - 1, key=lambda run: run.unit)
        return self._runs[first : bisect_right(self._runs, start + line.textLength() - 1, key=lambda run: run.unit)]

    def _run_around(self, offset: int) -> FormulaRun | None:
        """Return the formula that a character is within, behind its beginning."""
        at = bisect_right(self._runs, offset - 1, key=lambda run: run.start) - 1
        return self._runs[at] if at >= 0 and offset < self._runs[at].end else None

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

    def _format_range(self, start: int, end: int, look: QTextCharFormat) -> QTextLayout.FormatRange:
        first = self._units.to_qt(start)
        return format_range(first, self._units.to_qt(end) - first, look)

    def _whole(self, mark: Mark) -> Mark:
        """Return a mark within the text; a part of a formula is marked as the whole."""
        start, end = max(mark.start, 0), min(mark.end, len(self.leaf.text))
        first, last = self._run_around(start), self._run_around(end)
        return Mark(first.start if first else start, last.end if last else end, mark.kind)

    def _beside_formulas(self, mark: Mark) -> Iterator[QTextLayout.FormatRange]:
        """Yield the ranges of a mark without the placeholders, whose letters would come to sight."""
        position, look = mark.start, self._style.mark_format(mark.kind)
        for run in self._runs[bisect_right(self._runs, mark.start - 1, key=lambda run: run.start) :]:
            if run.start >= mark.end:
                break
            if position < run.start:
                yield self._format_range(position, run.start, look)
            position = run.end
        if position < mark.end:
            yield self._format_range(position, mark.end, look)

    def _paint_line(self, painter: QPainter, mark: Mark, origin: QPointF, clip: QRectF) -> None:
        """Draw the line below words that were looked up, as far as it lies in `clip`."""
        painter.setPen(self._style.mark_pen(mark.kind))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, mark.kind is MarkKind.AMISS)
        first, last = self._units.to_qt(mark.start), self._units.to_qt(mark.end)
        for number in range(self._layout.lineForTextPosition(first).lineNumber(), self._layout.lineCount()):
            line = self._layout.lineAt(number)
            if line.textStart() >= last:
                break
            y = round(origin.y() + line.y() + line.ascent() + self._style.mark_drop)
            if not clip.top() - 2 <= y <= clip.bottom() + 2:
                continue
            end = min(last, line.textStart() + line.textLength())
            for left, right in _extents(line, max(first, line.textStart()), end):
                # On whole pixels, so that a line one pixel wide is as dark everywhere.
                painter.drawLine(QLineF(round(origin.x() + left), y + 0.5, round(origin.x() + right), y + 0.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _extents(line: QTextLine, start: int, end: int) -> list[tuple[float, float]]:
    """Return from where to where letters of a line reach; those of a text that runs both ways may stand apart."""
    edge = line.x() + line.naturalTextWidth()  # beyond which blanks at the end of the line hang
    rectangles = sorted((run.boundingRect() for run in line.glyphRuns(start, end - start)), key=QRectF.left)
    stretches: list[tuple[float, float]] = []
    for each in rectangles:
        right = min(each.right(), edge) if end == line.textStart() + line.textLength() else each.right()
        if stretches and each.left() <= stretches[-1][1] + _JOINED:
            stretches[-1] = stretches[-1][0], max(stretches[-1][1], right)
        else:
            stretches.append((each.left(), right))
    return stretches


def _x_of(line: QTextLine, unit: int) -> float:
    """Return where a unit of a line begins, in pixels."""
    found: Any = line.cursorToX(unit)  # with the cursor's place, which the stubs do not say
    return float(found[0])


def _unseen(spacing: float) -> QTextCharFormat:
    """Return the format of a letter that nobody sees, with so many pixels behind it."""
    made = QTextCharFormat()
    made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
    made.setFontLetterSpacing(spacing)
    made.setForeground(QColor(Qt.GlobalColor.transparent))
    return made


def format_range(start: int, length: int, char_format: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return a range of characters in one format."""
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = char_format
    return made


@functools.cache
def _wrapping(right_to_left: bool) -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    if right_to_left:
        option.setAlignment(Qt.AlignmentFlag.AlignRight)  # QTextLayout does not turn "left" round by itself
    return option


def _span_at(spans: Sequence[Span], offset: int) -> Span | None:
    """Return the span that covers a character, if any."""
    index = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and spans[index].end > offset else None


def _is_right_to_left(text: str) -> bool:
    """Return True if the first letter with a direction is written from right to left (rule P2 of UAX #9)."""
    directions = () if text.isascii() else map(unicodedata.bidirectional, text)
    return next((each != "L" for each in directions if each in ("L", "R", "AL")), False)


_LEAST_SCALE_ALONE = 0.8  # of a formula that is a little too wide; a wider one moves sideways
_BAR_ROOM = 12.0
# Pixels above and below. A formula is painted from the nearest pixel on, so it may stand half a pixel off its place and
# blur one more; without room the box would cut it there.


class FormulaBox(WideBox):
    """Block of LaTeX. Offsets count its characters, also when it is typeset."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(Leaf(leaf.kind), -1.0, style)
        self._formula: Formula | None = None
        self._em = 0.0
        self._source: TextBox | None = None
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        is_same = leaf.text == self.leaf.text and leaf.is_open == self.leaf.is_open and width == self._width
        if is_same and self._formula is not None:
            self.leaf = leaf
            return self.height
        self.leaf, self._width = leaf, width
        formulas = self._style.formulas
        self._formula = None if leaf.is_open or formulas is None else formulas.lookup(leaf.text, True)
        if self._formula is not None:
            self._fit(self._formula)
            return 0.0
        return self._show_source()

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        formula = self._formula
        if formula is None:
            if self._source is not None:
                self._source.paint(painter, origin, clip, marks)
            return
        painter.save()
        painter.setClipRect(
            QRectF(origin.x(), origin.y(), self._width, self.height) & clip, Qt.ClipOperation.IntersectClip
        )
        ink = self._style.colours.ink
        for mark in marks:
            if mark.start < len(self.leaf.text) and mark.end > 0 and mark.kind not in UNDERLINED:
                look = self._style.mark_format(mark.kind)
                painter.fillRect(self._rectangle(formula).translated(origin), look.background())
                ink = look.foreground().color()
        baseline = origin + self._rectangle(formula).topLeft() + QPointF(0, formula.ascent * self._em)
        formula.paint(painter, baseline, self._em, ink)
        painter.restore()
        self.paint_bar(painter, origin)

    def hit(self, x: float, y: float) -> Hit:
        if self._formula is None:
            return self._source.hit(x, y) if self._source is not None else Hit(0)
        return Hit(0 if x < self._rectangle(self._formula).center().x() else len(self.leaf.text))

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        if self._formula is not None or (self.leaf.text, True) not in ready:
            return None
        self.update(self.leaf, self._width)
        return 0.0

    def _fit(self, formula: Formula) -> None:
        self._source = None
        em = self._style.formula_em(self._style.body)
        self._em = em * max(_LEAST_SCALE_ALONE, min(1.0, self._width / (formula.width * em)))
        self.fit(formula.width * self._em, self._width)
        bar = _BAR_ROOM if self.needs_bar else 0.0
        self.height = (formula.ascent + formula.descent) * self._em + 2 * _GAP + bar

    def _show_source(self) -> float:
        text = self.leaf.text
        formulas = self._style.formulas
        is_final = not self.leaf.is_open and (formulas is None or formulas.is_turned_down(text, True))
        # Not the style of a formula, which the text would typeset in its line.
        spans = (Span(0, len(text), Style.CODE),) if is_final and text else ()
        leaf = Leaf(LeafKind.PARAGRAPH, text, spans)
        changed = 0.0
        if self._source is None:
            self._source = TextBox(leaf, self._width, self._style)
        else:
            changed = self._source.update(leaf, self._width)
        self.height = self._source.height
        return changed

    def _rectangle(self, formula: Formula) -> QRectF:
        """Return where it stands in the box."""
        width = formula.width * self._em
        left = -self.offset if self.needs_bar else (self._width - width) / 2
        return QRectF(left, _GAP, width, (formula.ascent + formula.descent) * self._em)

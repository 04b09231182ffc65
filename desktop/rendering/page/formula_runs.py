"""The typeset formulas in a piece of text that is laid out: each is one character there, as wide as the formula.

A leaf's text keeps the source of a formula, so that it can be searched and copied and offsets stay what they are; the
laid out text has a letter in its place, which is never seen, only has a width. A letter, since line breaks and the
order of right-to-left text then treat the formula as a word. Of painting and of lines, only what formulas need.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout, QTextLine

from desktop.rendering.formula.outline import Formula
from desktop.rendering.formula.typesetter import Key
from desktop.rendering.markdown.formula_syntax import without_delimiters
from desktop.rendering.page.style import PageStyle
from desktop.rendering.text.leaves import Span
from desktop.rendering.text.utf16 import Units

PLACEHOLDER = "x"
_LEAST_SCALE = 0.6  # of a formula wider than the column; below, its source is easier to read
_GAP = 1.0  # pixels between a formula and the lines above and below


@dataclass(slots=True)
class FormulaRun:
    """Formula and where it is: in the text of the piece, in its layout, and in pixels once lines are made."""

    start: int
    end: int
    formula: Formula
    em: float
    unit: int = 0
    x: float = 0.0
    baseline: float = 0.0

    @property
    def width(self) -> float:
        return self.formula.width * self.em

    def rectangle(self) -> QRectF:
        """Return the room it takes in its piece."""
        ascent = self.formula.ascent * self.em
        return QRectF(self.x, self.baseline - ascent, self.width, ascent + self.formula.descent * self.em)

    def paint(self, painter: QPainter, origin: QPointF, ink: QColor) -> None:
        self.formula.paint(painter, origin + QPointF(self.x, self.baseline), self.em, ink)


def find_runs(
    spans: Iterable[Span], text: str, style: PageStyle, em: float, width: float
) -> tuple[list[FormulaRun], dict[int, Key]]:
    """Return the formulas of a text in a column `width` pixels wide: those typeset, and by offsets those to come."""
    runs: list[FormulaRun] = []
    to_come: dict[int, Key] = {}
    for span in spans:
        latex, display = without_delimiters(text[span.start : span.end])
        formula = style.formulas.lookup(latex, display) if style.formulas is not None else None
        if formula is None:
            if style.formulas is not None and not style.formulas.is_turned_down(latex, display):
                to_come[span.start] = (latex, display)
        elif formula.width * em * _LEAST_SCALE <= width:
            runs.append(FormulaRun(span.start, span.end, formula, min(em, width / formula.width)))
    return runs, to_come


class RunUnits(Units):
    """Offsets in a text and in its layout, where each run is one character."""

    __slots__ = ("_runs", "_shown_starts", "_starts", "text")

    def __init__(self, text: str, runs: Sequence[FormulaRun]) -> None:
        self._runs = runs
        self._starts = [run.start for run in runs]
        self._shown_starts: list[int] = []
        pieces: list[str] = []
        length = position = 0
        for run in runs:
            pieces += [text[position : run.start], PLACEHOLDER]
            length += run.start - position
            self._shown_starts.append(length)
            length += 1
            position = run.end
        self.text = "".join([*pieces, text[position:]])
        super().__init__(self.text)
        for run in runs:
            run.unit = self.to_qt(run.start)

    def to_qt(self, offset: int) -> int:
        """Return the unit at which a character begins; inside a run, that of the run."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0:
            run, shown = self._runs[index], self._shown_starts[index]
            offset = shown if offset < run.end else shown + 1 + offset - run.end
        return super().to_qt(offset)

    def to_python(self, unit: int) -> int:
        """Return the character to which a unit belongs; the first one of a run."""
        shown = super().to_python(unit)
        index = bisect_right(self._shown_starts, shown) - 1
        if index < 0:
            return shown
        run, start = self._runs[index], self._shown_starts[index]
        return run.start if shown == start else run.end + shown - start - 1


def placeholder_format(width: float, letter_width: float) -> QTextCharFormat:
    """Return the format that makes the placeholder as wide as a formula, and invisible."""
    made = QTextCharFormat()
    made.setFontLetterSpacingType(made.fontLetterSpacingType().AbsoluteSpacing)
    made.setFontLetterSpacing(width - letter_width)
    made.setForeground(QColor(Qt.GlobalColor.transparent))
    return made


def line_extent(line: QTextLine, runs: Sequence[FormulaRun], height: float) -> tuple[float, float]:
    """Return how far a line reaches above and below its baseline, if its text alone takes a line of this height."""
    above = (height - line.height()) / 2 + line.ascent()
    below = height - above
    for run in runs_in(line, runs):
        above = max(above, run.formula.ascent * run.em + _GAP)
        below = max(below, run.formula.descent * run.em + _GAP)
    return above, below


def place(line: QTextLine, runs: Sequence[FormulaRun]) -> None:
    """Set where the formulas of a line are, once it has its position."""
    for run in runs_in(line, runs):
        run.x = min(x_of(line, run.unit), x_of(line, run.unit + 1))
        run.baseline = line.y() + line.ascent()


def x_of(line: QTextLine, unit: int) -> float:
    """Return where a unit of a line begins, in pixels."""
    found: Any = line.cursorToX(unit)  # with the cursor's place, which the stubs do not say
    return float(found[0])


def runs_in(line: QTextLine, runs: Sequence[FormulaRun]) -> Sequence[FormulaRun]:
    """Return the formulas of a line."""
    start = line.textStart()
    first = bisect_right(runs, start - 1, key=lambda run: run.unit)
    return runs[first : bisect_right(runs, start + line.textLength() - 1, key=lambda run: run.unit)]


def around_runs(
    ranges: Sequence[QTextLayout.FormatRange], runs: Sequence[FormulaRun]
) -> tuple[list[QTextLayout.FormatRange], dict[int, QTextCharFormat]]:
    """Return marked ranges without the placeholders, whose letters would come to sight, and how their formulas look."""
    outside: list[QTextLayout.FormatRange] = []
    looks: dict[int, QTextCharFormat] = {}
    for each in ranges:
        position, end = each.start, each.start + each.length
        look = QTextCharFormat(each.format)  # a copy, which outlives the range
        for run in runs[bisect_right(runs, position - 1, key=lambda run: run.unit) :]:
            if run.unit >= end:
                break
            looks[run.unit] = look
            outside.append(format_range(position, run.unit - position, look))
            position = run.unit + 1
        outside.append(format_range(position, end - position, look))
    return [each for each in outside if each.length > 0], looks


def format_range(start: int, length: int, char_format: QTextCharFormat) -> QTextLayout.FormatRange:
    """Return a range of characters in one format."""
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = char_format
    return made

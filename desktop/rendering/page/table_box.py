"""Tables: columns as wide as their widest cell up to a cap, rows appended one by one, sideways scrolling inside.

A column is as wide as its content until the cap, where cells wrap; so a column that grows never changes the height of
a row that stands, and an appended row costs the same whatever the length of the table. Of a long table only the rows
in sight, and of a wide one only the cells, are laid out; how wide and how high the others are follows from the lengths
of their texts.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence, Set
from itertools import accumulate, takewhile

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from desktop.rendering.formula.typesetter import Key
from desktop.rendering.page.box import Hit, Mark, PageStyle, WideBox, marks_within
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Style, Table

_PLACED_AT_ONCE = 15_000  # letters of rows; beyond, a step of placing takes at most so long
_STEP_SECONDS = 0.008
_PAD_X = 12.0
_LEAST_PAD_X = 6.0
_BAR = 4.0
_BELOW_BAR = 3.0  # the bar stands this much lower than in code: on the table's last line
_PAD_Y = 6.0
_CAP_EMS = 22  # the widest column, in heights of the text
_LAID_OUT_AT_ONCE = 60  # rows: a short table is measured exactly
_MOST_COLUMNS = 60  # a wider table is measured by the lengths of its texts, and only cells in sight are laid out
_MOST_IN_SIGHT = 400  # rows; more do not fit on any screen
_KEPT = 4_000  # cells whose layout is kept
_EMPTY = Table((), ())


class TableBox(WideBox):
    """Table. Offsets count the characters of its cells, joined by tabs, rows by line breaks."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(Leaf(leaf.kind), width, style)
        self._table = _EMPTY
        self._rows: list[tuple[Cell, ...]] = []
        self.tops = [0.0]  # of the rows, and the lower edge of the last
        self._starts = [0]  # of the rows in the text, and of what would follow
        self._boxes: dict[tuple[int, int], TextBox] = {}
        self.columns: list[float] = []  # their widths without the room beside them
        self._lefts = [0.0]  # of the columns, and the right edge of the last
        self._pad = _PAD_X
        self._cap = style.text_px * _CAP_EMS
        self._bold = QFont(style.body)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._metrics = QFontMetricsF(style.body)
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        table = leaf.table or _EMPTY
        columns = list(self.columns) if width == self._width else None
        if len(table.aligns) != len(self.columns):
            self._cut(0)
            self.columns = [0.0] * len(table.aligns)
        if table is not self._table:  # a link defined below the table changes rows anywhere in it
            pairs = zip(self._rows, table.rows, strict=False)
            self._cut(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))
        changed, had_bar = self.tops[-1], self.needs_bar
        self.leaf, self._table, self._width = leaf, table, width
        self._place_rows()
        # A table only a little too wide is drawn together rather than scrolled.
        beside = (width - sum(self.columns)) / (2 * max(1, len(self.columns)))
        self._pad = max(_LEAST_PAD_X, min(_PAD_X, beside))
        self._place_columns()
        if columns != self.columns:
            return 0.0
        return max(0.0, changed - _BAR - 1) if had_bar else changed

    def _place_rows(self) -> None:
        """Place the rows that have not been; where that takes long, the rest another time: about as high as usual."""
        rows, until = self._table.rows, time.monotonic() + _STEP_SECONDS
        while len(self._rows) < len(rows):
            if self._starts[-1] > _PLACED_AT_ONCE and time.monotonic() > until:
                break
            self._add(rows[len(self._rows)])
        usual = self.tops[-1] / max(1, len(self._rows))
        self.height = self.tops[-1] + (len(rows) - len(self._rows)) * usual + 1

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        self._place_rows()
        columns, colours = list(self.columns), self._style.colours
        painter.save()
        painter.setClipRect(QRectF(origin.x(), origin.y(), self._width, self.height + 1) & clip)
        # A long table is painted from the first row in sight, so that its length costs nothing.
        first = self._row_at(clip.top() - origin.y())
        right = origin.x() + min(self._width, self.natural)
        for number in range(first, min(len(self._rows), first + _MOST_IN_SIGHT)):
            y = origin.y() + self.tops[number]
            if y > clip.bottom():
                break
            self._paint_row(painter, number, QPointF(origin.x() - self.offset, y), clip, marks)
            painter.setPen(QPen(colours.muted if self._is_header(number) else colours.line, 1))
            bottom = origin.y() + self.tops[number + 1] - 0.5
            painter.drawLine(QPointF(origin.x(), bottom), QPointF(right, bottom))
        painter.restore()
        # Columns have become wider as their cells were laid out, or some rows have yet to be placed.
        self.is_unfinished = self.columns != columns or len(self._rows) < len(self._table.rows)
        self.paint_bar(painter, origin, _BELOW_BAR)

    def hit(self, x: float, y: float) -> Hit:
        number = self._row_at(y)
        if not self._rows or not self.columns:
            return Hit(self._starts[number])
        column = self._column_at(x + self.offset)
        box = self._cell(number, column)
        inside = x + self.offset - self._lefts[column] - self._pad - self._shift(column, box)
        hit = box.hit(inside, y - self.tops[number] - _PAD_Y)
        start = self._cell_starts(number)[column]
        return Hit(start + hit.offset, hit.href, under=start + hit.under if hit.under >= 0 else -1)

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        first = min((number for (number, _), box in self._boxes.items() if box.misses(ready)), default=None)
        if first is None:
            return None
        self._cut(first)
        if self._starts[first] <= _PLACED_AT_ONCE:
            self.columns = []  # all of it, since a source is wider than its formula and had widened its column
        self.update(self.leaf, self._width)
        return 0.0

    def _cut(self, length: int) -> None:
        """Forget the rows from `length` on."""
        del self._rows[length:], self.tops[length + 1 :], self._starts[length + 1 :]
        self._boxes = {place: box for place, box in self._boxes.items() if place[0] < length}

    def _add(self, cells: tuple[Cell, ...]) -> None:
        number = len(self._rows)
        self._rows.append(cells)
        self._starts.append(self._starts[-1] + max(1, sum(len(cell.text) + 1 for cell in cells)))
        is_exact = number < _LAID_OUT_AT_ONCE and len(cells) <= _MOST_COLUMNS
        height = self._style.body_line
        for column, cell in enumerate(cells):
            if is_exact or _is_of_any_height(cell):
                height = max(height, self._cell(number, column).height)
            else:
                height = max(height, self._measured(column, cell))
        self.tops.append(self.tops[-1] + height + 2 * _PAD_Y)

    def _measured(self, column: int, cell: Cell) -> float:
        """Return the height of a cell that is not kept; widens its column. Only one beyond the cap is laid out."""
        natural = len(cell.text) * self._style.text_px * (0.75 if cell.text.isascii() else 1.1)
        if natural <= self.columns[column]:
            return 0.0
        if len(self.columns) <= _MOST_COLUMNS:
            natural = self._metrics.horizontalAdvance(cell.text) * 1.08  # emphasis is wider
        self.columns[column] = max(self.columns[column], min(self._cap, natural))
        return self._cell_box(cell, is_header=False).height if natural > self._cap else 0.0

    def _cell(self, number: int, column: int) -> TextBox:
        """Return a cell, laid out to the cap; its column becomes as wide as it needs."""
        box = self._boxes.get((number, column))
        if box is None:
            if len(self._boxes) >= _KEPT:
                self._boxes.clear()
            box = self._cell_box(self._rows[number][column], is_header=self._is_header(number))
            self._boxes[number, column] = box
            wanted = min(self._cap, box.natural_width())
            if wanted > self.columns[column]:
                self.columns[column] = wanted
                self._place_columns()
        return box

    def _place_columns(self) -> None:
        self._lefts = list(accumulate((column + 2 * self._pad for column in self.columns), initial=0.0))
        self.fit(self._lefts[-1], self._width)

    def _column_at(self, x: float) -> int:
        return max(0, min(len(self.columns), bisect_right(self._lefts, x)) - 1)

    def _cell_starts(self, number: int) -> list[int]:
        """Return where the cells of a row begin in the text."""
        return list(accumulate((len(cell.text) + 1 for cell in self._rows[number]), initial=self._starts[number]))

    def _cell_box(self, cell: Cell, *, is_header: bool) -> TextBox:
        leaf = Leaf(LeafKind.PARAGRAPH, cell.text, cell.spans)
        return TextBox(leaf, self._cap, self._style, font=self._bold if is_header else None)

    def _is_header(self, number: int) -> bool:
        return number == 0 and self._table.has_header

    def _row_at(self, y: float) -> int:
        return max(0, min(len(self._rows), bisect_right(self.tops, y)) - 1)

    def _paint_row(self, painter: QPainter, number: int, corner: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        starts = self._cell_starts(number) if marks else []
        for column in range(self._column_at(clip.left() - corner.x()), len(self._rows[number])):
            box = self._cell(number, column)
            x = corner.x() + self._lefts[column]
            if x > clip.right():
                break
            inside: Sequence[Mark] = ()
            if marks:
                start = starts[column]
                touching = marks_within(marks, start, start + len(self._rows[number][column].text))
                inside = [Mark(mark.start - start, mark.end - start, mark.kind) for mark in touching]
            place = QPointF(x + self._pad + self._shift(column, box), corner.y() + _PAD_Y)
            box.paint(painter, place, clip, inside)

    def _shift(self, column: int, box: TextBox) -> float:
        room = self.columns[column] - min(self.columns[column], box.natural_width())
        return room * {"right": 1.0, "center": 0.5}.get(self._table.aligns[column], 0.0)


def _is_of_any_height(cell: Cell) -> bool:
    """Return True if the length of a cell's text does not tell how high it is."""
    return "\n" in cell.text or any(span.style & Style.FORMULA for span in cell.spans)

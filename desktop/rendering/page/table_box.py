"""Tables: columns as wide as their widest cell up to a cap, rows appended one by one, sideways scrolling inside.

A column is as wide as its content until the cap, where cells wrap; so a column that grows never changes the height of
a row that stands, and an appended row costs the same whatever the length of the table. Of a long table only the rows
in sight, and of a wide one only the cells, are laid out; how wide and how high the others are follows from the lengths
of their texts.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence, Set
from itertools import accumulate, takewhile

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from desktop.rendering.formula.typesetter import Key
from desktop.rendering.page.box import Hit, Mark, marks_within
from desktop.rendering.page.sideways import WideBox
from desktop.rendering.page.style import PageStyle
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Cell, Leaf, LeafKind, Style, Table
from desktop.rendering.text.shown_text import leaf_text

_PLACED_AT_ONCE = 500  # rows; beyond, a step of placing takes at most so long
_STEP_SECONDS = 0.008
_PAD_X = 12.0
_LEAST_PAD_X = 6.0
_BAR = 4.0
_BELOW_BAR = 3.0  # the bar stands this much lower than in code: on the table's last line
_PAD_Y = 6.0
_CAP_EMS = 22  # the widest column, in heights of the text
_LAID_OUT_AT_ONCE = 60  # rows: a short table is measured exactly
_MOST_IN_SIGHT = 400  # rows; more do not fit on any screen
_KEPT = 800  # rows whose layout is kept
_MOST_COLUMNS = 60  # a wider table is measured by the lengths of its texts, and only cells in sight are laid out
_EMPTY = Table((), ())


class TableBox(WideBox):
    """Table. Offsets count the characters of `text()`: cells joined by tabs, rows by line breaks."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(Leaf(leaf.kind), width, style)
        self._has_widened = False
        self._cells: list[tuple[Cell, ...]] = []
        self._tops: list[float] = []
        self._starts: list[int] = []  # of each row in the text
        self._end = 0.0  # lower edge of the last row
        self._boxes: dict[int, list[TextBox | None]] = {}
        self._columns: list[float] = []
        self._edges: list[float] = []  # left edges of the columns; empty when they must be reckoned anew
        self._pad = _PAD_X
        self._cap = style.text_px * _CAP_EMS
        self._bold = QFont(style.body)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._metrics = QFontMetricsF(style.body)
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        table = leaf.table or _EMPTY
        before = list(self._columns) if width == self._width else None
        self._width = width
        if len(table.aligns) != len(self._columns):
            self._cut(0)
            self._columns = [0.0] * len(table.aligns)
        # A link defined below the table changes rows anywhere in it; while it grows, only its last ones change.
        standing = max(0, len(self._cells) - 1)
        if self._cells[:standing] == list(table.rows[:standing]):
            if self._cells[standing:] != list(table.rows[standing : len(self._cells)]):
                self._cut(standing)
        else:
            pairs = zip(self._cells, table.rows, strict=False)
            self._cut(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))
        changed = self._end
        self.leaf = leaf
        self._place_rows()
        had_bar = self._natural() > width
        self._pad = self._pad_for(width)
        self._edges = []
        self.fit(self._natural(), width)
        if before != self._columns:
            return 0.0
        return max(0.0, changed - _BAR - 1) if had_bar else changed

    @property
    def is_unfinished(self) -> bool:  # type: ignore[override]
        """True if it was painted with columns that have become wider meanwhile, or some rows have yet to be placed.

        Placing those of a very long table takes several steps.
        """
        return self._has_widened or self._has_rows_to_place

    @property
    def _has_rows_to_place(self) -> bool:
        return len(self._cells) < len((self.leaf.table or _EMPTY).rows)

    def _place_rows(self) -> None:
        """Place the rows that have not been; where that takes long, the rest another time: about as high as usual."""
        rows = (self.leaf.table or _EMPTY).rows
        until = time.monotonic() + _STEP_SECONDS
        for number in range(len(self._cells), len(rows)):
            if number >= _PLACED_AT_ONCE and number % 50 == 0 and time.monotonic() > until:
                break
            self._add(rows[number])
        usual = self._style.body_line + 2 * _PAD_Y
        self.height = self._end + (len(rows) - len(self._cells)) * usual + 1

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        if self._has_rows_to_place:
            self._place_rows()
        columns = list(self._columns)
        colours = self._style.colours
        painter.save()
        painter.setClipRect(QRectF(origin.x(), origin.y(), self._width, self.height + 1) & clip)
        # A long table is painted from the first row in sight, so that its length costs nothing.
        first = self._row_at(clip.top() - origin.y())
        right = origin.x() + min(self._width, self._natural())
        for number in range(first, min(len(self._cells), first + _MOST_IN_SIGHT)):
            y = origin.y() + self._tops[number]
            if y > clip.bottom():
                break
            self._paint_row(painter, number, QPointF(origin.x() - self.offset, y), clip, marks)
            painter.setPen(QPen(colours.muted if self._is_header(number) else colours.line, 1))
            bottom = origin.y() + self._bottom_of(number) - 0.5
            painter.drawLine(QPointF(origin.x(), bottom), QPointF(right, bottom))
        painter.restore()
        self._has_widened = self._columns != columns  # as their cells were laid out
        self.fit(self._natural(), self._width)
        self.paint_bar(painter, origin, _BELOW_BAR)

    def hit(self, x: float, y: float) -> Hit:
        if not self._cells:
            return Hit(0)
        x += self.offset
        number = self._row_at(y)
        if not self._columns:
            return Hit(self._starts[number])
        column = self._column_at(x)
        box = self._cell(number, column)
        inside = x - self._lefts()[column] - self._pad - self._shift(column, box)
        hit = box.hit(inside, y - self._tops[number] - _PAD_Y)
        start = self._cell_starts(number)[column]
        return Hit(start + hit.offset, hit.href, under=start + hit.under if hit.under >= 0 else -1)

    def text(self) -> str:
        return leaf_text(self.leaf)

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        if not any(box is not None and box.misses(ready) for boxes in self._boxes.values() for box in boxes):
            return None
        self._cut(0)  # all of it, since a source is wider than its formula and had widened its column
        self._columns = []
        self.update(self.leaf, self._width)
        return 0.0

    def _cut(self, length: int) -> None:
        """Forget the rows from `length` on."""
        if length < len(self._cells):
            self._end = self._tops[length]
        for each in (self._cells, self._tops, self._starts):
            del each[length:]
        for number in [each for each in self._boxes if each >= length]:
            del self._boxes[number]

    def _add(self, cells: tuple[Cell, ...]) -> None:
        number = len(self._cells)
        self._starts.append(self._starts[-1] + _letters(self._cells[-1]) + 1 if number else 0)
        self._tops.append(self._end)
        self._cells.append(cells)
        tall = self._style.body_line
        if number < _LAID_OUT_AT_ONCE and not self._is_wide:
            laid_out: Iterable[int] = range(len(cells))
        else:
            tall *= self._lines_of(cells)
            laid_out = [column for column, cell in enumerate(cells) if _is_of_any_height(cell)]
        self._end += max([tall, *(self._cell(number, column).height for column in laid_out)]) + 2 * _PAD_Y

    def _lines_of(self, cells: tuple[Cell, ...]) -> int:
        """Return how many lines the highest cell of a row takes; widens the columns.

        Only cells near the cap are laid out.
        """
        lines = 1
        for column, cell in enumerate(cells):
            widest = len(cell.text) * self._style.text_px * (0.75 if cell.text.isascii() else 1.1)
            if widest <= self._columns[column]:
                continue
            natural = widest
            if not self._is_wide:
                natural = self._metrics.horizontalAdvance(cell.text) * 1.08  # emphasis is wider
            self._columns[column] = max(self._columns[column], min(self._cap, natural))
            if natural > self._cap:
                box = self._cell_box(cell, is_header=False)
                lines = max(lines, round(box.height / self._style.body_line))
        return lines

    @property
    def _is_wide(self) -> bool:
        return len(self._columns) > _MOST_COLUMNS

    def _cell(self, number: int, column: int) -> TextBox:
        """Return a cell, laid out to the cap; its column becomes as wide as it needs."""
        row = self._boxes.get(number)
        if row is None:
            if len(self._boxes) >= _KEPT:
                self._boxes.clear()
            row = self._boxes[number] = [None] * len(self._cells[number])
        box = row[column]
        if box is None:
            box = row[column] = self._cell_box(self._cells[number][column], is_header=self._is_header(number))
            wanted = min(self._cap, box.natural_width())
            if wanted > self._columns[column]:
                self._columns[column] = wanted
                self._edges = []
        return box

    def _lefts(self) -> list[float]:
        """Return the left edges of the columns, and the right edge of the last."""
        if not self._edges:
            self._edges = list(accumulate((column + 2 * self._pad for column in self._columns), initial=0.0))
        return self._edges

    def _column_at(self, x: float) -> int:
        return max(0, min(len(self._columns) - 1, bisect_right(self._lefts(), x) - 1))

    def _cell_starts(self, number: int) -> list[int]:
        """Return where the cells of a row begin in the text."""
        lengths = (len(cell.text) + 1 for cell in self._cells[number])
        return list(accumulate(lengths, initial=self._starts[number]))

    def _cell_box(self, cell: Cell, *, is_header: bool) -> TextBox:
        leaf = Leaf(LeafKind.PARAGRAPH, cell.text, cell.spans)
        return TextBox(leaf, self._cap, self._style, font=self._bold if is_header else None)

    def _is_header(self, number: int) -> bool:
        return number == 0 and (self.leaf.table or _EMPTY).has_header

    def _row_at(self, y: float) -> int:
        return max(0, bisect_right(self._tops, y) - 1)

    def _bottom_of(self, number: int) -> float:
        return self._tops[number + 1] if number + 1 < len(self._tops) else self._end

    def _paint_row(self, painter: QPainter, number: int, corner: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        starts = self._cell_starts(number) if marks else []
        for column in range(self._column_at(clip.left() - corner.x()), len(self._cells[number])):
            box = self._cell(number, column)
            x = corner.x() + self._lefts()[column]
            if x > clip.right():
                break
            inside: Sequence[Mark] = ()
            if marks:
                start = starts[column]
                touching = marks_within(marks, start, start + len(self._cells[number][column].text))
                inside = [Mark(mark.start - start, mark.end - start, mark.kind) for mark in touching]
            place = QPointF(x + self._pad + self._shift(column, box), corner.y() + _PAD_Y)
            box.paint(painter, place, clip, inside)

    def _pad_for(self, width: float) -> float:
        """Return the padding beside cells: a table only a little too wide is drawn together rather than scrolled."""
        if not self._columns:
            return _PAD_X
        return max(_LEAST_PAD_X, min(_PAD_X, (width - sum(self._columns)) / (2 * len(self._columns))))

    def _natural(self) -> float:
        return sum(self._columns) + 2 * self._pad * len(self._columns)

    def _shift(self, column: int, box: TextBox) -> float:
        room = self._columns[column] - min(self._columns[column], box.natural_width())
        match (self.leaf.table or _EMPTY).aligns[column]:
            case "right":
                return room
            case "center":
                return room / 2
            case _:
                return 0.0


def _is_of_any_height(cell: Cell) -> bool:
    """Return True if the length of a cell's text does not tell how high it is."""
    return "\n" in cell.text or any(span.style & Style.FORMULA for span in cell.spans)


def _letters(cells: tuple[Cell, ...]) -> int:
    """Return the length of a row's text, the tabs between its cells included."""
    return sum(len(cell.text) for cell in cells) + max(0, len(cells) - 1)

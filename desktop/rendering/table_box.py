"""Tables: columns as wide as their widest cell up to a cap, rows appended one by one, sideways scrolling inside.

A column is as wide as its content until the cap, where cells wrap; so a column that grows never changes the
height of a row that stands, and an appended row costs the same whatever the length of the table.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import takewhile

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from desktop.rendering.box import Hit
from desktop.rendering.leaves import Cell, Leaf, LeafKind, Table
from desktop.rendering.page_style import PageStyle
from desktop.rendering.text_box import TextBox

_PAD_X = 12.0
_LEAST_PAD_X = 6.0
_BAR = 4.0
_PAD_Y = 6.0
_CAP_EMS = 22  # the widest column, in heights of the text
_MOST_IN_SIGHT = 400  # rows; more do not fit on any screen
_EMPTY = Table((), ())


class _Row:
    """One row: its cells laid out to the cap, and where it begins."""

    __slots__ = ("boxes", "cells", "height", "top")

    def __init__(self, cells: tuple[Cell, ...], boxes: list[TextBox], top: float, height: float) -> None:
        self.cells = cells
        self.boxes = boxes
        self.top = top
        self.height = height


class TableBox:
    """A table. Offsets count the characters of `text()`: cells joined by tabs, rows by line breaks."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = Leaf(leaf.kind)
        self.height = 0.0
        self._style = style
        self._width = width
        self._rows: list[_Row] = []
        self._columns: list[float] = []
        self._offset = 0.0
        self._pad = _PAD_X
        self._bold = QFont(style.body)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self.update(leaf, width)

    def update(self, leaf: Leaf, width: float) -> float:
        table = leaf.table or _EMPTY
        before = list(self._columns) if width == self._width else None
        self._width = width
        if len(table.aligns) != len(self._columns):
            self._rows.clear()
            self._columns = [0.0] * len(table.aligns)
        # A link defined below the table changes rows anywhere in it; while it grows, only its last ones change.
        known = (self.leaf.table or _EMPTY).rows[: len(self._rows)]
        if known != table.rows[: len(known)]:
            same = takewhile(lambda pair: pair[0] == pair[1], zip(known, table.rows, strict=False))
            del self._rows[sum(1 for _ in same) :]
        while self._rows and (
            len(self._rows) > len(table.rows) or self._rows[-1].cells != table.rows[len(self._rows) - 1]
        ):
            self._rows.pop()
        top = changed = self._rows[-1].top + self._rows[-1].height if self._rows else 0.0
        for cells in table.rows[len(self._rows) :]:
            row = self._make_row(cells, top, is_header=not self._rows)
            self._rows.append(row)
            top += row.height
        had_bar = self._natural() > width
        self.leaf = leaf
        self.height = top + 1
        self._pad = self._pad_for(width)
        self.scroll_sideways(0)
        if before != self._columns:
            return 0.0
        return max(0.0, changed - _BAR - 1) if had_bar else changed

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, selection: tuple[int, int] | None) -> None:
        colours = self._style.colours
        table = self.leaf.table or _EMPTY
        painter.save()
        painter.setClipRect(QRectF(origin.x(), origin.y(), self._width, self.height + 1) & clip)
        # A long table is painted from the first row in sight, so that its length costs nothing.
        first = max(0, bisect_right(self._rows, clip.top() - origin.y(), key=lambda row: row.top) - 1)
        for number, row in enumerate(self._rows[first : first + _MOST_IN_SIGHT], first):
            y = origin.y() + row.top
            if y > clip.bottom():
                break
            x = origin.x() - self._offset
            for column, box in enumerate(row.boxes):
                width = self._columns[column]
                shift = self._shift(table.aligns[column], width, box)
                box.paint(painter, QPointF(x + self._pad + shift, y + _PAD_Y), clip, None)
                x += width + 2 * self._pad
            painter.setPen(QPen(colours.muted if number == 0 else colours.line, 1))
            bottom = y + row.height - 0.5
            painter.drawLine(
                QPointF(origin.x(), bottom), QPointF(origin.x() + min(self._width, self._natural()), bottom)
            )
        painter.restore()
        self._paint_bar(painter, origin)

    def hit(self, x: float, y: float) -> Hit:
        x += self._offset
        table = self.leaf.table or _EMPTY
        for row in self._rows:
            if y <= row.top + row.height:
                for column, box in enumerate(row.boxes):
                    if x < self._columns[column] + 2 * self._pad:
                        shift = self._shift(table.aligns[column], self._columns[column], box)
                        return Hit(0, box.hit(x - self._pad - shift, y - row.top - _PAD_Y).href)
                    x -= self._columns[column] + 2 * self._pad
        return Hit(0)

    def text(self) -> str:
        table = self.leaf.table or _EMPTY
        return "\n".join("\t".join(cell.text for cell in row) for row in table.rows)

    def scroll_sideways(self, by: float) -> bool:
        most = max(0.0, self._natural() - self._width)
        moved = max(0.0, min(most, self._offset + by))
        changed = moved != self._offset
        self._offset = moved
        return changed

    def _make_row(self, cells: tuple[Cell, ...], top: float, *, is_header: bool) -> _Row:
        cap = self._style.text_px * _CAP_EMS
        boxes: list[TextBox] = []
        tallest = self._style.body_line
        for column, cell in enumerate(cells):
            leaf = Leaf(LeafKind.PARAGRAPH, cell.text, cell.spans)
            box = TextBox(leaf, cap, self._style, font=self._bold if is_header else None)
            boxes.append(box)
            self._columns[column] = max(self._columns[column], min(cap, box.natural_width()))
            tallest = max(tallest, box.height)
        return _Row(cells, boxes, top, tallest + 2 * _PAD_Y)

    def _pad_for(self, width: float) -> float:
        """Padding beside cells: a table that is only a little too wide is drawn together rather than scrolled."""
        if not self._columns:
            return _PAD_X
        return max(_LEAST_PAD_X, min(_PAD_X, (width - sum(self._columns)) / (2 * len(self._columns))))

    def _natural(self) -> float:
        return sum(self._columns) + 2 * self._pad * len(self._columns)

    def _shift(self, align: str, width: float, box: TextBox) -> float:
        match align:
            case "right":
                return width - min(width, box.natural_width())
            case "center":
                return (width - min(width, box.natural_width())) / 2
            case _:
                return 0.0

    def _paint_bar(self, painter: QPainter, origin: QPointF) -> None:
        natural = self._natural()
        if natural <= self._width + 0.5:
            return
        length = max(24.0, self._width * self._width / natural)
        at = (self._width - length) * self._offset / (natural - self._width)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colours.line)
        painter.drawRoundedRect(
            QRectF(origin.x() + at, origin.y() + self.height - _BAR, length, _BAR), _BAR / 2, _BAR / 2
        )

"""Widgets side by side, in as many rows as they need: below an answer, and where a loop is told.

No layout object, since a page has many of these.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP

_ROW_PX = 28


class FlowingRows(QWidget):
    """Rows of the parts that are not hidden; the owner gives it the height that it needs for a width."""

    height_changed = Signal()  # another number of rows is needed

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.indent = 0  # pixels that are left free at the left
        self.top = 0
        self.gap = GAP
        self.is_at_right = False
        self.last: QWidget | None = None  # this part stands at the right end of its row
        self._is_placed = False  # the owner has given it a place

    @property
    def row_height(self) -> int:
        return self.theme.px(_ROW_PX)

    def parts(self) -> Sequence[QWidget]:
        """Return the parts from left to right, also those that are hidden."""
        raise NotImplementedError

    def width_of(self, part: QWidget, room: int) -> int:
        """Return the pixels that a part gets of a row with so much room."""
        return min(part.sizeHint().width(), room)

    def height_of(self, part: QWidget, width: int) -> int:
        """Return the pixels in height that a part needs at the width that it gets."""
        return self.row_height

    def gap_after(self, part: QWidget) -> int:
        return self.gap

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels."""
        return 2 * self.top + sum(map(self._height_of_row, self._rows(width)))

    def arrange_anew(self) -> None:
        """Place the parts after a change, and say if another height is needed."""
        self._arrange()
        if self._is_placed and self.height_for(self.width()) != self.height():
            self.height_changed.emit()

    def _rows(self, width: int) -> list[list[tuple[QWidget, int]]]:
        """Return the parts with their widths, row by row."""
        rows: list[list[tuple[QWidget, int]]] = [[]]
        left = room = width - self.indent
        for part in self.parts():
            if part.isHidden():
                continue
            wanted = self.width_of(part, room)
            if rows[-1] and wanted > left:
                rows.append([])
                left = room
            rows[-1].append((part, wanted))
            left -= wanted + self.gap_after(part)
        return rows

    def _height_of_row(self, row: list[tuple[QWidget, int]]) -> int:
        return max((self.height_of(part, width) for part, width in row), default=self.row_height)

    def _arrange(self) -> None:
        y = self.top
        for row in self._rows(self.width()):
            taken = sum(wanted + self.gap_after(part) for part, wanted in row) - (
                self.gap_after(row[-1][0]) if row else 0
            )
            x = self.width() - taken if self.is_at_right else self.indent
            height = self._height_of_row(row)
            for part, wanted in row:
                if part is self.last:
                    x = self.width() - wanted
                part.setGeometry(x, y, wanted, height)
                x += wanted + self.gap_after(part)
            y += height

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a part has another size, as after a change of the text's
            self.arrange_anew()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_placed = True
        self._arrange()

"""A box whose content is wider than the box: how far it has been moved to the left, and the bar that shows it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.rendering.page.box import Box
from desktop.rendering.page.style import PageStyle
from desktop.rendering.text.leaves import Leaf

_BAR = 4.0
_ABOVE_EDGE = 3.0
_GRIP = 14.0  # height in which the bar can be taken hold of: more than is painted
_SHORTEST = 24.0


class WideBox(Box):
    """Box with a content of some natural width, which begins at `left` and has `room` pixels."""

    left = 0.0

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(leaf, width, style)
        self.offset = 0.0
        self.natural = 0.0
        self.room = 0.0

    @property
    def needs_bar(self) -> bool:
        """True if some of the content is out of sight."""
        return self.natural > self.room + 0.5

    def fit(self, natural: float, room: float) -> None:
        """Take other widths; the offset stays where it can."""
        self.natural, self.room = natural, room
        self._move_to(self.offset)

    def scroll_sideways(self, by: float) -> bool:
        return self._move_to(self.offset + by)

    def is_grip(self, x: float, y: float) -> bool:
        is_at_bottom = self.height - _GRIP <= y < self.height
        return self.needs_bar and is_at_bottom and self.left <= x <= self.left + self.room

    def drag_grip(self, x: float) -> bool:
        length = self._length()
        if not self.needs_bar or self.room <= length:
            return False
        part = (x - self.left - length / 2) / (self.room - length)
        return self._move_to(part * (self.natural - self.room))

    def track(self, origin: QPointF, below: float = 0.0) -> QRectF:
        """Return where the bar may stand at the lower edge of the box, or so far below it."""
        top = origin.y() + self.height + below - _BAR - _ABOVE_EDGE
        return QRectF(origin.x() + self.left, top, self.room, _BAR)

    def paint_bar(self, painter: QPainter, origin: QPointF, below: float = 0.0) -> None:
        """Paint the bar, if one is needed."""
        if not self.needs_bar:
            return
        length = self._length()
        at = (self.room - length) * self.offset / (self.natural - self.room)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colours.line)
        track = self.track(origin, below)
        painter.drawRoundedRect(QRectF(track.left() + at, track.top(), length, _BAR), _BAR / 2, _BAR / 2)

    def _move_to(self, offset: float) -> bool:
        before = self.offset
        self.offset = max(0.0, min(self.natural - self.room, offset))
        return self.offset != before

    def _length(self) -> float:
        return min(self.room, max(_SHORTEST, self.room * self.room / max(1.0, self.natural)))

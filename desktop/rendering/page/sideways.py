"""Content that is wider than its box: how far it has been moved to the left, and the bar that shows it.

Used by boxes; knows nothing of what moves. Coordinates are the box's own, in pixels.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

_BAR = 4.0
_ABOVE_EDGE = 3.0
_GRIP = 14.0  # height in which the bar can be taken hold of: more than is painted
_SHORTEST = 24.0


class Sideways:
    """Sideways position: `offset` of a content of some natural width in a room of `room` pixels from `left` on."""

    def __init__(self, left: float) -> None:
        self.offset = 0.0
        self.natural = 0.0
        self.room = 0.0
        self._left = left

    @property
    def is_needed(self) -> bool:
        return self.natural > self.room + 0.5

    def fit(self, natural: float, room: float) -> None:
        """Take other widths; the offset stays where it can."""
        self.natural, self.room = natural, room
        self.move_to(self.offset)

    def move_by(self, by: float) -> bool:
        """Move by so many pixels; False if nothing moved."""
        return self.move_to(self.offset + by)

    def move_to(self, offset: float) -> bool:
        before = self.offset
        self.offset = max(0.0, min(self.natural - self.room, offset))
        return self.offset != before

    def track(self, origin: QPointF, bottom: float) -> QRectF:
        """Return where the bar may stand, at the lower edge of a box with its corner at `origin`."""
        return QRectF(origin.x() + self._left, origin.y() + bottom - _BAR - _ABOVE_EDGE, self.room, _BAR)

    def is_grip(self, x: float, y: float, bottom: float) -> bool:
        """Return True if a point lies on the bar's track, in a box whose lower edge is `bottom`."""
        return self.is_needed and bottom - _GRIP <= y < bottom and self._left <= x <= self._left + self.room

    def drag_to(self, x: float) -> bool:
        """Bring the middle of the bar under a point; False if nothing moved."""
        length = self._length()
        if self.room <= length:
            return False
        part = (x - self._left - length / 2) / (self.room - length)
        return self.move_to(part * (self.natural - self.room))

    def paint(self, painter: QPainter, origin: QPointF, bottom: float, colour: QColor) -> None:
        """Paint the bar at the lower edge of a box with its corner at `origin`."""
        if not self.is_needed:
            return
        length = self._length()
        at = (self.room - length) * self.offset / (self.natural - self.room)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        track = self.track(origin, bottom)
        bar = QRectF(track.left() + at, track.top(), length, track.height())
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)

    def _length(self) -> float:
        return min(self.room, max(_SHORTEST, self.room * self.room / max(1.0, self.natural)))

"""The ground of a text: its colour, round corners on the colour around them, padding, a rule at its left."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter


@dataclass(slots=True)
class SurfaceGround:
    """The frame of a text. Measures in pixels; `around` is the colour that round corners stand on."""

    colour: QColor
    around: QColor
    pad_x: float = 0.0
    pad_y: float = 0.0
    radius: float = 0.0
    rule: float = 0.0

    @property
    def origin(self) -> QPointF:
        """The point where the text begins."""
        return QPointF(self.rule + self.pad_x, self.pad_y)

    def paint(self, painter: QPainter, whole: QRectF, part: QRectF, rule: QColor) -> None:
        """Paint the `part` that is to be painted anew; `rule` is the colour of the rule."""
        if self.radius:
            painter.fillRect(part, self.around)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour)
            painter.drawRoundedRect(whole, self.radius, self.radius)
        else:
            painter.fillRect(part, self.colour)
        if self.rule:
            painter.fillRect(QRectF(0, 0, self.rule, whole.height()), rule)

"""A thematic break: a hairline."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from desktop.rendering.page.box import Hit, Mark
from desktop.rendering.page.style import PageStyle
from desktop.rendering.text.leaves import Leaf

HEIGHT = 9.0


class RuleBox:
    """Hairline without text; a selection goes past it."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = leaf
        self.height = HEIGHT
        self._width = width
        self._style = style

    def update(self, leaf: Leaf, width: float) -> float:
        self.leaf, self._width = leaf, width
        return 0.0

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        painter.setPen(QPen(self._style.colours.line, 1))
        y = origin.y() + HEIGHT / 2
        painter.drawLine(QPointF(origin.x(), y), QPointF(origin.x() + self._width, y))

    def hit(self, x: float, y: float) -> Hit:
        return Hit(0)

    def text(self) -> str:
        return ""

    def scroll_sideways(self, by: float) -> bool:
        return False

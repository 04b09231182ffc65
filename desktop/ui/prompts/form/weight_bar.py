"""Five small strokes that say how much a part of a prompt matters, in the colour that its text has in the preview."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.prompts.prompt import MOST_WEIGHT
from desktop.ui.look.theme import Theme
from desktop.ui.words import fill, number

_STROKE_PX, _GAP_PX, _HEIGHT_PX = 7, 2, 8


class WeightBar(QWidget):
    """Five painted strokes; their meaning in words stands in the description of the part's field."""

    def __init__(self, theme: Theme, weight: int, colour: int, parent: QWidget | None = None) -> None:
        """Build the bar. `colour` counts the theme's colours for parts, beginning anew after the last."""
        super().__init__(parent)
        self._theme = theme
        self._weight = weight
        self._colour = colour
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(fill(self.tr("How much this part matters: %1 of %2"), number(weight), number(MOST_WEIGHT)))
        theme.changed.connect(self.updateGeometry)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(MOST_WEIGHT * (px(_STROKE_PX) + px(_GAP_PX)), px(_HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, px = self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(tokens.parts[self._colour % len(tokens.parts)])
        for at in range(MOST_WEIGHT):
            is_filled = at < self._weight
            painter.setPen(color if is_filled else QColor(tokens.field_line))
            painter.setBrush(color if is_filled else Qt.BrushStyle.NoBrush)
            stroke = QRectF(at * (px(_STROKE_PX) + px(_GAP_PX)), 0, px(_STROKE_PX), self.height())
            painter.drawRoundedRect(stroke.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

"""The progress through a few questions: a short bar for each, in the accent as far as one has come."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT

_BAR_PX, _HEIGHT_PX = 24, 4


class ProgressBars(QWidget):
    """The bars. What they say stands beside them in words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._count = self._reached = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_progress(self, reached: int, count: int) -> None:
        self._reached, self._count = reached, count
        self.updateGeometry()
        self.update()

    # Qt's own methods

    def sizeHint(self) -> QSize:
        width = self._count * self._theme.px(_BAR_PX) + max(0, self._count - 1) * GAP_TIGHT
        return QSize(width, self._theme.px(_HEIGHT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width, radius = self._theme.px(_BAR_PX), self.height() / 2
        for at in range(self._count):
            painter.setBrush(self._theme.color("accent" if at < self._reached else "line"))
            painter.drawRoundedRect(at * (width + GAP_TIGHT), 0, width, self.height(), radius, radius)

"""The shape of a popup over the window, such as a list of choices: it has the corners of a field."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QBitmap, QPainter
from PySide6.QtWidgets import QWidget

from desktop.ui.look.tokens import RADIUS


def round_corners(frame: QWidget) -> None:
    """Hide the corners of the popup that `frame` is in; the style sheet rounds the frame."""
    popup = frame.window()
    without_shadow = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint  # which would be square
    popup.setWindowFlags(popup.windowFlags() | without_shadow)
    popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    popup.installEventFilter(_Corners(frame))


class _Corners(QObject):
    """A mask for displays without a compositor, where the translucent corners would be black."""

    def __init__(self, frame: QWidget) -> None:
        super().__init__(frame)
        self._frame = frame

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Whenever its size changes, Qt takes the mask of a list of choices away, and others would keep the old one.
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            popup = self._frame.window()
            shape = QBitmap(popup.size())
            shape.clear()
            painter = QPainter(shape)
            painter.setBrush(Qt.GlobalColor.color1)
            place = self._frame.rect().translated(self._frame.mapTo(popup, QPoint()))
            painter.drawRoundedRect(place.adjusted(0, 0, -1, -1), RADIUS, RADIUS)
            painter.end()
            popup.setMask(shape)
        return False

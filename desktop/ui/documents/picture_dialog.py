"""A picture that goes with a message, as large as the window allows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from desktop.rendering.text.invisible import show_invisible

_SHARE = 0.9  # of the window at most
_LEAST = QSize(240, 180)


class PictureDialog(QDialog):
    """A dialog that shows one picture, whole; Escape closes it."""

    def __init__(self, name: str, picture: QImage, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(show_invisible(name))
        self.setAccessibleName(show_invisible(name))
        size = picture.size().scaled(parent.size() * _SHARE, Qt.AspectRatioMode.KeepAspectRatio)
        self.resize(size.boundedTo(picture.size()).expandedTo(_LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._picture)

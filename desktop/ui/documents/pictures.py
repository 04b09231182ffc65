"""A picture that goes with a message: small in its chip, and as large as the window allows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QDialog, QWidget

from desktop.rendering.text.invisible import show_invisible

_RADIUS = 4
_MOST_PX = 256
_FILLS = Qt.AspectRatioMode.KeepAspectRatioByExpanding


def small_image(content: bytes) -> QImage:
    """Return a JPEG or PNG as an image no larger than a thumbnail needs. May be called on any thread."""
    image = QImage.fromData(content)
    most = QSize(_MOST_PX, _MOST_PX)
    return image if image.isNull() else image.scaled(most, _FILLS, Qt.TransformationMode.SmoothTransformation)


def thumbnail(image: QImage, edge: int, ratio: float) -> QPixmap:
    """Return the middle of an image as a square of `edge` logical pixels; empty where there is none."""
    if image.isNull():
        return QPixmap()
    picture = QPixmap.fromImage(image)
    size = round(edge * ratio)
    filled = picture.scaled(
        QSize(size, size),
        _FILLS,
        Qt.TransformationMode.SmoothTransformation,
    )
    square = QPixmap(size, size)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(0, 0, size, size), _RADIUS * ratio, _RADIUS * ratio)
    painter.setClipPath(outline)
    painter.drawPixmap((size - filled.width()) // 2, (size - filled.height()) // 2, filled)
    painter.end()
    square.setDevicePixelRatio(ratio)
    return square


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

"""A small picture of a picture that the user attached."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

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

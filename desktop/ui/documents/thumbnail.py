"""A small picture of a picture that the user attached."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap

_RADIUS = 4


def thumbnail(content: bytes, edge: int, ratio: float) -> QPixmap:
    """Return the middle of a small JPEG or PNG as a square of `edge` logical pixels; empty where it is none."""
    picture = QPixmap()
    if not content or not picture.loadFromData(content):
        return QPixmap()
    size = round(edge * ratio)
    filled = picture.scaled(
        QSize(size, size),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
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

"""A typeset formula: outlines and rules in ems, which any size, colour and screen paints sharply.

A plain value that boxes lay out and paint. How it came to be is the matter of `engraver`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPixmap, QPixmapCache, QTransform

# Filling outlines takes half a millisecond, a screen may hold fifty formulas, and a window that is resized paints all
# of them at each step. So what was painted is kept as a picture in the pixels of the screen, in Qt's own cache.
_LARGEST_PICTURE = 1_000_000  # pixels

_serials = itertools.count()


@dataclass(frozen=True, slots=True)
class Formula:
    """Outlines and rules of a formula. Lengths in ems, `y` downwards from the baseline, `x` from the left edge."""

    outlines: QPainterPath
    rules: tuple[QRectF, ...]  # of fractions, roots and boxes: kept apart, since they want whole pixels
    width: float
    ascent: float
    descent: float
    _serial: int = field(default_factory=_serials.__next__, compare=False)  # an id() would come again

    def paint(self, painter: QPainter, origin: QPointF, em: float, ink: QColor) -> None:
        """Paint with the left end of the baseline at the pixel nearest to `origin`, an em being `em` pixels."""
        to_pixels = painter.deviceTransform()
        scale = to_pixels.m11()
        at = to_pixels.map(origin)
        from_pixels, _ = to_pixels.inverted()
        left, baseline = round(at.x()), round(at.y())
        up = math.ceil(self.ascent * em * scale) + 1
        size = math.ceil(self.width * em * scale) + 1, up + math.ceil(self.descent * em * scale) + 1
        if size[0] * size[1] <= _LARGEST_PICTURE:
            picture = self._picture(size, up, em * scale, ink)
            picture.setDevicePixelRatio(scale)
            painter.drawPixmap(from_pixels.map(QPointF(left, baseline - up)), picture)
            return
        painter.save()
        painter.setTransform(QTransform.fromTranslate(left, baseline) * from_pixels, combine=True)
        self.fill(painter, em * scale, ink)
        painter.restore()

    def _picture(self, size: tuple[int, int], up: int, em: float, ink: QColor) -> QPixmap:
        key = f"formula {self._serial} {em} {ink.rgba()}"
        picture = QPixmap()
        if not QPixmapCache.find(key, picture):
            picture = QPixmap(*size)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.translate(0, up)
            self.fill(painter, em, ink)
            painter.end()
            QPixmapCache.insert(key, picture)
        return picture

    def fill(self, painter: QPainter, em: float, ink: QColor) -> None:
        """Paint the outlines themselves at the painter's origin, which lies on a pixel; a unit is a pixel."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        to_size = QTransform.fromScale(em, em)
        painter.fillPath(to_size.map(self.outlines), ink)  # not by the painter's scale, which takes three times as long
        for rule in self.rules:
            painter.fillRect(_on_pixels(to_size.mapRect(rule)), ink)


def _on_pixels(rule: QRectF) -> QRectF:
    """Return the rectangle without blurred long edges, a pixel thick at least."""
    if rule.width() >= rule.height():
        thickness = max(1, round(rule.height()))
        return QRectF(rule.x(), round(rule.center().y() - thickness / 2), rule.width(), thickness)
    thickness = max(1, round(rule.width()))
    return QRectF(round(rule.center().x() - thickness / 2), rule.y(), thickness, rule.height())

"""A typeset formula: outlines and rules in ems, which any size, colour and screen paints sharply.

A plain value that boxes lay out and paint. How it came to be is the matter of `formula_engraver`.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath


@dataclass(frozen=True, slots=True)
class Formula:
    """Lengths in ems, `y` downwards from the baseline, `x` from the left edge."""

    outlines: QPainterPath
    rules: tuple[QRectF, ...]  # of fractions, roots and boxes: kept apart, since they want whole pixels
    width: float
    ascent: float
    descent: float

    def paint(self, painter: QPainter, origin: QPointF, em: float, ink: QColor) -> None:
        """Paint with the left end of the baseline at `origin`, an em being `em` pixels."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(origin)
        painter.scale(em, em)
        painter.fillPath(self.outlines, ink)
        to_pixels = painter.deviceTransform()
        from_pixels, _ = to_pixels.inverted()
        for rule in self.rules:
            painter.fillRect(from_pixels.mapRect(_on_pixels(to_pixels.mapRect(rule))), ink)
        painter.restore()


def _on_pixels(rule: QRectF) -> QRectF:
    """The rectangle without blurred long edges, a pixel thick at least."""
    if rule.width() >= rule.height():
        thickness = max(1, round(rule.height()))
        return QRectF(rule.x(), round(rule.center().y() - thickness / 2), rule.width(), thickness)
    thickness = max(1, round(rule.width()))
    return QRectF(round(rule.center().x() - thickness / 2), rule.y(), thickness, rule.height())

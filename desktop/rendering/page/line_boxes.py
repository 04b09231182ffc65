"""Boxes of one line: a thematic break, and what stands between the blocks of a text that is to be sent.

There, a mark goes with the text and is text like any other, in the font of code. A folded line is not sent; the link at
its end is the way back.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from desktop.rendering.page.box import Box, Hit, Mark, MarkKind
from desktop.rendering.page.style import PageStyle
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Leaf

RULE_HEIGHT = 9.0
_SMALL = 13 / 15  # of the text
_BESIDE = 12.0
_RADIUS = 8.0
_LEAST_RULE = 24.0


def mark_height(style: PageStyle) -> float:
    """Return the height in pixels of a mark in one line."""
    return style.line_height(_small(style.mono, style))


def fold_height(style: PageStyle) -> float:
    """Return the height in pixels of a folded line."""
    return float(round(style.text_px * 2.4))


def _small(font: QFont, style: PageStyle) -> QFont:
    small = QFont(font)
    small.setPixelSize(round(style.text_px * _SMALL))
    return small


class RuleBox(Box):
    """Hairline without text; a selection goes past it."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(leaf, width, style)
        self.height = RULE_HEIGHT

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        painter.setPen(QPen(self._style.colours.line, 1))
        y = origin.y() + RULE_HEIGHT / 2
        painter.drawLine(QPointF(origin.x(), y), QPointF(origin.x() + self._width, y))


class MarkBox(TextBox):
    """Mark, with a hairline from its end to the edge where it takes one line; a long one is broken."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(leaf, width, style.quiet, font=_small(style.mono, style))

    def update(self, leaf: Leaf, width: float) -> float:
        super().update(leaf, width)
        return 0.0  # the hairline depends on all of it

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        super().paint(painter, origin, clip, marks)
        start = self.natural_width() + _BESIDE
        if self.height <= mark_height(self._style) and self._width - start > _LEAST_RULE:
            y = round(origin.y() + self.height / 2) + 0.5
            painter.setPen(QPen(self._style.colours.line, 1))
            painter.drawLine(QPointF(origin.x() + start, y), QPointF(origin.x() + self._width, y))


class FoldBox(Box):
    """Line in a frame: what stays here at its left, the link at its right."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(leaf, width, style)
        self.height = fold_height(style)
        self._font = _small(style.body, style)
        self._bold = QFont(self._font)
        self._bold.setWeight(QFont.Weight.DemiBold)

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        colours = self._style.colours
        frame = QRectF(origin.x() + 0.5, round(origin.y()) + 0.5, self._width - 1, self.height - 1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.code_ground)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        link = self._link_rect().translated(origin)
        if any(mark.kind is MarkKind.FOCUSED for mark in marks):
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRoundedRect(link.adjusted(-6, 6, 6, -6), _RADIUS / 2, _RADIUS / 2)
        painter.restore()
        painter.setFont(self._bold)
        painter.setPen(colours.accent)
        painter.drawText(link, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._link())
        painter.setFont(self._font)
        painter.setPen(colours.muted)
        room = QRectF(origin.x() + _BESIDE, link.top(), link.left() - origin.x() - 2 * _BESIDE, self.height)
        words = self.leaf.text.removesuffix(self._link()).rstrip()
        shown = QFontMetricsF(self._font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def hit(self, x: float, y: float) -> Hit:
        for span in self.leaf.spans:
            if x >= self._link_rect().left() - _BESIDE:
                return Hit(span.start, span.href)
        return Hit(0)

    def _link(self) -> str:
        """Return the words of the link, which end the line."""
        return "".join(self.leaf.text[span.start : span.end] for span in self.leaf.spans)

    def _link_rect(self) -> QRectF:
        wide = QFontMetricsF(self._bold).horizontalAdvance(self._link()) + 2
        return QRectF(self._width - _BESIDE - wide, 0, wide, self.height)

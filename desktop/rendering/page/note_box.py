"""Lines between the blocks of a text that is to be sent: a mark that goes with it, and what stays behind.

A mark is text like any other, in the font of code. A folded line is not sent; the link at its end is the way back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from desktop.rendering.page.box import Hit, Mark, MarkKind
from desktop.rendering.page.style import PageStyle
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Leaf, LeafKind

_SMALL = 13 / 15  # of the text
_BESIDE = 12.0
_RADIUS = 8.0
_LEAST_RULE = 24.0


def mark_height(style: PageStyle) -> float:
    """Return the height in pixels of a mark in one line."""
    return style.line_height(_mark_font(style))


def fold_height(style: PageStyle) -> float:
    """Return the height in pixels of a folded line."""
    return float(round(style.text_px * 2.4))


def _mark_font(style: PageStyle) -> QFont:
    font = QFont(style.mono)
    font.setPixelSize(round(style.text_px * _SMALL))
    return font


class MarkBox:
    """Mark, with a hairline from its end to the edge where it takes one line; a long one is broken."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = leaf
        self._style = style
        self._width = width
        self._text = TextBox(Leaf(LeafKind.PARAGRAPH, leaf.text), width, style.quiet, font=_mark_font(style))
        self.height = self._text.height

    def update(self, leaf: Leaf, width: float) -> float:
        self.leaf, self._width = leaf, width
        self._text.update(Leaf(LeafKind.PARAGRAPH, leaf.text), width)
        self.height = self._text.height
        return 0.0  # its hairline depends on all of it

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        self._text.paint(painter, origin, clip, marks)
        start = self._text.natural_width() + _BESIDE
        if self.height <= mark_height(self._style) and self._width - start > _LEAST_RULE:
            y = round(origin.y() + self.height / 2) + 0.5
            painter.setPen(QPen(self._style.colours.line, 1))
            painter.drawLine(QPointF(origin.x() + start, y), QPointF(origin.x() + self._width, y))

    def hit(self, x: float, y: float) -> Hit:
        return self._text.hit(x, y)

    def text(self) -> str:
        return self.leaf.text

    def scroll_sideways(self, by: float) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class _Parts:
    """The words of a folded line, and its link."""

    words: str
    link: str
    start: int  # of the link, in the leaf's text
    href: str


class FoldBox:
    """Line in a frame: what stays here at its left, the link at its right."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = leaf
        self.height = fold_height(style)
        self._style = style
        self._width = width
        self._font = QFont(style.body)
        self._font.setPixelSize(round(style.text_px * _SMALL))
        self._bold = QFont(self._font)
        self._bold.setWeight(QFont.Weight.DemiBold)

    def update(self, leaf: Leaf, width: float) -> float:
        self.leaf, self._width = leaf, width
        return 0.0

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        colours, parts = self._style.colours, self._parts()
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
        painter.drawText(link, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, parts.link)
        painter.setFont(self._font)
        painter.setPen(colours.muted)
        room = QRectF(origin.x() + _BESIDE, link.top(), link.left() - origin.x() - 2 * _BESIDE, self.height)
        words = QFontMetricsF(self._font).elidedText(parts.words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def hit(self, x: float, y: float) -> Hit:
        parts = self._parts()
        is_on_link = bool(parts.href) and x >= self._link_rect().left() - _BESIDE
        return Hit(parts.start, parts.href) if is_on_link else Hit(0)

    def text(self) -> str:
        return self.leaf.text

    def scroll_sideways(self, by: float) -> bool:
        return False

    def _parts(self) -> _Parts:
        text = self.leaf.text
        if not self.leaf.spans:
            return _Parts(text, "", len(text), "")
        span = self.leaf.spans[0]
        return _Parts(text[: span.start].rstrip(), text[span.start : span.end], span.start, span.href)

    def _link_rect(self) -> QRectF:
        wide = QFontMetricsF(self._bold).horizontalAdvance(self._parts().link) + 2
        return QRectF(self._width - _BESIDE - wide, 0, wide, self.height)

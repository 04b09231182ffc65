"""The rows of a page and where they stand, also those that have not been laid out: their heights are estimated.

Plain lists of numbers, so that a message of ten thousand blocks is placed anew in a few milliseconds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from desktop.rendering.page.box import Box, Hit, Mark, MarkKind, PageStyle
from desktop.rendering.page.text_box import TextBox
from desktop.rendering.text.leaves import Leaf, LeafKind

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


# Mean width of a Latin letter, in heights of the text.
_LETTER_EM = 0.47
_CODE_FRAME = 54.0  # header and padding of a code block
_ROW_PADDING = 12.0
_FORMULA_LINES = 2.5
_NARROWEST = 80.0


@dataclass(frozen=True, slots=True)
class Room:
    """Room that a leaf needs before it has been laid out: pixels of text in one line, and pixels of height beside that.

    `lines`: so many the text has at least, by its line breaks.
    """

    advance: float
    fixed: float
    lines: int = 0

    def lines_in(self, width: float) -> float:
        """Return how many lines the text will take; one that does not fit is half filled at its end."""
        full = self.advance / max(_NARROWEST, width)
        return self.lines if full <= self.lines else math.ceil(full + (self.lines - 1) / 2)


def room_of(leaf: Leaf, style: PageStyle) -> Room:
    """Return how much room a leaf will take, from its length alone."""
    match leaf.kind:
        case LeafKind.PARAGRAPH | LeafKind.HEADING:
            text = leaf.text
            # By the room that letters take, those of two or three bytes being wider: a Chinese one counts for two.
            letters = len(text) if text.isascii() else (len(text) + len(text.encode("utf-8", "replace"))) / 2
            return Room(letters * style.text_px * _LETTER_EM, 0.0, text.count("\n") + 1)
        case LeafKind.CODE:
            return Room(0.0, _CODE_FRAME + (leaf.text.count("\n") + 1) * style.mono_line)
        case LeafKind.TABLE:
            rows = len(leaf.table.rows) if leaf.table else 0
            return Room(0.0, rows * (style.body_line + _ROW_PADDING) + 1)
        case LeafKind.FORMULA:
            return Room(0.0, _FORMULA_LINES * style.body_line)
        case LeafKind.RULE:
            return Room(0.0, RULE_HEIGHT)
        case LeafKind.MARK:
            return Room(0.0, mark_height(style))
        case LeafKind.FOLD:
            return Room(0.0, fold_height(style))


class Rows:
    """Rows of a page, one a leaf: its left edge, the gap above it, its height and its top, in pixels."""

    def __init__(self) -> None:
        self.lefts: list[float] = []
        self.gaps: list[float] = []
        self.heights: list[float] = []
        self.tops: list[float] = []
        self._rooms: list[Room] = []

    def __len__(self) -> int:
        return len(self.heights)

    @property
    def height(self) -> float:
        """The height of all rows together."""
        return self.tops[-1] + self.heights[-1] if self.tops else 0.0

    def bottom_of(self, index: int) -> float:
        """Return the lower edge of a row; for -1 the upper edge of the first."""
        return self.tops[index] + self.heights[index] if index >= 0 else 0.0

    def cut(self, length: int) -> None:
        """Forget the rows from `length` on."""
        for each in (self.lefts, self.gaps, self.heights, self.tops, self._rooms):
            del each[length:]

    def append_row(self, left: float, gap: float, height: float, room: Room) -> None:
        """Add a row at the end."""
        self.tops.append(self.height + gap)
        self.lefts.append(left)
        self.gaps.append(gap)
        self.heights.append(height)
        self._rooms.append(room)

    def estimate(self, room: Room, left: float, width: float, line: float) -> float:
        """Return the height that a leaf will have in a page of this width."""
        return room.fixed + line * room.lines_in(width - left)

    def estimate_all(self, width: float, line: float) -> None:
        """Estimate every height anew for another width; `stack` must follow."""
        self.heights = [
            room.fixed + line * room.lines_in(width - left) for room, left in zip(self._rooms, self.lefts, strict=True)
        ]

    def stack(self, first: int = 0) -> None:
        """Put the rows from `first` on under those before it."""
        steps = [gap + height for gap, height in zip(self.gaps[first:], self.heights[first:], strict=True)]
        bottoms = accumulate(steps, initial=self.bottom_of(first - 1))
        self.tops[first:] = [bottom + gap for bottom, gap in zip(bottoms, self.gaps[first:], strict=False)]

    def at(self, y: float) -> int:
        """Return the row under a height: of the gap between two rows, the lower one; the last one below all."""
        index = bisect_right(self.tops, y) - 1
        if index < 0:
            return 0
        if index + 1 < len(self.tops) and y >= self.tops[index] + self.heights[index]:
            index += 1
        return index

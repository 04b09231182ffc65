"""A stack of boxes: a text as it is painted. Knows nothing of widgets, scrolling or who wrote it.

`show` takes the leaves of a growing document and touches only those that may have changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import total_ordering

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from desktop.rendering.box import Box, Hit
from desktop.rendering.code_box import CodeBox
from desktop.rendering.leaves import Container, ContainerKind, Leaf, LeafKind
from desktop.rendering.page_style import PageStyle
from desktop.rendering.table_box import TableBox
from desktop.rendering.text_box import TextBox

_ITEM_INDENT = 2.1  # times the height of the text: room for two digits, a full stop and a gap
_MARKER_GAP = 8.0
_QUOTE_INDENT = 18.0
_LONG_MARKER = 4  # characters; shorter ones fit into the usual indent
_QUOTE_BAR = 3.0


@total_ordering
@dataclass(frozen=True, slots=True)
class Position:
    """A place in a page: the character `offset` of the leaf `index`."""

    index: int
    offset: int

    def __lt__(self, other: Position) -> bool:
        return (self.index, self.offset) < (other.index, other.offset)


@dataclass(frozen=True, slots=True)
class PageHit:
    """What lies under a point: the nearest position, a link's address, or the code block whose Copy is there."""

    position: Position
    href: str = ""
    copy_index: int | None = None


class RuleBox:
    """A thematic break: a hairline."""

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = leaf
        self.height = 9.0
        self._width = width
        self._style = style

    def update(self, leaf: Leaf, width: float) -> float:
        self.leaf, self._width = leaf, width
        return 0.0

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, selection: tuple[int, int] | None) -> None:
        painter.setPen(QPen(self._style.colours.line, 1))
        y = origin.y() + 4.5
        painter.drawLine(QPointF(origin.x(), y), QPointF(origin.x() + self._width, y))

    def hit(self, x: float, y: float) -> Hit:
        return Hit(0)

    def text(self) -> str:
        return ""

    def scroll_sideways(self, by: float) -> bool:
        return False


@dataclass(slots=True)
class _Placed:
    """A box where it stands: left edge, top and the gap above it."""

    box: Box
    left: float
    top: float
    gap: float


class Page:
    """Leaves as boxes, one under the other, `width` pixels wide; with a width of 0 nothing is laid out yet."""

    def __init__(self, style: PageStyle, width: float = 0.0) -> None:
        self._style = style
        self._metrics = QFontMetricsF(style.body)
        self._width = width
        self._placed: list[_Placed] = []
        self._waiting: Sequence[Leaf] = ()  # for a width
        self.height = 0.0

    @property
    def is_empty(self) -> bool:
        return not self._placed

    def set_style(self, style: PageStyle) -> None:
        """Take another look; everything is laid out again."""
        leaves = [placed.box.leaf for placed in self._placed]
        self._style = style
        self._metrics = QFontMetricsF(style.body)
        self._placed.clear()
        if self._width > 0:
            self.show(leaves, 0)

    def set_width(self, width: float) -> None:
        """Lay out to another width in pixels; nothing happens when it is the same."""
        width = max(1.0, width)
        if width == self._width:
            return
        is_first = self._width <= 0
        self._width = width
        if is_first:
            self.show(self._waiting, 0)
            self._waiting = ()
            return
        top = 0.0
        for placed in self._placed:
            placed.box.update(placed.box.leaf, self._room(placed.left))
            placed.top = top + placed.gap
            top = placed.top + placed.box.height
        self.height = top

    def show(self, leaves: Sequence[Leaf], first_changed: int) -> float:
        """Take the leaves of a document; those before `first_changed` stay. Answers the top of the change."""
        if self._width <= 0:
            self._waiting = leaves
            return 0.0
        first = min(first_changed, len(self._placed), len(leaves))
        del self._placed[len(leaves) :]
        top = self._bottom_of(first - 1)
        changed_top: float | None = None
        for index in range(first, len(leaves)):
            leaf = leaves[index]
            previous = leaves[index - 1] if index else None
            gap = _gap(previous, leaf, self._style.text_px)
            left = sum(self._indent(container) for container in leaf.containers)
            if index < len(self._placed) and self._can_take(self._placed[index], leaf, left):
                placed = self._placed[index]
                changed = placed.top + placed.box.update(leaf, self._room(left)) if placed.gap == gap else top
            else:
                placed = _Placed(self._make_box(leaf, self._room(left)), left, 0.0, gap)
                self._placed[index : index + 1] = [placed]
                changed = top
            changed_top = changed if changed_top is None else min(changed_top, changed)
            placed.gap = gap
            placed.top = top + gap
            top = placed.top + placed.box.height
        self.height = self._bottom_of(len(self._placed) - 1)
        return self.height if changed_top is None else changed_top

    def paint(
        self, painter: QPainter, origin: QPointF, clip: QRectF, selection: tuple[Position, Position] | None = None
    ) -> None:
        """Paint what lies in `clip` (in the painter's coordinates) with the page's corner at `origin`."""
        for index in range(self._index_at(clip.top() - origin.y()), len(self._placed)):
            placed = self._placed[index]
            y = origin.y() + placed.top
            if y - placed.gap > clip.bottom():
                break
            self._paint_containers(painter, index, placed, origin)
            placed.box.paint(painter, QPointF(origin.x() + placed.left, y), clip, self._selected(index, selection))

    def hit(self, x: float, y: float) -> PageHit:
        """What is at a point of the page; points outside count for the nearest place."""
        if not self._placed:
            return PageHit(Position(0, 0))
        index = self._index_at(y)
        placed = self._placed[index]
        hit = placed.box.hit(x - placed.left, y - placed.top)
        inside = placed.top <= y < placed.top + placed.box.height
        return PageHit(
            Position(index, hit.offset), hit.href if inside else "", index if hit.on_copy and inside else None
        )

    def scroll_sideways(self, x: float, y: float, by: float) -> bool:
        """Move wide code or a wide table under a point; False if nothing there can move."""
        return bool(self._placed) and self._placed[self._index_at(y)].box.scroll_sideways(by)

    def code_at(self, index: int) -> str:
        """The source text of a code block."""
        return self._placed[index].box.leaf.text

    def leaf_at(self, index: int) -> Leaf:
        return self._placed[index].box.leaf

    def natural_width(self) -> float:
        """Width of the widest line of text, in pixels; other blocks take all the width there is."""
        widest = 0.0
        for placed in self._placed:
            if not isinstance(placed.box, TextBox):
                return self._width
            widest = max(widest, placed.left + placed.box.natural_width())
        return widest

    def end(self) -> Position:
        """The position after the last character."""
        if not self._placed:
            return Position(0, 0)
        return Position(len(self._placed) - 1, len(self._placed[-1].box.text()))

    def plain_text(self, start: Position, end: Position) -> str:
        """The text between two positions, a blank line between blocks."""
        pieces: list[str] = []
        for index in range(start.index, min(end.index, len(self._placed) - 1) + 1):
            text = self._placed[index].box.text()
            stop = end.offset if index == end.index else len(text)
            pieces.append(text[start.offset if index == start.index else 0 : stop])
        return "\n\n".join(pieces)

    def word_at(self, position: Position) -> tuple[Position, Position]:
        """The word around a position, for a double click."""
        if not self._placed:
            return position, position
        text = self._placed[position.index].box.text()
        start = end = min(position.offset, len(text))
        while start > 0 and text[start - 1].isalnum():
            start -= 1
        while end < len(text) and text[end].isalnum():
            end += 1
        return Position(position.index, start), Position(position.index, end)

    def _indent(self, container: Container) -> float:
        """How far a container moves its content to the right; a long number takes the room that it needs."""
        if container.kind is ContainerKind.QUOTE:
            return _QUOTE_INDENT
        usual = float(round(self._style.text_px * _ITEM_INDENT))
        if len(container.marker) < _LONG_MARKER:
            return usual
        return max(usual, self._metrics.horizontalAdvance(container.marker) + _MARKER_GAP)

    def _baseline(self, box: Box) -> float:
        """Where a marker stands: on the first line of its text, or on a line of its own height."""
        if isinstance(box, TextBox):
            return box.first_baseline()
        return (self._style.body_line - self._metrics.height()) / 2 + self._metrics.ascent()

    def _room(self, left: float) -> float:
        return max(80.0, self._width - left)

    def _bottom_of(self, index: int) -> float:
        if index < 0 or not self._placed:
            return 0.0
        placed = self._placed[min(index, len(self._placed) - 1)]
        return placed.top + placed.box.height

    def _index_at(self, y: float) -> int:
        low, high = 0, len(self._placed)
        while low < high:
            middle = (low + high) // 2
            if self._placed[middle].top + self._placed[middle].box.height <= y:
                low = middle + 1
            else:
                high = middle
        return min(low, max(0, len(self._placed) - 1))

    def _can_take(self, placed: _Placed, leaf: Leaf, left: float) -> bool:
        old = placed.box.leaf
        return old.kind is leaf.kind and old.level == leaf.level and placed.left == left

    def _make_box(self, leaf: Leaf, room: float) -> Box:
        match leaf.kind:
            case LeafKind.PARAGRAPH | LeafKind.HEADING | LeafKind.FORMULA:
                return TextBox(leaf, room, self._style)
            case LeafKind.CODE:
                return CodeBox(leaf, room, self._style)
            case LeafKind.TABLE:
                return TableBox(leaf, room, self._style)
            case LeafKind.RULE:
                return RuleBox(leaf, room, self._style)

    def _selected(self, index: int, selection: tuple[Position, Position] | None) -> tuple[int, int] | None:
        if selection is None or not selection[0].index <= index <= selection[1].index:
            return None
        start = selection[0].offset if index == selection[0].index else 0
        end = selection[1].offset if index == selection[1].index else 1 << 30
        return (start, end)

    def _paint_containers(self, painter: QPainter, index: int, placed: _Placed, origin: QPointF) -> None:
        leaf = placed.box.leaf
        previous = self._placed[index - 1].box.leaf.containers if index else ()
        x = origin.x()
        for depth, container in enumerate(leaf.containers):
            top = origin.y() + placed.top
            if container.kind is ContainerKind.QUOTE:
                joined = len(previous) > depth and previous[depth].kind is ContainerKind.QUOTE
                start = top - placed.gap if joined else top
                height = origin.y() + placed.top + placed.box.height - start
                painter.fillRect(QRectF(x, start, _QUOTE_BAR, height), self._style.colours.line)
                x += _QUOTE_INDENT
            else:
                indent = self._indent(container)
                if container.marker:
                    painter.setFont(self._style.body)
                    painter.setPen(self._style.colours.muted)
                    marker_x = x + indent - _MARKER_GAP - self._metrics.horizontalAdvance(container.marker)
                    painter.drawText(QPointF(marker_x, top + self._baseline(placed.box)), container.marker)
                x += indent


def _gap(previous: Leaf | None, leaf: Leaf, text_px: int) -> float:
    """Space above a leaf: a heading stands apart from what it follows, list items stand close."""
    if previous is None:
        return 0.0
    if leaf.kind is LeafKind.HEADING:
        return round(text_px * 1.5)
    if previous.kind is LeafKind.HEADING:
        return round(text_px * 0.5)
    in_item = any(container.kind is ContainerKind.ITEM for container in leaf.containers)
    if in_item and leaf.containers[-1].marker and previous.containers:
        return round(text_px * 0.3)
    return round(text_px * 0.8)

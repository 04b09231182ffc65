"""A stack of boxes: a text as it is painted. Knows nothing of widgets or who wrote it.

`show` takes the leaves of a growing document and touches only those that may have changed. Only leaves in or near
what is in sight (`set_sight`) have boxes; of the others it is known about how high they are. So a text of a megabyte
costs what a screen of it costs. Whatever is laid out anew, the page itself says which stretch of it has become stale.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from desktop.rendering.formula.typesetter import Key
from desktop.rendering.page.box import Box, PageStyle
from desktop.rendering.page.code_box import CodeBox
from desktop.rendering.page.marks import PageMarks
from desktop.rendering.page.rows import FoldBox, MarkBox, Rows, RuleBox, room_of
from desktop.rendering.page.table_box import TableBox
from desktop.rendering.page.text_box import FormulaBox, TextBox
from desktop.rendering.text.leaves import Container, ContainerKind, Leaf, LeafKind
from desktop.rendering.text.shown_text import Position, share_above

_ITEM_INDENT = 2.1  # times the height of the text: room for two digits, a full stop and a gap
_MARKER_GAP = 8.0
_QUOTE_INDENT = 18.0
_LONG_MARKER = 4  # characters; shorter ones fit into the usual indent
_QUOTE_BAR = 3.0


class Margin:
    """Containers of leaves, in one look."""

    def __init__(self, style: PageStyle) -> None:
        self._style = style
        self._metrics = QFontMetricsF(style.body)
        self._widths: dict[str, float] = {}  # of markers
        self._usual = float(round(style.text_px * _ITEM_INDENT))

    def width_of(self, containers: Sequence[Container]) -> float:
        """Return how far the containers move their content to the right, in pixels."""
        return sum(self._indent(container) for container in containers)

    def paint(
        self, painter: QPainter, box: Box, before: Leaf | None, corner: QPointF, gap: float, width: float
    ) -> None:
        """Paint what belongs to a box whose line begins at `corner`, `gap` below the leaf before it.

        Beside text that is written from right to left it stands at the right of the page, which is `width` wide.
        """
        previous = before.containers if before else ()
        is_mirrored = box.is_right_to_left
        x, top = 0.0, corner.y()  # from the edge at which the text begins

        def left_of(distance: float, wide: float) -> float:
            return corner.x() + (width - distance - wide if is_mirrored else distance)

        for depth, container in enumerate(box.leaf.containers):
            indent = self._indent(container)
            if container.kind is ContainerKind.QUOTE:
                is_joined = len(previous) > depth and previous[depth].kind is ContainerKind.QUOTE
                start = top - gap if is_joined else top
                y, bottom = round(start), round(top + box.height)  # whole pixels: parts of it are painted at a time
                painter.fillRect(QRectF(left_of(x, _QUOTE_BAR), y, _QUOTE_BAR, bottom - y), self._style.colours.line)
            elif container.marker:
                painter.setFont(self._style.body)
                painter.setPen(self._style.colours.muted)
                wide = self._width_of(container.marker)
                marker_x = left_of(x + indent - _MARKER_GAP - wide, wide)
                painter.drawText(QPointF(marker_x, top + box.first_baseline()), container.marker)
            x += indent

    def _indent(self, container: Container) -> float:
        """Return the indent of a container; a long number takes the room that it needs."""
        if container.kind is ContainerKind.QUOTE:
            return _QUOTE_INDENT
        if len(container.marker) < _LONG_MARKER:
            return self._usual
        return max(self._usual, self._width_of(container.marker) + _MARKER_GAP)

    def _width_of(self, marker: str) -> float:
        """Return the width of a marker in pixels; measured once for all times that it is painted."""
        width = self._widths.get(marker)
        if width is None:
            width = self._widths[marker] = self._metrics.horizontalAdvance(marker)
        return width


def _gap_between(before: Leaf | None, leaf: Leaf, text_px: int) -> float:
    """Return the space above a leaf: a heading stands apart from what it follows, list items stand close."""
    if before is None or leaf.joint is not None:
        return 0.0
    if leaf.kind is LeafKind.HEADING and before.kind is not LeafKind.MARK:
        return round(text_px * 1.5)
    if before.kind is LeafKind.HEADING:
        return round(text_px * 0.5)
    in_item = any(container.kind is ContainerKind.ITEM for container in leaf.containers)
    if in_item and leaf.containers[-1].marker and before.containers:
        return round(text_px * 0.3)
    return round(text_px * 0.8)


_KEPT_SCREENS = 4  # of boxes, before those that are far away are looked for
_ROUNDS = 4  # of laying out what is in sight, whose extent changes as heights become known
_LONGEST_NATURAL = 4_000  # characters: a longer text takes all the width there is
_NARROWEST = 80.0


@dataclass(frozen=True, slots=True)
class PageHit:
    """Target under a point: the nearest position, a link's address, or the code block whose Copy is there.

    `letter`: the position of the letter that is right under the point; None beside the text.
    """

    position: Position
    href: str = ""
    copy_index: int | None = None
    letter: Position | None = None


@dataclass(frozen=True, slots=True)
class PageAnchor:
    """Anchor for a height in a page, found again in another width, or when more has been read or laid out."""

    source: int  # where the leaf begins in the text that was written
    part: int  # which of the leaves that begin there: what was sent has several where it was cut into parts
    offset: float  # pixels below the top of the leaf
    height: float  # of the leaf at that time
    width: float  # of the page at that time


class Page:
    """Leaves as boxes, one under the other, `width` pixels wide; with a width of 0 nothing is laid out yet."""

    def __init__(
        self, style: PageStyle, width: float = 0.0, on_stale: Callable[[float, float], None] = lambda *_: None
    ) -> None:
        """`on_stale` is told top and bottom of each stretch that looks different from now on, whatever changed it."""
        self._style = style
        self._on_stale = on_stale
        self._margin = Margin(style)
        self._width = width
        self._leaves: list[Leaf] = []
        self._rows = Rows()
        self._boxes: dict[int, Box] = {}
        self._sight = (-math.inf, math.inf)
        self.is_unfinished = False  # code or a table was painted before all of it was known: to be painted again
        self.marks = PageMarks(self._leaves, partial(on_stale, 0.0, math.inf))

    @property
    def height(self) -> float:
        return self._rows.height

    @property
    def is_empty(self) -> bool:
        return not self._leaves

    @property
    def leaves(self) -> Sequence[Leaf]:
        return self._leaves

    def set_style(self, style: PageStyle) -> None:
        """Take another look; everything is laid out again."""
        self._style = style
        self._margin = Margin(style)
        self._start_again()

    def set_width(self, width: float) -> None:
        """Lay out to another width in pixels; nothing happens when it is the same."""
        width = max(1.0, width)
        if width == self._width:
            return
        is_first = self._width <= 0
        self._width = width
        if is_first:
            self._start_again()
            return
        kept = [index for index in self._boxes if self._is_in_sight(index)]
        self._rows.estimate_all(width, self._style.body_line)
        self._boxes = {index: self._boxes[index] for index in kept}
        for index, box in self._boxes.items():
            box.update(box.leaf, self._room(index))
            self._rows.heights[index] = box.height
        self._rows.stack()
        self._say_stale(0.0, math.inf)

    def set_sight(self, top: float, bottom: float) -> bool:
        """Set what is in sight, in pixels of the page, and lay that out; return True if heights have changed."""
        self._sight = (top, bottom)
        return self._width > 0 and self._fill_sight()

    def show(self, leaves: Sequence[Leaf], first_changed: int) -> None:
        """Take the leaves of a document; those before `first_changed` stay."""
        first = min(first_changed, len(self._leaves), len(leaves))
        self._leaves[first:] = leaves[first:]
        self.marks.forget_from(first)
        if self._width <= 0:
            return
        before = {index: self._boxes.pop(index) for index in [index for index in self._boxes if index >= first]}
        by_leaf = {id(box.leaf): box for box in before.values()}
        places = list(zip(self._rows.lefts[first:], self._rows.gaps[first:], strict=True))
        self._rows.cut(first)
        changed_top = math.inf
        for index, leaf in enumerate(leaves[first:], start=first):
            place = self._place_of(index)
            box = by_leaf.get(id(leaf))
            if box is None and places[index - first : index - first + 1] == [place] and index in before:
                box = before[index] if _can_take(before[index], leaf) else None
            changed_top = min(changed_top, self._show_leaf(index, place, box))
        self._say_stale(min(changed_top, self.height), math.inf)

    def splice(self, first: int, count: int, leaves: Sequence[Leaf]) -> None:
        """Put leaves in the place of `count` others; what stands before and after them stays laid out."""
        self.marks.splice(first, count, len(leaves))
        self.show([*self._leaves[:first], *leaves, *self._leaves[first + count :]], first)

    def estimate(self, text: str) -> float:
        """Return about how high a text will be, in pixels."""
        room = room_of(Leaf(LeafKind.PARAGRAPH, text), self._style)
        return self._rows.estimate(room, 0.0, self._width, self._style.body_line)

    def paint(
        self, painter: QPainter, origin: QPointF, clip: QRectF, selection: tuple[Position, Position] | None = None
    ) -> None:
        """Paint what lies in `clip` (in the painter's coordinates) with the page's corner at `origin`."""
        if not self._leaves or self._width <= 0:
            return
        rows = self._rows
        self.is_unfinished = False
        for index in range(rows.at(clip.top() - origin.y() - self._style.overhang), len(rows)):
            y = origin.y() + rows.tops[index]
            if y - rows.gaps[index] - self._style.overhang > clip.bottom():
                break
            box = self._boxes.get(index)
            if box is None:
                continue
            if isinstance(box, CodeBox):
                box.is_focused = self.marks.is_at_code(index)
            # Whatever the last box has left: which one that is depends on what is painted now.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            if box.leaf.containers:
                before = self._leaves[index - 1] if index else None
                self._margin.paint(painter, box, before, QPointF(origin.x(), y), rows.gaps[index], self._width)
            if index in self.marks.passage:
                room = QRectF(origin.x(), y, self._width, box.height)
                self.marks.paint_passage(painter, index, room, self._style.colours)
            box.paint(painter, QPointF(origin.x() + self._x_of(index, box), y), clip, self.marks.of(index, selection))
            self.is_unfinished |= box.is_unfinished

    def say_copied(self, index: int | None) -> None:
        """Have a block of code say that it has been copied, or none."""
        for each, box in self._boxes.items():
            if isinstance(box, CodeBox):
                box.says_copied = each == index

    def take_heights(self) -> None:
        """Take the heights of boxes that were painted before they were known for certain."""
        changed = [index for index, box in self._boxes.items() if box.height != self._rows.heights[index]]
        for index in changed:
            self._rows.heights[index] = self._boxes[index].height
        if changed:
            self._rows.stack(min(changed))
            self._say_stale(self._rows.tops[min(changed)], math.inf)

    def hit(self, x: float, y: float) -> PageHit:
        """Return what is at a point of the page; points outside count for the nearest place."""
        if not self._rows:
            return PageHit(Position(0, 0))
        index = self._rows.at(y)
        box = self._boxes.get(index)
        if box is None:  # far out of sight
            return PageHit(Position(index, 0))
        top = self._rows.tops[index]
        hit = box.hit(x - self._x_of(index, box), y - top)
        position = Position(index, hit.offset)
        if not top <= y < top + box.height:
            return PageHit(position)
        letter = Position(index, hit.under) if hit.under >= 0 else None
        return PageHit(position, hit.href, index if hit.on_copy else None, letter)

    def anchor_at(self, y: float) -> PageAnchor:
        """Return the anchor of a height of the page."""
        if not self._rows:
            return PageAnchor(0, 0, y, 0.0, self._width)
        index = self._rows.at(y)
        source = self._leaves[index].source[0]
        return PageAnchor(
            source, index - self._first_at(source), y - self._rows.tops[index], self._rows.heights[index], self._width
        )

    def y_of(self, anchor: PageAnchor) -> float:
        """Return where an anchor is now.

        In a page of another width it is as far down its leaf as it was, in proportion.
        """
        if not self._rows:
            return anchor.offset
        index = min(self._first_at(anchor.source) + anchor.part, len(self._leaves) - 1)
        offset = anchor.offset
        if anchor.width != self._width and anchor.height > 0:
            offset *= self._rows.heights[index] / anchor.height
        return self._rows.tops[index] + offset

    def _first_at(self, source: int) -> int:
        """Return the first leaf that begins at a place in the text that was written."""
        return bisect_left(self._leaves, source, key=lambda leaf: leaf.source[0])

    def top_of_text(self, index: int, offset: int) -> float:
        """Return about where a character of a leaf stands: the line in what is laid out, else in proportion."""
        box = self._boxes.get(index)
        height = self._rows.heights[index]
        inside = box.top_of(offset) if box is not None else share_above(self._leaves[index], offset) * height
        return self._rows.tops[index] + inside

    def scroll_sideways(self, x: float, y: float, by: float) -> bool:
        """Move wide code or a wide table under a point; False if nothing there can move."""
        box = self._boxes.get(self._rows.at(y))
        return box is not None and box.scroll_sideways(by)

    def grip_at(self, x: float, y: float) -> int | None:
        """Return the block whose bar of sideways scrolling is under a point."""
        index = self._rows.at(y) if self._rows else 0
        box = self._boxes.get(index)
        if box is None or not box.is_grip(x - self._rows.lefts[index], y - self._rows.tops[index]):
            return None
        return index

    def drag_grip(self, index: int, x: float) -> bool:
        """Bring the bar of a block under a point; False if nothing moved."""
        box = self._boxes.get(index)
        return box is not None and box.drag_grip(x - self._rows.lefts[index])

    def formulas_ready(self, ready: Set[Key]) -> None:
        """Lay out again what shows the source of one of these formulas, which have been typeset now.

        Heights may have changed, so what is in sight must be set again.
        """
        lowest: int | None = None
        top = math.inf
        for index, box in self._boxes.items():
            changed = box.formulas_ready(ready)
            if changed is not None:
                self._rows.heights[index] = box.height
                lowest = index if lowest is None else min(lowest, index)
                top = min(top, self._rows.tops[index] + changed)
        if lowest is not None:
            self._rows.stack(lowest)
            self._say_stale(top, math.inf)

    def natural_width(self) -> float:
        """Return the width of the widest line of text, in pixels.

        Long texts and other blocks take all the width there is.
        """
        if sum(leaf.letters for leaf in self._leaves) > _LONGEST_NATURAL:
            return self._width
        widest = 0.0
        for index in range(len(self._leaves)):
            widest = max(widest, self._rows.lefts[index] + self._need_box(index).natural_width())
        return widest if math.isfinite(widest) else self._width

    def _say_stale(self, top: float, bottom: float) -> None:
        """Say that a stretch looks different, with what its letters, and those that were there, reach beyond it."""
        self._on_stale(top - self._style.overhang, bottom + self._style.overhang)

    def _start_again(self) -> None:
        """Lay out all leaves anew."""
        self._boxes.clear()
        self._rows.cut(0)
        self.show(list(self._leaves), 0)

    def _place_of(self, index: int) -> tuple[float, float]:
        """Return the left edge of a leaf, and the gap above it."""
        leaf = self._leaves[index]
        before = self._leaves[index - 1] if index else None
        return self._margin.width_of(leaf.containers), _gap_between(before, leaf, self._style.text_px)

    def _show_leaf(self, index: int, place: tuple[float, float], box: Box | None) -> float:
        """Add the row of a leaf, whose box may be there already; return the height from which on it looks different."""
        leaf = self._leaves[index]
        left, gap = place
        bottom = self._rows.height
        room = room_of(leaf, self._style)
        width = max(_NARROWEST, self._width - left)
        changed = bottom
        height = self._rows.estimate(room, left, self._width, self._style.body_line)
        if box is not None:
            changed = bottom + gap + box.update(leaf, width)
        elif bottom <= self._sight[1] and bottom + gap + height >= self._sight[0]:
            box = self._make_box(leaf, width)
        if box is not None:
            self._boxes[index], height = box, box.height
        self._rows.append_row(left, gap, height, room)
        return changed

    def _is_in_sight(self, index: int) -> bool:
        top = self._rows.tops[index]
        return top <= self._sight[1] and top + self._rows.heights[index] >= self._sight[0]

    def _fill_sight(self) -> bool:
        """Give boxes to the leaves in sight and take them from those far away; True if heights have changed."""
        rows = self._rows
        changed = False
        in_sight = 0
        for _ in range(_ROUNDS if rows else 0):
            visible = range(rows.at(self._sight[0]), bisect_right(rows.tops, self._sight[1]))
            in_sight = len(visible)
            lowest: int | None = None
            for index in visible:
                is_new = index not in self._boxes
                height = self._need_box(index).height
                if height != rows.heights[index]:
                    rows.heights[index] = height
                    lowest = index if lowest is None else lowest
                elif is_new:  # where nothing could be painted so far
                    self._say_stale(rows.tops[index] - rows.gaps[index], rows.tops[index] + height)
            if lowest is None:
                break
            rows.stack(lowest)
            self._say_stale(rows.tops[lowest] - rows.gaps[lowest], math.inf)
            changed = True
        if len(self._boxes) > _KEPT_SCREENS * in_sight:
            self._drop_far_boxes()
        return changed

    def _drop_far_boxes(self) -> None:
        """Keep the boxes of one more screen on both sides: what was just read is read again."""
        top, bottom = self._sight
        if math.isinf(bottom) or math.isinf(top):
            return
        reach = bottom - top
        tops, heights = self._rows.tops, self._rows.heights
        far = [
            index for index in self._boxes if tops[index] > bottom + reach or tops[index] + heights[index] < top - reach
        ]
        for index in far:
            del self._boxes[index]

    def _need_box(self, index: int) -> Box:
        box = self._boxes.get(index)
        if box is None:
            box = self._boxes[index] = self._make_box(self._leaves[index], self._room(index))
        return box

    def _x_of(self, index: int, box: Box) -> float:
        """Return the left edge of a box: its margin is at its left, or at its right."""
        left = self._rows.lefts[index]
        return 0.0 if left and box.is_right_to_left else left

    def _room(self, index: int) -> float:
        return max(_NARROWEST, self._width - self._rows.lefts[index])

    def _make_box(self, leaf: Leaf, room: float) -> Box:
        return _BOXES[leaf.kind](leaf, room, self._style)


_BOXES: dict[LeafKind, type[Box]] = {
    LeafKind.PARAGRAPH: TextBox,
    LeafKind.HEADING: TextBox,
    LeafKind.CODE: CodeBox,
    LeafKind.TABLE: TableBox,
    LeafKind.FORMULA: FormulaBox,
    LeafKind.RULE: RuleBox,
    LeafKind.MARK: MarkBox,
    LeafKind.FOLD: FoldBox,
}


def _can_take(box: Box, leaf: Leaf) -> bool:
    return box.leaf.kind is leaf.kind and box.leaf.level == leaf.level

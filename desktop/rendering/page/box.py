"""What every box of a page does: take a leaf, be laid out to a width, be painted, tell what is under a point.

And what one does whose content is wider than the box: it moves to the left, and a bar shows how far.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.rendering.formula.typesetter import Key
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.shown_text import share_above

if TYPE_CHECKING:
    from desktop.rendering.page.style import PageStyle


@dataclass(frozen=True, slots=True)
class Hit:
    """Target at a point of a box: the nearest character, and a link or a copy button right under the point.

    `under`: the character right under the point; -1 beside the text.
    """

    offset: int
    href: str = ""
    on_copy: bool = False
    under: int = -1


class MarkKind(StrEnum):
    """Reason why characters are underlined or painted on another ground.

    The first four are lines below the words, which stay as they are. Later kinds are painted over earlier ones.
    """

    STANDS = "stands"  # it stands where it was looked up
    ASIDE = "aside"  # it need not stand there: computed, or the user's own
    AMISS = "amiss"  # it stands there as something else, or in other words
    MISSING = "missing"  # it stands nowhere
    OPEN = "open"  # one of these, which is being looked at
    FOUND = "found"
    DIFFERS = "differs"  # another answer says otherwise, or nothing
    CURRENT = "current"  # the occurrence that the search stands at
    SELECTED = "selected"
    FOCUSED = "focused"  # the link that the keyboard has come to


TO_LOOK_AT = frozenset({MarkKind.AMISS, MarkKind.MISSING})
UNDERLINED = frozenset({MarkKind.STANDS, MarkKind.ASIDE, MarkKind.AMISS, MarkKind.MISSING})


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a box's text that stand out; `name` tells a placed mark from others."""

    start: int
    end: int
    kind: MarkKind = MarkKind.SELECTED
    name: int | None = None


def marks_within(marks: Sequence[Mark], start: int, end: int) -> Sequence[Mark]:
    """Return the marks that touch the characters `start` to `end`.

    Cheap for a search that finds every second letter, and for a text full of underlined words: first come the lines,
    then what was found, both in order and apart; after them stand at most a few marks of other kinds.
    """
    found = len(marks)
    while found and marks[found - 1].kind is not MarkKind.FOUND and marks[found - 1].kind not in UNDERLINED:
        found -= 1
    lines = bisect_left(marks, True, hi=found, key=lambda mark: mark.kind is MarkKind.FOUND)
    within: list[Mark] = []
    for low, high in ((0, lines), (lines, found)):
        first = bisect_right(marks, start, low, high, key=attrgetter("end"))
        within += marks[first : bisect_left(marks, end, first, high, key=attrgetter("start"))]
    within += [mark for mark in marks[found:] if mark.start < end and mark.end > start]
    return within


class Box:
    """Leaf that is laid out. Coordinates are the box's own, in pixels; `marks` are in order of their kinds.

    Here is what a box does that has neither text nor anything to press or to move.
    """

    is_unfinished = False  # it was painted before all of it was known: to be painted again
    is_right_to_left = False  # its markers stand at its right

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        self.leaf = leaf
        self.height = 0.0
        self._width = width
        self._style = style

    def update(self, leaf: Leaf, width: float) -> float:
        """Take a newer form of the same leaf, or a new width; keeps what can be kept.

        Return the height from which on it looks different: what is above need not be painted again.
        """
        self.leaf, self._width = leaf, width
        return 0.0

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Mark]) -> None:
        """Paint with the top left corner at `origin`; nothing outside `clip` needs to be painted."""
        raise NotImplementedError

    def hit(self, x: float, y: float) -> Hit:
        """Return what is at a point; points outside count for the nearest character."""
        return Hit(0)

    def first_baseline(self) -> float:
        """Return where the marker of an item stands beside it."""
        return self._style.baseline(self._style.body)

    def top_of(self, offset: int) -> float:
        """Return about where a character stands."""
        return share_above(self.leaf, offset) * self.height

    def natural_width(self) -> float:
        """Return how much room it would take if it had all that it wants."""
        return math.inf

    def formulas_ready(self, ready: Set[Key]) -> float | None:
        """Lay out again what shows the source of one of these formulas, which have been typeset now.

        Return the height from which on it looks different, or None if nothing has changed.
        """
        return None

    def scroll_sideways(self, by: float) -> bool:
        """Move content that is wider than the box; False if it cannot move."""
        return False

    def is_grip(self, x: float, y: float) -> bool:
        """Return True if a point lies on the bar of sideways scrolling."""
        return False

    def drag_grip(self, x: float) -> bool:
        """Bring the bar's middle under a point; False if nothing moved."""
        return False


_BAR = 4.0
_ABOVE_EDGE = 3.0
_GRIP = 14.0  # height in which the bar can be taken hold of: more than is painted
_SHORTEST = 24.0


class WideBox(Box):
    """Box with a content of some natural width, which begins at `left` and has `room` pixels."""

    left = 0.0

    def __init__(self, leaf: Leaf, width: float, style: PageStyle) -> None:
        super().__init__(leaf, width, style)
        self.offset = 0.0
        self.natural = 0.0
        self.room = 0.0

    @property
    def needs_bar(self) -> bool:
        """True if some of the content is out of sight."""
        return self.natural > self.room + 0.5

    def fit(self, natural: float, room: float) -> None:
        """Take other widths; the offset stays where it can."""
        self.natural, self.room = natural, room
        self._move_to(self.offset)

    def scroll_sideways(self, by: float) -> bool:
        return self._move_to(self.offset + by)

    def is_grip(self, x: float, y: float) -> bool:
        is_at_bottom = self.height - _GRIP <= y < self.height
        return self.needs_bar and is_at_bottom and self.left <= x <= self.left + self.room

    def drag_grip(self, x: float) -> bool:
        length = self._length()
        if not self.needs_bar or self.room <= length:
            return False
        part = (x - self.left - length / 2) / (self.room - length)
        return self._move_to(part * (self.natural - self.room))

    def track(self, origin: QPointF, below: float = 0.0) -> QRectF:
        """Return where the bar may stand at the lower edge of the box, or so far below it."""
        top = origin.y() + self.height + below - _BAR - _ABOVE_EDGE
        return QRectF(origin.x() + self.left, top, self.room, _BAR)

    def paint_bar(self, painter: QPainter, origin: QPointF, below: float = 0.0) -> None:
        """Paint the bar, if one is needed."""
        if not self.needs_bar:
            return
        length = self._length()
        at = (self.room - length) * self.offset / (self.natural - self.room)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colours.line)
        track = self.track(origin, below)
        painter.drawRoundedRect(QRectF(track.left() + at, track.top(), length, _BAR), _BAR / 2, _BAR / 2)

    def _move_to(self, offset: float) -> bool:
        before = self.offset
        self.offset = max(0.0, min(self.natural - self.room, offset))
        return self.offset != before

    def _length(self) -> float:
        return min(self.room, max(_SHORTEST, self.room * self.room / max(1.0, self.natural)))

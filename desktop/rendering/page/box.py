"""What every box of a page does: take a leaf, be laid out to a width, be painted, tell what is under a point."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
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

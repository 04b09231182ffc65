"""The rows of a page and where they stand, also those that have not been laid out: their heights are estimated.

Plain lists of numbers, so that a message of ten thousand blocks is placed anew in a few milliseconds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from desktop.rendering.page.line_boxes import RULE_HEIGHT, fold_height, mark_height
from desktop.rendering.page.style import PageStyle
from desktop.rendering.text.leaves import Leaf, LeafKind

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

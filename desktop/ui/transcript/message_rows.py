"""The heights and tops of a conversation's messages: ten thousand of them in a few lists of numbers.

A message that has not been laid out is estimated from its length. Knows nothing of widgets.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from desktop.core.message import PathEntry, Role
from desktop.ui.look import tokens as measures

TOP = 24  # pixels above the first message
BETWEEN = 4
_LETTER_EM = 0.52
_LINE_SHARE = 0.6  # of a line that ends early, of what a line is high
_ROW_BELOW = 40  # pixels of actions below a message, about
_BUBBLE_SHARE = 0.75


class MessageRows:
    """Heights and tops in pixels, by the index of the message."""

    def __init__(self) -> None:
        self.heights: list[int] = []
        self.tops: list[int] = []
        self._letters: list[float] = []  # a user's count for more: their bubble is narrower
        self._lines: list[int] = []
        # What a message turned out to be over what it had been estimated to be; 0 where it has not been laid out.
        self._truths: list[float] = []
        self._width, self._text_px = 1.0, 1
        self._stale_from = 0

    def __len__(self) -> int:
        return len(self.heights)

    @property
    def total(self) -> int:
        """The height in pixels of all messages with the space around them."""
        self._stack()
        return (self.tops[-1] + self.heights[-1] if self.tops else TOP - BETWEEN) + 2 * BETWEEN

    def top(self, index: int) -> int:
        self._stack()
        return self.tops[index]

    def bottom(self, index: int) -> int:
        self._stack()
        return self.tops[index] + self.heights[index]

    def at(self, y: float) -> int:
        """Return the message at a height; the nearest one above if there is none."""
        self._stack()
        return max(0, bisect_right(self.tops, y) - 1)

    def between(self, top: float, bottom: float) -> range:
        """Return the messages that lie, at least in part, between two heights."""
        self._stack()
        return range(self.at(top), bisect_right(self.tops, bottom))

    def set_look(self, width: float, text_px: int) -> None:
        """Estimate anew for a column of another width, or another size of text."""
        if (width, text_px) != (self._width, self._text_px):
            self._width, self._text_px = width, text_px
            self._estimate(0)

    def cut(self, length: int) -> None:
        """Forget the messages from `length` on."""
        for each in (self.heights, self._letters, self._lines, self._truths):
            del each[length:]
        self._stale_from = min(self._stale_from, length)

    def append(self, entries: Sequence[PathEntry]) -> None:
        first = len(self)
        self._take(entries, first)
        self._estimate(first)

    def prepend(self, entries: Sequence[PathEntry]) -> None:
        """Insert messages before all others, which keep what is known of them."""
        heights = self.heights
        self._take(entries, 0)
        self._estimate(0)
        self.heights[len(entries) :] = heights

    def measured(self, index: int, height: int) -> bool:
        """Record the height of a message that was laid out. Return True if it differs from the one before."""
        estimate = self._estimated(self._letters[index], self._lines[index])
        self._truths[index] = height / estimate
        if height == self.heights[index]:
            return False
        self.heights[index] = height
        self._stale_from = min(self._stale_from, index + 1)
        return True

    def _take(self, entries: Sequence[PathEntry], at: int) -> None:
        count = len(entries)
        self._letters[at:at] = [_weight(entry) for entry in entries]
        self._lines[at:at] = [entry.lines for entry in entries]
        self._truths[at:at] = [0.0] * count
        self.heights = [*self.heights[:at], *([0] * count), *self.heights[at:]]
        self._stale_from = min(self._stale_from, at)

    def _estimated(self, letters: float, lines: int) -> float:
        per_line = max(20.0, self._width / (self._text_px * _LETTER_EM))
        return (letters / per_line + lines * _LINE_SHARE + 1) * self._text_px * measures.LINE_HEIGHT + _ROW_BELOW

    def _estimate(self, first: int) -> None:
        """Estimate the heights from `first` on; what has been laid out once is known better."""
        known = [truth for truth in self._truths if truth]
        usual = sum(known) / len(known) if known else 1.0  # Chinese takes twice the room, and lists more than prose
        line = self._text_px * measures.LINE_HEIGHT
        letter = line / max(20.0, self._width / (self._text_px * _LETTER_EM))
        of_lines, below = line * _LINE_SHARE, line + _ROW_BELOW
        self.heights[first:] = [
            int((letters * letter + lines * of_lines + below) * (truth or usual))
            for letters, lines, truth in zip(
                self._letters[first:], self._lines[first:], self._truths[first:], strict=True
            )
        ]
        self._stale_from = min(self._stale_from, first)

    def _stack(self) -> None:
        """Compute the tops that are not known any more."""
        first = self._stale_from
        if first >= len(self.heights) and len(self.tops) == len(self.heights):
            return
        first = min(first, len(self.tops))
        start = self.tops[first - 1] + self.heights[first - 1] + BETWEEN if first else TOP
        steps = (height + BETWEEN for height in self.heights[first:])
        self.tops[first:] = list(accumulate(steps, initial=start))[:-1]
        self._stale_from = len(self.heights)


def _weight(entry: PathEntry) -> float:
    return entry.letters / _BUBBLE_SHARE if entry.role is Role.USER else float(entry.letters)

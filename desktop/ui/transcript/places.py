"""Where the messages of a conversation stand, in plain numbers, and where in them one reads.

Ten thousand messages are a few lists; one that has not been laid out is estimated from its length. The position is kept
in terms that stay true while heights above change: either the end is followed, or a place in a message stands at the
upper edge.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from desktop.core.message import PathEntry, Role
from desktop.runtime.path import ConversationPath
from desktop.ui.look import stylesheet as measures
from desktop.ui.transcript.message import MessageAnchor, MessageView

_TOP = 24  # pixels above the first message
_BETWEEN = 4
_LETTER_EM = 0.52
_LINE_SHARE = 0.6  # of a line that ends early, of what a line is high
_ROW_BELOW = 40  # pixels of actions below a message, about
_BUBBLE_SHARE = 0.75  # a user's letters count for more: their bubble is narrower


class MessageRows:
    """Heights and tops in pixels, by the index of the message."""

    def __init__(self) -> None:
        self.heights: list[int] = []
        self._tops: list[int] = []
        self._entries: list[PathEntry] = []
        # What a message turned out to be over what it had been estimated to be; 0 where it has not been laid out.
        self._truths: list[float] = []
        self._width, self._text_px = 1.0, 1
        self._stale_from = 0

    def __len__(self) -> int:
        return len(self.heights)

    @property
    def total(self) -> int:
        """The height in pixels of all messages with the space around them."""
        return (self.bottom(len(self) - 1) if self.heights else _TOP - _BETWEEN) + 2 * _BETWEEN

    def top(self, index: int) -> int:
        self._stack()
        return self._tops[index]

    def bottom(self, index: int) -> int:
        return self.top(index) + self.heights[index]

    def at(self, y: float) -> int:
        """Return the message at a height; the nearest one above if there is none."""
        self._stack()
        return max(0, bisect_right(self._tops, y) - 1)

    def between(self, top: float, bottom: float) -> range:
        """Return the messages that lie, at least in part, between two heights."""
        return range(self.at(top), bisect_right(self._tops, bottom))

    def set_look(self, width: float, text_px: int) -> None:
        """Estimate anew for a column of another width, or another size of text."""
        if (width, text_px) != (self._width, self._text_px):
            self._width, self._text_px = width, text_px
            self._estimate(range(len(self)))

    def cut(self, length: int) -> None:
        """Forget the messages from `length` on."""
        for each in (self.heights, self._entries, self._truths):
            del each[length:]
        self._stale_from = min(self._stale_from, length)

    def insert(self, at: int, entries: Sequence[PathEntry]) -> None:
        """Insert messages; what is known of the others is kept."""
        self._entries[at:at] = entries
        self._truths[at:at] = [0.0] * len(entries)
        self.heights[at:at] = [0] * len(entries)
        self._estimate(range(at, at + len(entries)))

    def measured(self, index: int, height: int) -> bool:
        """Record the height of a message that was laid out. Return True if it differs from the one before."""
        if height == self.heights[index] and self._truths[index]:
            return False
        self._truths[index] = height / self._estimated(self._entries[index])
        is_other, self.heights[index] = height != self.heights[index], height
        self._stale_from = min(self._stale_from, index + 1)
        return is_other

    def _estimated(self, entry: PathEntry) -> float:
        per_line = max(20.0, self._width / (self._text_px * _LETTER_EM))
        letters = entry.letters / _BUBBLE_SHARE if entry.role is Role.USER else entry.letters
        lines = letters / per_line + entry.lines * _LINE_SHARE + 1
        return lines * self._text_px * measures.LINE_HEIGHT + _ROW_BELOW

    def _estimate(self, which: range) -> None:
        """Estimate heights; what has been laid out once is known better."""
        known = [truth for truth in self._truths if truth]
        usual = sum(known) / len(known) if known else 1.0  # Chinese takes twice the room, and lists more than prose
        for index in which:
            self.heights[index] = int(self._estimated(self._entries[index]) * (self._truths[index] or usual))
        self._stale_from = min(self._stale_from, which.start)

    def _stack(self) -> None:
        """Compute the tops that are not known any more."""
        first = min(self._stale_from, len(self._tops))
        if first < len(self.heights) or len(self._tops) > len(self.heights):
            start = self._tops[first - 1] + self.heights[first - 1] + _BETWEEN if first else _TOP
            steps = (height + _BETWEEN for height in self.heights[first:])
            self._tops[first:] = list(accumulate(steps, initial=start))[:-1]
            self._stale_from = len(self.heights)


_Place = tuple[str, MessageAnchor]  # the id of a message, and a place in it


class ReadingPosition:
    """The position in the current conversation; remembers those of the others."""

    def __init__(self, rows: MessageRows, view_at: Callable[[int], MessageView | None]) -> None:
        self.follows = True  # the end
        self._rows = rows
        self._view_at = view_at
        self._index = 0  # of the message at the upper edge
        self._anchor = MessageAnchor(None, None, 0.0)
        self._return: _Place | None = None  # where to return to, once that message is known
        self._left: dict[str, _Place] = {}  # by conversation

    @property
    def y(self) -> float:
        """The height of what stands at the upper edge, in pixels of the page."""
        if self._index >= len(self._rows):
            return self._rows.total
        view = self._view_at(self._index)
        return self._rows.top(self._index) + (view.y_of(self._anchor) if view is not None else self._anchor.below)

    def stay_at(self, y: int) -> None:
        """Stay at a height of the page: it is at the upper edge now."""
        index = self._rows.at(y)
        if index + 1 < len(self._rows) and y >= self._rows.bottom(index):
            index += 1  # between two messages: the one above may change its height
        if index < len(self._rows):
            below, view = y - self._rows.top(index), self._view_at(index)
            self.stay_in(index, view.anchor_at(below) if view is not None else MessageAnchor(None, None, below))
        self.follows, self._return = False, None

    def stay_in(self, index: int, anchor: MessageAnchor) -> None:
        """Stay at a place in a message."""
        self.follows, self._index, self._anchor = False, index, anchor

    def shift(self, count: int) -> None:
        """Stay where one is, after so many messages were inserted before all others."""
        self._index += count

    def leave(self, path: ConversationPath) -> None:
        """Remember where a conversation was left, unless at its end."""
        if self._return is not None:  # it was not found before it was left again
            self._left[path.conversation_id] = self._return
        elif not self.follows and self._index < len(path.entries):
            self._left[path.conversation_id] = path.entries[self._index].id, self._anchor

    def enter(self, path: ConversationPath) -> None:
        """Begin where a conversation was left, or else at its end."""
        self.follows = True
        self._return = self._left.pop(path.conversation_id, None)
        self.find(path)

    def find(self, path: ConversationPath) -> None:
        """Go to where the conversation was left if the message is known by now."""
        if self._return is None:
            return
        index = path.index_of(self._return[0])
        if index is not None:
            self.stay_in(index, self._return[1])
        if index is not None or path.is_whole:
            self._return = None

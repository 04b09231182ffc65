"""Positions in the texts of a conversation, and the selection between two of them. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import total_ordering

from desktop.rendering.text.shown_text import END, START, Position


class Channel(IntEnum):
    """The texts of one message, in the order in which they stand."""

    THINKING = 0
    ANSWER = 1  # or the user's words


@total_ordering
@dataclass(frozen=True, slots=True)
class TextPosition:
    """A character: of the message at an index of the path, in one of its texts."""

    message: int
    channel: Channel
    position: Position

    def __lt__(self, other: TextPosition) -> bool:
        return (self.message, self.channel, self.position) < (other.message, other.channel, other.position)


Range = tuple[Position, Position]


@dataclass(frozen=True, slots=True)
class TextSelection:
    """A selection from its first position to its last, in the direction of the user's movement."""

    anchor: TextPosition
    head: TextPosition

    @property
    def start(self) -> TextPosition:
        return min(self.anchor, self.head)

    @property
    def end(self) -> TextPosition:
        return max(self.anchor, self.head)

    @property
    def is_empty(self) -> bool:
        return self.anchor == self.head

    @property
    def messages(self) -> range:
        """The indices of the messages that it touches."""
        return range(self.start.message, self.end.message + 1)

    def within(self, message: int, channel: Channel) -> Range | None:
        """Return the selected range of one text, or None."""
        here = (message, channel)
        start, end = self.start, self.end
        if self.is_empty or not (start.message, start.channel) <= here <= (end.message, end.channel):
            return None
        first = start.position if here == (start.message, start.channel) else START
        last = end.position if here == (end.message, end.channel) else END
        return (first, last) if first < last else None

    def moved(self, by: int) -> TextSelection:
        """Return the same selection after so many messages were inserted before them."""
        anchor = replace(self.anchor, message=self.anchor.message + by)
        return TextSelection(anchor, replace(self.head, message=self.head.message + by))

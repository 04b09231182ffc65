"""Positions in the texts of a conversation, and the selection between two of them. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import total_ordering

from desktop.rendering.text.shown_text import END, START, Position


class TextPart(IntEnum):
    """The texts of one message, in the order in which they stand."""

    THINKING = 0
    ANSWER = 1  # or the user's words


@total_ordering
@dataclass(frozen=True, slots=True)
class Place:
    """A character: of the message at an index of the path, in one of its texts."""

    message: int
    part: TextPart
    position: Position

    def __lt__(self, other: Place) -> bool:
        return (self.message, self.part, self.position) < (other.message, other.part, other.position)


Range = tuple[Position, Position]


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection from its first position to its last, in the direction of the user's movement."""

    anchor: Place
    head: Place

    @property
    def start(self) -> Place:
        return min(self.anchor, self.head)

    @property
    def end(self) -> Place:
        return max(self.anchor, self.head)

    @property
    def is_empty(self) -> bool:
        return self.anchor == self.head

    @property
    def messages(self) -> range:
        """The indices of the messages that it touches."""
        return range(self.start.message, self.end.message + 1)

    def within(self, message: int, part: TextPart) -> Range | None:
        """Return the selected range of one text, or None."""
        here = (message, part)
        start, end = self.start, self.end
        if self.is_empty or not (start.message, start.part) <= here <= (end.message, end.part):
            return None
        first = start.position if here == (start.message, start.part) else START
        last = end.position if here == (end.message, end.part) else END
        return (first, last) if first < last else None

    def grown_above(self, message: int, part: TextPart, leaves: int) -> Selection:
        """Return the same selection after so many leaves were inserted before the others of one text."""
        ends = [
            replace(place, position=Position(place.position.index + leaves, place.position.offset))
            if (place.message, place.part) == (message, part) and place.position not in (START, END)
            else place
            for place in (self.anchor, self.head)
        ]
        return Selection(*ends)

    def moved(self, by: int) -> Selection:
        """Return the same selection after so many messages were inserted before them."""
        anchor = replace(self.anchor, message=self.anchor.message + by)
        return Selection(anchor, replace(self.head, message=self.head.message + by))

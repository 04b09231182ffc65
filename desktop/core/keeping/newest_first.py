"""Conversations in the order of the list, where a change costs the search for its place and not a look at all.

A list that is kept sorted by `bisect`: of a hundred thousand conversations one comes and goes in microseconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from desktop.core.conversation import Conversation

READ_FIRST = 500  # are read alone, so that a list of a hundred thousand is there as soon as one of a hundred


def list_order(conversation: Conversation) -> tuple[float, str]:
    """Return the key by which conversations are listed: the newest first, those of one moment by their ids."""
    return -conversation.updated_at, conversation.id


class NewestFirst:
    """A row of conversations, none twice, always in the order of the list."""

    __slots__ = ("_sorted",)

    def __init__(self, conversations: Iterable[Conversation] = ()) -> None:
        self._sorted = sorted(conversations, key=list_order)

    def __len__(self) -> int:
        return len(self._sorted)

    def __getitem__(self, place: int) -> Conversation:
        return self._sorted[place]

    def __iter__(self) -> Iterator[Conversation]:
        return iter(self._sorted)

    def copy(self) -> list[Conversation]:
        """Return them all, in their order."""
        return self._sorted.copy()

    def place_of(self, conversation: Conversation) -> int:
        """Return where it stands, in the state in which it was inserted, or else where it would stand."""
        return bisect_left(self._sorted, list_order(conversation), key=list_order)

    def insert(self, conversation: Conversation) -> None:
        self._sorted.insert(self.place_of(conversation), conversation)

    def extend(self, conversations: Iterable[Conversation]) -> None:
        """Insert many at once; those that come after all others cost the others nothing."""
        added = sorted(conversations, key=list_order)
        if self._sorted and added and list_order(added[0]) < list_order(self._sorted[-1]):
            self._sorted = sorted([*self._sorted, *added], key=list_order)
        else:
            self._sorted += added

    def remove(self, conversation: Conversation) -> None:
        """Remove it, in the state in which it was inserted. Raises `ValueError` if it is not there."""
        place = self.place_of(conversation)
        if place == len(self._sorted) or self._sorted[place].id != conversation.id:
            raise ValueError(conversation.id)
        del self._sorted[place]

"""Conversations as they are kept: in the order of the list, in backups, and as far as a damaged file can be read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.core.conversation import Conversation

READ_FIRST = 500  # are read alone, so that a list of a hundred thousand is there as soon as one of a hundred


def list_order(conversation: Conversation) -> tuple[float, str]:
    """Return the key by which conversations are listed: the newest first, those of one moment by their ids."""
    return -conversation.updated_at, conversation.id


class NewestFirst:
    """A row of conversations, none twice, always in the order of the list.

    Kept sorted by `bisect`: of a hundred thousand conversations one comes and goes in microseconds.
    """

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


@dataclass(frozen=True, slots=True)
class Backup:
    """Copy of the whole file of conversations.

    `made_at` in seconds since the epoch, `size` in bytes on the disk. `conversations` and `messages` are the numbers
    that it holds; None where they were not noted. `before_update`: made before a newer version changed the file.
    `is_too_old`: made by an earlier state of the program, which this one does not read.
    """

    path: Path
    made_at: float
    size: int
    conversations: int | None = None
    messages: int | None = None
    before_update: bool = False
    is_too_old: bool = False


@dataclass(frozen=True, slots=True)
class Repaired:
    """Numbers of what could be read of a damaged file, and the place where that file was put aside."""

    conversations: int
    messages: int
    aside: Path

"""The path of the current conversation: all of its messages by their length, with words those that are wanted.

A long conversation opens with its end; what stands above follows from the store's thread, first the lengths, then the
words of what becomes visible.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import StoreError
from desktop.core.message import FilePart, ImagePart, Message, PathEntry, entry_of
from desktop.core.text.find import FoundIn
from desktop.runtime.background import NO_TASK, BackgroundTasks, gui_task
from desktop.store.database import SqliteStore

# Messages that are there at once; a screen rarely shows more.
_AT_ONCE = 24
_ALWAYS_HELD = 2  # at the end of the path: the last thing said, and the reply, which may run
# Characters; some hundred screens of text. A single message may be longer, and is held while it is wanted.
_MOST_HELD = 2_000_000
_READ_AT_ONCE = 16  # messages, by a search
_TURN_SECONDS = 0.004  # Python lets one thread run at a time: in a longer turn of a search a paint could be late

Count = Callable[[Message], Generator[None, None, FoundIn]]


@dataclass(frozen=True, slots=True)
class PathEnd:
    """The last messages of a path, which a conversation opens with."""

    messages: Sequence[Message] = ()
    entries: Sequence[PathEntry] = ()

    @staticmethod
    def read(store: SqliteStore, conversation_id: str) -> PathEnd:
        """Return the end of a stored conversation. Runs on the store's thread; raises `StoreError`."""
        return PathEnd(store.path_end(conversation_id, _AT_ONCE), store.outline(conversation_id, _AT_ONCE))


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of something new on a path: its index, the message above, and what stands there already."""

    index: int
    above: str | None
    versions: int = 0
    attached: tuple[FilePart, ...] = ()


class ConversationPath(QObject):
    """The messages of a conversation from the root to its head.

    `entries` may hold only the last of them until `complete` has read the others.
    """

    outlined = Signal(int)  # so many entries have been put before those known so far
    arrived = Signal(object)  # list[Message]: these were wanted, and are in memory now

    def __init__(
        self, work: BackgroundTasks, store: SqliteStore, conversation_id: str, end: PathEnd | None = None
    ) -> None:
        super().__init__()
        end = end or PathEnd()
        self.conversation_id = conversation_id
        self.entries: list[PathEntry] = list(end.entries)
        self.work = work
        self._store = store
        self._above = end.messages[0].parent_id if end.messages else None  # of the first entry
        self._held = {each.id: each for each in end.messages}  # by when they were used, the latest last
        self._wanted: tuple[str, ...] = ()
        self._is_fetching = False
        self._is_outlining = False

    @property
    def is_empty(self) -> bool:
        return not self.entries

    @property
    def is_whole(self) -> bool:
        """True if the entries begin at the root."""
        return self._above is None

    @property
    def last(self) -> Message | None:
        """The head, with its words; None if these are not in memory."""
        return self.message(self.entries[-1].id) if self.entries else None

    def message(self, message_id: str) -> Message | None:
        """Return a message with its words; None if these are not in memory."""
        return self._held.get(message_id)

    def index_of(self, message_id: str) -> int | None:
        """Return the index of a message in the path, or None; quick near the end."""
        for index in range(len(self.entries) - 1, -1, -1):
            if self.entries[index].id == message_id:
                return index
        return None

    @property
    def end(self) -> Slot:
        """The slot of the next message."""
        return Slot(len(self.entries), self.entries[-1].id if self.entries else None)

    def beside(self, index: int) -> Slot:
        """Return the slot of another version of a message."""
        entry = self.entries[index]
        message = self.message(entry.id)
        above = self.entries[index - 1].id if index else self._above
        return Slot(index, above, entry.versions, message.files if message is not None else ())

    def want(self, message_ids: Iterable[str]) -> None:
        """Load these messages, and emit `arrived` with those that were not in memory.

        Replaces what was wanted before.
        """
        self._wanted = tuple(message_ids)
        self._fetch()
        self.complete()

    async def read(self, message_ids: Iterable[str]) -> dict[str, Message]:
        """Return any number of messages by their ids, without keeping them."""
        ids = list(message_ids)
        found = {each: message for each in ids if (message := self.message(each)) is not None}
        if missing := [each for each in ids if each not in found]:
            found |= {each.id: each for each in await self.work.run(self._store.messages, missing)}
        return found

    @gui_task
    async def complete(self) -> None:
        """Read what stands above the first entry, and emit `outlined`."""
        if self.is_whole or self._is_outlining:
            return
        self._is_outlining = True
        try:
            outline = await self.work.run(self._store.outline, self.conversation_id)
        finally:
            self._is_outlining = False
        if self.is_whole:
            return
        # The head may have moved since, but never to another branch above what is known.
        ids = [entry.id for entry in outline]
        above = outline[: ids.index(self._above) + 1] if self._above in ids else []
        self._above = None
        self.entries[:0] = above
        self.outlined.emit(len(above))

    def replace_from(self, slot: Slot, messages: Sequence[Message]) -> Callable[[], None]:
        """Replace the path from a slot on by messages, the first being the newest version there; return the undoing."""
        first, version = messages[0], slot.versions + 1
        replaced = self.entries[slot.index :]
        ends = [held for entry in self.entries[-_ALWAYS_HELD:] if (held := self.message(entry.id)) is not None]
        self.entries[slot.index :] = [entry_of(first, version, version), *map(entry_of, messages[1:])]
        self._hold(messages)

        def undo() -> None:
            index = self.index_of(first.id)  # the entries above may have come meanwhile
            if index is not None:
                self.entries[index:] = replaced
                self._hold(ends)

        return undo

    def go_on_with(self, outline: Sequence[PathEntry], end: PathEnd) -> int:
        """Become another path of this conversation. Return how many first entries are the same, as far as is known."""
        same = 0
        while (
            self.is_whole and same < min(len(outline), len(self.entries)) and self.entries[same].id == outline[same].id
        ):
            same += 1
        self.entries[:] = outline
        self._above = None
        self._hold(end.messages)
        return same

    def update(self, message: Message) -> None:
        """Show the present form of a message whose words have grown."""
        index = self.index_of(message.id)
        if index is not None:
            present = entry_of(message)
            self.entries[index] = replace(self.entries[index], letters=present.letters, lines=present.lines)
            self._held[message.id] = message

    @gui_task
    async def _fetch(self) -> None:
        """Read what is wanted, until nothing of it is missing, or the store has no more of it."""
        if self._is_fetching:
            return
        self._is_fetching = True
        try:
            while (missing := self._missing()) and (found := await self.work.run(self._store.messages, missing)):
                new = [each for each in found if each.id not in self._held]  # else it has come, and grown, meanwhile
                self._hold(new)
                if new:
                    self.arrived.emit(new)
        finally:
            self._is_fetching = False

    def _missing(self) -> list[str]:
        """Return the ids of what is wanted and not held; what is held is used now."""
        held = {each: self._held.pop(each) for each in dict.fromkeys(self._wanted) if each in self._held}
        self._held |= held
        return [each for each in self._wanted if each not in held]

    def _hold(self, messages: Iterable[Message]) -> None:
        """Hold messages. Where these are too many words, let those go that were used longest ago and are not wanted."""
        self._held |= {each.id: each for each in messages}
        kept = {*self._wanted, *(entry.id for entry in self.entries[-_ALWAYS_HELD:])}
        room = _MOST_HELD
        for each in reversed(list(self._held.values())):
            room -= sum(0 if isinstance(part, ImagePart) else len(part.text) for part in each.parts)
            if room < 0 and each.id not in kept:
                del self._held[each.id]


class PathSearch(QObject):
    """A count of something in messages, a little at a time, so that nothing waits for it.

    What is counted, and how, is the caller's: it gives a generator for each message. Reading and counting are done on
    the store's thread in steps of a few milliseconds; after each the window comes first, and the disk's other work,
    too. A new search ends the one before.
    """

    found = Signal(object)  # list[FoundIn]: further messages that have what is counted, in the order of the ids
    ended = Signal()  # all have been looked at
    failed = Signal(object)  # the StoreError that reading met with; what was found until then counts

    def __init__(self, work: BackgroundTasks, store: SqliteStore) -> None:
        super().__init__(work)
        self.work = work
        self._store = store
        self._steps: Iterator[FoundIn | None] | None = None  # of the search that runs
        self._task = NO_TASK

    @property
    def is_running(self) -> bool:
        return self._steps is not None

    def start(self, message_ids: Sequence[str], counting: Count) -> None:
        """Search these messages, in this order."""
        self.stop()
        self._steps = _steps(self._store, list(message_ids), counting)
        self._task = self._search(self._steps)

    def stop(self) -> None:
        """End the search; nothing more is emitted."""
        self._task.cancel()
        self._steps = None

    @gui_task
    async def _search(self, steps: Iterator[FoundIn | None]) -> None:
        try:
            is_over = False
            while not is_over:
                found, is_over = await self.work.run(_turn, steps)
                if found:
                    self.found.emit(found)
                if steps is not self._steps:  # stopped by who heard of it
                    return
        except StoreError as error:
            self._steps = None
            self.failed.emit(error)
        else:
            self._steps = None
            self.ended.emit()


def _steps(store: SqliteStore, message_ids: list[str], counting: Count) -> Iterator[FoundIn | None]:
    """Yield the finds of each message, and None where a pause may be made. Runs on the store's thread."""
    for start in range(0, len(message_ids), _READ_AT_ONCE):
        for message in store.messages(message_ids[start : start + _READ_AT_ONCE]):
            yield (yield from counting(message))


def _turn(steps: Iterator[FoundIn | None]) -> tuple[list[FoundIn], bool]:
    """Run the steps for a while; return what was found, and True if that was all."""
    until = time.monotonic() + _TURN_SECONDS
    found: list[FoundIn] = []
    for each in steps:
        if each is not None and each.count:
            found.append(each)
        if time.monotonic() >= until:
            return found, False
    return found, True

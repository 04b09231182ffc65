"""The path of the current conversation: all of its messages by their length, with words those that are wanted.

A long conversation opens with its end; what stands above follows from the store's thread, first the lengths, then the
words of what becomes visible. Which path is taken and what is sent is `chat`.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.core.message import Message
from desktop.core.path import PathEntry, entry_of
from desktop.core.repository import ConversationStore
from desktop.runtime.conversation.message_cache import MessageCache
from desktop.runtime.threads.background_tasks import BackgroundTasks

# Messages that are there at once; a screen rarely shows more.
_AT_ONCE = 24
Made = TypeVar("Made")  # what is made of messages that are read
_ALWAYS_HELD = 2  # at the end of the path: the last thing said, and the reply, which may run


@dataclass(frozen=True, slots=True)
class PathEnd:
    """The last messages of a path, which a conversation opens with."""

    messages: Sequence[Message] = ()
    entries: Sequence[PathEntry] = ()

    @staticmethod
    def read(store: ConversationStore, conversation_id: str) -> PathEnd:
        """Return the end of a stored conversation. Runs on the store's thread; raises `StoreError`."""
        return PathEnd(store.path_end(conversation_id, _AT_ONCE), store.outline(conversation_id, _AT_ONCE))


@dataclass(frozen=True, slots=True)
class Replaced:
    """The entries that stood from `first` on before a `put`, and the messages that the path ended with."""

    first: str
    entries: Sequence[PathEntry]
    messages: Sequence[Message]


class ConversationPath(QObject):
    """The messages of a conversation from the root to its head.

    `entries` may hold only the last of them until `complete` has read the others.
    """

    outlined = Signal(int)  # so many entries have been put before those known so far
    arrived = Signal(object)  # list[Message]: these were wanted, and are in memory now
    failed = Signal(object)  # the StoreError that reading met with; the next `want` tries again

    def __init__(
        self, work: BackgroundTasks, store: ConversationStore, conversation_id: str, end: PathEnd | None = None
    ) -> None:
        super().__init__()
        end = end or PathEnd()
        self.conversation_id = conversation_id
        self.entries: list[PathEntry] = list(end.entries)
        self._work = work
        self._store = store
        self._above = end.messages[0].parent_id if end.messages else None  # of the first entry
        self._held = MessageCache()
        self._wanted: tuple[str, ...] = ()
        self._absent: set[str] = set()  # what the store does not have
        self._is_fetching = False
        self._is_outlining = False
        for message in end.messages:
            self._held.insert_message(message)

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

    def parent_of(self, index: int) -> str | None:
        """Return the id of the message above `index`, which may be one beyond the last; None for the root."""
        return self.entries[index - 1].id if index > 0 else self._above

    def want(self, message_ids: Iterable[str]) -> None:
        """Load these messages, and emit `arrived` with those that were not in memory.

        Replaces what was wanted before.
        """
        self._wanted = tuple(message_ids)
        self._fetch()
        self.complete()

    def read(
        self,
        message_ids: Sequence[str],
        make: Callable[[dict[str, Message]], Made],
        on_made: Callable[[Made], None],
    ) -> None:
        """Read any number of messages without keeping them, and hand on what `make` makes of them, by id.

        `make` runs on a thread of its own. If reading fails, `failed` is emitted and `on_made` is not called.
        """
        store, work = self._store, self._work
        failed = self._on_gui(ConversationPath._on_failed)

        def make_of(found: list[Message]) -> None:
            work.run_slowly(lambda: make({each.id: each for each in found}), on_made, failed)

        if message_ids:
            work.run_on_store(lambda: store.messages(list(message_ids)), make_of, failed)
        else:
            make_of([])

    def complete(self) -> None:
        """Read what stands above the first entry, and emit `outlined`."""
        if self.is_whole or self._is_outlining:
            return
        self._is_outlining = True
        store, conversation_id = self._store, self.conversation_id
        self._work.run_on_store(
            lambda: store.outline(conversation_id),
            self._on_gui(ConversationPath._on_outlined),
            self._on_gui(ConversationPath._on_failed),
        )

    def replace_from(self, index: int, messages: Sequence[Message], versions: int = 1) -> Replaced:
        """Replace the path from `index` on by `messages`, the first being the newest of `versions`.

        Return what was replaced.
        """
        ends = [self.message(entry.id) for entry in self.entries[-_ALWAYS_HELD:]]
        replaced = Replaced(messages[0].id, self.entries[index:], [each for each in ends if each is not None])
        self.entries[index:] = [entry_of(messages[0], versions, versions), *map(entry_of, messages[1:])]
        self._take(messages)
        return replaced

    def go_back(self, replaced: Replaced) -> None:
        """Undo a `put`."""
        index = self.index_of(replaced.first)
        if index is not None:
            self.entries[index:] = replaced.entries
            self._take(replaced.messages)

    def go_on_with(self, outline: Sequence[PathEntry], end: PathEnd) -> int:
        """Become another path of this conversation. Return how many first entries are the same, as far as is known."""
        same = 0
        if self.is_whole:
            for before, now in zip(self.entries, outline, strict=False):
                if before.id != now.id:
                    break
                same += 1
        self.entries[:] = outline
        self._above = None
        self._take(end.messages)
        return same

    def update(self, message: Message) -> None:
        """Show the present form of a message whose words have grown."""
        index = self.index_of(message.id)
        if index is not None:
            present = entry_of(message)
            self.entries[index] = replace(self.entries[index], letters=present.letters, lines=present.lines)
            self._take([message])

    def _fetch(self) -> None:
        missing = [each for each in self._held.use(self._wanted) if each not in self._absent]
        if not missing or self._is_fetching:
            return
        self._is_fetching = True
        store = self._store
        self._work.run_on_store(
            lambda: store.messages(missing),
            self._on_gui(lambda path, found: path._on_fetched(missing, found)),
            self._on_gui(ConversationPath._on_failed),
        )

    def _on_fetched(self, asked: list[str], found: list[Message]) -> None:
        self._is_fetching = False
        self._absent.update(set(asked) - {each.id for each in found})
        new = [each for each in found if self.message(each.id) is None]  # else it has come, and grown, meanwhile
        self._take(new)
        if new:
            self.arrived.emit(new)
        self._fetch()  # what has been wanted since

    def _on_outlined(self, outline: list[PathEntry]) -> None:
        self._is_outlining = False
        if self.is_whole:
            return
        # The head may have moved since, but never to another branch above what is known.
        ids = [entry.id for entry in outline]
        above = outline[: ids.index(self._above) + 1] if self._above in ids else []
        self._above = None
        self.entries[:0] = above
        self.outlined.emit(len(above))

    def _on_failed(self, error: Exception) -> None:
        self._is_fetching = self._is_outlining = False
        self.failed.emit(error)

    def _take(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self._held.insert_message(message)
        self._held.shrink({*self._wanted, *(entry.id for entry in self.entries[-_ALWAYS_HELD:])})

    def _on_gui(self, method: Callable[[ConversationPath, Any], None]) -> Callable[[Any], None]:
        """Return a callback that keeps no Qt object alive on the store's thread, so that none can end there."""
        this = weakref.ref(self)

        def deliver(outcome: Any) -> None:
            path = this()
            if path is not None:
                method(path, outcome)

        return deliver

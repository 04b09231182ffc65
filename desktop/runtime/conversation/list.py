"""The list of stored conversations, as they are meant to be on the disk: changed, moved to the bin, taken out again.

In memory at once, on the disk as soon as the store's thread comes to it. The current one is `chat`'s.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.conversation import Conversation
from desktop.core.keeping.newest_first import READ_FIRST, NewestFirst
from desktop.core.repository import ConversationStore
from desktop.core.text.titles import distinct
from desktop.runtime.keeping.unsaved import Unsaved
from desktop.runtime.threads.background_tasks import BackgroundTasks

_FEWEST, _MOST = 250, 4_000  # of the others, which come in pieces
_PIECE_SECONDS = 0.02  # of this thread for a piece, with the layout of the list that it brings
_BETWEEN_MS = 10  # in which the window does everything else


def next_piece(count: int, took: float) -> int:
    """Return how many conversations to list next, after so many took so many seconds."""
    wanted = count * _PIECE_SECONDS / max(took, 0.001)
    return round(max(_FEWEST, min(wanted, 2 * count, _MOST)))


class ConversationList(QObject):
    """All conversations that are not in the bin, by their id."""

    changed = Signal()
    failed = Signal(object)  # what the store failed with

    def __init__(
        self, work: BackgroundTasks, store: ConversationStore, disk: Unsaved, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._disk = disk
        self._store = store
        self._known: dict[str, Conversation] = {}
        self._in_order = NewestFirst()
        self._leaving_for_bin: dict[str, Conversation] = {}  # deleted, but not yet on the disk
        self._deleted: set[str] = set()  # ids; since the last look at the disk
        self.is_complete = False  # all that is stored has been fetched

    def __contains__(self, conversation_id: str) -> bool:
        return conversation_id in self._known

    def get(self, conversation_id: str) -> Conversation | None:
        return self._known.get(conversation_id)

    @property
    def newest_first(self) -> list[Conversation]:
        """All of them, in the order of the list; a new list at each call."""
        return self._in_order.copy()

    def distinct(self, title: str) -> str:
        """Return the title, with a number before it if another conversation has it: the list shows both."""
        return distinct(title, {each.title for each in self._known.values()})

    def load(self, then: Callable[[], None]) -> None:
        """Fetch what is stored, the newest at once, and call `then` when all of it is there."""

        def show_newest(found: list[Conversation]) -> None:
            self.merge_stored(found)
            if len(found) < READ_FIRST:
                end()
            else:
                self._work.run_on_store(self._store.conversations, show_all, self.failed.emit)

        def show_all(found: list[Conversation], at: int = 0, count: int = _FEWEST) -> None:
            began = time.thread_time()
            self.merge_stored(each for each in found[at : at + count] if each.id not in self._deleted)

            def go_on() -> None:
                show_all(found, at + count, next_piece(count, time.thread_time() - began))

            if at + count < len(found):
                QTimer.singleShot(_BETWEEN_MS, self, go_on)
            else:
                end()

        def end() -> None:
            self.is_complete = True
            then()

        self._deleted.clear()
        self._work.run_on_store(lambda: self._store.conversations(READ_FIRST), show_newest, self.failed.emit)

    def merge_stored(self, found: Iterable[Conversation]) -> None:
        """Merge conversations read from the disk; newer ones in memory win."""
        fresh = [each for each in found if each.id not in self._known]
        self._known |= {each.id: each for each in fresh}
        self._in_order.extend(fresh)
        self.changed.emit()

    def show(self, conversation: Conversation) -> None:
        """Show a conversation's present form, which the caller saves."""
        self._list(conversation)
        self.changed.emit()

    def save(self, conversation: Conversation) -> None:
        """Show and save a conversation's present form."""
        self._write(conversation)
        self.show(conversation)

    def _write(self, conversation: Conversation) -> None:
        key = "conversation", conversation.id

        def write_present() -> None:
            present = self._known.get(conversation.id)
            if present is not None:
                self._write(present)
            else:
                self._disk.note_saved(key)

        self._disk.save(key, lambda: self._store.save_conversation(conversation), again=write_present)

    def go_back(self, conversation: Conversation, *, was_stored: bool) -> None:
        """Undo a `show` that could not be saved: show the earlier form, or nothing if none was stored."""
        if conversation.id in self._leaving_for_bin and was_stored:
            self._leaving_for_bin[conversation.id] = conversation
        else:
            self._leaving_for_bin.pop(conversation.id, None)
        if conversation.id in self._known and was_stored:
            self._list(conversation)
        else:
            self._unlist(conversation.id)

    def delete(self, conversation_id: str) -> None:
        """Move it to the bin; it comes back if the disk refuses."""
        self._leaving_for_bin[conversation_id] = self._known[conversation_id]
        self._unlist(conversation_id)
        self._deleted.add(conversation_id)
        self._work.run_on_store(
            lambda: self._store.delete_conversation(conversation_id),
            lambda _: self._on_deletion_ended(conversation_id, None),
            lambda error: self._on_deletion_ended(conversation_id, error),
        )
        self.changed.emit()

    def forget(self, ids: Iterable[str]) -> None:
        """List conversations no more that were erased from the disk."""
        for each in ids:
            self._unlist(each)
        self.changed.emit()

    def restore(self, conversation_id: str, then: Callable[[], None]) -> None:
        """Take it out of the bin on the disk, and call `then` when it can be read like all others."""
        self._work.run_on_store(
            lambda: self._store.restore_conversation(conversation_id), lambda _: then(), self.failed.emit
        )

    def _on_deletion_ended(self, conversation_id: str, error: Exception | None) -> None:
        conversation = self._leaving_for_bin.pop(conversation_id, None)
        if error is None:
            return
        if conversation is not None:
            self._list(conversation)
            self.changed.emit()
        self.failed.emit(error)

    def _list(self, conversation: Conversation) -> None:
        self._unlist(conversation.id)
        self._known[conversation.id] = conversation
        self._in_order.insert(conversation)

    def _unlist(self, conversation_id: str) -> None:
        known = self._known.pop(conversation_id, None)
        if known is not None:
            self._in_order.remove(known)

"""The list of stored conversations, as they are meant to be on the disk: changed, moved to the bin, taken out again.

In memory at once, on the disk as soon as the store's thread comes to it. The current one is `chat`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.repository import ConversationStore
from desktop.core.text.titles import distinct
from desktop.runtime.threads.background_tasks import BackgroundTasks


class ConversationList(QObject):
    """All conversations that are not in the bin, by their id."""

    changed = Signal()
    failed = Signal(object)  # what the store failed with

    def __init__(self, work: BackgroundTasks, store: ConversationStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self._known: dict[str, Conversation] = {}
        self._leaving_for_bin: dict[str, Conversation] = {}  # deleted, but not yet on the disk

    def __contains__(self, conversation_id: str) -> bool:
        return conversation_id in self._known

    def get(self, conversation_id: str) -> Conversation | None:
        return self._known.get(conversation_id)

    @property
    def newest_first(self) -> list[Conversation]:
        return sorted(self._known.values(), key=attrgetter("updated_at"), reverse=True)

    def distinct(self, title: str) -> str:
        """Return the title, with a number before it if another conversation has it: the list shows both."""
        return distinct(title, {each.title for each in self._known.values()})

    def merge_stored(self, found: Iterable[Conversation]) -> None:
        """Merge conversations read from the disk; newer ones in memory win."""
        self._known |= {each.id: each for each in found if each.id not in self._known}
        self.changed.emit()

    def show(self, conversation: Conversation) -> None:
        """Show a conversation's present form, which the caller saves."""
        self._known[conversation.id] = conversation
        self.changed.emit()

    def save(self, conversation: Conversation) -> None:
        """Show and save a conversation's present form."""
        self._work.run_on_store(lambda: self._store.save_conversation(conversation), None, self.failed.emit)
        self.show(conversation)

    def go_back(self, conversation: Conversation, *, was_stored: bool) -> None:
        """Undo a `show` that could not be saved: show the earlier form, or nothing if none was stored."""
        for kept in (self._known, self._leaving_for_bin):
            if conversation.id in kept and was_stored:
                kept[conversation.id] = conversation
            else:
                kept.pop(conversation.id, None)

    def delete(self, conversation_id: str) -> None:
        """Move it to the bin; it comes back if the disk refuses."""
        self._leaving_for_bin[conversation_id] = self._known.pop(conversation_id)
        self._work.run_on_store(
            lambda: self._store.delete_conversation(conversation_id),
            lambda _: self._on_deletion_ended(conversation_id, None),
            lambda error: self._on_deletion_ended(conversation_id, error),
        )
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
            self._known[conversation_id] = conversation
            self.changed.emit()
        self.failed.emit(error)

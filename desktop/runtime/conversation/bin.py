"""The bin: deleted conversations, as they stand on the disk until they are restored, erased or too old."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks


class ConversationBin(QObject):
    """The conversations in the bin, read anew when they are asked for; none is kept in memory."""

    found = Signal(object)  # list[tuple[Conversation, float]]: each with when it was deleted, the latest first
    failed = Signal(object)  # what the store failed with

    def __init__(self, work: BackgroundTasks, store: ConversationStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store

    def look(self) -> None:
        """Read what is in the bin; `found` or `failed` follows."""
        self._work.run_on_store(self._store.binned_conversations, self.found.emit, self.failed.emit)

    def erase(self, ids: Sequence[str]) -> None:
        """Erase conversations for good, with their words in the index and in the file; then look again."""

        def erase() -> list[tuple[Conversation, float]]:
            for each in ids:
                self._store.delete_for_good(each)
            return self._store.binned_conversations()

        self._work.run_on_store(erase, self.found.emit, self.failed.emit)

    def restore(self, ids: Sequence[str], then: Callable[[], None]) -> None:
        """Take conversations out of the bin, call `then` when they can be read like all others, and look again."""

        def restore() -> list[tuple[Conversation, float]]:
            for each in ids:
                self._store.restore_conversation(each)
            return self._store.binned_conversations()

        def show(left: list[tuple[Conversation, float]]) -> None:
            then()
            self.found.emit(left)

        self._work.run_on_store(restore, show, self.failed.emit)

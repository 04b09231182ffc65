"""The bin: deleted conversations, as they stand on the disk until they are restored, erased or too old."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.conversation import BIN_DAYS, Conversation
from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)
_AGAIN_SECONDS = 3600.0


class ConversationBin(QObject):
    """The conversations in the bin, read anew when they are asked for; none is kept in memory."""

    found = Signal(object)  # list[tuple[Conversation, float]]: each with when it was deleted, the latest first
    failed = Signal(object)  # what the store failed with
    erasing = Signal(object)  # ids of conversations, before the store is asked to erase them

    def __init__(self, work: BackgroundTasks, store: ConversationStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self.days = BIN_DAYS  # until what is deleted is erased; 0 for never
        self._timer = QTimer(self, interval=round(_AGAIN_SECONDS * 1000))
        self._timer.timeout.connect(self._sweep)

    def begin_sweeping(self) -> None:
        """Erase what has been in the bin for too long, now and as long as the program is open."""
        self._sweep()
        self._timer.start()

    def _sweep(self) -> None:
        if self.days:
            # What could not be erased, as on a full disk, is erased the next time.
            days = self.days
            self._work.run_on_store(lambda: self._store.purge_bin(days), None, _note_failure)

    def look(self) -> None:
        """Read what is in the bin; `found` or `failed` follows."""
        self._work.run_on_store(self._store.binned_conversations, self.found.emit, self.failed.emit)

    def erase(self, ids: Sequence[str]) -> None:
        """Erase conversations for good, with their words in the index and in the file; then look again."""
        self.erasing.emit(ids)

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


def _note_failure(error: Exception) -> None:
    _log.warning("the bin could not be swept: %s", error)

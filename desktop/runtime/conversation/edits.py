"""The new words of messages that are being changed, kept with their conversation, as its draft is, until they are sent.

Their files are kept by `documents/attachments.py` under the same key.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.conversation import edit_key
from desktop.core.repository import ConversationStore
from desktop.runtime.keeping.unsaved import Unsaved
from desktop.runtime.threads.background_tasks import BackgroundTasks


class UnsentEdits:
    """One change at most for each conversation. The last one kept is found even while the disk has yet to write it."""

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        disk: Unsaved,
        on_error: Callable[[Exception], None],
    ) -> None:
        self._work = work
        self._disk = disk
        self._store = store
        self._on_error = on_error
        self._kept: dict[str, tuple[str, str]] = {}  # by conversation: the message's id, and its new words

    def __contains__(self, conversation_id: str) -> bool:
        """Return True if a change is known to be kept."""
        return conversation_id in self._kept

    def keep(self, conversation_id: str, message_id: str, words: str) -> None:
        """Save the new words of a message."""
        if self._kept.get(conversation_id) != (message_id, words):
            self._kept[conversation_id] = message_id, words
            self._save(conversation_id, f"{message_id}\n{words}")

    def forget(self, conversation_id: str) -> None:
        """Delete what is kept: it was sent, or given up."""
        if self._kept.pop(conversation_id, None) is not None:
            self._save(conversation_id, "")

    def read(self, conversation_id: str, show: Callable[[str, str], None]) -> None:
        """Call `show` with the message's id and its new words, if there are any: at once, or when the disk was read."""

        def show_stored(text: str) -> None:
            message_id, _, words = text.partition("\n")
            if message_id:
                kept = self._kept.setdefault(conversation_id, (message_id, words))
                show(*kept)

        key, store = edit_key(conversation_id), self._store
        if (kept := self._kept.get(conversation_id)) is not None:
            show(*kept)
        else:
            self._work.run_on_store(lambda: store.draft(key), show_stored, self._on_error)

    def _save(self, conversation_id: str, text: str) -> None:
        key, store = edit_key(conversation_id), self._store
        self._disk.save(("draft", key), lambda: store.save_draft(key, text))

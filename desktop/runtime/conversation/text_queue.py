"""Texts that the user wrote while a reply ran, waiting to be sent after it; by conversation.

Kept on the disk, so that neither a crash nor leaving the conversation loses a text. When one is sent is decided in
`chat`.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop.core.message import QueuedText
from desktop.core.repository import ConversationStore
from desktop.runtime.keeping.unsaved import Unsaved


class TextQueue:
    """The waiting texts of each conversation, in their order."""

    def __init__(self, store: ConversationStore, disk: Unsaved) -> None:
        self._store = store
        self._disk = disk
        self._texts: dict[str, tuple[QueuedText, ...]] = {}

    def of(self, conversation_id: str) -> tuple[QueuedText, ...]:
        return self._texts.get(conversation_id, ())

    def merge_stored(self, conversation_id: str, texts: Iterable[QueuedText]) -> None:
        """Merge the queue loaded from disk; a newer one in memory wins."""
        self._texts.setdefault(conversation_id, tuple(texts))

    def queue_text(self, conversation_id: str, text: QueuedText) -> None:
        self._change(conversation_id, (*self.of(conversation_id), text))

    def take_back(self, conversation_id: str, index: int) -> QueuedText | None:
        """Remove a text that the user wants back and return it; None if there is none at `index`."""
        texts = self.of(conversation_id)
        if not 0 <= index < len(texts):
            return None
        self._change(conversation_id, self.without(conversation_id, index))
        return texts[index]

    def take_all_back(self, conversation_id: str) -> tuple[QueuedText, ...]:
        """Remove and return all texts of a conversation."""
        texts = self.of(conversation_id)
        if texts:
            self._change(conversation_id, ())
        return texts

    def without(self, conversation_id: str, index: int) -> tuple[QueuedText, ...]:
        """Return the queue as it would be after that text had been sent."""
        texts = self.of(conversation_id)
        return (*texts[:index], *texts[index + 1 :])

    def show(self, conversation_id: str, texts: Iterable[QueuedText]) -> None:
        """Set the waiting texts without saving: they are saved together with the message that was sent."""
        self._texts[conversation_id] = tuple(texts)

    def put_back(self, conversation_id: str, text: QueuedText) -> None:
        """Put a text that could not be sent back to the front of the queue."""
        self._change(conversation_id, (text, *self.of(conversation_id)))

    def _change(self, conversation_id: str, texts: tuple[QueuedText, ...]) -> None:
        self._texts[conversation_id] = texts
        self._disk.save(
            ("queue", conversation_id),
            lambda: self._store.save_queue(conversation_id, texts),
            again=lambda: self._change(conversation_id, self.of(conversation_id)),
        )

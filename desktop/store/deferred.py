"""A store that opens its file at the first use, on the thread that uses it: SQLite's connections belong to a thread.

The window can then be shown before the disk has been asked for anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.message import Message
from desktop.core.path import PathEntry
from desktop.core.sign import Sign
from desktop.store.database import SqliteStore, open_store


class DeferredStore:
    """See `core.repository.ConversationStore`. Opening is tried again at each use until it works."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store: SqliteStore | None = None

    def open(self) -> SqliteStore:
        """The opened store. Raises `StoreError`."""
        if self._store is None:
            self._store = open_store(self._path)
            self._store.purge_bin()
        return self._store

    def conversations(self) -> list[Conversation]:
        return self.open().conversations()

    def save_conversation(self, conversation: Conversation) -> None:
        self.open().save_conversation(conversation)

    def delete_conversation(self, conversation_id: str) -> None:
        self.open().delete_conversation(conversation_id)

    def restore_conversation(self, conversation_id: str) -> None:
        self.open().restore_conversation(conversation_id)

    def path(self, conversation_id: str, leaf_id: str | None = None) -> list[Message]:
        return self.open().path(conversation_id, leaf_id)

    def path_end(self, conversation_id: str, count: int, leaf_id: str | None = None) -> list[Message]:
        return self.open().path_end(conversation_id, count, leaf_id)

    def outline(self, conversation_id: str, count: int | None = None) -> list[PathEntry]:
        return self.open().outline(conversation_id, count)

    def messages(self, ids: list[str]) -> list[Message]:
        return self.open().messages(ids)

    def leaf_of_version(self, message_id: str, version: int) -> str | None:
        return self.open().leaf_of_version(message_id, version)

    def begin_turn(
        self, conversation: Conversation, messages: list[Message], queue: Sequence[str] | None = None
    ) -> None:
        self.open().begin_turn(conversation, messages, queue)

    def log_reply(self, message_id: str, pieces: list[tuple[str, str]]) -> None:
        self.open().log_reply(message_id, pieces)

    def finish_reply(self, message: Message) -> None:
        self.open().finish_reply(message)

    def save_signs(self, message_id: str, signs: Sequence[Sign]) -> None:
        self.open().save_signs(message_id, signs)

    def draft(self, conversation_id: str) -> str:
        return self.open().draft(conversation_id)

    def save_draft(self, conversation_id: str, text: str) -> None:
        self.open().save_draft(conversation_id, text)

    def prompt_draft(self, conversation_id: str, message_id: str = "") -> str:
        return self.open().prompt_draft(conversation_id, message_id)

    def save_prompt_draft(self, conversation_id: str, draft: str, message_id: str = "") -> None:
        self.open().save_prompt_draft(conversation_id, draft, message_id)

    def queue(self, conversation_id: str) -> list[str]:
        return self.open().queue(conversation_id)

    def save_queue(self, conversation_id: str, texts: Sequence[str]) -> None:
        self.open().save_queue(conversation_id, texts)

    def close(self) -> None:
        """Close the file, if it was ever opened."""
        if self._store is not None:
            self._store.close()
            self._store = None

"""Temporary conversations: kept in memory, by the same code as all others, and gone with the program.

A `MixedStore` hands each call on to the store on the disk or to the one in memory, by the id of the conversation or of
the message.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop.core.conversation import Conversation, is_temporary
from desktop.core.message import Message, QueuedText
from desktop.core.path import PathEntry
from desktop.core.repository import StoreError
from desktop.core.sign import Sign
from desktop.store.database import SqliteStore
from desktop.store.schema import bring_to_date


class MemoryStore(SqliteStore):
    """A store whose database is in memory alone; what files it has are those on the disk.

    A window that is made anew goes on with it on a thread of its own, when that of the window before has ended.
    """

    def open(self) -> None:
        if self._opened is None:
            self._opened = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._opened.execute("PRAGMA foreign_keys = ON")
            bring_to_date(self._opened)

    def _note_erased(self, identities: list[str]) -> None:
        """No backup has them."""


class MixedStore:
    """A `core.repository.ConversationStore` of both kinds of conversations."""

    def __init__(
        self,
        disk: SqliteStore,
        path: Path,
        before: MixedStore | None = None,
        keeps_nothing: Callable[[], bool] = lambda: False,
    ) -> None:
        """Keep the stores. `before` has been closed: what it has in memory is gone on with.

        While `keeps_nothing` returns True, no new words go to the disk: by the policy of this computer.
        """
        self._keeps_nothing = keeps_nothing
        self._disk = disk
        self._memory: MemoryStore = MemoryStore(path) if before is None else before._memory
        self._in_memory: set[str] = set() if before is None else before._in_memory  # the ids of messages

    @property
    def trouble(self) -> StoreError | None:
        return self._disk.trouble

    def close(self, *, keeps_temporary: bool = False) -> None:
        """Close the file, and forget all that is temporary, unless another store goes on with it."""
        self._keeps_nothing = lambda: True  # it holds the window that ends, and the next one may hold this
        if not keeps_temporary:
            self._memory.close()
        self._disk.close()

    def conversations(self, newest: int | None = None) -> list[Conversation]:
        found = self._disk.conversations(newest)
        return [*self._memory.conversations(), *found] if self._in_memory else found

    def save_conversation(self, conversation: Conversation) -> None:
        self._of(conversation.id).save_conversation(conversation)

    def delete_conversation(self, conversation_id: str) -> None:
        self._of(conversation_id).delete_conversation(conversation_id)

    def restore_conversation(self, conversation_id: str) -> None:
        self._of(conversation_id).restore_conversation(conversation_id)

    def binned_conversations(self) -> list[tuple[Conversation, float]]:
        return self._disk.binned_conversations()

    def delete_for_good(self, conversation_id: str) -> None:
        self._of(conversation_id).delete_for_good(conversation_id)

    def purge_bin(self, days: float) -> int:
        return self._disk.purge_bin(days)

    def path(self, conversation_id: str, leaf_id: str | None = None) -> list[Message]:
        return self._of(conversation_id).path(conversation_id, leaf_id)

    def all_messages(self, conversation_id: str) -> list[Message]:
        return self._of(conversation_id).all_messages(conversation_id)

    def path_end(self, conversation_id: str, count: int, leaf_id: str | None = None) -> list[Message]:
        return self._of(conversation_id).path_end(conversation_id, count, leaf_id)

    def outline(self, conversation_id: str, count: int | None = None) -> list[PathEntry]:
        return self._of(conversation_id).outline(conversation_id, count)

    def messages(self, ids: list[str]) -> list[Message]:
        return self._with(ids[0] if ids else "").messages(ids)

    def pictures(self, messages: Sequence[Message]) -> dict[str, bytes]:
        return self._disk.pictures(messages)

    def leaf_of_version(self, message_id: str, version: int) -> str | None:
        return self._with(message_id).leaf_of_version(message_id, version)

    def leaf_under(self, message_id: str) -> str | None:
        return self._with(message_id).leaf_under(message_id)

    def begin_reply(
        self, conversation: Conversation, messages: list[Message], queue: Sequence[QueuedText] | None = None
    ) -> None:
        if self._goes_nowhere(conversation.id):
            raise StoreError("policy")
        if is_temporary(conversation.id):
            self._in_memory.update(message.id for message in messages)
        self._of(conversation.id).begin_reply(conversation, messages, queue)

    def log_reply(self, message_id: str, pieces: list[tuple[str, str]]) -> None:
        self._with(message_id).log_reply(message_id, pieces)

    def finish_reply(self, message: Message) -> None:
        self._with(message.id).finish_reply(message)

    def save_signs(self, message_id: str, signs: Sequence[Sign]) -> None:
        self._with(message_id).save_signs(message_id, signs)

    def draft(self, conversation_id: str) -> str:
        return self._of(conversation_id).draft(conversation_id)

    def save_draft(self, conversation_id: str, text: str) -> None:
        if text and self._goes_nowhere(conversation_id):
            return
        self._of(conversation_id).save_draft(conversation_id, text)

    def prompt_draft(self, conversation_id: str, message_id: str = "") -> str:
        return self._of(conversation_id).prompt_draft(conversation_id, message_id)

    def save_prompt_draft(self, conversation_id: str, draft: str, message_id: str = "") -> None:
        if draft and self._goes_nowhere(conversation_id):
            return
        self._of(conversation_id).save_prompt_draft(conversation_id, draft, message_id)

    def queue(self, conversation_id: str) -> list[QueuedText]:
        return self._of(conversation_id).queue(conversation_id)

    def save_queue(self, conversation_id: str, texts: Sequence[QueuedText]) -> None:
        if texts and self._goes_nowhere(conversation_id):
            return
        self._of(conversation_id).save_queue(conversation_id, texts)

    def _goes_nowhere(self, conversation_id: str) -> bool:
        return self._keeps_nothing() and not is_temporary(conversation_id)

    def _of(self, conversation_id: str) -> SqliteStore:
        return self._memory if is_temporary(conversation_id) else self._disk

    def _with(self, message_id: str) -> SqliteStore:
        """Return the store that has a message; all messages that are asked for at once are of one conversation."""
        return self._memory if message_id in self._in_memory else self._disk

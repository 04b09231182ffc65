"""Conversations in SQLite: the implementation of `core.repository.ConversationStore`.

One connection, opened at the first use and used from that thread alone. The form of a row is in `rows`, the structure
in `schema`, the index for searching, which has a file of its own, in `search`. It does not keep two programs apart:
whoever opens the file takes running replies for interrupted ones, so hold the `InstanceLock` of its folder first.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.documents.keeping import DraftFile
from desktop.core.documents.reading import ReadingError
from desktop.core.keeping.newest_first import list_order
from desktop.core.message import Message, MessageStatus, QueuedText
from desktop.core.path import PathEntry
from desktop.core.repository import StoreError
from desktop.core.sign import Sign
from desktop.core.text.clean_text import encodable
from desktop.store import drafts, tree
from desktop.store.backups import note_erased
from desktop.store.database_file import DatabaseFile
from desktop.store.files import FileFolder
from desktop.store.rows import (
    CONVERSATION_COLUMNS,
    MESSAGE_COLUMNS,
    conversation_of_row,
    conversation_row,
    grown,
    message_of_row,
    message_row,
    signs_json,
)
from desktop.store.salvage import is_damage, readable_rows
from desktop.store.search.index import StoredSearchIndex

_SECONDS_A_DAY = 86_400.0
_ENGINE_STATES = "engine"  # a folder of earlier versions, with what the built-in engine had read of conversations


def open_store(path: Path) -> SqliteStore:
    """Return the store of the database at `path`, opened at once: see `SqliteStore.open`. Raises `StoreError`."""
    store = SqliteStore(path)
    store.open()
    return store


class SqliteStore(DatabaseFile):
    """A `core.repository.ConversationStore` in one file, beside the files that messages have.

    More methods are for the bin and for tidying up. Opened, it takes replies that are found running for interrupted.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.files = FileFolder(path.parent / "files")
        self.search_index = StoredSearchIndex(path.with_name(f"{path.stem}-search{path.suffix}"), path)
        self._running: set[str] = set()  # replies begun here, unlike those that an earlier run left behind

    def close(self) -> None:
        """Close the files, if they are open, which folds the write-ahead log in; the next use opens them again."""
        self.search_index.close()
        super().close()

    def _prepare(self) -> None:
        _if_possible(self.recover)  # `path` shows the replies as interrupted anyhow

    def conversations(self, newest: int | None = None) -> list[Conversation]:
        with self._failures():
            connection = self._connection
            try:
                rows = connection.execute(_LISTED, (-1 if newest is None else newest,))  # a negative limit is none
                found = list(map(conversation_of_row, rows))
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self.refuse_writing(str(error))
                found = _readable_conversations(connection)
            connection.execute("PRAGMA shrink_memory").fetchall()  # pages of very many are not read again
            if not all(each.id for each in found):
                self.refuse_writing("a conversation without a name of its own")
            return [each for each in found if each.id]

    def binned_conversations(self) -> list[tuple[Conversation, float]]:
        """Return the conversations in the bin with the time they were put there, the latest first."""
        with self._failures():
            return [(conversation_of_row(row[:-1]), float(row[-1])) for row in self._connection.execute(_BINNED)]

    def save_conversation(self, conversation: Conversation) -> None:
        with self._transaction():
            self._put_conversation(conversation)

    def delete_conversation(self, conversation_id: str) -> None:
        with self._transaction() as connection:
            connection.execute(
                "UPDATE conversations SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
                (time.time(), conversation_id),
            )

    def restore_conversation(self, conversation_id: str) -> None:
        with self._transaction() as connection:
            connection.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", (conversation_id,))

    def delete_for_good(self, conversation_id: str) -> None:
        """Erase a conversation, in the bin or not, with all that belongs to it, from the file's bytes too."""
        self._erase([conversation_id])

    def purge_bin(self, days: float, now: float | None = None) -> int:
        """Erase what has been in the bin for longer than `days`; return the number of conversations erased."""
        limit = (time.time() if now is None else now) - days * _SECONDS_A_DAY
        with self._failures():
            rows = self._connection.execute("SELECT id FROM conversations WHERE deleted_at < ?", (limit,)).fetchall()
        identities = [str(row[0]) for row in rows]
        if identities:
            self._erase(identities)
        return len(identities)

    def path(self, conversation_id: str, leaf_id: str | None = None) -> list[Message]:
        with self._failures():
            leaf_id = leaf_id or tree.head_of(self._connection, conversation_id)
            return list(map(self._as_it_stands, tree.path(self._connection, conversation_id, leaf_id)))

    def all_messages(self, conversation_id: str) -> list[Message]:
        with self._failures():
            return list(map(self._as_it_stands, tree.all_messages(self._connection, conversation_id)))

    def path_end(self, conversation_id: str, count: int, leaf_id: str | None = None) -> list[Message]:
        with self._failures():
            leaf_id = leaf_id or tree.head_of(self._connection, conversation_id)
            return list(map(self._as_it_stands, tree.path(self._connection, conversation_id, leaf_id, count)))

    def outline(self, conversation_id: str, count: int | None = None) -> list[PathEntry]:
        with self._failures():
            head_id = tree.head_of(self._connection, conversation_id)
            if count is None:
                entries = list(tree.outline(self._connection, conversation_id, head_id))
            else:
                entries = list(tree.outline_end(self._connection, conversation_id, head_id, count))
            ids = tree.running_ids(self._connection, conversation_id)
            running = {each.id: self._as_it_stands(each).text for each in tree.messages(self._connection, ids)}
        entries.reverse()
        if running:
            entries = [_with_text(each, running[each.id]) if each.id in running else each for each in entries]
        return entries

    def messages(self, ids: list[str]) -> list[Message]:
        with self._failures():
            return list(map(self._as_it_stands, tree.messages(self._connection, ids)))

    def pictures(self, messages: Sequence[Message]) -> dict[str, bytes]:
        found = {}
        for digest in {part.digest for message in messages for part in message.pictures}:
            with contextlib.suppress(ReadingError):
                found[digest] = self.files.read_bytes(digest)
        return found

    def leaf_of_version(self, message_id: str, version: int) -> str | None:
        with self._failures():
            return tree.leaf_of_version(self._connection, message_id, version)

    def leaf_under(self, message_id: str) -> str | None:
        with self._failures():
            return tree.leaf_under(self._connection, message_id)

    def begin_reply(
        self, conversation: Conversation, messages: list[Message], queue: Sequence[QueuedText] | None = None
    ) -> None:
        with self._transaction() as connection:
            self._put_conversation(conversation)
            connection.executemany(_PUT_MESSAGE, [(conversation.id, *message_row(message)) for message in messages])
            drafts.note_message_files(connection, messages)
            if queue is not None:
                drafts.put_queue(connection, conversation.id, queue)
        self._running.update(message.id for message in messages if message.status is MessageStatus.STREAMING)

    def log_reply(self, message_id: str, pieces: list[tuple[str, str]]) -> None:
        """Log pieces of a running reply; dropped if it has ended or was erased, since its final form counts."""
        if not pieces:
            return
        with self._transaction() as connection:
            row = connection.execute(_NEXT_IN_LOG, (message_id,)).fetchone()
            if row is None:
                return
            numbered = enumerate(pieces, start=row[0])
            connection.executemany(
                "INSERT INTO reply_log (message_id, seq, kind, text) VALUES (?, ?, ?, ?)",
                [(message_id, seq, kind, encodable(text)) for seq, (kind, text) in numbered],
            )

    def finish_reply(self, message: Message) -> None:
        """Save the final form of a reply.

        Raises `StoreError` other if the reply was never begun, since then nothing has been saved.
        """
        with self._transaction() as connection:
            values = message_row(message)
            if connection.execute(_FINISH_MESSAGE, (*values[1:], message.id)).rowcount == 0:
                raise StoreError("other", "no such message")
            connection.execute("DELETE FROM reply_log WHERE message_id = ?", (message.id,))
        self._running.discard(message.id)

    def save_signs(self, message_id: str, signs: Sequence[Sign]) -> None:
        with self._transaction() as connection:
            connection.execute("UPDATE messages SET signs = ? WHERE id = ?", (signs_json(signs), message_id))

    def recover(self) -> int:
        """Mark replies found running as interrupted, with the text that had been logged; return their number."""
        with self._failures():
            query = f"SELECT {_MESSAGE} FROM messages WHERE status = 'streaming'"
            running = [message_of_row(row) for row in self._connection.execute(query)]
        self._running.clear()
        if not running:
            return 0
        with self._transaction() as connection:
            for message in map(self._as_it_stands, running):
                row = dict(zip(MESSAGE_COLUMNS, message_row(message), strict=True))
                connection.execute(
                    "UPDATE messages SET status = :status, text = :text, reasoning = :reasoning, parts = :parts, "
                    "early = :early WHERE id = :id",
                    row,
                )
            connection.execute("DELETE FROM reply_log")
        return len(running)

    def draft(self, conversation_id: str) -> str:
        with self._failures():
            return drafts.draft(self._connection, conversation_id)

    def save_draft(self, conversation_id: str, text: str) -> None:
        with self._transaction() as connection:
            drafts.put_draft(connection, conversation_id, text)

    def draft_files(self, conversation_id: str) -> list[DraftFile]:
        with self._failures():
            return drafts.draft_files(self._connection, conversation_id)

    def save_draft_files(self, conversation_id: str, files: Sequence[DraftFile]) -> None:
        with self._transaction() as connection:
            drafts.put_draft_files(connection, conversation_id, files)

    def discard_files(self, digests: Sequence[str]) -> None:
        with self._failures():
            for digest in digests:
                if not drafts.is_used(self._connection, digest):
                    self.files.discard(digest)

    def sweep_files(self) -> int:
        shutil.rmtree(self.file.parent / _ENGINE_STATES, ignore_errors=True)
        with self._transaction() as connection:
            drafts.forget_lost_drafts(connection)
        with self._failures():
            connection = self._connection
            return self.files.sweep(drafts.used_files(connection), drafts.known_since(connection))

    def prompt_draft(self, conversation_id: str, message_id: str = "") -> str:
        with self._failures():
            return drafts.prompt_draft(self._connection, conversation_id, message_id)

    def save_prompt_draft(self, conversation_id: str, draft: str, message_id: str = "") -> None:
        with self._transaction() as connection:
            drafts.put_prompt_draft(connection, conversation_id, message_id, draft)

    def queue(self, conversation_id: str) -> list[QueuedText]:
        with self._failures():
            return drafts.queue(self._connection, conversation_id)

    def save_queue(self, conversation_id: str, texts: Sequence[QueuedText]) -> None:
        with self._transaction() as connection:
            drafts.put_queue(connection, conversation_id, texts)

    def tidy_search(self) -> None:
        """Delete the note of the changes that the index for searching has taken up."""
        taken_up = self.search_index.taken_up
        with self._transaction() as connection:
            connection.execute("DELETE FROM search_changes WHERE seq <= ?", (taken_up,))

    def _as_it_stands(self, message: Message) -> Message:
        """Return a `streaming` reply with the text logged so far; interrupted if it was not begun here."""
        if message.status is not MessageStatus.STREAMING:
            return message
        query = "SELECT kind, text FROM reply_log WHERE message_id = ? ORDER BY seq"
        found = grown(message, self._connection.execute(query, (message.id,)))
        status = MessageStatus.STREAMING if message.id in self._running else MessageStatus.INTERRUPTED
        return replace(found, status=status)

    def _put_conversation(self, conversation: Conversation) -> None:
        self._connection.execute(_PUT_CONVERSATION, conversation_row(conversation))

    def _erase(self, identities: list[str]) -> None:
        files: set[str] = set()
        with self._failures():
            self._note_erased(identities)
        with self._transaction() as connection:
            for identity in identities:
                files |= drafts.files_of_conversation(connection, identity)
                drafts.erase(connection, identity)
                connection.execute("DELETE FROM conversations WHERE id = ?", (identity,))
        self.search_index.forget_erased()
        # The write-ahead log still holds the text. A reader may keep it from being cut; it is cut at closing then.
        with self._failures():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.discard_files(list(files))

    def _given_before(self) -> set[str]:
        return self.files.newly_kept

    def _note_erased(self, identities: list[str]) -> None:
        note_erased(self.file, identities)


def _if_possible(tidy_up: Callable[[], object]) -> None:
    """Do what a full disk or a damaged file may put off, since that must not keep conversations from being read."""
    try:
        tidy_up()
    except StoreError as error:
        if error.reason not in ("full", "damaged"):
            raise


def _readable_conversations(connection: sqlite3.Connection) -> list[Conversation]:
    """Return those that can be read in a damaged file, the newest first: a damaged one hides no others."""
    rows = readable_rows(connection, "conversations", (*CONVERSATION_COLUMNS, "deleted_at"))
    return sorted((conversation_of_row(row[:-1]) for row in rows if row[-1] is None), key=list_order)


def _with_text(entry: PathEntry, text: str) -> PathEntry:
    return replace(entry, letters=len(text), lines=text.count("\n"))


def _assignments(columns: Sequence[str]) -> str:
    return ", ".join(f"{column} = excluded.{column}" for column in columns)


_CONVERSATION = ", ".join(CONVERSATION_COLUMNS)
_MESSAGE = ", ".join(MESSAGE_COLUMNS)
_LISTED = f"SELECT {_CONVERSATION} FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC, id LIMIT ?"
_BINNED = (
    f"SELECT {_CONVERSATION}, deleted_at FROM conversations WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id"
)
_PUT_CONVERSATION = (
    f"INSERT INTO conversations ({_CONVERSATION}) VALUES ({', '.join('?' * len(CONVERSATION_COLUMNS))}) "
    f"ON CONFLICT (id) DO UPDATE SET {_assignments(CONVERSATION_COLUMNS[1:])}"
)
_PUT_MESSAGE = (
    f"INSERT INTO messages (conversation_id, {_MESSAGE}) VALUES (?, {', '.join('?' * len(MESSAGE_COLUMNS))}) "
    f"ON CONFLICT (id) DO UPDATE SET {_assignments(MESSAGE_COLUMNS[1:])}"
)
_FINISH_MESSAGE = f"UPDATE messages SET {', '.join(f'{column} = ?' for column in MESSAGE_COLUMNS[1:])} WHERE id = ?"
_NEXT_IN_LOG = """
    SELECT coalesce((SELECT max(seq) + 1 FROM reply_log WHERE message_id = messages.id), 0)
    FROM messages WHERE id = ? AND status = 'streaming'
"""

"""Conversations in SQLite.

One connection, opened at the first use and used from that thread alone. The tree of messages is in `messages`, the
form of a row in `rows`, the structure in `schema`, the index for searching, which has a file of its own, in `search`.
It does not keep two programs apart: whoever opens the file takes running replies for interrupted ones, so hold the
`InstanceLock` of its folder first.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.core.conversation import EXAMPLE, Conversation, edit_key, is_temporary, list_order
from desktop.core.converting import UnusableError, as_dict, converted
from desktop.core.documents.attachment import DraftFile
from desktop.core.documents.document import ReadingError
from desktop.core.errors import StoreError
from desktop.core.folders import FileRun
from desktop.core.message import FilePart, Message, MessageStatus, QueuedText, Sign
from desktop.core.text.clean_text import encodable
from desktop.store.backups import note_erased
from desktop.store.database_file import readable_rows
from desktop.store.disk import is_damage, value_of
from desktop.store.files import FileStore
from desktop.store.messages import Memory, MessageTrees
from desktop.store.rows import (
    CONVERSATION_COLUMNS,
    MESSAGE_COLUMNS,
    conversation_of_row,
    conversation_row,
    loaded,
    message_row,
    part_record,
    parts_of_records,
    signs_json,
    to_json,
)
from desktop.store.schema import erase
from desktop.store.search_index import SearchIndex

Record = Mapping[str, object]  # columns with their values
_SECONDS_A_DAY = 86_400.0
_ENGINE_STATES = "engine"  # a folder of earlier versions, with what the built-in engine had read of conversations


def open_store(path: Path) -> SqliteStore:
    """Return the store of the database at `path`, opened at once: see `SqliteStore.open`. Raises `StoreError`."""
    store = SqliteStore(path)
    store.open()
    return store


class SqliteStore(MessageTrees):
    """Conversations and their messages in one file, beside the files that messages have.

    Opened, it takes replies that are found running for interrupted. All methods block on the disk: call them on the
    store's thread. Each raises `StoreError` when the disk fails. An id of no conversation is that of one which does
    not exist yet, for its drafts, files and queue.
    """

    def __init__(
        self,
        path: Path,
        before: SqliteStore | None = None,
        keeps_nothing: Callable[[], bool] = lambda: False,
    ) -> None:
        """Keep the path. `before` has been closed: what it has in memory is gone on with.

        While `keeps_nothing` returns True, no new words go to the disk: by the policy of this computer.
        """
        super().__init__(path, before.memory if before is not None else Memory())
        self._keeps_nothing = keeps_nothing
        self.files = FileStore(path.parent / "files")
        self._given_before = self.files.newly_kept
        self.search_index = SearchIndex(path.with_name(f"{path.stem}-search{path.suffix}"), path)

    def close(self) -> None:
        """Close the files, if they are open, which folds the write-ahead log in; the next use opens them again."""
        self.search_index.close()
        super().close()

    @contextlib.contextmanager
    def _closed(self) -> Iterator[None]:
        with self.search_index.closed(), super()._closed():
            yield

    def end(self, *, keeps_temporary: bool = False) -> None:
        """Close the files, and forget all that is temporary, unless another store goes on with it."""
        self._keeps_nothing = lambda: True  # it holds the window that ends, and the next one may hold this
        if not keeps_temporary:
            self.memory.close()
        self.close()

    def _prepare(self) -> None:
        try:
            self.recover()
        except StoreError as error:
            if error.reason not in ("full", "damaged"):  # then it is put off: `path` shows them as interrupted anyhow
                raise

    def conversations(self, newest: int | None = None) -> list[Conversation]:
        """Return all that are not in the bin and can be read, or this many, the newest `updated_at` first."""
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
            temporary = self.memory.connection.execute(_LISTED, (-1,)) if self.memory.messages else ()
            return [*map(conversation_of_row, temporary), *(each for each in found if each.id)]

    def binned_conversations(self) -> list[tuple[Conversation, float]]:
        """Return the conversations in the bin with the time they were put there, the latest first."""
        with self._failures():
            return [(conversation_of_row(row[:-1]), float(row[-1])) for row in self._connection.execute(_BINNED)]

    def save_conversation(self, conversation: Conversation) -> None:
        """Insert it, or update the one with its id. Its messages are untouched."""
        with self._writing(conversation.id) as connection:
            connection.execute(_PUT_CONVERSATION, conversation_row(conversation))

    def delete_conversation(self, conversation_id: str) -> None:
        """Move it to the bin."""
        with self._writing(conversation_id) as connection:
            connection.execute(
                "UPDATE conversations SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL",
                (time.time(), conversation_id),
            )

    def restore_conversation(self, conversation_id: str) -> None:
        with self._writing(conversation_id) as connection:
            connection.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", (conversation_id,))

    def delete_for_good(self, conversation_id: str) -> None:
        """Erase a conversation, in the bin or not, with all that belongs to it, from the file's bytes too."""
        if is_temporary(conversation_id):
            with self._writing(conversation_id) as connection:
                erase(connection, conversation_id)
        else:
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

    def pictures(self, messages: Sequence[Message]) -> dict[str, bytes]:
        """Return the bytes of the pictures in these messages, by their digests; those that are gone are left out."""
        found = {}
        for digest in {part.digest for message in messages for part in message.pictures}:
            with contextlib.suppress(ReadingError):
                found[digest] = self.files.read_bytes(digest)
        return found

    def begin_reply(
        self, conversation: Conversation, messages: list[Message], queue: Sequence[QueuedText] | None = None
    ) -> None:
        """Save the conversation and its new messages (the user's, the reply in status `streaming`) in one commit.

        `queue`: what still waits to be sent, saved in the same commit; None leaves it as it is.
        """
        self._refuse_by_policy(conversation.id)
        if is_temporary(conversation.id):
            self.memory.messages.update(message.id for message in messages)
        with self._writing(conversation.id) as connection:
            connection.execute(_PUT_CONVERSATION, conversation_row(conversation))
            connection.executemany(_PUT_MESSAGE, [(conversation.id, *message_row(message)) for message in messages])
            connection.executemany(
                "INSERT OR IGNORE INTO message_files (message_id, digest) VALUES (?, ?)",
                [(message.id, part.digest) for message in messages for part in message.files if part.digest],
            )
            if queue is not None:
                _put_queue(connection, conversation.id, queue)
        self._running.update(message.id for message in messages if message.status is MessageStatus.STREAMING)

    def log_reply(self, message_id: str, pieces: list[tuple[str, str]]) -> None:
        """Append (kind, text) pieces of a running reply; dropped if it has ended or was erased: its final form counts.

        Kind is `text` or `reasoning`, with words; `reclassified`, `began_again` or `resumed`, without; `ended` with
        `person` or `limit`; or `early` with an `AnswerWay`. They stand for the events of the same names.
        """
        if not pieces:
            return
        with self._writing(message_id) as connection:
            first = value_of(connection, _NEXT_IN_LOG, message_id)
            if first is None:
                return
            numbered = enumerate(pieces, start=first)
            connection.executemany(
                "INSERT INTO reply_log (message_id, seq, kind, text) VALUES (?, ?, ?, ?)",
                [(message_id, seq, kind, encodable(text)) for seq, (kind, text) in numbered],
            )

    def finish_reply(self, message: Message) -> None:
        """Save the final form of a reply.

        Raises `StoreError` other if the reply was never begun, since then nothing has been saved.
        """
        with self._writing(message.id) as connection:
            if _finish(connection, message) == 0:
                raise StoreError("other", "no such message")
        self._running.discard(message.id)

    def save_signs(self, message_id: str, signs: Sequence[Sign]) -> None:
        with self._writing(message_id) as connection:
            connection.execute("UPDATE messages SET signs = ? WHERE id = ?", (signs_json(signs), message_id))

    def recover(self) -> int:
        """Mark replies found running as interrupted, with the text that had been logged; return their number."""
        running = self._found_running()
        self._running.clear()
        if not running:
            return 0
        with self._transaction() as connection:
            for message in self._as_they_stand(connection, running):
                _finish(connection, message)
        return len(running)

    def draft(self, conversation_id: str) -> str:
        """Return the text in the box; empty where there is none."""
        return self._value(conversation_id, "SELECT text FROM drafts WHERE conversation_id = ?", conversation_id) or ""

    def save_draft(self, conversation_id: str, text: str) -> None:
        """Remember the text in the box; an empty one is forgotten."""
        row = {"text": encodable(text), "updated_at": time.time()}
        self._keep("drafts", {"conversation_id": conversation_id}, [row] if text else [])

    def prompt_draft(self, conversation_id: str, message_id: str = "") -> str:
        """Return the draft in the prompt builder, or that of a sent message, as JSON; empty where there is none."""
        query = "SELECT draft FROM prompt_drafts WHERE conversation_id = ? AND message_id = ?"
        return self._value(conversation_id, query, conversation_id, message_id) or ""

    def save_prompt_draft(self, conversation_id: str, draft: str, message_id: str = "") -> None:
        """Remember a draft of the prompt builder; an empty one is forgotten."""
        row = {"draft": encodable(draft), "updated_at": time.time()}
        key = {"conversation_id": conversation_id, "message_id": message_id}
        self._keep("prompt_drafts", key, [row] if draft else [])

    def kept_examples(self) -> list[tuple[str, str, float]]:
        """Return the key of each kept example, its draft as JSON, and since when it is kept; the newest first."""
        query = "SELECT conversation_id, draft, updated_at FROM prompt_drafts WHERE conversation_id GLOB ?"
        return self._rows("", f"{query} ORDER BY updated_at DESC", f"{EXAMPLE}*")

    def queue(self, conversation_id: str) -> list[QueuedText]:
        """Return the texts that wait to be sent after a running reply, the next one first."""
        query = "SELECT text, parts FROM queued WHERE conversation_id = ? ORDER BY seq"
        rows = self._rows(conversation_id, query, conversation_id)
        return [QueuedText(str(text), tuple(_files_in(loaded(parts, list)))) for text, parts in rows]

    def save_queue(self, conversation_id: str, texts: Sequence[QueuedText]) -> None:
        """Remember all texts that wait, in the place of those before."""
        if not (texts and self._goes_nowhere(conversation_id)):
            with self._writing(conversation_id) as connection:
                _put_queue(connection, conversation_id, texts)

    def file_runs(self, conversation_id: str) -> list[FileRun]:
        """Return the questions that were put to each file in a conversation, the newest last, with all their rows."""
        query = "SELECT run, record FROM each_file WHERE conversation_id = ? ORDER BY run, seq"
        records: dict[str, list[dict[str, object]]] = {}
        for run, record in self._rows(conversation_id, query, conversation_id):
            records.setdefault(run, []).append(loaded(record, dict))
        found: list[FileRun] = []
        for head, *lines in records.values():
            with contextlib.suppress(UnusableError):
                found.append(converted(FileRun, {**head, "rows": lines}))
        return sorted(found, key=lambda each: each.created_at)

    def save_file_run(self, run: FileRun) -> None:
        """Keep a question to each file, with all its rows, in the place of what there was of it.

        Raises `StoreError` policy where nothing is added any more.
        """
        self._refuse_by_policy(run.conversation)
        head = as_dict(replace(run, rows=()), without_defaults=True) | {"id": run.id, "created_at": run.created_at}
        records = [head, *(as_dict(row, without_defaults=True) for row in run.rows)]
        rows = [
            {"seq": at - 1, "conversation_id": run.conversation, "record": json.dumps(record)}
            for at, record in enumerate(records)
        ]
        with self._writing(run.conversation) as connection:
            _replace(connection, "each_file", {"run": run.id}, rows)

    def save_file_row(self, run: FileRun, index: int) -> None:
        """Keep one row of it, likewise. JSON's escapes keep the path of a file whose name is no Unicode."""
        self._refuse_by_policy(run.conversation)
        record = json.dumps(as_dict(run.rows[index], without_defaults=True))
        with self._writing(run.conversation) as connection:
            connection.execute("UPDATE each_file SET record = ? WHERE run = ? AND seq = ?", (record, run.id, index))

    def draft_files(self, conversation_id: str) -> list[DraftFile]:
        """Return the files given to the next message, in the box or in the prompt builder, in their order."""
        query = "SELECT digest, record FROM draft_files WHERE conversation_id = ? ORDER BY seq"
        with self._failures():
            return [_draft_file(*row) for row in self._connection.execute(query, (conversation_id,))]

    def save_draft_files(self, conversation_id: str, files: Sequence[DraftFile]) -> None:
        """Remember all files given to the next message, in the place of those before."""
        rows = [{"seq": seq, "digest": file.digest, "record": _record_of(file)} for seq, file in enumerate(files)]
        with self._transaction() as connection:
            _replace(connection, "draft_files", {"conversation_id": conversation_id}, rows)

    def discard_files(self, digests: Iterable[str]) -> None:
        """Delete those of these files that no message, no draft and no claim has."""
        with self._failures():
            for digest in digests:
                if value_of(self._connection, _IS_USED, digest) is None:
                    self.files.discard(digest)

    def sweep_files(self) -> int:
        """Delete all files that nothing has, and return how many. Those from before this store may be another's."""
        shutil.rmtree(self.file.parent / _ENGINE_STATES, ignore_errors=True)
        with self._transaction() as connection:
            for table in ("draft_files", "queued_files"):
                # Of conversations that were never stored. Looked up one by one: there is hardly a draft.
                connection.execute(
                    f"DELETE FROM {table} WHERE conversation_id <> '' AND NOT EXISTS"
                    " (SELECT 1 FROM conversations WHERE id = replace(conversation_id, ?, ''))",
                    (edit_key(""),),
                )
        with self._failures():
            used = {row[0] for row in self._connection.execute(_USED_FILES)}
            since = value_of(self._connection, "SELECT max(since) FROM files_known")
            return self.files.sweep(used, float(since))

    def _keep(self, table: str, key: Record, rows: Sequence[Record]) -> None:
        """Keep rows in the place of those with this key, if anything may be kept; without any it is forgotten."""
        conversation_id = str(key["conversation_id"])
        if not (rows and self._goes_nowhere(conversation_id)):
            with self._writing(conversation_id) as connection:
                _replace(connection, table, key, rows)

    def _goes_nowhere(self, conversation_id: str) -> bool:
        return self._keeps_nothing() and not is_temporary(conversation_id)

    def _refuse_by_policy(self, conversation_id: str) -> None:
        if self._goes_nowhere(conversation_id):
            raise StoreError("policy")

    def _erase(self, identities: list[str]) -> None:
        files: set[str] = set()
        with self._failures():
            note_erased(self.file, identities)
        with self._transaction() as connection:
            for identity in identities:
                names = {"id": identity, "edit": edit_key(identity)}
                files.update(row[0] for row in connection.execute(_FILES_OF_CONVERSATION, names) if row[0])
                erase(connection, identity)
        self.search_index.forget_erased()
        # The write-ahead log still holds the text. A reader may keep it from being cut; it is cut at closing then.
        with self._failures():
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.discard_files(files)


def _replace(connection: sqlite3.Connection, table: str, key: Record, rows: Iterable[Record]) -> None:
    """Put rows in the place of those with this key, which they have too."""
    connection.execute(f"DELETE FROM {table} WHERE {' AND '.join(f'{name} = :{name}' for name in key)}", key)
    for row in rows:
        names, marks = ", ".join([*key, *row]), ", ".join(f":{name}" for name in [*key, *row])
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", {**key, **row})


def _put_queue(connection: sqlite3.Connection, conversation_id: str, texts: Sequence[QueuedText]) -> None:
    """Replace the texts that wait, and the record of their files."""
    key = {"conversation_id": conversation_id}
    records = [
        {"seq": seq, "text": encodable(each.text), "parts": to_json(list(map(part_record, each.files)))}
        for seq, each in enumerate(texts)
    ]
    _replace(connection, "queued", key, records)
    digests = dict.fromkeys(file.digest for each in texts for file in each.files if file.digest)
    _replace(connection, "queued_files", key, [{"digest": each} for each in digests])


def _record_of(file: DraftFile) -> str:
    record = as_dict(file, without_defaults=True)
    return to_json(record if file.part is None else record | {"part": part_record(file.part)})


def _draft_file(digest: str, text: str) -> DraftFile:
    record = loaded(text, dict)
    file = converted(DraftFile, {"name": ""} | record | {"digest": digest, "part": None})
    return replace(file, part=next(_files_in([record.get("part")]), None))


def _files_in(records: Iterable[object]) -> Iterator[FilePart]:
    return (part for part in parts_of_records(records) if isinstance(part, FilePart))


def _finish(connection: sqlite3.Connection, message: Message) -> int:
    """Put the final form of a reply in the place of what was logged of it; return the number of such replies."""
    _, *values = message_row(message)
    connection.execute("DELETE FROM reply_log WHERE message_id = ?", (message.id,))
    return connection.execute(_FINISH_MESSAGE, (*values, message.id)).rowcount


def _readable_conversations(connection: sqlite3.Connection) -> list[Conversation]:
    """Return those that can be read in a damaged file, the newest first: a damaged one hides no others."""
    rows = readable_rows(connection, "conversations", (*CONVERSATION_COLUMNS, "deleted_at"))
    return sorted((conversation_of_row(row[:-1]) for row in rows if row[-1] is None), key=list_order)


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
_USES = ("message_files", "draft_files", "queued_files")  # the tables with a column `digest`
_USED_FILES = " UNION ".join(f"SELECT digest FROM {table}" for table in _USES)
_IS_USED = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE digest = ?1" for table in _USES) + " LIMIT 1"
_FILES_OF_CONVERSATION = """
    SELECT digest FROM message_files JOIN messages ON messages.id = message_id WHERE conversation_id = :id
    UNION SELECT digest FROM draft_files WHERE conversation_id IN (:id, :edit)
    UNION SELECT digest FROM queued_files WHERE conversation_id = :id
"""

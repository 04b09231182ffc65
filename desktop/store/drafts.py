"""What is not sent yet, as rows, and which of the kept files anything has.

Not sent yet are the words in the box, drafts of the prompt builder, texts that wait for a reply, and the files of all
three. Works on a connection within somebody's transaction. Their conversation need not exist.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop.core.conversation import edit_key
from desktop.core.converting import as_dict, converted
from desktop.core.documents.keeping import DraftFile
from desktop.core.message import FilePart, Message, QueuedText
from desktop.core.text.clean_text import encodable
from desktop.store.rows import loaded, part_record, parts_of_records, to_json

_USES = ("message_files", "draft_files", "queued_files")  # the tables with a column `digest`


def draft(connection: sqlite3.Connection, conversation_id: str) -> str:
    """Return the text in the box; empty where there is none."""
    query = "SELECT text FROM drafts WHERE conversation_id = ?"
    row = connection.execute(query, (conversation_id,)).fetchone()
    return str(row[0]) if row else ""


def put_draft(connection: sqlite3.Connection, conversation_id: str, text: str) -> None:
    """Replace the text in the box; an empty one is forgotten."""
    if text:
        connection.execute(_PUT_DRAFT, (conversation_id, encodable(text), time.time()))
    else:
        connection.execute("DELETE FROM drafts WHERE conversation_id = ?", (conversation_id,))


def prompt_draft(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> str:
    """Return a draft of the prompt builder, as JSON; empty where there is none."""
    query = "SELECT draft FROM prompt_drafts WHERE conversation_id = ? AND message_id = ?"
    row = connection.execute(query, (conversation_id, message_id)).fetchone()
    return str(row[0]) if row else ""


def put_prompt_draft(connection: sqlite3.Connection, conversation_id: str, message_id: str, draft: str) -> None:
    """Replace a draft of the prompt builder; an empty one is forgotten."""
    key = (conversation_id, message_id)
    if draft:
        connection.execute(_PUT_PROMPT_DRAFT, (*key, encodable(draft), time.time()))
    else:
        connection.execute("DELETE FROM prompt_drafts WHERE conversation_id = ? AND message_id = ?", key)


def queue(connection: sqlite3.Connection, conversation_id: str) -> list[QueuedText]:
    """Return the texts that wait, the next one first."""
    query = "SELECT text, parts FROM queued WHERE conversation_id = ? ORDER BY seq"
    return [_queued_of_row(*row) for row in connection.execute(query, (conversation_id,))]


def put_queue(connection: sqlite3.Connection, conversation_id: str, texts: Sequence[QueuedText]) -> None:
    """Replace the texts that wait, and the record of their files."""
    connection.execute("DELETE FROM queued WHERE conversation_id = ?", (conversation_id,))
    connection.executemany(
        "INSERT INTO queued (conversation_id, seq, text, parts) VALUES (?, ?, ?, ?)",
        [(conversation_id, seq, encodable(each.text), _parts_json(each)) for seq, each in enumerate(texts)],
    )
    _put_queued_files(connection, conversation_id, (part for each in texts for part in each.files))


def _parts_json(queued: QueuedText) -> str | None:
    return to_json([part_record(part) for part in queued.files]) if queued.files else None


def _queued_of_row(text: str, parts: str | None) -> QueuedText:
    found = parts_of_records(loaded(parts, list))
    return QueuedText(str(text), tuple(part for part in found if isinstance(part, FilePart)))


def erase(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Delete all that a conversation has here."""
    for table in ("drafts", "prompt_drafts", "queued", "draft_files", "queued_files"):
        keys = conversation_id, edit_key(conversation_id)
        connection.execute(f"DELETE FROM {table} WHERE conversation_id IN (?, ?)", keys)


def note_message_files(connection: sqlite3.Connection, messages: Iterable[Message]) -> None:
    """Record the files of messages that were just saved."""
    connection.executemany(
        "INSERT OR IGNORE INTO message_files (message_id, digest) VALUES (?, ?)",
        [(message.id, part.digest) for message in messages for part in message.files if part.digest],
    )


def draft_files(connection: sqlite3.Connection, conversation_id: str) -> list[DraftFile]:
    """Return the files of a draft, in their order."""
    query = "SELECT digest, record FROM draft_files WHERE conversation_id = ? ORDER BY seq"
    return [_file_of_row(digest, record) for digest, record in connection.execute(query, (conversation_id,))]


def put_draft_files(connection: sqlite3.Connection, conversation_id: str, files: Sequence[DraftFile]) -> None:
    """Replace the files of a draft."""
    connection.execute("DELETE FROM draft_files WHERE conversation_id = ?", (conversation_id,))
    connection.executemany(
        "INSERT INTO draft_files (conversation_id, seq, digest, record) VALUES (?, ?, ?, ?)",
        [(conversation_id, seq, file.digest, _record_of(file)) for seq, file in enumerate(files)],
    )


def _put_queued_files(connection: sqlite3.Connection, conversation_id: str, files: Iterable[FilePart]) -> None:
    """Replace the record of which files wait with a conversation's queue."""
    connection.execute("DELETE FROM queued_files WHERE conversation_id = ?", (conversation_id,))
    connection.executemany(
        "INSERT OR IGNORE INTO queued_files (conversation_id, digest) VALUES (?, ?)",
        [(conversation_id, file.digest) for file in files if file.digest],
    )


def files_of_conversation(connection: sqlite3.Connection, conversation_id: str) -> set[str]:
    """Return the digests of all files that a conversation has: in messages, its draft, a change, and its queue."""
    query = (
        "SELECT digest FROM message_files JOIN messages ON messages.id = message_id WHERE conversation_id = :id "
        "UNION SELECT digest FROM draft_files WHERE conversation_id IN (:id, :edit) "
        "UNION SELECT digest FROM queued_files WHERE conversation_id = :id"
    )
    names = {"id": conversation_id, "edit": edit_key(conversation_id)}
    return {row[0] for row in connection.execute(query, names) if row[0]}


def used_files(connection: sqlite3.Connection) -> set[str]:
    """Return the digests of all files that anything has."""
    query = " UNION ".join(f"SELECT digest FROM {table}" for table in _USES)
    return {row[0] for row in connection.execute(query)}


def known_since(connection: sqlite3.Connection) -> float:
    """Return since when this database knows the kept files, in seconds since the epoch."""
    row = connection.execute("SELECT max(since) FROM files_known").fetchone()
    return float(row[0])


def forget_lost_drafts(connection: sqlite3.Connection) -> None:
    """Delete the files of drafts and queues of conversations that were never stored."""
    for table in ("draft_files", "queued_files"):
        # Looked up one by one: there may be a hundred thousand conversations, and hardly a draft.
        connection.execute(
            f"DELETE FROM {table} WHERE conversation_id <> '' AND NOT EXISTS"
            " (SELECT 1 FROM conversations WHERE id = replace(conversation_id, ?, ''))",
            (edit_key(""),),
        )


def is_used(connection: sqlite3.Connection, digest: str) -> bool:
    """Return True if a message, a draft or a waiting text has the file."""
    query = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE digest = :digest" for table in _USES)
    return connection.execute(f"{query} LIMIT 1", {"digest": digest}).fetchone() is not None


def _record_of(file: DraftFile) -> str:
    record = as_dict(file, without_defaults=True)
    return to_json(record if file.part is None else record | {"part": part_record(file.part)})


def _file_of_row(digest: str, text: str) -> DraftFile:
    record = loaded(text, dict)
    file = converted(DraftFile, record | {"name": str(record.get("name", "")), "digest": digest, "part": None})
    part = next((each for each in parts_of_records([record.get("part")]) if isinstance(each, FilePart)), None)
    return replace(file, part=part)


_PUT_DRAFT = """
    INSERT INTO drafts (conversation_id, text, updated_at) VALUES (?, ?, ?)
    ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at
"""
_PUT_PROMPT_DRAFT = """
    INSERT INTO prompt_drafts (conversation_id, message_id, draft, updated_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (conversation_id, message_id) DO UPDATE SET draft = excluded.draft, updated_at = excluded.updated_at
"""

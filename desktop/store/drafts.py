"""What is not sent yet, as rows: the words in the box, drafts of the prompt builder, and texts that wait for a reply.

Works on a connection within somebody's transaction. Its conversation need not exist.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence

from desktop.core.conversation import edit_key
from desktop.core.message import AttachmentPart, ImagePart, QueuedText
from desktop.core.text.clean_text import encodable
from desktop.store.attached import put_queued_files
from desktop.store.rows import loaded, part_record, parts_of_records, to_json


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
    put_queued_files(connection, conversation_id, (part for each in texts for part in each.files))


def _parts_json(queued: QueuedText) -> str | None:
    return to_json([part_record(part) for part in queued.files]) if queued.files else None


def _queued_of_row(text: str, parts: str | None) -> QueuedText:
    found = parts_of_records(loaded(parts, list))
    return QueuedText(str(text), tuple(part for part in found if isinstance(part, AttachmentPart | ImagePart)))


def erase(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Delete all that a conversation has here."""
    for table in ("drafts", "prompt_drafts", "queued", "draft_files", "queued_files"):
        keys = conversation_id, edit_key(conversation_id)
        connection.execute(f"DELETE FROM {table} WHERE conversation_id IN (?, ?)", keys)


_PUT_DRAFT = """
    INSERT INTO drafts (conversation_id, text, updated_at) VALUES (?, ?, ?)
    ON CONFLICT (conversation_id) DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at
"""
_PUT_PROMPT_DRAFT = """
    INSERT INTO prompt_drafts (conversation_id, message_id, draft, updated_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (conversation_id, message_id) DO UPDATE SET draft = excluded.draft, updated_at = excluded.updated_at
"""

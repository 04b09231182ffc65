"""Conversations as they are listed: those that are not in the bin, the newest first, and those that are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from desktop.core.conversation import Conversation
from desktop.core.keeping.newest_first import list_order
from desktop.store.rows import CONVERSATION_COLUMNS, conversation_of_row
from desktop.store.salvage import readable_rows

_COLUMNS = ", ".join(CONVERSATION_COLUMNS)


def listed(connection: sqlite3.Connection, newest: int | None = None) -> Iterator[Conversation]:
    """Return all that are not in the bin, or this many, the newest first; row by row, since there may be very many."""
    limit = -1 if newest is None else newest  # SQLite takes a negative one for none
    # From the last one on that was stored: of most others SQLite then sees at once that they are older.
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM (SELECT {_COLUMNS} FROM conversations WHERE deleted_at IS NULL "
        f"ORDER BY rowid DESC LIMIT -1) ORDER BY updated_at DESC, id LIMIT {limit}"
    )
    return map(conversation_of_row, found)


def readable(connection: sqlite3.Connection) -> list[Conversation]:
    """Return those that can be read in a damaged file, the newest first: a damaged one hides no others."""
    kept = readable_rows(connection, "conversations", (*CONVERSATION_COLUMNS, "deleted_at"))
    return sorted((conversation_of_row(row[:-1]) for row in kept if row[-1] is None), key=list_order)


def binned(connection: sqlite3.Connection) -> list[tuple[Conversation, float]]:
    """Return the conversations in the bin with the time they were put there, the latest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, deleted_at FROM conversations WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id"
    )
    return [(conversation_of_row(row[:-1]), float(row[-1])) for row in rows]

"""Salvage of a damaged database: its rows one by one, those left out that cannot be read, as a new database.

SQLite gives up a whole query at the first damaged page. Rows before it are had by reading on from the front, rows
behind it from the back. Those between two damaged pages, or below a lost one that leads to others, are had by reading
each page of rows as if it were the whole table.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop.store.disk import connect, is_damage
from desktop.store.schema import TABLES, make_tables

_log = logging.getLogger(__name__)

Row = tuple[Any, ...]
_NUMBERED = ("conversations", "messages", "drafts")  # tables whose rows have numbers; those of the others are small
_ONE_BEFORE = (
    "SELECT id FROM messages WHERE conversation_id = lost.conversation_id AND key < lost.key ORDER BY key DESC LIMIT 1"
)
_NEWEST = "SELECT id FROM messages WHERE conversation_id = conversations.id ORDER BY key DESC LIMIT 1"
# How a row of each is known on a page that nothing leads to, whose table is unknown.
_IS_OWN = {
    "conversations": "typeof(id) = 'text' AND settings LIKE '{%}' AND typeof(created_at) = 'real'",
    "messages": "typeof(id) = 'text' AND role IN ('user', 'assistant') AND typeof(created_at) = 'real'",
}
_LEAF_OF_TABLE = 0x0D  # the first byte of such a page: https://www.sqlite.org/fileformat2.html#b_tree_pages


def readable_rows(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a table that can be read from its front and its back, undecodable letters replaced."""
    rows: dict[int, Row] = {}
    names = ", ".join(columns)
    with _any_letters(connection):
        for order in ("ASC", "DESC"):
            query = f"SELECT rowid, {names} FROM {table} ORDER BY rowid {order}"
            try:
                for number, *values in connection.execute(query):
                    rows[number] = tuple(values)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
            else:
                break
    return [rows[number] for number in sorted(rows)]


def salvage(damaged: sqlite3.Connection, target: Path) -> tuple[int, int]:
    """Write all that can be read of a damaged database into a new one; return its conversations and messages.

    Messages whose conversation cannot be read get one, and those whose parent cannot follow the message before them.
    """
    with contextlib.closing(connect(target)) as made:
        make_tables(made)
        made.execute("PRAGMA foreign_keys = OFF")
        made.execute("BEGIN")
        for table in TABLES:
            columns = _shared_columns(damaged, made, table)
            if not columns:  # the file never had it, or has nothing at all
                continue
            rows = _rows(damaged, table, columns)
            _log.warning("salvaged %d rows of %s", len(rows), table)
            marks = ", ".join("?" * len(columns))
            made.executemany(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        with contextlib.suppress(sqlite3.DatabaseError):
            made.executemany(
                "UPDATE files_known SET since = ?", damaged.execute("SELECT since FROM files_known LIMIT 1")
            )
        _mend(made)
        made.execute("COMMIT")
        return tuple(  # type: ignore[return-value]
            int(made.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in ("conversations", "messages")
        )


def _rows(damaged: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Row]:
    if table in _NUMBERED:
        led_to = readable_rows(damaged, table, columns)
        return [*led_to, *_rows_nothing_leads_to(damaged, table, columns)] if table in _IS_OWN else led_to
    found: list[Row] = []
    with contextlib.suppress(sqlite3.DatabaseError), _any_letters(damaged):
        found.extend(damaged.execute(f"SELECT {', '.join(columns)} FROM {table}"))
    return found


def _rows_nothing_leads_to(damaged: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Row]:
    """Return the rows of all pages that hold rows of a table, if not all of the table can be read.

    In a copy in memory, one page after the other is made the root of the table. Erased pages are zeros.
    """
    with contextlib.suppress(sqlite3.DatabaseError):
        damaged.execute(f"SELECT max(length(CAST(id AS BLOB))) FROM {table} NOT INDEXED").fetchone()
        return []
    rows: list[Row] = []
    content = bytearray(damaged.serialize())
    content[18:20] = b"\1\1"  # without a write-ahead log, which memory has not
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy, _any_letters(copy):
        copy.deserialize(bytes(content))
        size = int(copy.execute("PRAGMA page_size").fetchone()[0])
        for start in range(size, len(content), size):
            if content[start] != _LEAF_OF_TABLE:
                continue
            with contextlib.suppress(sqlite3.DatabaseError):
                copy.execute("PRAGMA writable_schema = ON")
                copy.execute(
                    "UPDATE sqlite_master SET rootpage = ? WHERE type = 'table' AND name = ?",
                    (start // size + 1, table),
                )
                copy.execute("PRAGMA writable_schema = RESET")
                rows += copy.execute(f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED WHERE {_IS_OWN[table]}")
    return rows


def _shared_columns(damaged: sqlite3.Connection, made: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns that both have: the damaged file may be of an earlier version."""
    there, here = ([row[1] for row in each.execute(f"PRAGMA table_info({table})")] for each in (damaged, made))
    return [name for name in here if name in there]


def _mend(made: sqlite3.Connection) -> None:
    """Give every message a conversation and a parent that exist, and every conversation an end."""
    for statement in (
        "DELETE FROM conversations WHERE typeof(id) != 'text'",
        "DELETE FROM messages WHERE typeof(id) != 'text' OR typeof(conversation_id) != 'text'",
        "INSERT INTO conversations (id, title, created_at, updated_at) SELECT conversation_id, '', min(created_at), "
        "max(created_at) FROM messages WHERE conversation_id NOT IN (SELECT id FROM conversations) "
        "GROUP BY conversation_id",
        f"UPDATE messages AS lost SET parent_id = ({_ONE_BEFORE}) "
        "WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages)",
        "DELETE FROM reply_log WHERE message_id NOT IN (SELECT id FROM messages)",
        "DELETE FROM message_files WHERE message_id NOT IN (SELECT id FROM messages)",
        f"UPDATE conversations SET head_id = ({_NEWEST}) "
        "WHERE head_id IS NULL OR head_id NOT IN (SELECT id FROM messages)",
    ):
        made.execute(statement)


@contextlib.contextmanager
def _any_letters(connection: sqlite3.Connection) -> Iterator[None]:
    """Have texts read whose bytes are not UTF-8 any more."""
    connection.text_factory = lambda read: read.decode("utf-8", "replace")
    try:
        yield
    finally:
        connection.text_factory = str

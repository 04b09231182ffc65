"""The record of which messages have changed since the index for searching read them, kept beside the messages.

Only numbers of rows stand in it, never words. What is said for the first time is not recorded: the index finds it by
its number. So saving a message does nothing but save it, whatever has become of the index.
"""

from __future__ import annotations

import logging
import sqlite3

_log = logging.getLogger(__name__)

# The index of earlier versions, which stood among the messages and was written with each of them.
_OLD_INDEX = "message_index"
_AT_ONCE = 256  # rows of the old index, a page each

_TABLES = (
    "CREATE TABLE IF NOT EXISTS search_changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, key INTEGER NOT NULL)",
    # By which an index is known to belong to this file.
    "CREATE TABLE IF NOT EXISTS search_identity (identity TEXT NOT NULL)",
    "INSERT INTO search_identity SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM search_identity)",
)
_TRIGGERS = {
    "search_update": """
        AFTER UPDATE OF status, text, reasoning, parts ON messages
        WHEN old.status = 'streaming' OR old.text IS NOT new.text OR old.reasoning IS NOT new.reasoning
            OR old.parts IS NOT new.parts
        BEGIN INSERT INTO search_changes (key) VALUES (old.key); END
    """,
    "search_delete": "AFTER DELETE ON messages BEGIN INSERT INTO search_changes (key) VALUES (old.key); END",
}


def prepare(connection: sqlite3.Connection) -> None:
    """Create the record where it is missing, and have nothing written to the index of earlier versions any more."""
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")}
    old = [name for name in names if name in {f"{_OLD_INDEX}_{event}" for event in ("insert", "update", "delete")}]
    if not old and {"search_changes", "search_identity", *_TRIGGERS} <= names:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for name in old:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in _TABLES:
            connection.execute(statement)
        for name, body in _TRIGGERS.items():
            connection.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def drop_old_index(connection: sqlite3.Connection) -> bool:
    """Delete a little of the index of earlier versions, within a transaction; return True while some is left.

    One that is damaged so that it cannot be deleted stays, and nothing ever reads it.
    """
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_OLD_INDEX,)).fetchone() is None:
        return False
    try:
        pages = f"{_OLD_INDEX}_data"
        ids = f"SELECT id FROM {pages} WHERE id > 10 LIMIT {_AT_ONCE}"  # the first ones describe the others
        if connection.execute(f"DELETE FROM {pages} WHERE id IN ({ids})").rowcount > 0:
            return True
        connection.execute(f"DROP TABLE {_OLD_INDEX}")
    except sqlite3.DatabaseError as error:
        _log.warning("the index of an earlier version stays where it is: %s", error)
    return False


def forget_changes(connection: sqlite3.Connection, until: int) -> None:
    """Delete the changes that the index has taken up."""
    connection.execute("DELETE FROM search_changes WHERE seq <= ?", (until,))

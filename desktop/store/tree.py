"""The tree of a conversation's messages, read from the database: paths from a leaf to the root, and outlines of them.

Reads only. What stands in the rows of running replies is given as it is; their logged text is `database`'s business.
"""

from __future__ import annotations

import json
import sqlite3

from desktop.core.message import Message, PathEntry, Role
from desktop.store.rows import MESSAGE_COLUMNS, message_of_row


def head_of(connection: sqlite3.Connection, conversation_id: str) -> str | None:
    """Return the id of the active leaf, or None.

    If that message does not exist, it is the newest one, so that no conversation looks empty.
    """
    row = connection.execute(_HEAD, (conversation_id,)).fetchone()
    if row is None or row[0] is None or row[1] is not None:
        return row[0] if row else None
    newest = connection.execute(_NEWEST_MESSAGE, (conversation_id,)).fetchone()
    return newest[0] if newest else None


def path(
    connection: sqlite3.Connection, conversation_id: str, leaf_id: str | None, count: int | None = None
) -> list[Message]:
    """Return the messages from the root to `leaf_id`, or only the last `count` of them."""
    rows = connection.execute(_PATH, (leaf_id, _limit(count), conversation_id))
    by_id = {row[0]: message_of_row(row) for row in rows}
    found: list[Message] = []
    while leaf_id is not None and (message := by_id.pop(leaf_id, None)):
        found.append(message)
        leaf_id = message.parent_id
    found.reverse()
    return found


def all_messages(connection: sqlite3.Connection, conversation_id: str) -> list[Message]:
    """Return every message of a conversation, the earliest first."""
    query = f"SELECT {_MESSAGE} FROM messages WHERE conversation_id = ? ORDER BY created_at, key"
    return [message_of_row(row) for row in connection.execute(query, (conversation_id,))]


def messages(connection: sqlite3.Connection, ids: list[str]) -> list[Message]:
    """Return those of the wanted messages that exist, in the order of `ids`."""
    query = f"SELECT {_MESSAGE} FROM messages WHERE id IN (SELECT value FROM json_each(?))"
    by_id = {row[0]: message_of_row(row) for row in connection.execute(query, (json.dumps(ids),))}
    return [by_id[each] for each in dict.fromkeys(ids) if each in by_id]


def outline(
    connection: sqlite3.Connection, conversation_id: str, leaf_id: str | None, count: int | None = None
) -> list[PathEntry]:
    """Return the path from the root to `leaf_id`, or its last `count` entries; what stands above them costs nothing."""
    rows = {row[0]: row for row in connection.execute(_OUTLINE, (leaf_id, _limit(count), conversation_id))}
    found: list[PathEntry] = []
    while leaf_id is not None and (row := rows.pop(leaf_id, None)):
        identity, leaf_id, role, *numbers = row
        # As in `rows`: what cannot be understood is shown as a reply.
        found.append(PathEntry(identity, _ROLES.get(role, Role.ASSISTANT), *numbers))
    return found[::-1]


def running_ids(connection: sqlite3.Connection, conversation_id: str) -> list[str]:
    """Return the ids of replies in status `streaming`: one at most, except where answers are compared."""
    return [row[0] for row in connection.execute(_RUNNING, (conversation_id,))]


def leaf_of_version(connection: sqlite3.Connection, message_id: str, version: int) -> str | None:
    """Return the newest leaf under that version of a message, 1 being the oldest; None if it does not exist."""
    sibling = connection.execute(_VERSION, (message_id, version - 1)).fetchone() if version > 0 else None
    if sibling is None:
        return None
    newest: str = connection.execute(_NEWEST_UNDER, (sibling[0],)).fetchone()[0]
    return newest


def leaf_under(connection: sqlite3.Connection, message_id: str) -> str | None:
    """Return the newest leaf under a message, which may be itself; None if it does not exist."""
    row = connection.execute("SELECT key FROM messages WHERE id = ?", (message_id,)).fetchone()
    found = connection.execute(_NEWEST_UNDER, row).fetchone() if row is not None else None
    return str(found[0]) if found is not None else None


def _limit(count: int | None) -> int:
    return -1 if count is None else count


_ROLES = {str(role): role for role in Role}
_MESSAGE = ", ".join(MESSAGE_COLUMNS)
_HEAD = """
    SELECT head_id, messages.id FROM conversations
    LEFT JOIN messages ON messages.id = head_id AND messages.conversation_id = conversations.id
    WHERE conversations.id = ?
"""
_NEWEST_MESSAGE = "SELECT id FROM messages WHERE conversation_id = ? ORDER BY created_at DESC, key DESC LIMIT 1"
# UNION, not UNION ALL: a cycle of parents, which only a fault could make, must not become an endless walk.
_WALK = """
    WITH RECURSIVE walk (key, parent_id) AS (
        SELECT key, parent_id FROM messages WHERE id = ?
        UNION
        SELECT messages.key, messages.parent_id FROM walk JOIN messages ON messages.id = walk.parent_id
        LIMIT ?
    )
"""
# CROSS JOIN means in this order: left to itself, SQLite goes through the whole conversation.
_PATH = f"""
    {_WALK}
    SELECT {", ".join(f"messages.{column}" for column in MESSAGE_COLUMNS)}
    FROM walk CROSS JOIN messages ON messages.key = walk.key WHERE conversation_id = ?
"""
# The two lengths are written as in the index `messages_of_conversation`, which then gives them.
_LENGTHS = "length(text), length(text) - length(replace(text, char(10), ''))"
_SIBLINGS = """
    (SELECT count(*) FROM messages AS sibling
    WHERE sibling.conversation_id = messages.conversation_id AND sibling.parent_id IS messages.parent_id {})
"""
_OUTLINE = f"""
    {_WALK}
    SELECT id, messages.parent_id, role, {_LENGTHS},
        {_SIBLINGS.format("AND sibling.key <= messages.key")}, {_SIBLINGS.format("")}
    FROM walk CROSS JOIN messages ON messages.key = walk.key WHERE conversation_id = ?
"""
# The status as the index `running_replies` has it, and no other index.
_RUNNING = "SELECT id FROM messages INDEXED BY running_replies WHERE status = 'streaming' AND conversation_id = ?"
_VERSION = """
    SELECT sibling.key FROM messages JOIN messages AS sibling
    ON sibling.conversation_id = messages.conversation_id AND sibling.parent_id IS messages.parent_id
    WHERE messages.id = ? ORDER BY sibling.key LIMIT 1 OFFSET ?
"""
# What was saved last has nothing below it.
_NEWEST_UNDER = """
    WITH RECURSIVE under (key, id, conversation_id) AS (
        SELECT key, id, conversation_id FROM messages WHERE key = ?
        UNION
        SELECT messages.key, messages.id, messages.conversation_id FROM under JOIN messages
        ON messages.conversation_id = under.conversation_id AND messages.parent_id = under.id
    )
    SELECT id FROM under ORDER BY key DESC LIMIT 1
"""

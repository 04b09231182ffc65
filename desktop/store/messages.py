"""The trees of messages, in the file of the database and in memory: paths from a leaf to the root, and their shape.

Temporary conversations are in a database in memory with the same tables, which is gone with the program.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from desktop.core.conversation import is_temporary
from desktop.core.message import Message, MessageStatus, PathEntry, Role
from desktop.store.database_file import DatabaseFile
from desktop.store.disk import OpenedAtUse, connect, transaction, value_of
from desktop.store.rows import MESSAGE_COLUMNS, Row, grown, member_of, message_of_row
from desktop.store.schema import make_tables


class Memory(OpenedAtUse):
    """The temporary conversations, and the ids of their messages.

    A window that is made anew goes on with them on a thread of its own, when that of the window before has ended.
    """

    def __init__(self) -> None:
        self.messages: set[str] = set()

    @property
    def connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = connect(":memory:", "foreign_keys = ON", check_same_thread=False)
            make_tables(self._opened)
        return self._opened

    def has(self, identity: str) -> bool:
        """Return True for the id of a temporary conversation, or of a message of one."""
        return is_temporary(identity) or identity in self.messages


class MessageTrees(DatabaseFile):
    """The messages of all conversations. A reply in status `streaming` comes with its logged text."""

    def __init__(self, file: Path, memory: Memory) -> None:
        super().__init__(file)
        self.memory = memory
        self._running: set[str] = set()  # replies begun here, unlike those that an earlier run left behind

    def path(self, conversation_id: str, leaf_id: str | None = None) -> list[Message]:
        """Return the messages from the root to `leaf_id`, or else to the head, with all their words."""
        return self.path_end(conversation_id, None, leaf_id)

    def path_end(self, conversation_id: str, count: int | None, leaf_id: str | None = None) -> list[Message]:
        """Return the last `count` messages of the path to `leaf_id`, or else to the head; the root's end first."""
        with self._reading(conversation_id) as connection:
            rows = _path(connection, _PATH, conversation_id, count, leaf_id)
            return self._as_they_stand(connection, map(message_of_row, rows))

    def outline(self, conversation_id: str, count: int | None = None) -> list[PathEntry]:
        """Return the path to the head, or its last `count` messages, without the words, the root first.

        What stands above them costs nothing.
        """
        with self._reading(conversation_id) as connection:
            rows = _path(connection, _OUTLINE, conversation_id, count)
            running = map(message_of_row, connection.execute(_RUNNING, (conversation_id,)))
            texts = {each.id: each.text for each in self._as_they_stand(connection, running)}
        entries = (PathEntry(id, member_of(Role, role, Role.ASSISTANT), *numbers) for id, _, role, *numbers in rows)
        return [
            each if (text := texts.get(each.id)) is None else replace(each, letters=len(text), lines=text.count("\n"))
            for each in entries
        ]

    def all_messages(self, conversation_id: str) -> list[Message]:
        """Return the whole tree of messages, every version of each, the earliest first."""
        query = f"SELECT {_MESSAGE} FROM messages WHERE conversation_id = ? ORDER BY created_at, key"
        with self._reading(conversation_id) as connection:
            rows = connection.execute(query, (conversation_id,)).fetchall()
            return self._as_they_stand(connection, map(message_of_row, rows))

    def messages(self, ids: list[str]) -> list[Message]:
        """Return these messages, in this order; those that do not exist are left out."""
        query = f"SELECT {_MESSAGE} FROM messages WHERE id IN (SELECT value FROM json_each(?))"
        with self._reading(ids[0] if ids else "") as connection:  # all are of one conversation
            by_id = {row[0]: message_of_row(row) for row in connection.execute(query, (json.dumps(ids),))}
            return self._as_they_stand(connection, [by_id[each] for each in dict.fromkeys(ids) if each in by_id])

    def leaf_of_version(self, message_id: str, version: int) -> str | None:
        """Return the newest leaf under that version of a message, 1 being the oldest; None if it does not exist."""
        return self._value(message_id, _NEWEST_UNDER_VERSION, message_id, version - 1) if version > 0 else None

    def leaf_under(self, message_id: str) -> str | None:
        """Return the newest leaf under a message, which may be itself; None if it does not exist."""
        return self._value(message_id, _NEWEST_UNDER, message_id)

    def _found_running(self) -> list[Message]:
        """Return the replies in status `streaming`, whoever began them, as they are stored."""
        query = f"SELECT {_MESSAGE} FROM messages WHERE status = 'streaming'"
        with self._failures():
            return [message_of_row(row) for row in self._connection.execute(query)]

    def _as_they_stand(self, connection: sqlite3.Connection, messages: Iterable[Message]) -> list[Message]:
        """Return messages, those that are `streaming` with the text logged so far; interrupted if not begun here."""
        found = []
        for message in messages:
            if message.status is MessageStatus.STREAMING:
                query = "SELECT kind, text FROM reply_log WHERE message_id = ? ORDER BY seq"
                status = MessageStatus.STREAMING if message.id in self._running else MessageStatus.INTERRUPTED
                message = replace(grown(message, connection.execute(query, (message.id,))), status=status)
            found.append(message)
        return found

    def _rows(self, identity: str, query: str, *values: object) -> list[Row]:
        with self._reading(identity) as connection:
            return connection.execute(query, values).fetchall()

    def _value(self, identity: str, query: str, *values: object) -> str | None:
        """Return the first value of the first row, if there is one."""
        with self._reading(identity) as connection:
            found = value_of(connection, query, *values)
        return str(found) if found is not None else None

    @contextlib.contextmanager
    def _reading(self, identity: str) -> Iterator[sqlite3.Connection]:
        """Yield the connection to the conversation or message of an id, be it in memory or on the disk."""
        if self.memory.has(identity):
            yield self.memory.connection
        else:
            with self._failures():
                yield self._connection

    @contextlib.contextmanager
    def _writing(self, identity: str) -> Iterator[sqlite3.Connection]:
        with transaction(self.memory.connection) if self.memory.has(identity) else self._transaction() as connection:
            yield connection


def _path(
    connection: sqlite3.Connection, query: str, conversation_id: str, count: int | None, leaf_id: str | None = None
) -> list[Row]:
    """Return the rows of a path to a leaf, or else to the head, or the last of them; each has an id and its parent's.

    If the message at the head does not exist, it is the newest one, so that no conversation looks empty.
    """
    if not leaf_id:
        leaf_id = value_of(connection, _HEAD, conversation_id)
    limit = -1 if count is None else count
    by_id = {row[0]: row for row in connection.execute(query, (leaf_id, limit, conversation_id))}
    found: list[Row] = []
    while leaf_id is not None and (row := by_id.pop(leaf_id, None)):
        found.append(row)
        leaf_id = row[1]
    return found[::-1]


_MESSAGE = ", ".join(f"messages.{column}" for column in MESSAGE_COLUMNS)
_HEAD = """
    SELECT coalesce(
        messages.id,
        (SELECT id FROM messages WHERE conversation_id = ?1 ORDER BY created_at DESC, key DESC LIMIT 1)
    )
    FROM conversations LEFT JOIN messages ON messages.id = head_id AND messages.conversation_id = conversations.id
    WHERE conversations.id = ?1 AND head_id IS NOT NULL
"""
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
_PATH = f"{_WALK} SELECT {_MESSAGE} FROM walk CROSS JOIN messages ON messages.key = walk.key WHERE conversation_id = ?"
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
_RUNNING = f"""
    SELECT {_MESSAGE} FROM messages INDEXED BY running_replies WHERE status = 'streaming' AND conversation_id = ?
"""
_VERSION = """
    SELECT sibling.key FROM messages JOIN messages AS sibling
    ON sibling.conversation_id = messages.conversation_id AND sibling.parent_id IS messages.parent_id
    WHERE messages.id = ? ORDER BY sibling.key LIMIT 1 OFFSET ?
"""
# What was saved last has nothing below it.
_UNDER = """
    WITH RECURSIVE under (key, id, conversation_id) AS (
        SELECT key, id, conversation_id FROM messages WHERE key = ({})
        UNION
        SELECT messages.key, messages.id, messages.conversation_id FROM under JOIN messages
        ON messages.conversation_id = under.conversation_id AND messages.parent_id = under.id
    )
    SELECT id FROM under ORDER BY key DESC LIMIT 1
"""
_NEWEST_UNDER = _UNDER.format("SELECT key FROM messages WHERE id = ?")
_NEWEST_UNDER_VERSION = _UNDER.format(_VERSION)

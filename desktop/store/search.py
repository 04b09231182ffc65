"""Finding words in messages, traces, attachment names and titles.

The index is FTS5 with the trigram tokenizer, which serves scripts without spaces too; triggers on `messages` keep it,
so a running reply (which grows in `reply_log`) costs it nothing until it is finished. The index is derived: it is
made, or made again, when a database is opened, and searching works without it, only more slowly.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from dataclasses import dataclass

from desktop.store.rows import storable

# A change of the index gets a new name here and drops the old one.
_INDEX = "message_index"
_COLUMNS = ("text", "reasoning", "attachment_names")
_TRIGRAM = 3  # characters: a shorter word has no trigram to look up
_BEFORE, _AFTER = 40, 120  # characters of a snippet around the first word found


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A place where all words were found. `message_id` is None when it is the conversation's title.

    `field` is title | text | reasoning | attachment_names; `marks` are (start, end) of the words within `snippet`.
    """

    conversation_id: str
    message_id: str | None
    field: str
    snippet: str
    marks: tuple[tuple[int, int], ...]


def ensure_index(connection: sqlite3.Connection) -> bool:
    """Make the index and its triggers when they are missing and this SQLite can; True when searching will use it.

    Where SQLite cannot, the triggers are dropped, since with them no message could be saved.
    """
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE ?", (f"{_INDEX}%",))}
    triggers = {f"{_INDEX}_{event}" for event in _TRIGGERS}
    available = _has_trigram_index(connection)
    if available and _INDEX in names and triggers <= names:
        return True
    connection.execute("BEGIN IMMEDIATE")
    try:
        for trigger in triggers:
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        if available:
            _make_index(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return available


def forget_deleted_words(connection: sqlite3.Connection) -> None:
    """Rewrite the index without what was deleted, where SQLite is too old to do so at each deletion."""
    if not _secure_delete(connection):
        connection.execute(f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('optimize')")


def search(connection: sqlite3.Connection, query: str, limit: int, *, indexed: bool) -> list[SearchHit]:
    """Where all words of `query` stand together in one title or message; titles first, then the newest messages."""
    words = storable(query).split()
    if not words:
        return []
    hits = _title_hits(connection, words)
    for conversation_id, message_id, *fields in connection.execute(*_message_query(words, limit, indexed)):
        hits.append(_message_hit(conversation_id, message_id, fields, words))
    return hits[:limit]


def _message_query(words: list[str], limit: int, indexed: bool) -> tuple[str, list[str | int]]:
    columns = ", ".join(f"messages.{column}" for column in _COLUMNS)
    everything = " || char(10) || ".join(f"messages.{column}" for column in _COLUMNS)
    looked_up = [word for word in words if indexed and len(word) >= _TRIGRAM]
    scanned = [word for word in words if word not in looked_up]
    conditions = ["conversations.deleted_at IS NULL"]
    values: list[str | int] = []
    if looked_up:
        conditions.append(f"messages.key IN (SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH ?)")
        values.append(" AND ".join('"' + word.replace('"', '""') + '"' for word in looked_up))
    for word in scanned:
        conditions.append(f"({everything}) LIKE ? ESCAPE '\\'")
        values.append("%" + re.sub(r"([%_\\])", r"\\\1", word) + "%")
    values.append(limit)
    return (
        f"SELECT messages.conversation_id, messages.id, {columns} FROM messages "
        "JOIN conversations ON conversations.id = messages.conversation_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY messages.created_at DESC LIMIT ?"
    ), values


def _title_hits(connection: sqlite3.Connection, words: list[str]) -> list[SearchHit]:
    hits = []
    matchers = [_matcher(word) for word in words]
    titles = connection.execute("SELECT id, title FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC")
    for conversation_id, title in titles:
        if all(matcher.search(title) for matcher in matchers):
            hits.append(SearchHit(conversation_id, None, "title", *_snippet(title, words)))
    return hits


def _message_hit(conversation_id: str, message_id: str, fields: list[str], words: list[str]) -> SearchHit:
    # The words may be spread over the fields: show the field that has the most of them.
    counts = [sum(bool(_matcher(word).search(field)) for word in words) for field in fields]
    best = counts.index(max(counts))
    return SearchHit(conversation_id, message_id, _COLUMNS[best], *_snippet(fields[best], words))


def _snippet(text: str, words: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)), re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, first.start() - _BEFORE) if first else 0
    snippet = text[start : (first.end() if first else 0) + _AFTER]
    return snippet, tuple(match.span() for match in pattern.finditer(snippet))


def _matcher(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word), re.IGNORECASE)


def _has_trigram_index(connection: sqlite3.Connection) -> bool:
    """FTS5 may be left out of a build, and its trigram tokenizer came with SQLite 3.34."""
    if sqlite3.sqlite_version_info < (3, 34):
        return False
    return ("fts5",) in connection.execute("PRAGMA module_list").fetchall()


def _make_index(connection: sqlite3.Connection) -> None:
    columns = ", ".join(_COLUMNS)
    connection.execute(f"DROP TABLE IF EXISTS {_INDEX}")
    connection.execute(
        f"CREATE VIRTUAL TABLE {_INDEX} "
        f"USING fts5({columns}, content='messages', content_rowid='key', tokenize='trigram')"
    )
    # FTS5 keeps deleted words in its own way, whatever PRAGMA secure_delete says; SQLite < 3.42 lacks this switch.
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute(f"INSERT INTO {_INDEX} ({_INDEX}, rank) VALUES ('secure-delete', 1)")
    connection.execute(f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('rebuild')")
    for event, statement in _TRIGGERS.items():
        connection.execute(f"CREATE TRIGGER {_INDEX}_{event} {statement}")


def _secure_delete(connection: sqlite3.Connection) -> bool:
    row = connection.execute(f"SELECT v FROM {_INDEX}_config WHERE k = 'secure-delete'").fetchone()
    return row is not None and bool(row[0])


def _trigger(timing: str, *, forgets: bool, learns: bool) -> str:
    """Body of a trigger; an external-content index must be given the old words in order to forget them."""
    columns = ", ".join(_COLUMNS)
    old = ", ".join(f"old.{column}" for column in _COLUMNS)
    new = ", ".join(f"new.{column}" for column in _COLUMNS)
    steps = ""
    if forgets:
        steps += f"INSERT INTO {_INDEX} ({_INDEX}, rowid, {columns}) VALUES ('delete', old.key, {old}); "
    if learns:
        steps += f"INSERT INTO {_INDEX} (rowid, {columns}) VALUES (new.key, {new}); "
    return f"{timing} ON messages BEGIN {steps}END"


_TRIGGERS = {
    "insert": _trigger("AFTER INSERT", forgets=False, learns=True),
    "update": _trigger(f"AFTER UPDATE OF {', '.join(_COLUMNS)}", forgets=True, learns=True),
    "delete": _trigger("AFTER DELETE", forgets=True, learns=False),
}

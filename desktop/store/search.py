"""Full-text search in messages, traces, attachment names and titles.

The index is FTS5 with the trigram tokenizer, which serves scripts without spaces too; triggers on `messages` keep it,
so a running reply (which grows in `reply_log`) costs it nothing until it is finished. The index is derived: it is made,
or made again, when a database is opened, and searching works without it, only more slowly.

It holds which message has which trigram, but not where (`detail=none`): half the size, and quicker to write. So it
gives candidates, and the words themselves are looked for in their texts.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from desktop.core.text.clean_text import encodable

# A change of the index gets a new name here and drops the old one.
_INDEX = "message_index"
_COLUMNS = ("text", "reasoning", "attachment_names")
_TRIGRAM = 3  # characters: a shorter word has no trigram to look up
_BEFORE, _AFTER = 40, 120  # characters of a snippet around the first word found


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A place where all words were found. `message_id` is None when it is the conversation's title.

    `field` is title | text | reasoning | attachment_names; `marks` are (start, end) of the words within `snippet`, in
    order and apart.
    """

    conversation_id: str
    message_id: str | None
    field: str
    snippet: str
    marks: tuple[tuple[int, int], ...]


def ensure_index(connection: sqlite3.Connection) -> bool:
    """Create the index and its triggers if they are missing and this SQLite can. Return True if there is an index.

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


def has_index(connection: sqlite3.Connection) -> bool:
    """Return True if there is an index that can be asked, in a file that may not be written into."""
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE name = ?", (_INDEX,))}
    return bool(names)


def forget_deleted_words(connection: sqlite3.Connection) -> None:
    """Rewrite the index without what was deleted; takes as long as the index is large, about 0.1 s for 1 MB of text.

    FTS5 keeps deleted words, whatever PRAGMA secure_delete says. Its own option `secure-delete` removes them at once,
    but took over ten minutes for a conversation of 20 MB.
    """
    connection.execute(f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('optimize')")


def search(connection: sqlite3.Connection, query: str, limit: int, *, indexed: bool) -> list[SearchHit]:
    """Return the titles, then the messages that have all words of `query`, the latest first, `limit` at most.

    Upper and lower case are the same, but for letters beyond ASCII in words that the index cannot look up.
    """
    words = encodable(query).split()
    if not words:
        return []
    matchers = [re.compile(re.escape(word), re.IGNORECASE) for word in words]
    hits = _title_hits(connection, matchers)[:limit]
    # Read one by one: a common word has more candidates than anyone will look at.
    candidates = connection.execute(*_message_query(words, indexed))
    while len(hits) < limit and (row := candidates.fetchone()):
        conversation_id, message_id, *fields = row
        if hit := _message_hit(conversation_id, message_id, fields, matchers):
            hits.append(hit)
    candidates.close()
    return hits


def _message_query(words: list[str], indexed: bool) -> tuple[str, list[str]]:
    columns = ", ".join(f"messages.{column}" for column in _COLUMNS)
    everything = " || char(10) || ".join(f"messages.{column}" for column in _COLUMNS)
    looked_up = [word for word in words if indexed and len(word) >= _TRIGRAM]
    scanned = [word for word in words if word not in looked_up]
    conditions = ["conversations.deleted_at IS NULL"]
    values: list[str] = []
    if looked_up:
        conditions.append(f"messages.key IN (SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH ?)")
        values.append(" AND ".join(f'"{trigram}"' for word in looked_up for trigram in _trigrams(word)))
    for word in scanned:
        conditions.append(f"({everything}) LIKE ? ESCAPE '\\'")
        values.append("%" + re.sub(r"([%_\\])", r"\\\1", word) + "%")
    return (
        f"SELECT messages.conversation_id, messages.id, {columns} FROM messages "
        "JOIN conversations ON conversations.id = messages.conversation_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY messages.key DESC"
    ), values


def _trigrams(word: str) -> list[str]:
    """Return the trigrams of `word`, quoted for a MATCH."""
    return [word[start : start + _TRIGRAM].replace('"', '""') for start in range(len(word) - _TRIGRAM + 1)]


def _title_hits(connection: sqlite3.Connection, matchers: list[re.Pattern[str]]) -> list[SearchHit]:
    hits = []
    titles = connection.execute("SELECT id, title FROM conversations WHERE deleted_at IS NULL ORDER BY updated_at DESC")
    for conversation_id, title in titles:
        if all(matcher.search(title) for matcher in matchers):
            hits.append(SearchHit(conversation_id, None, "title", *_snippet(title, matchers)))
    return hits


def _message_hit(
    conversation_id: str, message_id: str, fields: list[str], matchers: list[re.Pattern[str]]
) -> SearchHit | None:
    found = [[bool(matcher.search(field)) for matcher in matchers] for field in fields]
    if not all(any(in_field) for in_field in zip(*found, strict=True)):
        return None
    # The words may be spread over the fields: show the field that has the most of them.
    counts = [sum(in_field) for in_field in found]
    best = counts.index(max(counts))
    return SearchHit(conversation_id, message_id, _COLUMNS[best], *_snippet(fields[best], matchers))


def _snippet(text: str, matchers: list[re.Pattern[str]]) -> tuple[str, tuple[tuple[int, int], ...]]:
    first = min((match.span() for matcher in matchers if (match := matcher.search(text))), default=(0, 0))
    start = max(0, first[0] - _BEFORE)
    snippet = text[start : first[1] + _AFTER]
    marks: list[tuple[int, int]] = []
    for begin, end in sorted(match.span() for matcher in matchers for match in matcher.finditer(snippet)):
        if marks and begin <= marks[-1][1]:
            begin, end = marks[-1][0], max(end, marks.pop()[1])
        marks.append((begin, end))
    return snippet, tuple(marks)


def _has_trigram_index(connection: sqlite3.Connection) -> bool:
    """Return True if this SQLite has the trigram index.

    FTS5 may be left out of a build, and its trigram tokenizer came with SQLite 3.34.
    """
    if sqlite3.sqlite_version_info < (3, 34):
        return False
    return ("fts5",) in connection.execute("PRAGMA module_list").fetchall()


def _make_index(connection: sqlite3.Connection) -> None:
    columns = ", ".join(_COLUMNS)
    connection.execute(f"DROP TABLE IF EXISTS {_INDEX}")
    connection.execute(
        f"CREATE VIRTUAL TABLE {_INDEX} "
        f"USING fts5({columns}, content='messages', content_rowid='key', tokenize='trigram', detail='none')"
    )
    connection.execute(f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('rebuild')")
    for event, statement in _TRIGGERS.items():
        connection.execute(f"CREATE TRIGGER {_INDEX}_{event} {statement}")


def _trigger(timing: str, *, forgets: bool, learns: bool) -> str:
    """Return the body of a trigger; an external-content index must be given the old words in order to forget them."""
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

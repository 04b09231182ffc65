"""The index for searching as tables in a file of its own: shards of FTS5, each for some thousand messages in a row.

A row of a shard is one text of a message, by the trigrams that stand in it, but not where (`detail=none`): so it gives
candidates, and the words are looked for in their texts. Nothing is ever deleted from a shard: what an erased or changed
message leaves behind goes with the whole shard, which is then filled anew. Each text is followed by two line feeds, so
that one and two letters are found as the beginning of a trigram, wherever they stand.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from desktop.core.text.find import comparable

FORMAT = 2  # of the file; one of another format is made anew
TEXT, THINKING, FILES = range(3)  # which text of a message a row is
FIELDS = 4  # rows of a message: the number of one is key * 4 + field
SHARD = 4096  # messages; their texts are read anew when one of them is erased
_TRIGRAM = 3
_MOST_TRIGRAMS = 40  # of a query: as many as tell texts apart
_MOST_TERMS = 400  # that begin with a short word; with more, nearly every text has it, and none need be looked up
_READ_AT_ONCE, _LETTERS_AT_ONCE = 64, 1 << 18

_PAGES_AT_ONCE = 64  # that are put together in one step
_IS_MERGED = 2  # in the column `merged`: 1 while it is being done

_TABLES = (
    "CREATE TABLE state (identity TEXT NOT NULL, seen INTEGER NOT NULL)",
    "CREATE TABLE shards (number INTEGER PRIMARY KEY, filled_to INTEGER NOT NULL, last_id TEXT NOT NULL, "
    "merged INTEGER NOT NULL)",
    "CREATE TABLE absent (key INTEGER PRIMARY KEY)",
    """
    CREATE TABLE answered (
        conversation_id TEXT NOT NULL,
        model TEXT NOT NULL,
        place_kind TEXT NOT NULL,
        place_host TEXT NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, model, place_kind, place_host)
    ) WITHOUT ROWID
    """,
    "CREATE TABLE with_files (conversation_id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID",
    f"PRAGMA user_version = {FORMAT}",
)
_NEXT = """
    SELECT key, conversation_id, status, model, place_kind, place_host, attachment_names, text, reasoning,
        CASE WHEN attachment_names = '' THEN NULL ELSE parts END
    FROM kept.messages WHERE key > ? AND key < ? ORDER BY key LIMIT ?
"""
_ONE = _NEXT.replace("key > ? AND key < ?", "key = ?")


def is_current(connection: sqlite3.Connection) -> bool:
    """Return True if the tables stand, are of this format, and belong to the messages that are attached as `kept`."""
    if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
        return False
    identity, seen = connection.execute("SELECT identity, seen FROM state").fetchone()
    told = connection.execute("SELECT identity FROM kept.search_identity").fetchone()[0]
    # A copy of the messages that was put back has seen less than this index.
    return bool(identity == told and seen <= _last_change(connection))


def make_tables(connection: sqlite3.Connection, *, of_messages: bool = True) -> None:
    """Create the tables of an empty file; not `of_messages`: of one that will never hold any."""
    for statement in _TABLES:
        connection.execute(statement)
    if of_messages:
        identity = connection.execute("SELECT identity FROM kept.search_identity").fetchone()[0]
        connection.execute("INSERT INTO state VALUES (?, ?)", (identity, _last_change(connection)))


def drop_foreign_shards(connection: sqlite3.Connection) -> None:
    """Forget, within a transaction, the shards of other messages, as where a copy of all was put back."""
    for number, until, last_id in connection.execute("SELECT number, filled_to, last_id FROM shards").fetchall():
        row = connection.execute("SELECT id FROM kept.messages WHERE key = ?", (until,)).fetchone()
        if last_id and (row is None or row[0] != last_id):
            drop_shard(connection, number)


def is_filled(connection: sqlite3.Connection) -> bool:
    """Return True if nothing is missing in the index."""
    return next_to_fill(connection) is None


def shard_range(number: int) -> tuple[int, int]:
    """Return the first key of a shard, and the first behind it."""
    return number * SHARD, (number + 1) * SHARD


def name_of(number: int) -> str:
    """Return the name of a shard's table."""
    return f"shard_{number}"


def filled_to(connection: sqlite3.Connection, number: int) -> int | None:
    """Return the last key that a shard has taken up, or None if it does not stand."""
    row = connection.execute("SELECT filled_to FROM shards WHERE number = ?", (number,)).fetchone()
    return int(row[0]) if row is not None else None


def last_key(connection: sqlite3.Connection) -> int:
    """Return the highest key of all messages."""
    return int(connection.execute("SELECT coalesce(max(key), 0) FROM kept.messages").fetchone()[0])


def seen(connection: sqlite3.Connection) -> int:
    """Return the last change that was taken up."""
    return int(connection.execute("SELECT seen FROM state").fetchone()[0])


def take_up_changes(connection: sqlite3.Connection) -> bool:
    """Take up what has changed, within a transaction: drop the shards that hold words which are gone.

    Return True if there were any.
    """
    changes = connection.execute(
        "SELECT seq, key FROM kept.search_changes WHERE seq > ? ORDER BY seq", (seen(connection),)
    ).fetchall()
    has_dropped = False
    for key in dict.fromkeys(key for _, key in changes):
        number = key // SHARD
        until = filled_to(connection, number)
        if until is None or key > until:
            continue
        if connection.execute("DELETE FROM absent WHERE key = ?", (key,)).rowcount:
            _add(connection, number, connection.execute(_ONE, (key, 1)).fetchall())
        else:
            drop_shard(connection, number)
            has_dropped = True
    if changes:
        connection.execute("UPDATE state SET seen = ?", (changes[-1][0],))
    if has_dropped:
        for table in ("answered", "with_files"):
            connection.execute(f"DELETE FROM {table} WHERE conversation_id NOT IN (SELECT id FROM kept.conversations)")
    return has_dropped


def drop_shard(connection: sqlite3.Connection, number: int) -> None:
    """Forget a shard, to be filled anew."""
    first, end = shard_range(number)
    connection.execute(f"DROP TABLE IF EXISTS temp.terms_{number}")
    connection.execute(f"DROP TABLE IF EXISTS {name_of(number)}")
    connection.execute("DELETE FROM shards WHERE number = ?", (number,))
    connection.execute("DELETE FROM absent WHERE key >= ? AND key < ?", (first, end))


def next_to_fill(connection: sqlite3.Connection) -> int | None:
    """Return the newest shard that lacks messages, or None."""
    for number in range(last_key(connection) // SHARD, -1, -1):
        first, end = shard_range(number)
        until = filled_to(connection, number)
        query = "SELECT 1 FROM kept.messages WHERE key > ? AND key < ? LIMIT 1"
        if connection.execute(query, (first - 1 if until is None else until, end)).fetchone():
            return number
    return None


def fill_some(connection: sqlite3.Connection, number: int) -> None:
    """Take up the next messages of a shard, within a transaction."""
    first, end = shard_range(number)
    until = filled_to(connection, number)
    if until is None:
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {name_of(number)} "
            "USING fts5(words, content='', tokenize='trigram', detail='none', columnsize=0)"
        )
        until = first - 1
        connection.execute("INSERT OR REPLACE INTO shards VALUES (?, ?, '', 0)", (number, until))
    rows, letters = [], 0
    for row in connection.execute(_NEXT, (until, end, _READ_AT_ONCE)):
        rows.append(row)
        letters += sum(len(text or "") for text in row[-3:])
        if letters > _LETTERS_AT_ONCE:
            break
    _add(connection, number, rows)
    if rows:
        last = rows[-1][0]
        connection.execute(
            "UPDATE shards SET filled_to = ?, last_id = (SELECT id FROM kept.messages WHERE key = ?) WHERE number = ?",
            (last, last, number),
        )


def merge_some(connection: sqlite3.Connection) -> bool:
    """Put the pieces of a full shard together, a little at a time, within a transaction; return True while some are.

    A shard in one piece is searched several times as fast as one in those in which it was written.
    """
    newest = last_key(connection) // SHARD
    row = connection.execute(
        "SELECT number, merged FROM shards WHERE merged < ? AND number < ? ORDER BY number DESC LIMIT 1",
        (_IS_MERGED, newest),
    ).fetchone()
    if row is None:
        return False
    number, steps = row
    name, before = name_of(number), connection.total_changes
    # The first step, with a negative number, has all pieces become one; the others go on with that.
    pages = _PAGES_AT_ONCE if steps else -_PAGES_AT_ONCE
    connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('merge', ?)", (pages,))
    is_done = steps and connection.total_changes - before < 2
    connection.execute("UPDATE shards SET merged = ? WHERE number = ?", (_IS_MERGED if is_done else 1, number))
    return True


def _add(connection: sqlite3.Connection, number: int, rows: Iterable[tuple[Any, ...]]) -> None:
    documents: list[tuple[int, str]] = []
    for key, conversation_id, status, model, kind, host, names, text, reasoning, parts in rows:
        if model and kind:
            connection.execute(
                "INSERT INTO answered VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
                (conversation_id, model, kind, host or "", key),
            )
        if names:
            connection.execute("INSERT OR IGNORE INTO with_files VALUES (?)", (conversation_id,))
        files = "\n\n".join(f"{name}\n{content}" for name, content, _ in files_in(parts))
        said = [(field, words) for field, words in ((TEXT, text), (THINKING, reasoning), (FILES, files)) if words]
        if status == "streaming" or not said:  # what runs is taken up when it has ended
            connection.execute("INSERT OR IGNORE INTO absent VALUES (?)", (key,))
        else:
            documents += [(key * FIELDS + field, comparable(words) + "\n\n") for field, words in said]
    connection.executemany(f"INSERT INTO {name_of(number)} (rowid, words) VALUES (?, ?)", documents)


def files_in(parts: str | None) -> list[tuple[str, str, list[Any]]]:
    """Return name, text and anchors of the files in the column `parts` of a message; pictures have no text."""
    try:
        records = json.loads(parts) if parts else []
    except (ValueError, RecursionError):
        return []
    found = []
    for record in records if isinstance(records, list) else []:
        match record:
            case {"type": "attachment" | "image", "name": str(name)}:
                text = record.get("text")
                anchors = record.get("anchors")
                found.append(
                    (name, text if isinstance(text, str) else "", anchors if isinstance(anchors, list) else [])
                )
    return found


def match_of(connection: sqlite3.Connection, number: int, words: Iterable[str]) -> str | None:
    """Return what to MATCH in a shard for texts that may have all words.

    Empty where none can have them, None where nearly all may.
    """
    trigrams: list[str] = []
    terms: list[str] = []
    for word in words:
        if len(word) >= _TRIGRAM:
            trigrams += [word[at : at + _TRIGRAM] for at in range(len(word) - _TRIGRAM + 1)]
            continue
        found = _terms_with(connection, number, word)
        if not found:
            return ""
        if len(found) <= _MOST_TERMS:
            terms.append(f"({' OR '.join(map(_quoted, found))})")
    step = max(1, len(trigrams) // _MOST_TRIGRAMS)
    both = [*map(_quoted, dict.fromkeys(trigrams[::step])), *terms]
    return " AND ".join(both) if both else None


def conversations_with(connection: sqlite3.Connection, number: int, word: str) -> Iterator[tuple[str, int]]:
    """Yield the conversations that may have a word in messages of a shard, each with the key of the last of these."""
    first, end = shard_range(number)
    until, name = filled_to(connection, number), name_of(number)
    match = match_of(connection, number, (word,)) if until is not None else None
    unread = first if match is None or until is None else until + 1
    query = "SELECT conversation_id, max(key) FROM kept.messages WHERE key >= ? AND key < ? GROUP BY conversation_id"
    yield from connection.execute(query, (unread, end))
    if match:
        query = (
            f"SELECT conversation_id, max(key) FROM {name} CROSS JOIN kept.messages ON key = {name}.rowid / {FIELDS} "
            f"WHERE {name} MATCH ? GROUP BY conversation_id"
        )
        yield from connection.execute(query, (match,))


def _terms_with(connection: sqlite3.Connection, number: int, word: str) -> list[str]:
    """Return the trigrams of a shard that begin with one or two letters, one more than will be used at most."""
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms_{number} USING fts5vocab('main', '{name_of(number)}', 'row')"
    )
    query = f"SELECT term FROM temp.terms_{number} WHERE term >= ? AND term < ? LIMIT ?"
    return [row[0] for row in connection.execute(query, (word, word + "\U0010ffff", _MOST_TERMS + 1))]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _last_change(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM kept.sqlite_sequence WHERE name = 'search_changes'").fetchone()
    return int(row[0]) if row is not None else 0

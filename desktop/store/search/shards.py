"""The tables of the index for searching: shards of FTS5, each for some thousand messages in a row.

A row of a shard is all texts of a message, by the trigrams that stand in them, but not where (`detail=none`): so it
gives candidates, and the words are looked for in their texts. Nothing is ever deleted from a shard: what an erased or
changed message leaves behind goes with the whole shard, which is then filled anew. Each text is followed by two line
feeds, so that one and two letters are found as the beginning of a trigram, wherever they stand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from desktop.core.message import AttachmentPart, FilePart
from desktop.core.text.find import comparable, pieces_of
from desktop.store.rows import loaded, parts_of_records

FORMAT = 3  # of the file; one of another format is made anew
SHARD = 4096  # messages; their texts are read anew when one of them is erased
_TRIGRAM = 3
_MOST_TRIGRAMS = 40  # of a query: as many as tell texts apart
_MOST_TERMS = 400  # that begin with a short word; with more, nearly every text has it, and none need be looked up
_READ_AT_ONCE, _LETTERS_AT_ONCE = 64, 1 << 18

_NEXT = """
    SELECT key, text, reasoning, CASE WHEN attachment_names <> '' THEN parts END FROM kept.messages
    WHERE key > ? AND key < ? ORDER BY key LIMIT ?
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file; of another, drop what is not of these messages. Raises sqlite3.Error."""
    if connection.execute("SELECT 1 FROM main.sqlite_master LIMIT 1").fetchone() is None:
        make_tables(connection)
        identity = connection.execute("SELECT identity FROM kept.search_identity").fetchone()[0]
        connection.execute("INSERT INTO state VALUES (?, ?)", (identity, _last_change(connection)))
        return
    if not _is_of_these_messages(connection):
        raise sqlite3.DatabaseError("of other messages, or of another format")
    take_up_changes(connection)
    # Where a copy of all files was put back, messages of the same numbers may be others.
    for number, until, last_id in connection.execute("SELECT number, filled_to, last_id FROM shards").fetchall():
        row = connection.execute("SELECT id FROM kept.messages WHERE key = ?", (until,)).fetchone()
        if last_id and (row is None or row[0] != last_id):
            _drop(connection, number)


def make_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of an empty file."""
    for statement in (
        "CREATE TABLE state (identity TEXT NOT NULL, seen INTEGER NOT NULL)",
        "CREATE TABLE shards (number INTEGER PRIMARY KEY, filled_to INTEGER NOT NULL, last_id TEXT NOT NULL)",
        f"PRAGMA user_version = {FORMAT}",
    ):
        connection.execute(statement)


def _is_of_these_messages(connection: sqlite3.Connection) -> bool:
    if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
        return False
    identity, taken_up = connection.execute("SELECT identity, seen FROM state").fetchone()
    told = connection.execute("SELECT identity FROM kept.search_identity").fetchone()[0]
    # A copy of the messages that was put back has seen less than this index.
    return bool(identity == told and taken_up <= _last_change(connection))


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


def share_filled(connection: sqlite3.Connection) -> float:
    """Return the share of the messages that the index holds, by their numbers; less than 1."""
    held = connection.execute("SELECT sum(filled_to + 1 - number * ?) FROM shards", (SHARD,)).fetchone()[0] or 0
    return min(0.99, float(held) / (last_key(connection) + 1))


def take_up_changes(connection: sqlite3.Connection) -> bool:
    """Take up what has changed, within a transaction: drop the shards that hold words which are gone.

    Return True if there were any.
    """
    changes = connection.execute(
        "SELECT seq, key FROM kept.search_changes WHERE seq > ? ORDER BY seq", (seen(connection),)
    ).fetchall()
    has_dropped = False
    for key in {key for _, key in changes}:
        until = filled_to(connection, key // SHARD)
        if until is not None and key <= until:
            _drop(connection, key // SHARD)
            has_dropped = True
    if changes:
        connection.execute("UPDATE state SET seen = ?", (changes[-1][0],))
    return has_dropped


def _drop(connection: sqlite3.Connection, number: int) -> None:
    connection.execute(f"DROP TABLE IF EXISTS temp.terms_{number}")
    connection.execute(f"DROP TABLE IF EXISTS {name_of(number)}")
    connection.execute("DELETE FROM shards WHERE number = ?", (number,))


def next_to_fill(connection: sqlite3.Connection) -> int | None:
    """Return the newest shard that lacks messages, or None."""
    for number in range(last_key(connection) // SHARD, -1, -1):
        if connection.execute(_NEXT, (*_unread(connection, number), 1)).fetchone():
            return number
    return None


def fill_some(connection: sqlite3.Connection, number: int) -> None:
    """Take up the next messages of a shard, within a transaction."""
    after, end = _unread(connection, number)
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name_of(number)} "
        "USING fts5(words, content='', tokenize='trigram', detail='none', columnsize=0)"
    )
    letters, last = 0, after
    for key, *texts in connection.execute(_NEXT, (after, end, _READ_AT_ONCE)).fetchall():
        text, reasoning, parts = texts
        words = [text, reasoning, *(words_of(file) for file in files_in(parts))]
        joined = "".join(f"{comparable(each)}\n\n" for each in words if each)
        if joined:
            connection.execute(f"INSERT INTO {name_of(number)} (rowid, words) VALUES (?, ?)", (key, joined))
        last, letters = key, letters + len(joined)
        if letters > _LETTERS_AT_ONCE:
            break
    connection.execute(
        "INSERT OR REPLACE INTO shards (number, filled_to, last_id) "
        "VALUES (?, ?, coalesce((SELECT id FROM kept.messages WHERE key = ?), ''))",
        (number, last, last),
    )


def _unread(connection: sqlite3.Connection, number: int) -> tuple[int, int]:
    """Return the keys between which a shard lacks messages. From a running reply on none is taken up before its end."""
    until = filled_to(connection, number)
    running = connection.execute("SELECT min(key) FROM kept.messages WHERE status = 'streaming'").fetchone()[0]
    end = (number + 1) * SHARD
    return number * SHARD - 1 if until is None else until, end if running is None else min(end, running)


def files_in(parts: str | None) -> list[FilePart]:
    """Return the files in the column `parts` of a message."""
    return [part for part in parts_of_records(loaded(parts, list)) if isinstance(part, FilePart)]


def words_of(file: FilePart) -> str:
    """Return name and text of a file; pictures have no text."""
    return f"{file.name}\n{file.text}" if isinstance(file, AttachmentPart) else file.name


def match_of(connection: sqlite3.Connection, number: int, words: Iterable[str]) -> str | None:
    """Return what to MATCH in a shard for messages that may have all words.

    Empty where none can have them, None where nearly all may, or the shard does not stand.
    """
    if filled_to(connection, number) is None:
        return None
    trigrams: list[str] = []
    terms: list[str] = []
    for word in (piece for each in words for piece in _looked_up(each)):
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


def _looked_up(word: str) -> list[str]:
    """Return what of a word is looked up: of a number the whole thousands, which stand there however it is written."""
    pieces = pieces_of(word)
    return pieces if len(pieces) == 1 else [each for each in pieces if len(each) >= _TRIGRAM]


def conversations_with(connection: sqlite3.Connection, number: int, word: str) -> Iterator[tuple[str, int]]:
    """Yield the conversations that may have a word in messages of a shard, each with the key of the last of these."""
    match = match_of(connection, number, (word,))
    unread = number * SHARD if match is None else (filled_to(connection, number) or 0) + 1
    query = "SELECT conversation_id, max(key) FROM kept.messages WHERE key >= ? AND key < ? GROUP BY conversation_id"
    yield from connection.execute(query, (unread, (number + 1) * SHARD))
    if match:
        name = name_of(number)
        query = (
            f"SELECT conversation_id, max(key) FROM {name} CROSS JOIN kept.messages ON key = {name}.rowid "
            f"WHERE {name} MATCH ? GROUP BY conversation_id"
        )
        yield from connection.execute(query, (match,))


def _terms_with(connection: sqlite3.Connection, number: int, word: str) -> list[Any]:
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

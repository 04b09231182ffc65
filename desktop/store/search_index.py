"""The index of everything that was said, in a file of its own beside the database: shards of FTS5 and their keeper.

Nothing here is ever in the way of a message: the file is derived, is read and written by a connection of its own, and
is made anew when anything is wrong with it. What it does not hold yet is looked for in the messages themselves, so
results are always complete, and only slower while it grows.

A shard is for some thousand messages in a row. A row of it is all texts of a message, by the trigrams that stand in
them, but not where (`detail=none`): so it gives candidates, and the words are looked for in their texts. Nothing is
ever deleted from a shard: what an erased or changed message leaves behind goes with the whole shard, which is then
filled anew. Each text is followed by two line feeds, so that one and two letters are found as the beginning of a
trigram, wherever they stand.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from desktop.core.errors import StoreError
from desktop.core.message import AttachmentPart, FilePart
from desktop.core.place import PlaceKind
from desktop.core.search import Choices, SearchBatch
from desktop.core.text.find import comparable, pieces_of
from desktop.store.disk import (
    OpenedAtUse,
    connect,
    delete_database,
    disk_failures,
    make_private_file,
    transaction,
    value_of,
)
from desktop.store.rows import loaded, parts_of_records

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

# Failures that say nothing against what stands in the file.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
}
_FILL_SECONDS = 0.04  # of one step: a search that is asked for meanwhile waits no longer
# Used by one thread at a time; prepared statements are kept, a handful for each shard.
_OPTIONS: dict[str, Any] = {"check_same_thread": False, "uri": True, "cached_statements": 512}
_LOG_BYTES_KEPT = 1 << 20


class SearchIndex(OpenedAtUse):
    """Index of all conversations, on SQLite, which may be used from any thread, one at a time."""

    def __init__(self, path: Path, messages: Path) -> None:
        """Make it for the database `messages`; the disk is not accessed before the first use."""
        self._path = path
        self._messages_uri = f"{messages.absolute().as_uri()}?mode=ro"
        self._lock = threading.RLock()
        self._is_kept = True  # False where it cannot be written: then all is looked for in the messages
        self.is_interrupted = threading.Event()

    def fill(self) -> float:
        """Take up some of what is not in the index yet; return the share that is. Raises `StoreError`."""
        return self._do(self._fill)

    def choices(self) -> Choices:
        """Return by what a search can be narrowed down. Raises `StoreError`."""
        return self._do(_choices)

    def interrupt(self) -> None:
        """Have a step of a search that runs on another thread end at once, with what it has."""
        self.is_interrupted.set()

    def forget_erased(self) -> None:
        """Erase the words of messages that have gone, from the file's bytes too. Raises `StoreError`."""
        if not self._path.exists():
            return
        try:
            self._do(self._take_up_changes)
        except StoreError as error:
            # What cannot be changed can be deleted as a whole; it is made anew when there is room.
            _log.warning("the index for searching is deleted: %s", error)
            with self._lock, disk_failures(self._path.parent):
                self._discard()

    def close(self) -> None:
        """Close the file, if it is open; the next use opens it again."""
        self.interrupt()
        with self._lock, contextlib.suppress(sqlite3.Error):
            super().close()

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Close the files and keep them closed for a while, as long as that of the messages is exchanged."""
        with self._lock:
            self.close()
            yield

    def look(self, step: Callable[[sqlite3.Connection], SearchBatch]) -> SearchBatch:
        """Take a step of a search, more than once where the index is made anew. Raises `StoreError`."""
        self.is_interrupted.clear()

        def go_on(connection: sqlite3.Connection) -> SearchBatch:
            with contextlib.suppress(sqlite3.OperationalError):  # a full disk: then it is looked for as if unsaid
                self._take_up_changes(connection)
            return step(connection)

        return self._do(go_on)

    def _take_up_changes(self, connection: sqlite3.Connection) -> None:
        if self._is_kept:
            with transaction(connection):
                has_dropped = _take_up_changes(connection)
            if has_dropped:
                connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()

    def _fill(self, connection: sqlite3.Connection) -> float:
        if not self._is_kept:
            return 1.0
        self._take_up_changes(connection)
        until = time.monotonic() + _FILL_SECONDS
        while (number := _next_to_fill(connection)) is not None:
            with transaction(connection):
                _fill_some(connection, number)
            if time.monotonic() >= until:
                return _share_filled(connection)
        return 1.0

    def _do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Do something with the file; one that is damaged is made anew, and it is done again, or without any."""
        with self._lock, disk_failures(self._path.parent):
            try:
                return work(self._connection())
            except sqlite3.DatabaseError as error:
                if _is_passing(error):
                    raise
                _log.warning("the index for searching is made anew: %s", error)
            try:
                self._discard()
                return work(self._connection())
            except (OSError, sqlite3.DatabaseError) as error:
                return work(self._go_on_without(error))

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            try:
                self._opened = self._open()
                self._is_kept = True
            except (OSError, sqlite3.OperationalError) as error:
                if isinstance(error, sqlite3.OperationalError) and not _is_passing(error):
                    raise
                return self._go_on_without(error)
        return self._opened

    def _open(self) -> sqlite3.Connection:
        """Return a connection to the index with the messages attached as `kept`, both as they belong together."""
        make_private_file(self._path)
        connection = connect(
            str(self._path),
            *("temp_store = MEMORY", "secure_delete = ON", "journal_mode = WAL", "synchronous = NORMAL"),
            f"journal_size_limit = {_LOG_BYTES_KEPT}",
            **_OPTIONS,
        )
        try:
            connection.execute("ATTACH ? AS kept", (self._messages_uri,))
            with transaction(connection):
                _prepare(connection)
            return connection
        except BaseException:
            connection.close()
            raise

    def _go_on_without(self, error: Exception) -> sqlite3.Connection:
        """Have everything looked for in the messages from now on, wherever they lie, until the file is closed.

        On a disk that takes nothing they are read as they stand in the file alone.
        """
        _log.warning("searching goes on without an index: %s", error)
        self.close()
        self._is_kept = False
        self._opened = connection = connect(":memory:", "temp_store = MEMORY", **_OPTIONS)
        try:
            connection.execute("ATTACH ? AS kept", (self._messages_uri,))
            connection.execute("SELECT 1 FROM kept.messages LIMIT 1").fetchall()
        except sqlite3.OperationalError:
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute("DETACH kept")
            connection.execute("ATTACH ? AS kept", (f"{self._messages_uri}&immutable=1",))
        _make_tables(connection)
        return connection

    def _discard(self) -> None:
        self.close()
        delete_database(self._path)


def _choices(connection: sqlite3.Connection) -> Choices:
    models = connection.execute(
        "SELECT model FROM kept.messages WHERE place_kind IS NOT NULL AND model <> '' "
        "GROUP BY model ORDER BY max(key) DESC"
    ).fetchall()
    places = connection.execute("SELECT DISTINCT place_kind FROM kept.messages WHERE place_kind IS NOT NULL")
    kinds = {row[0] for row in places}
    return Choices(tuple(row[0] for row in models), tuple(kind for kind in PlaceKind if kind in kinds))


def _is_passing(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _PASSING


_FORMAT = 3  # of the file; one of another format is made anew
SHARD = 4096  # messages; their texts are read anew when one of them is erased
_TRIGRAM = 3
_MOST_TRIGRAMS = 40  # of a query: as many as tell texts apart
_MOST_TERMS = 400  # that begin with a short word; with more, nearly every text has it, and none need be looked up
_READ_AT_ONCE, _LETTERS_AT_ONCE = 64, 1 << 18

_NEXT = """
    SELECT key, text, reasoning, CASE WHEN attachment_names <> '' THEN parts END FROM kept.messages
    WHERE key > ? AND key < ? ORDER BY key LIMIT ?
"""


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file; of another, drop what is not of these messages. Raises sqlite3.Error."""
    if value_of(connection, "SELECT 1 FROM main.sqlite_master LIMIT 1") is None:
        _make_tables(connection)
        identity = value_of(connection, "SELECT identity FROM kept.search_identity")
        connection.execute("INSERT INTO state VALUES (?, ?)", (identity, _last_change(connection)))
        return
    if not _is_of_these_messages(connection):
        raise sqlite3.DatabaseError("of other messages, or of another format")
    _take_up_changes(connection)
    # Where a copy of all files was put back, messages of the same numbers may be others.
    for number, until, last_id in connection.execute("SELECT number, filled_to, last_id FROM shards").fetchall():
        if last_id and value_of(connection, "SELECT id FROM kept.messages WHERE key = ?", until) != last_id:
            _drop(connection, number)


def _make_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of an empty file."""
    for statement in (
        "CREATE TABLE state (identity TEXT NOT NULL, seen INTEGER NOT NULL)",
        "CREATE TABLE shards (number INTEGER PRIMARY KEY, filled_to INTEGER NOT NULL, last_id TEXT NOT NULL)",
        f"PRAGMA user_version = {_FORMAT}",
    ):
        connection.execute(statement)


def _is_of_these_messages(connection: sqlite3.Connection) -> bool:
    if value_of(connection, "PRAGMA user_version") != _FORMAT:
        return False
    identity, taken_up = connection.execute("SELECT identity, seen FROM state").fetchone()
    told = value_of(connection, "SELECT identity FROM kept.search_identity")
    # A copy of the messages that was put back has seen less than this index.
    return bool(identity == told and taken_up <= _last_change(connection))


def name_of(number: int) -> str:
    """Return the name of a shard's table."""
    return f"shard_{number}"


def filled_to(connection: sqlite3.Connection, number: int) -> int | None:
    """Return the last key that a shard has taken up, or None if it does not stand."""
    found: int | None = value_of(connection, "SELECT filled_to FROM shards WHERE number = ?", number)
    return found


def last_key(connection: sqlite3.Connection) -> int:
    """Return the highest key of all messages."""
    return int(value_of(connection, "SELECT coalesce(max(key), 0) FROM kept.messages"))


def _share_filled(connection: sqlite3.Connection) -> float:
    """Return the share of the messages that the index holds, by their numbers; less than 1."""
    held = value_of(connection, "SELECT sum(filled_to + 1 - number * ?) FROM shards", SHARD) or 0
    return min(0.99, float(held) / (last_key(connection) + 1))


def _take_up_changes(connection: sqlite3.Connection) -> bool:
    """Take up what has changed, within a transaction: drop the shards that hold words which are gone.

    Return True if there were any.
    """
    changes = connection.execute(
        "SELECT seq, key FROM kept.search_changes WHERE seq > (SELECT seen FROM state) ORDER BY seq"
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


def _next_to_fill(connection: sqlite3.Connection) -> int | None:
    """Return the newest shard that lacks messages, or None."""
    for number in range(last_key(connection) // SHARD, -1, -1):
        if value_of(connection, _NEXT, *_unread(connection, number), 1) is not None:
            return number
    return None


def _fill_some(connection: sqlite3.Connection, number: int) -> None:
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
    running = value_of(connection, "SELECT min(key) FROM kept.messages WHERE status = 'streaming'")
    end = (number + 1) * SHARD
    return number * SHARD - 1 if until is None else until, end if running is None else min(end, running)


def files_in(parts: str | None) -> list[FilePart]:
    """Return the files in the column `parts` of a message."""
    return [part for part in parts_of_records(loaded(parts, list)) if isinstance(part, FilePart)]


def words_of(file: FilePart) -> str:
    """Return name and text of a file; pictures have no text."""
    return f"{file.name}\n{file.text}" if isinstance(file, AttachmentPart) else file.name


def match_of(connection: sqlite3.Connection, number: int, words: Iterable[str]) -> tuple[int, str]:
    """Return what of a shard may have all words: all messages from a key on, and before it what to MATCH.

    The key is the first one where nearly all may, or the shard does not stand. Nothing to MATCH: none has them.
    """
    until = filled_to(connection, number)
    if until is None:
        return number * SHARD, ""
    trigrams: list[str] = []
    terms: list[str] = []
    for word in (piece for each in words for piece in _looked_up(each)):
        if len(word) >= _TRIGRAM:
            trigrams += [word[at : at + _TRIGRAM] for at in range(len(word) - _TRIGRAM + 1)]
            continue
        found = _terms_with(connection, number, word)
        if not found:
            return until + 1, ""
        if len(found) <= _MOST_TERMS:
            terms.append(f"({' OR '.join(map(_quoted, found))})")
    step = max(1, len(trigrams) // _MOST_TRIGRAMS)
    both = [*map(_quoted, dict.fromkeys(trigrams[::step])), *terms]
    return (until + 1, " AND ".join(both)) if both else (number * SHARD, "")


def _looked_up(word: str) -> list[str]:
    """Return what of a word is looked up: of a number the whole thousands, which stand there however it is written."""
    pieces = pieces_of(word)
    return pieces if len(pieces) == 1 else [each for each in pieces if len(each) >= _TRIGRAM]


def conversations_with(connection: sqlite3.Connection, number: int, word: str) -> Iterator[tuple[str, int]]:
    """Yield the conversations that may have a word in messages of a shard, each with the key of the last of these."""
    first, match = match_of(connection, number, (word,))
    query = "SELECT conversation_id, max(key) FROM kept.messages WHERE key >= ? AND key < ? GROUP BY conversation_id"
    yield from connection.execute(query, (first, (number + 1) * SHARD))
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
    return value_of(connection, "SELECT seq FROM kept.sqlite_sequence WHERE name = 'search_changes'") or 0

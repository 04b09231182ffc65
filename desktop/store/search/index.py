"""The index of everything that was said, in a file of its own beside the database, and searching in it.

Nothing here is ever in the way of a message: the file is derived, is read and written by a connection of its own, and
is made anew when anything is wrong with it. What it does not hold yet is looked for in the messages themselves, so
results are always complete, and only slower while it grows. The tables are in `shards`.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from desktop.core.place import PlaceKind
from desktop.core.repository import StoreError
from desktop.core.search.hits import Choices, SearchBatch
from desktop.core.search.query import SearchQuery
from desktop.store.disk import disk_failures, make_private_file
from desktop.store.search import shards
from desktop.store.search.walk import Title, Walk, all_titles

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")
TitleList = tuple[int, Sequence[Title]]

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
_ALL_BUT_MERGED = 0.995  # told as the share while nothing lacks, but not all is in the form that is read fastest
_BUSY_TIMEOUT = 5.0
_STATEMENTS = 512  # that are kept prepared: a handful for each shard
_LOG_BYTES_KEPT = 1 << 20


class StoredSearchIndex:
    """A `core.search.index.SearchIndex` on SQLite, which may be used from any thread, one at a time."""

    def __init__(self, path: Path, messages: Path) -> None:
        """Make it for the database `messages`; the disk is not accessed before the first use."""
        self._path = path
        self._messages = messages
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None
        self._is_kept = True  # False where it cannot be written: then all is looked for in the messages
        self._is_interrupted = threading.Event()
        self._titles: TitleList | None = None  # as they were at the version of the messages that it names

    def walk(self, query: SearchQuery) -> StoredWalk:
        """Return a new search; nothing is read yet."""
        return StoredWalk(self, query)

    def fill(self) -> float:
        """Take up some of what is not in the index yet; return the share that is. Raises `StoreError`."""
        return self._do(self._fill)

    def choices(self) -> Choices:
        """Return by what a search can be narrowed down. Raises `StoreError`."""
        return self._do(_choices)

    def interrupt(self) -> None:
        """Have a step of a search that runs on another thread end at once, with what it has."""
        self._is_interrupted.set()

    def forget_erased(self) -> None:
        """Erase the words of messages that have gone, from the file's bytes too. Raises `StoreError`."""
        if not self._path.exists():
            return
        try:
            self._do(self._forget)
        except StoreError as error:
            # What cannot be changed can be deleted as a whole; it is made anew when there is room.
            _log.warning("the index for searching is deleted: %s", error)
            with self._lock, disk_failures(self._path.parent):
                self._discard()

    @property
    def taken_up(self) -> int:
        """The last change that was taken up; 0 where that cannot be told."""
        with contextlib.suppress(StoreError):
            return self._do(lambda connection: shards.seen(connection) if self._is_kept else 0)
        return 0

    def close(self) -> None:
        """Close the file, if it is open; the next use opens it again."""
        self.interrupt()
        with self._lock, contextlib.suppress(sqlite3.Error):
            opened, self._opened, self._titles = self._opened, None, None
            if opened is not None:
                opened.close()

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Close the files and keep them closed for a while, as long as that of the messages is exchanged."""
        self.interrupt()
        with self._lock:
            self.close()
            yield

    def step(self, walk: Walk, most: int) -> SearchBatch:
        """Return further results of a walk. Raises `StoreError`."""
        self._is_interrupted.clear()

        def go_on(connection: sqlite3.Connection) -> SearchBatch:
            if self._is_kept:
                with contextlib.suppress(sqlite3.OperationalError):  # a full disk: then it is looked for as if unsaid
                    _in_transaction(connection, shards.take_up_changes)
            return walk.step(connection, self._titles_of(connection), most, self._is_interrupted.is_set)

        return self._do(go_on)

    def _titles_of(self, connection: sqlite3.Connection) -> Sequence[Title]:
        """Return all titles, the latest first, read again where anything has been written since."""
        version = connection.execute("PRAGMA kept.data_version").fetchone()[0]
        if self._titles is None or self._titles[0] != version:
            self._titles = version, all_titles(connection)
        return self._titles[1]

    def _fill(self, connection: sqlite3.Connection) -> float:
        if not self._is_kept:
            return 1.0
        _in_transaction(connection, shards.take_up_changes)
        until = time.monotonic() + _FILL_SECONDS
        while (number := shards.next_to_fill(connection)) is not None:
            _in_transaction(connection, lambda opened: shards.fill_some(opened, number))
            if time.monotonic() >= until:
                return _share(connection)
        while _in_transaction(connection, shards.merge_some):
            if time.monotonic() >= until:
                return _ALL_BUT_MERGED
        return 1.0

    def _forget(self, connection: sqlite3.Connection) -> None:
        if self._is_kept and _in_transaction(connection, shards.take_up_changes):
            connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()

    def _do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """Do something with the file; one that is damaged is made anew, and it is done again."""
        with self._lock, disk_failures(self._path.parent):
            try:
                return work(self._connection())
            except sqlite3.DatabaseError as error:
                if _is_passing(error):
                    raise
                _log.warning("the index for searching is made anew: %s", error)
                try:
                    self._discard()
                except OSError:
                    self._go_on_without(error)
                return work(self._connection())

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            try:
                self._opened = self._open(self._path)
                self._is_kept = True
            except (OSError, sqlite3.OperationalError) as error:
                if isinstance(error, sqlite3.OperationalError) and not _is_passing(error):
                    raise
                return self._go_on_without(error)
        return self._opened

    def _go_on_without(self, error: Exception) -> sqlite3.Connection:
        """Have everything looked for in the messages from now on, until the file is closed."""
        _log.warning("searching goes on without an index: %s", error)
        self._is_kept = False
        self._opened = self._open(None)
        return self._opened

    def _open(self, path: Path | None) -> sqlite3.Connection:
        """Return a connection to the index with the messages attached; without a path, to an empty one in memory."""
        if path is not None:
            if not _can_index():
                raise OSError("this SQLite has no trigrams")
            make_private_file(path)
        connection = sqlite3.connect(
            path or ":memory:",
            timeout=_BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
            cached_statements=_STATEMENTS,
        )
        try:
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.execute("PRAGMA temp_store = MEMORY")
            if path is None:
                self._attach(connection)
                shards.make_tables(connection, of_messages=False)
            else:
                connection.execute("PRAGMA journal_mode = WAL").fetchall()
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES_KEPT}").fetchall()
                connection.execute("ATTACH ? AS kept", (self._messages_uri,))
                _bring_up_to_date(connection)
            return connection
        except BaseException:
            connection.close()
            raise

    def _attach(self, connection: sqlite3.Connection) -> None:
        """Attach the messages, wherever they lie: on a disk that takes nothing, as they stand in the file alone."""
        try:
            connection.execute("ATTACH ? AS kept", (self._messages_uri,))
            connection.execute("SELECT 1 FROM kept.messages LIMIT 1").fetchall()
        except sqlite3.OperationalError:
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute("DETACH kept")
            connection.execute("ATTACH ? AS kept", (f"{self._messages_uri}&immutable=1",))

    @property
    def _messages_uri(self) -> str:
        return f"{self._messages.absolute().as_uri()}?mode=ro"

    def _discard(self) -> None:
        if self._opened is not None:
            with contextlib.suppress(sqlite3.Error):
                self._opened.close()
            self._opened = self._titles = None
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)


class StoredWalk:
    """A `core.search.index.SearchWalk` in such an index."""

    def __init__(self, index: StoredSearchIndex, query: SearchQuery) -> None:
        self._index = index
        self._walk = Walk(query)

    def step(self, most: int) -> SearchBatch:
        """Return further hits. Raises `StoreError`."""
        return self._index.step(self._walk, most)


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file; of another, drop what is not of these messages. Raises sqlite3.Error."""
    if connection.execute("SELECT 1 FROM main.sqlite_master LIMIT 1").fetchone() is None:
        _in_transaction(connection, shards.make_tables)
    elif not shards.is_current(connection):
        raise sqlite3.DatabaseError("of other messages, or of another format")
    _in_transaction(connection, shards.take_up_changes)
    _in_transaction(connection, shards.drop_foreign_shards)


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


def _share(connection: sqlite3.Connection) -> float:
    """Return the share of the messages that the index holds, by their numbers."""
    last = shards.last_key(connection)
    held: int = sum(
        until + 1 - number * shards.SHARD
        for number, until in connection.execute("SELECT number, filled_to FROM shards")
    )
    return min(0.99, held / (last + 1))


def _choices(connection: sqlite3.Connection) -> Choices:
    replies, last = ("answered", "last") if shards.is_filled(connection) else ("kept.messages", "key")
    models = connection.execute(
        f"SELECT model FROM {replies} WHERE model <> '' AND place_kind IS NOT NULL "
        f"GROUP BY model ORDER BY max({last}) DESC"
    ).fetchall()
    kinds = {row[0] for row in connection.execute(f"SELECT DISTINCT place_kind FROM {replies}")}
    return Choices(tuple(row[0] for row in models), tuple(kind for kind in PlaceKind if kind in kinds))


def _is_passing(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _PASSING


def _can_index() -> bool:
    """Return True if this SQLite has the trigrams of FTS5, which came with version 3.34 and may be left out."""
    if sqlite3.sqlite_version_info < (3, 34):
        return False
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        return ("fts5",) in connection.execute("PRAGMA module_list").fetchall()

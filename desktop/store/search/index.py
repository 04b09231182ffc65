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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from desktop.core.place import PlaceKind
from desktop.core.repository import StoreError
from desktop.core.search import Choices, SearchBatch, SearchQuery
from desktop.store.disk import WITH_LOG, disk_failures, make_private_file, transaction
from desktop.store.search import shards
from desktop.store.search.walk import SearchWalk

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
_BUSY_TIMEOUT = 5.0
_STATEMENTS = 512  # that are kept prepared: a handful for each shard
_LOG_BYTES_KEPT = 1 << 20


class SearchIndex:
    """Index of all conversations, on SQLite, which may be used from any thread, one at a time."""

    def __init__(self, path: Path, messages: Path) -> None:
        """Make it for the database `messages`; the disk is not accessed before the first use."""
        self._path = path
        self._messages_uri = f"{messages.absolute().as_uri()}?mode=ro"
        self._lock = threading.RLock()
        self._opened: sqlite3.Connection | None = None
        self._is_kept = True  # False where it cannot be written: then all is looked for in the messages
        self.is_interrupted = threading.Event()

    def walk(self, query: SearchQuery) -> SearchWalk:
        """Return a new search; nothing is read yet."""
        return SearchWalk(query, self)

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
            opened, self._opened = self._opened, None
            if opened is not None:
                opened.close()

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
        if self._is_kept and _in_transaction(connection, shards.take_up_changes):
            connection.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchall()

    def _fill(self, connection: sqlite3.Connection) -> float:
        if not self._is_kept:
            return 1.0
        self._take_up_changes(connection)
        until = time.monotonic() + _FILL_SECONDS
        while (number := shards.next_to_fill(connection)) is not None:
            _in_transaction(connection, lambda opened: shards.fill_some(opened, number))
            if time.monotonic() >= until:
                return shards.share_filled(connection)
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
        connection = self._connect(str(self._path))
        try:
            connection.execute("PRAGMA secure_delete = ON").fetchall()
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES_KEPT}").fetchall()
            connection.execute("ATTACH ? AS kept", (self._messages_uri,))
            _in_transaction(connection, shards.prepare)
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
        self._opened = connection = self._connect(":memory:")
        try:
            connection.execute("ATTACH ? AS kept", (self._messages_uri,))
            connection.execute("SELECT 1 FROM kept.messages LIMIT 1").fetchall()
        except sqlite3.OperationalError:
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute("DETACH kept")
            connection.execute("ATTACH ? AS kept", (f"{self._messages_uri}&immutable=1",))
        shards.make_tables(connection)
        return connection

    @staticmethod
    def _connect(name: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            name,
            timeout=_BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
            cached_statements=_STATEMENTS,
        )
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    def _discard(self) -> None:
        self.close()
        for ending in WITH_LOG:
            Path(f"{self._path}{ending}").unlink(missing_ok=True)


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
    with transaction(connection):
        return work(connection)


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

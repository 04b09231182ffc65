"""The file of the database: opened at the first use, changed in transactions, and refused where it would be harmed.

What stands in it is told by who inherits from this. A connection belongs to the thread that uses it first.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Container, Iterator
from pathlib import Path

from desktop.core.errors import StoreError
from desktop.store.backups import all_backups, keep_before_update, put_aside
from desktop.store.disk import (
    as_store_error,
    connect,
    connect_leaving_no_trace,
    connect_to_read,
    disk_failures,
    has_content,
    is_damage,
    make_private_file,
    make_private_folder,
    sync_file,
    sync_folder,
    transaction,
    unfinished_file,
    use_log,
)
from desktop.store.schema import (
    OLDEST,
    VERSION,
    copy_rows,
    header_problem,
    is_of_an_earlier_state,
    is_to_be_copied,
    make_tables,
    refuse_foreign_file,
    version_of,
)

_log = logging.getLogger(__name__)

# The write-ahead log is cut back to this after a checkpoint; deleted text would otherwise linger in its unused end.
_LOG_BYTES_KEPT = 1 << 22
# Files beside the database, and rows that only conversations leave in them.
_TRACES = (
    ("search", "SELECT 1 FROM shards WHERE last_id != ''"),
    ("ledger", "SELECT 1 FROM entries WHERE conversation_id != ''"),
)


class DatabaseFile:
    """A file that is opened by the first use, on the thread that uses it.

    If that fails, the use fails, and the next one tries again. `trouble` is the reason why nothing is written into the
    file although it is open: damaged, full or read_only; None: none.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.trouble: StoreError | None = None
        self.was_interrupted = False  # the file was not closed properly the last time
        self._opened: sqlite3.Connection | None = None
        self._was_open = False

    def refuse_writing(self, fault: str) -> None:
        """Write no more into the file, in which `fault` was found; reading goes on. May be called on any thread."""
        self.trouble = StoreError("damaged", fault)

    def open(self) -> None:
        """Open the file, making it or bringing it to date as needed.

        Raises `StoreError`: newer_version, earlier_state and damaged leave the file exactly as it is, also where it is
        missing; and full, read_only, locked.
        """
        if self._opened is not None:
            return
        with self._failures():
            if fault := loss_of(self.file, () if self._was_open else self._given_before()):
                raise StoreError("damaged", fault)
            if has_content(self.file) and (problem := header_problem(self.file)):
                if problem.reason != "earlier_state" or is_of_an_earlier_state(self.file):
                    raise problem
                put_aside(self.file)
            _make_file(self.file)
            self.trouble = None
            self.was_interrupted = has_content(Path(f"{self.file}-wal"))
            try:
                self._open_to_write()
            except (sqlite3.Error, OSError, StoreError) as error:
                self.close()
                self._open_to_read(as_store_error(error, self.file.parent))

    def _given_before(self) -> Container[str]:
        """Return the digests of files of messages that were kept before the database was opened for the first time."""
        return ()

    def _open_to_write(self) -> None:
        self._opened = _connected(self.file)
        if is_to_be_copied(self._opened):
            self._opened.close()
            self._bring_along()
            self._opened = _connected(self.file)
        make_tables(self._opened)
        self._was_open = True
        _log.info("opened %s", self.file)
        self._prepare()

    def _bring_along(self) -> None:
        """Put a file of this version in the place of an earlier one, which becomes its backup."""
        with unfinished_file(self.file, "updating") as made:
            copy_rows(self.file, made)
            sync_file(made)
            backup = keep_before_update(self.file, OLDEST)
            try:
                os.replace(made, self.file)
            except OSError:
                backup.unlink()
                raise
        sync_folder(self.file.parent)

    def _prepare(self) -> None:
        """Do what is due in a file that has just been opened to be written."""

    def _open_to_read(self, refused: StoreError) -> None:
        """Open a file that the disk lets nobody write into, so that what it holds can be read. Raises `refused`."""
        if refused.reason not in ("full", "read_only") or not has_content(self.file):
            raise refused
        for connected in (_connected_to_a_full_disk, _connected_to_a_read_only_disk):
            try:
                self._opened = connected(self.file)
                if not OLDEST <= version_of(self._opened) <= VERSION:
                    break
                self.trouble = refused
                return
            except sqlite3.Error:
                self.close()
        self.close()
        raise refused

    def close(self) -> None:
        """Close the file, if it is open, which folds the write-ahead log into it; the next use opens it again."""
        opened, self._opened = self._opened, None
        if opened is not None:
            with self._failures():
                opened.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        """The connection, opened at the first use. Raises `StoreError`."""
        self.open()
        assert self._opened is not None
        return self._opened

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._failures():
            self.open()
            if self.trouble is not None and self.trouble.reason != "damaged":  # the disk may have room by now
                self.close()
                self.open()
            if self.trouble is not None:
                raise StoreError(self.trouble.reason, self.trouble.detail)
            with transaction(self._connection) as connection:
                yield connection

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            with disk_failures(self.file.parent):
                yield
        except StoreError as error:
            cause = error.__cause__
            if self._opened is not None and isinstance(cause, sqlite3.Error) and is_damage(cause):
                self.refuse_writing(str(cause))
            raise


def loss_of(file: Path, newly_kept: Container[str] = ()) -> str:
    """Return what tells that an empty or missing database held something; empty for a new or a full one.

    `newly_kept` are the digests of files that were given before a new database was made. Raises OSError.
    """
    if has_content(file):
        return ""
    if all_backups(file):
        return "empty or missing, beside backups"
    for name, query in _TRACES:
        beside = file.with_name(f"{file.stem}-{name}{file.suffix}")
        if has_content(beside):
            with contextlib.suppress(sqlite3.Error), contextlib.closing(connect_leaving_no_trace(beside)) as connection:
                if connection.execute(f"{query} LIMIT 1").fetchone() is not None:
                    return f"empty or missing, beside {beside.name}"
    if any(each.name not in newly_kept for each in (file.parent / "files").glob("[0-9a-f][0-9a-f]/*")):
        return "empty or missing, beside the files of messages"
    return ""


def _make_file(file: Path) -> None:
    """Make the file if it is missing, closed to others. Raises OSError where it is, and can't be made."""
    try:
        make_private_folder(file.parent)
        make_private_file(file)
    except OSError:
        if not has_content(file):
            raise


def _connected(file: Path) -> sqlite3.Connection:
    connection = connect(file)
    try:
        refuse_foreign_file(connection)  # first, since changing the journal mode writes
        connection.execute("PRAGMA secure_delete = ON").fetchall()
        use_log(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES_KEPT}").fetchall()
        # Sorting and temporary tables would otherwise leave texts in the system's folder for temporary files.
        connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


def _connected_to_a_full_disk(file: Path) -> sqlite3.Connection:
    """Return a connection that reads the write-ahead log, too; its index is kept in memory. Raises sqlite3.Error."""
    connection = connect(file)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connected_to_a_read_only_disk(file: Path) -> sqlite3.Connection:
    """Return a connection that shows the file as it was when its log was last folded in. Raises sqlite3.Error."""
    return connect_to_read(file, "&immutable=1")

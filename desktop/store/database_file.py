"""The file of the database: opened at the first use, changed in transactions, and refused where it would be harmed.

What stands in it is told by who inherits from this. A connection belongs to the thread that uses it first.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Container, Iterator
from pathlib import Path

from desktop.core.repository import StoreError
from desktop.store.backups import all_backups, back_up, fault_in, put_aside
from desktop.store.disk import (
    as_store_error,
    disk_failures,
    has_content,
    make_private_file,
    make_private_folder,
    transaction,
)
from desktop.store.salvage import is_damage, unwritten
from desktop.store.schema import (
    OLDEST,
    VERSION,
    bring_to_date,
    header_problem,
    is_of_an_earlier_state,
    refuse_foreign_file,
    version_of,
)

_log = logging.getLogger(__name__)

# Seconds to wait for another reader or writer (a backup program, a curious user's SQLite tool).
_BUSY_TIMEOUT = 5.0
# The write-ahead log is cut back to this after a checkpoint; deleted text would otherwise linger in its unused end.
_WAL_BYTES_KEPT = 1 << 22
# Files beside the database, and rows that only conversations leave in them.
_TRACES = (
    ("search", "SELECT 1 FROM shards WHERE last_id != ''"),
    ("ledger", "SELECT 1 FROM entries WHERE conversation_id != ''"),
)


class DatabaseFile:
    """A file that is opened by the first use, on the thread that uses it.

    If that fails, the use fails, and the next one tries again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: sqlite3.Connection | None = None
        self._trouble: StoreError | None = None  # why nothing is written into the file that is open
        self._was_open = False
        self.was_interrupted = False  # the file was not closed properly the last time

    @property
    def file(self) -> Path:
        """The database's file."""
        return self._path

    @property
    def trouble(self) -> StoreError | None:
        """The reason why nothing is written into the file although it is open: damaged or read_only; None: none."""
        return self._trouble

    def refuse_writing(self, fault: str) -> None:
        """Write no more into the file, in which `fault` was found; reading goes on. May be called on any thread."""
        self._trouble = StoreError("damaged", fault)

    def open(self) -> None:
        """Open the file, making it or bringing it to date as needed.

        Raises `StoreError`: newer_version, earlier_state and damaged leave the file exactly as it is, also where it is
        missing; and full, read_only, locked.
        """
        if self._opened is not None:
            return
        with self._failures():
            if fault := loss_of(self._path, () if self._was_open else self._given_before()):
                raise StoreError("damaged", fault)
            if has_content(self._path) and (problem := header_problem(self._path)):
                if problem.reason != "earlier_state" or is_of_an_earlier_state(self._path):
                    raise problem
                put_aside(self._path)
            _make_file(self._path)
            self._trouble = None
            self.was_interrupted = has_content(Path(f"{self._path}-wal"))
            try:
                self._open_to_write()
            except (sqlite3.Error, OSError, StoreError) as error:
                self.close()
                self._open_to_read(as_store_error(error, self._path.parent))

    def _given_before(self) -> Container[str]:
        """Return the digests of files of messages that were kept before the database was opened for the first time."""
        return ()

    def _open_to_write(self) -> None:
        self._opened = sqlite3.connect(self._path, timeout=_BUSY_TIMEOUT, isolation_level=None)
        _configure(self._opened)
        version = version_of(self._opened)
        if 0 < version < VERSION:
            if fault := fault_in(self._opened):
                raise StoreError("damaged", fault)
            back_up(self._opened, self._path, version)
        bring_to_date(self._opened)
        self._was_open = True
        _log.info("opened %s", self._path)
        self._prepare()

    def _prepare(self) -> None:
        """Do what is due in a file that has just been opened to be written."""

    def _open_to_read(self, refused: StoreError) -> None:
        """Open a file that the disk lets nobody write into, so that what it holds can be read. Raises `refused`."""
        if refused.reason not in ("full", "read_only") or not has_content(self._path):
            raise refused
        for read_only in (False, True):
            try:
                self._opened = connection = unwritten(self._path, is_read_only=read_only)
                if not OLDEST <= version_of(connection) <= VERSION:
                    break
                self._trouble = refused
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
            self._unless_refused()
            with transaction(self._connection) as connection:
                yield connection

    def _unless_refused(self) -> None:
        """Raise the reason why nothing is written; a disk that was full or closed to writing may not be so any more."""
        self.open()
        if self._trouble is not None and self._trouble.reason != "damaged":
            self.close()
            self.open()
        if self._trouble is not None:
            raise StoreError(self._trouble.reason, self._trouble.detail)

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            with disk_failures(self._path.parent):
                yield
        except StoreError as error:
            cause = error.__cause__
            if self._opened is not None and isinstance(cause, sqlite3.Error) and is_damage(cause):
                self.refuse_writing(str(cause))
            raise


def loss_of(path: Path, newly_kept: Container[str] = ()) -> str:
    """Return what tells that an empty or missing database held something; empty for a new or a full one.

    `newly_kept` are the digests of files that were given before a new database was made. Raises OSError.
    """
    if has_content(path):
        return ""
    if all_backups(path):
        return "empty or missing, beside backups"
    for name, query in _TRACES:
        file = path.with_name(f"{path.stem}-{name}{path.suffix}")
        if _has_row(file, query):
            return f"empty or missing, beside {file.name}"
    if any(each.name not in newly_kept for each in (path.parent / "files").glob("[0-9a-f][0-9a-f]/*")):
        return "empty or missing, beside the files of messages"
    return ""


def _has_row(file: Path, query: str) -> bool:
    if not has_content(file):
        return False
    # What was closed properly is opened without making anything beside it.
    options = "mode=ro" if has_content(Path(f"{file}-wal")) else "mode=ro&immutable=1"
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?{options}", uri=True)) as connection,
    ):
        return connection.execute(f"{query} LIMIT 1").fetchone() is not None
    return False


def _make_file(path: Path) -> None:
    """Make the file if it is missing, closed to others. Raises OSError where it is, and can't be made."""
    try:
        make_private_folder(path.parent)
        make_private_file(path)
    except OSError:
        if not has_content(path):
            raise


def _configure(connection: sqlite3.Connection) -> None:
    # First, since changing the journal mode writes.
    refuse_foreign_file(connection)
    connection.execute("PRAGMA secure_delete = ON").fetchall()
    # On a file system that cannot share memory, SQLite answers with another journal mode, which is as safe.
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    except sqlite3.OperationalError as error:
        # Without waiting: another program is in the file. It has made the switch, or the next start will.
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_WAL_BYTES_KEPT}").fetchall()
    # Sorting and temporary tables would otherwise leave texts in the system's folder for temporary files.
    connection.execute("PRAGMA temp_store = MEMORY")

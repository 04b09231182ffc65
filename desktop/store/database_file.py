"""The file of the database: opened at the first use, changed in transactions, refused where it would be harmed, and
cared for: checked now and then, backed up once a day, and put in order when it is damaged.

What stands in it is told by who inherits from this. A connection belongs to the thread that uses it first. A damaged
one is saved row by row: SQLite gives up a whole query at the first damaged page, so rows before it are had by reading
on from the front, rows behind it from the back. Those between two damaged pages, or below a lost one that leads to
others, are had by reading each page of rows as if it were the whole table.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Container, Iterator, Sequence
from functools import partial
from pathlib import Path

from desktop.core.conversation import Backup, Repaired
from desktop.core.errors import StoreError
from desktop.store.backups import (
    all_backups,
    back_up_day,
    fault_in,
    folder_of,
    forget_erased,
    keep_before_update,
    put_aside,
    unpack,
)
from desktop.store.disk import (
    OWNER_ONLY_FILE,
    OpenedAtUse,
    connect,
    connect_leaving_no_trace,
    connect_to_read,
    disk_failures,
    has_content,
    is_damage,
    make_private_file,
    make_private_folder,
    store_error,
    sync_file,
    sync_folder,
    transaction,
    unfinished_file,
    use_log,
    value_of,
)
from desktop.store.rows import Row
from desktop.store.schema import (
    OLDEST,
    TABLES,
    VERSION,
    copy_rows,
    header_problem,
    is_of_an_earlier_state,
    is_to_be_copied,
    make_tables,
    refuse_foreign_file,
    version_of,
)

_CHECK_SECONDS = 7 * 86_400.0
_log = logging.getLogger(__name__)

# The write-ahead log is cut back to this after a checkpoint; deleted text would otherwise linger in its unused end.
_LOG_BYTES_KEPT = 1 << 22
# Files beside the database, and rows that only conversations leave in them.
_TRACES = (
    ("search", "SELECT 1 FROM shards WHERE last_id != ''"),
    ("ledger", "SELECT 1 FROM entries WHERE conversation_id != ''"),
)


class DatabaseFile(OpenedAtUse):
    """A file that is opened by the first use, on the thread that uses it.

    If that fails, the use fails, and the next one tries again. `trouble` is the reason why nothing is written into the
    file although it is open: damaged, full or read_only; None: none.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.trouble: StoreError | None = None
        self.was_interrupted = False  # the file was not closed properly the last time
        self._was_open = False
        # The digests of files of messages that were kept before the database was opened for the first time.
        self._given_before: Container[str] = ()

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
            if fault := loss_of(self.file, () if self._was_open else self._given_before):
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
                self._open_to_read(store_error(error, self.file.parent))

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
        ways = (
            partial(connect, self.file, "locking_mode = EXCLUSIVE"),  # reads the log, too; its index is kept in memory
            partial(connect_to_read, self.file, "&immutable=1"),  # as it was when its log was last folded in
        )
        for connected in ways:
            try:
                self._opened = connected()
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
        with self._failures():
            super().close()

    # --- Care: what it does may take seconds. What is put in the file's place is complete before that is touched. ---

    def check(self) -> str:
        """Read the whole file, and return the first fault that is found in it; empty if there is none."""
        with disk_failures(self.file.parent):
            fault = loss_of(self.file)
            if not fault:
                with contextlib.closing(connect_to_read(self.file)) as connection:
                    fault = fault_in(connection)
            if not fault:
                make_private_folder(folder_of(self.file))
                self._checked.touch(OWNER_ONLY_FILE)
        if fault:
            self.refuse_writing(fault)
        return fault

    def is_check_due(self) -> bool:
        """Return True if the file was not checked for a week, or was not closed properly the last time."""
        if self.was_interrupted:
            return True
        try:
            return time.time() - self._checked.stat().st_mtime > _CHECK_SECONDS
        except OSError:
            return True

    def back_up_if_due(self) -> Backup | None:
        """Make today's backup if the file has changed since the last one; none of a damaged one."""
        with disk_failures(self.file.parent):
            if fault := loss_of(self.file):
                raise StoreError("damaged", fault)
            try:
                forget_erased(self.file)
            finally:
                made = back_up_day(self.file)
            return made

    def backups(self) -> list[Backup]:
        with disk_failures(self.file.parent):
            return all_backups(self.file)

    def restore(self, backup: Backup) -> Path:
        """Put a backup, once it has been read whole, in the file's place; return where that was put aside."""
        with (
            disk_failures(self.file.parent),
            unfinished_file(self.file, "unpacked") as unpacked,
            unfinished_file(self.file, "restoring") as made,
        ):
            unpack(backup, unpacked)
            if problem := header_problem(unpacked):
                raise problem
            if not has_content(unpacked):
                raise StoreError("damaged", "an empty file")
            with contextlib.closing(connect_to_read(unpacked)) as connection:
                is_old = is_to_be_copied(connection)
                if not is_old and (fault := fault_in(connection)):
                    raise StoreError("damaged", fault)
            if is_old:
                copy_rows(unpacked, made)
            return self._exchange(made if is_old else unpacked)

    def repair(self) -> Repaired:
        """Put a new file, with all that can be read of the present one, in its place."""
        with disk_failures(self.file.parent), unfinished_file(self.file, "repairing") as made:
            with contextlib.closing(connect(self.file)) as damaged:
                conversations, messages = salvage(damaged, made)
            return Repaired(conversations, messages, self._exchange(made))

    @property
    def _checked(self) -> Path:
        return folder_of(self.file) / "checked"

    def _exchange(self, made: Path) -> Path:
        """Move the file aside with its log, and put `made` in its place; return where it was moved to."""
        sync_file(made)
        with self._closed():
            aside = put_aside(self.file)
            os.replace(made, self.file)
        sync_folder(self.file.parent)
        return aside

    @contextlib.contextmanager
    def _closed(self) -> Iterator[None]:
        """Keep the file closed everywhere for a while: some systems move none that is open."""
        with contextlib.suppress(StoreError):  # a damaged file may not let its log be folded in: it goes with it
            self.close()
        yield

    # --- Use ---

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
                if value_of(connection, f"{query} LIMIT 1") is not None:
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
    connection = connect(
        file,
        "secure_delete = ON",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"journal_size_limit = {_LOG_BYTES_KEPT}",
        # Sorting and temporary tables would otherwise leave texts in the system's folder for temporary files.
        "temp_store = MEMORY",
    )
    try:
        refuse_foreign_file(connection)  # first, since changing the journal mode writes
        use_log(connection)
    except BaseException:
        connection.close()
        raise
    return connection


_NUMBERED = ("conversations", "messages", "drafts")  # tables whose rows have numbers; those of the others are small
_ONE_BEFORE = (
    "SELECT id FROM messages WHERE conversation_id = lost.conversation_id AND key < lost.key ORDER BY key DESC LIMIT 1"
)
_NEWEST = "SELECT id FROM messages WHERE conversation_id = conversations.id ORDER BY key DESC LIMIT 1"
# How a row of each is known on a page that nothing leads to, whose table is unknown.
_IS_OWN = {
    "conversations": "typeof(id) = 'text' AND settings LIKE '{%}' AND typeof(created_at) = 'real'",
    "messages": "typeof(id) = 'text' AND role IN ('user', 'assistant') AND typeof(created_at) = 'real'",
}
_LEAF_OF_TABLE = 0x0D  # the first byte of such a page: https://www.sqlite.org/fileformat2.html#b_tree_pages


def readable_rows(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a table that can be read from its front and its back, undecodable letters replaced."""
    rows: dict[int, Row] = {}
    names = ", ".join(columns)
    with _any_letters(connection):
        for order in ("ASC", "DESC"):
            query = f"SELECT rowid, {names} FROM {table} ORDER BY rowid {order}"
            try:
                for number, *values in connection.execute(query):
                    rows[number] = tuple(values)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
            else:
                break
    return [rows[number] for number in sorted(rows)]


def salvage(damaged: sqlite3.Connection, target: Path) -> tuple[int, int]:
    """Write all that can be read of a damaged database into a new one; return its conversations and messages.

    Messages whose conversation cannot be read get one, and those whose parent cannot follow the message before them.
    """
    with contextlib.closing(connect(target, "foreign_keys = OFF")) as made:
        make_tables(made)
        made.execute("BEGIN")
        for table in TABLES:
            columns = _shared_columns(damaged, made, table)
            if not columns:  # the file never had it, or has nothing at all
                continue
            rows = _rows(damaged, table, columns)
            _log.warning("salvaged %d rows of %s", len(rows), table)
            marks = ", ".join("?" * len(columns))
            made.executemany(f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        with contextlib.suppress(sqlite3.DatabaseError):
            made.executemany(
                "UPDATE files_known SET since = ?", damaged.execute("SELECT since FROM files_known LIMIT 1")
            )
        _mend(made)
        made.execute("COMMIT")
        return tuple(value_of(made, f"SELECT count(*) FROM {table}") for table in ("conversations", "messages"))


def _rows(damaged: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Row]:
    if table in _NUMBERED:
        led_to = readable_rows(damaged, table, columns)
        return [*led_to, *_rows_nothing_leads_to(damaged, table, columns)] if table in _IS_OWN else led_to
    found: list[Row] = []
    with contextlib.suppress(sqlite3.DatabaseError), _any_letters(damaged):
        found.extend(damaged.execute(f"SELECT {', '.join(columns)} FROM {table}"))
    return found


def _rows_nothing_leads_to(damaged: sqlite3.Connection, table: str, columns: Sequence[str]) -> list[Row]:
    """Return the rows of all pages that hold rows of a table, if not all of the table can be read.

    In a copy in memory, one page after the other is made the root of the table. Erased pages are zeros.
    """
    with contextlib.suppress(sqlite3.DatabaseError):
        value_of(damaged, f"SELECT max(length(CAST(id AS BLOB))) FROM {table} NOT INDEXED")
        return []
    rows: list[Row] = []
    content = bytearray(damaged.serialize())
    content[18:20] = b"\1\1"  # without a write-ahead log, which memory has not
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy, _any_letters(copy):
        copy.deserialize(bytes(content))
        size = value_of(copy, "PRAGMA page_size")
        for start in range(size, len(content), size):
            if content[start] != _LEAF_OF_TABLE:
                continue
            with contextlib.suppress(sqlite3.DatabaseError):
                copy.execute("PRAGMA writable_schema = ON")
                copy.execute(
                    "UPDATE sqlite_master SET rootpage = ? WHERE type = 'table' AND name = ?",
                    (start // size + 1, table),
                )
                copy.execute("PRAGMA writable_schema = RESET")
                rows += copy.execute(f"SELECT {', '.join(columns)} FROM {table} NOT INDEXED WHERE {_IS_OWN[table]}")
    return rows


def _shared_columns(damaged: sqlite3.Connection, made: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns that both have: the damaged file may be of an earlier version."""
    there, here = ([row[1] for row in each.execute(f"PRAGMA table_info({table})")] for each in (damaged, made))
    return [name for name in here if name in there]


def _mend(made: sqlite3.Connection) -> None:
    """Give every message a conversation and a parent that exist, and every conversation an end."""
    for statement in (
        "DELETE FROM conversations WHERE typeof(id) != 'text'",
        "DELETE FROM messages WHERE typeof(id) != 'text' OR typeof(conversation_id) != 'text'",
        "INSERT INTO conversations (id, title, created_at, updated_at) SELECT conversation_id, '', min(created_at), "
        "max(created_at) FROM messages WHERE conversation_id NOT IN (SELECT id FROM conversations) "
        "GROUP BY conversation_id",
        f"UPDATE messages AS lost SET parent_id = ({_ONE_BEFORE}) "
        "WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages)",
        "DELETE FROM reply_log WHERE message_id NOT IN (SELECT id FROM messages)",
        "DELETE FROM message_files WHERE message_id NOT IN (SELECT id FROM messages)",
        f"UPDATE conversations SET head_id = ({_NEWEST}) "
        "WHERE head_id IS NULL OR head_id NOT IN (SELECT id FROM messages)",
    ):
        made.execute(statement)


@contextlib.contextmanager
def _any_letters(connection: sqlite3.Connection) -> Iterator[None]:
    """Have texts read whose bytes are not UTF-8 any more."""
    connection.text_factory = lambda read: read.decode("utf-8", "replace")
    try:
        yield
    finally:
        connection.text_factory = str

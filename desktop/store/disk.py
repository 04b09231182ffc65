"""Private files, atomic writing, and one vocabulary for the failures of a disk.

Everything the program keeps is readable by its owner alone. What stands in the files is the business of the other
modules of this folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from desktop.core.errors import StoreError

OWNER_ONLY_FILE = 0o600
OWNER_ONLY_FOLDER = 0o700

_BUSY_TIMEOUT = 5.0  # seconds to wait for another reader or writer: a backup program, a curious user's SQLite tool
WITH_LOG = ("", "-wal", "-shm", "-journal")  # the endings of a database's files
# Below this, SQLite's failures to grow a file (which hide the system's own error number) are taken for a full disk.
_NEARLY_FULL = 1 << 20  # bytes

# Without waiting for the other end of a pipe, and without becoming the terminal's program.
_TO_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)

_REASON_OF_ERRNO = {
    errno.ENOSPC: "full",
    getattr(errno, "EDQUOT", errno.ENOSPC): "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}
_REASON_OF_SQLITE = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_PERM: "read_only",
    sqlite3.SQLITE_CANTOPEN: "read_only",  # the folder is made first, so what is missing is the right to make files
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
}


def store_error(error: OSError | sqlite3.Error | StoreError, folder: Path) -> StoreError:
    """Return the same failure as a `StoreError`; `folder` is asked for its free space if the error is vague."""
    if isinstance(error, StoreError):
        return error
    if isinstance(error, OSError):
        reason = _REASON_OF_ERRNO.get(error.errno or 0, "other")
        return StoreError(reason, error.strerror or type(error).__name__)
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else -1
    reason = "damaged" if is_damage(error) else _REASON_OF_SQLITE.get(primary, "other")
    if primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and os.access(folder, os.W_OK):
        reason = "full" if _free_bytes(folder) < _NEARLY_FULL else reason
    return StoreError(reason, str(error))


@contextlib.contextmanager
def disk_failures(folder: Path) -> Iterator[None]:
    """Turn failures of the disk into `StoreError`; misuse of the sqlite3 module is a fault of ours and stays one."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except (OSError, sqlite3.Error) as error:
        raise store_error(error, folder) from error


def is_damage(error: sqlite3.Error) -> bool:
    """Return True if an error says that the file's pages or texts are damaged."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return "decode to UTF-8" in str(error)  # raised by the sqlite3 module itself, without a code
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def connect(path: Path | str, *pragmas: str, **options: Any) -> sqlite3.Connection:
    """Return a connection to a database, whose transactions are begun by hand. Raises sqlite3.Error."""
    connection: sqlite3.Connection = sqlite3.connect(path, timeout=_BUSY_TIMEOUT, isolation_level=None, **options)
    try:
        for each in pragmas:
            connection.execute(f"PRAGMA {each}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


class OpenedAtUse:
    """What has a connection to a database, which is opened by the first use."""

    _opened: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the database, if it is open; the next use opens it again."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()


def connect_to_read(path: Path, options: str = "") -> sqlite3.Connection:
    """Return a connection that changes nothing, beside others that may write. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{options}", uri=True, isolation_level=None)


def connect_leaving_no_trace(path: Path) -> sqlite3.Connection:
    """Return a connection to read, which makes nothing beside a file that was closed properly. Raises sqlite3.Error."""
    return connect_to_read(path, "" if has_content(Path(f"{path}-wal")) else "&immutable=1")


def value_of(connection: sqlite3.Connection, query: str, *values: object) -> Any:
    """Return the first value of the first row; None where there is none. Raises sqlite3.Error."""
    row = connection.execute(query, values).fetchone()
    return row[0] if row is not None else None


def use_log(connection: sqlite3.Connection) -> None:
    """Have a database keep a write-ahead log. Another journal, where the file system shares no memory, is as safe."""
    try:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    except sqlite3.OperationalError as error:
        # Without waiting: another program is in the file. It has made the switch, or the next start will.
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Commit all that is done in here at once, or nothing of it; nobody else writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has undone it already
            connection.execute("ROLLBACK")
        raise


def make_private_folder(folder: Path) -> Path:
    """Create `folder` if it is missing, closed to others, and return it. Raises OSError."""
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    return folder


def who_else_can_write(folder: Path) -> str:
    """Return who beside the user can change what lies in a folder: others | owner | nobody."""
    if os.name == "nt":  # whose folders of users are closed by the system
        return "nobody"
    try:
        found = folder.stat()
    except OSError:
        return "nobody"
    if found.st_uid not in (os.getuid(), 0):
        return "owner"
    return "others" if found.st_mode & 0o002 else "nobody"


def close_to_others(folder: Path) -> bool:
    """Take from all others what they may do in a folder. Return False if the system does not allow that."""
    with contextlib.suppress(OSError):
        folder.chmod(OWNER_ONLY_FOLDER)
    return who_else_can_write(folder) == "nobody"


def make_private_file(path: Path) -> None:
    """Create an empty file that only its owner can read, or close an existing one to others. Raises OSError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY_FILE))
    except FileExistsError:
        # A file system without modes, or of another owner, cannot be closed; that is no reason not to open it.
        with contextlib.suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(OWNER_ONLY_FILE)


@contextlib.contextmanager
def unfinished_file(path: Path, purpose: str) -> Iterator[Path]:
    """Yield an empty private file beside `path`, to take its place once it is whole; what is left of it is deleted."""
    made = path.with_name(f"{path.stem}.{purpose}.part")
    try:
        delete_database(made)  # of a program that was killed
        make_private_file(made)
        yield made
    finally:
        delete_database(made)


def delete_database(path: Path) -> None:
    """Delete a file with all that SQLite has beside it. Raises OSError."""
    for ending in WITH_LOG:
        Path(f"{path}{ending}").unlink(missing_ok=True)


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read, without waiting for the other end of a pipe. Raises OSError, ValueError for no file."""
    descriptor = os.open(path, _TO_READ)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("not a file")
    return os.fdopen(descriptor, "rb")


def sync_file(path: Path) -> None:
    """Have the content of a file on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def has_content(path: Path) -> bool:
    """Return True if there is such a file, and it is not empty."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content` so that after a crash it holds the old or the new, never a mixture.

    A symbolic link stays one: its target is replaced. Raises OSError, and then the old file is as it was.
    """
    target = Path(os.path.realpath(path))
    make_private_folder(target.parent)
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    sync_folder(target.parent)


def write_or_refuse(path: Path, content: bytes) -> None:
    """Replace the file like `write_atomically`. Raises `StoreError`."""
    with disk_failures(path.parent):
        write_atomically(path, content)


def sync_folder(folder: Path) -> None:
    """Make a rename inside `folder` last through a loss of power, if the system can."""
    if os.name == "nt":  # Windows cannot open a folder for this
        return
    # The new content is already in place: a file system that cannot sync folders must not make the save a failure.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _NEARLY_FULL

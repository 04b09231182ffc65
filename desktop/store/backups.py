"""Backups of the database beside it: one before each change of its structure, and one a day, compressed.

Each is one whole file without a write-ahead log, and tells by its name when it was made and what it holds:
`candor-20261127-091500-1-version-8.db`, `candor-20261127-091500-c12-m340.db.gz`.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import shutil
import sqlite3
import time
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

from desktop.core.keeping.backups import Backup
from desktop.core.repository import StoreError
from desktop.core.text.late_regex import late_regex
from desktop.store import drafts
from desktop.store.disk import OWNER_ONLY_FILE, make_private_file, make_private_folder, sync_folder, write_atomically

UPDATES_KEPT = 5
DAYS_KEPT = 7
# A backup that holds so many messages more than all later ones is kept beyond its week.
_MANY_MORE, _A_FEW = 1.25, 10
_DAY = 86_400.0
_CLOCK_CHANGE = 7_200.0  # seconds; the names of backups have the time of the place, which summer moves
_MOMENT_LETTERS = len("20261127-091500")
_ABANDONED_SECONDS = 3600.0  # no copy takes so long
_NAME = late_regex(r"-(\d{8}-\d{6})-(?:\d+-version-\d+\.db|c(\d+)-m(\d+)\.db\.gz)$")
_PIECE = 1 << 20  # bytes


def folder_of(path: Path) -> Path:
    """Return the folder of a database's backups."""
    return path.parent / "backups"


def back_up(connection: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the whole database before its structure changes, and return the copy's path.

    Only the last few are kept. Raises sqlite3.Error or OSError.
    """
    folder = folder_of(path)
    make_private_folder(folder)
    _clear_abandoned(path)
    moment, number = _moment(), 1
    while (target := folder / f"{path.stem}-{moment}-{number}-version-{version}{path.suffix}").exists():
        number += 1
    with _partial(folder, f"{target.name}.part{os.getpid()}") as partial:
        _copy(connection, partial)
        os.replace(partial, target)
    sync_folder(folder)
    for old in sorted(folder.glob(f"{path.stem}-*-version-*{path.suffix}"), key=_numbers)[:-UPDATES_KEPT]:
        old.unlink(missing_ok=True)
    return target


def back_up_day(path: Path) -> Backup | None:
    """Make today's backup of a database that may be in use; None if there is one, or nothing has changed since.

    Read by a connection of its own. Raises `StoreError` damaged for a file that is, and sqlite3.Error or OSError.
    """
    earlier = _daily(path)
    if earlier and (_day(earlier[-1]) == _moment()[:8] or not _has_changed(path, earlier[-1])):
        return None
    folder = folder_of(path)
    make_private_folder(folder)
    _clear_abandoned(path)
    if not _erased(path):
        _note(path, ("",))
    moment = _moment()
    with _partial(folder, f"{path.stem}-{moment}.db.part{os.getpid()}") as partial:
        with contextlib.closing(open_to_read(path)) as connection:
            if fault := fault_in(connection):
                raise StoreError("damaged", fault)
            _copy(connection, partial)
        with contextlib.closing(open_to_read(partial)) as copy:
            conversations, messages = (_count(copy, table) for table in ("conversations", "messages"))
        if not conversations:
            return None
        target = folder / f"{path.stem}-{moment}-c{conversations}-m{messages}{path.suffix}.gz"
        with _partial(folder, f"{target.name}.part{os.getpid()}") as packed:
            _pack(partial, packed)
            os.replace(packed, target)
    sync_folder(folder)
    _rotate(path)
    return described(target)


def note_erased(path: Path, ids: Sequence[str]) -> None:
    """Note which conversations are about to be erased for good, so that backups forget them too. Raises OSError.

    Where nothing was backed up yet there is nothing to note.
    """
    if folder_of(path).is_dir():
        _note(path, ids)


def forget_erased(path: Path) -> None:
    """Take what was erased from the backups that are older than a week; those of a version go as a whole.

    Raises sqlite3.Error or OSError.
    """
    week_ago = time.time() - DAYS_KEPT * _DAY
    noted = _erased(path)
    for backup in all_backups(path):
        ids = [identity for moment, identity in noted if identity and moment > backup.made_at - _CLOCK_CHANGE]
        if not ids or backup.made_at > week_ago:
            continue
        if backup.before_update or not _erase_from(path, backup, ids):
            backup.path.unlink(missing_ok=True)
    kept = [(moment, identity) for moment, identity in noted if not identity or moment > week_ago]
    if kept != noted:
        write_atomically(_erased_file(path), "".join(f"{at:.0f} {each}\n" for at, each in kept).encode())


def _rotate(path: Path) -> None:
    """Delete the daily backups beyond the last ones, but for the newest that holds many more messages than all later.

    What it holds was lost without being erased; the note of what was erased must reach back to it.
    """
    daily = [each for each in all_backups(path) if not each.before_update]  # the latest first
    since = min((moment for moment, _ in _erased(path)), default=time.time())
    most, keeps_one = max((each.messages or 0 for each in daily[:DAYS_KEPT]), default=0), False
    for old in daily[DAYS_KEPT:]:
        messages = old.messages or 0
        if not keeps_one and old.made_at >= since and messages > most * _MANY_MORE + _A_FEW:
            keeps_one = True
        else:
            old.path.unlink(missing_ok=True)
        most = max(most, messages)


def _erase_from(path: Path, backup: Backup, ids: Sequence[str]) -> bool:
    """Put a copy without these conversations in the place of a daily backup.

    Return False for one that can't be changed so: it can't be unpacked, or an earlier version made it.
    """
    folder, moment = folder_of(path), backup.path.name.removeprefix(f"{path.stem}-")[:_MOMENT_LETTERS]
    with _partial(folder, f"{path.stem}-{moment}.db.part{os.getpid()}") as partial:
        try:
            unpack(backup, partial)
        except StoreError:
            return False
        with contextlib.closing(open_to_read(path)) as present:
            version = present.execute("PRAGMA user_version").fetchone()
        with contextlib.closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            if copy.execute("PRAGMA user_version").fetchone() != version:
                return False
            copy.execute("PRAGMA foreign_keys = ON")
            copy.execute("PRAGMA secure_delete = ON").fetchall()
            copy.execute("BEGIN")
            for identity in ids:
                drafts.erase(copy, identity)
                copy.execute("DELETE FROM conversations WHERE id = ?", (identity,))
            copy.execute("COMMIT")
            copy.execute("VACUUM")
            conversations, messages = (_count(copy, table) for table in ("conversations", "messages"))
        if (conversations, messages) == (backup.conversations, backup.messages):
            return True
        target = folder / f"{path.stem}-{moment}-c{conversations}-m{messages}{path.suffix}.gz"
        with _partial(folder, f"{target.name}.part{os.getpid()}") as packed:
            _pack(partial, packed)
            os.replace(packed, target)
    sync_folder(folder)
    backup.path.unlink(missing_ok=True)
    return True


def _note(path: Path, ids: Sequence[str]) -> None:
    """Add to the note of what was erased; an empty id stands for its beginning."""
    make_private_file(_erased_file(path))
    with _erased_file(path).open("a", encoding="utf-8") as file:
        file.writelines(f"{int(time.time())} {identity}\n" for identity in ids)
        file.flush()
        os.fsync(file.fileno())


def _erased_file(path: Path) -> Path:
    return folder_of(path) / "erased"


def _erased(path: Path) -> list[tuple[float, str]]:
    """Return what was noted as erased, with when; first, without an id, when the note was begun."""
    noted: list[tuple[float, str]] = []
    with contextlib.suppress(FileNotFoundError):
        for line in _erased_file(path).read_text(encoding="utf-8", errors="replace").splitlines():
            moment, _, identity = line.partition(" ")
            with contextlib.suppress(ValueError):
                noted.append((float(moment), identity))
    return noted


def described(file: Path) -> Backup | None:
    """Return what the name of a backup tells of it; None for a file that is none, or is gone. Raises OSError."""
    found = _NAME.search(file.name)
    if found is None:
        return None
    try:
        made_at = time.mktime(time.strptime(found[1], "%Y%m%d-%H%M%S"))
        size = file.stat().st_size
    except (ValueError, OverflowError, FileNotFoundError):
        return None
    conversations, messages = (int(each) if each else None for each in found.groups()[1:])
    return Backup(file, made_at, size, conversations, messages, before_update=found[2] is None)


def all_backups(path: Path) -> list[Backup]:
    """Return the backups of a database, the latest first. Raises OSError."""
    found = (described(file) for file in folder_of(path).glob(f"{path.stem}-*"))
    return sorted((each for each in found if each is not None), key=lambda each: each.made_at, reverse=True)


def unpack(backup: Backup, target: Path) -> None:
    """Write a backup's database to `target`. Raises OSError, and `StoreError` damaged if it can't be unpacked."""
    try:
        with _opened(backup.path) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _PIECE)
            file.flush()
            os.fsync(file.fileno())
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise StoreError("damaged", str(error)) from error


def open_to_read(path: Path) -> sqlite3.Connection:
    """Return a connection that changes nothing, beside others that may write. Raises sqlite3.Error."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)


def fault_in(connection: sqlite3.Connection) -> str:
    """Return the first fault in the structure of a database; empty if there is none. Raises sqlite3.Error."""
    try:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        return str(error)
    return "" if found == "ok" else found


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()


def _pack(source: Path, target: Path) -> None:
    with source.open("rb") as plain, gzip.open(target, "wb", compresslevel=4) as packed:
        shutil.copyfileobj(plain, packed, _PIECE)
    with target.open("rb+") as file:
        os.fsync(file.fileno())


@contextlib.contextmanager
def _partial(folder: Path, name: str) -> Iterator[Path]:
    """Yield an empty private file for a copy; what is left of it is deleted."""
    partial = folder / name
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_RDWR, OWNER_ONLY_FILE))
        yield partial
    finally:
        for leftover in [Path(f"{partial}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]:
            leftover.unlink(missing_ok=True)


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _has_changed(path: Path, backup: Path) -> bool:
    made = backup.stat().st_mtime
    log = Path(f"{path}-wal")
    return path.stat().st_mtime > made or (log.exists() and log.stat().st_size > 0 and log.stat().st_mtime > made)


def _daily(path: Path) -> list[Path]:
    """Return the daily backups, the oldest first."""
    return sorted(folder_of(path).glob(f"{path.stem}-*-c*-m*{path.suffix}.gz"), key=_numbers)


def _day(backup: Path) -> str:
    found = _NAME.search(backup.name)
    return found[1][:8] if found else ""


def _moment() -> str:
    return time.strftime("%Y%m%d-%H%M%S")


def _clear_abandoned(path: Path) -> None:
    for partial in folder_of(path).glob(f"{path.stem}-*.part*"):
        if _is_abandoned(partial):
            partial.unlink(missing_ok=True)


def _is_abandoned(partial: Path) -> bool:
    """Return True if no program writes this copy any more.

    Another program may be at it, and be done with it at any moment.
    """
    try:
        return time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS
    except FileNotFoundError:
        return False


def _numbers(backup: Path) -> list[int]:
    """Return moment, number and version of a backup: as words, version 10 would stand before version 9."""
    return [int(found) for found in re.findall(r"\d+", backup.stem)]

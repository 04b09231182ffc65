"""Backups of the database beside it: one before its structure changes, and one a day, compressed.

Each is one whole file without a write-ahead log, and tells by its name when it was made and what it holds:
`candor-20261127-091500-1-version-8.db`, `candor-20261127-091500-c12-m340.db.gz`. A file that gave its place to
another is kept beside the database: `candor.aside-20261127-091500-1.db`. What is erased goes from all of them.
"""

from __future__ import annotations

import contextlib
import gzip
import math
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
from desktop.store import drafts
from desktop.store.disk import (
    OWNER_ONLY_FILE,
    has_content,
    make_private_file,
    make_private_folder,
    sync_folder,
    write_atomically,
)
from desktop.store.schema import OLDEST, drop_old_index, tables_beside_old_index

UPDATES_KEPT = 5
DAYS_KEPT = 7
# A backup that holds so many messages more than all later ones is kept beyond its week.
_MANY_MORE, _A_FEW = 1.25, 10
_DAY = 86_400.0
_CLOCK_CHANGE = 7_200.0  # seconds; the names of backups have the time of the place, which summer moves
_ABANDONED_SECONDS = 3600.0  # no copy takes so long
_NAME = r"-(\d{8}-\d{6})-(?:\d+-version-\d+\.db|c(\d+)-m(\d+)\.db\.gz)"
_MOMENT = "%Y%m%d-%H%M%S"
_BESIDE = ("", "-wal", "-shm")  # a database and what belongs to it
_PIECE = 1 << 20  # bytes


def folder_of(path: Path) -> Path:
    """Return the folder of a database's backups."""
    return path.parent / "backups"


def all_backups(path: Path) -> list[Backup]:
    """Return the backups of a database, the latest first. Raises OSError."""
    found = (_described(file) for file in folder_of(path).glob(f"{path.stem}-*"))
    return sorted(
        (each for each in found if each is not None),
        key=lambda each: (_as_far_as_true(each.made_at), each.path),
        reverse=True,
    )


def put_aside(path: Path) -> Path:
    """Move a database away with its log, and return where it is. Raises OSError."""
    make_private_folder(folder_of(path))  # for the note of what is erased from now on
    moment, number = time.strftime(_MOMENT), 1
    while (aside := path.with_name(f"{path.stem}.aside-{moment}-{number}.db")).exists():
        number += 1
    for suffix in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{suffix}", f"{aside}{suffix}")
    return aside


def back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the whole database before its structure changes, if that was not done since it last did.

    Raises sqlite3.Error or OSError.
    """
    folder = _prepared_folder(path)
    if any(_has_stayed(path, each) for each in folder.glob(f"{path.stem}-*-version-{version}{path.suffix}")):
        return
    moment, number = time.strftime(_MOMENT), 1
    while (target := folder / f"{path.stem}-{moment}-{number}-version-{version}{path.suffix}").exists():
        number += 1
    with _partial(target) as copy:
        _copy(connection, copy)
        os.replace(copy, target)
    sync_folder(folder)
    _rotate(path)


def back_up_day(path: Path) -> Backup | None:
    """Make today's backup of a database that may be in use; None if there is one, or nothing has changed since.

    Read by a connection of its own. Raises `StoreError` damaged for a file that is, and sqlite3.Error or OSError.
    """
    moment = time.strftime(_MOMENT)
    told = (each for each in all_backups(path) if not each.before_update and _as_far_as_true(each.made_at))
    last = next(told, None)
    if last is not None and (f"-{moment[:8]}-" in last.path.name or not _has_changed(path, last.path)):
        return None
    folder = _prepared_folder(path)
    if not _erased(path):
        _note(path, ("",))
    with _partial(folder / f"{path.stem}-{moment}.db") as copy:
        with contextlib.closing(open_to_read(path)) as connection:
            if fault := fault_in(connection):
                raise StoreError("damaged", fault)
            _copy(connection, copy)
        made = _pack(path, copy, moment)
    _rotate(path)
    return made


def note_erased(path: Path, ids: Sequence[str]) -> None:
    """Note which conversations are about to be erased for good, so that backups forget them too. Raises OSError.

    Where nothing was backed up yet there is nothing to note.
    """
    if folder_of(path).is_dir():
        _note(path, ids)


def forget_erased(path: Path) -> None:
    """Take what was erased from the backups, and the files put aside, that are older than a week.

    Those that were made before a change of the structure go as a whole, and so do those that are damaged. Raises
    sqlite3.Error or OSError, as for a full disk; it is tried again at the next call.
    """
    week_ago = time.time() - DAYS_KEPT * _DAY
    noted = _erased(path)

    def erased_since(made_at: float) -> list[str]:
        made_at = _as_far_as_true(made_at)
        if made_at > week_ago:
            return []
        return [identity for moment, identity in noted if identity and moment > made_at - _CLOCK_CHANGE]

    for backup in all_backups(path):
        ids = erased_since(backup.made_at)
        if ids and (backup.before_update or backup.is_too_old or not _erase_from(path, backup, ids)):
            backup.path.unlink(missing_ok=True)
    for aside in path.parent.glob(f"{path.stem}.aside-*-*.db"):
        ids = erased_since(_moment_of(aside.stem.split("-", 1)[1].rpartition("-")[0]))
        if ids:
            _erase_from_aside(aside, ids)
    kept = [(moment, identity) for moment, identity in noted if not identity or moment > week_ago]
    if kept != noted:
        write_atomically(_erased_file(path), "".join(f"{at:.0f} {each}\n" for at, each in kept).encode())


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
    """Return the first fault in the structure of a database; empty if there is none. Raises sqlite3.Error.

    Those of the old index alone are none.
    """
    try:
        for checked in tables_beside_old_index(connection) or ("1",):  # else all, until the first fault
            found = str(connection.execute(f"PRAGMA quick_check({checked})").fetchone()[0])
            if found != "ok":
                return found
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise
        return str(error)
    return ""


def _is_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _described(file: Path) -> Backup | None:
    """Return what the name and the first bytes of a backup tell of it; None for a file that is none, or is gone."""
    found = re.search(_NAME + "$", file.name)
    if found is None:
        return None
    made_at = _moment_of(found[1])
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return None
    if made_at == math.inf:
        return None
    conversations, messages = (int(each) if each else None for each in found.groups()[1:])
    is_too_old = 0 < _version_in(file) < OLDEST
    return Backup(file, made_at, size, conversations, messages, before_update=found[2] is None, is_too_old=is_too_old)


def _moment_of(text: str) -> float:
    """Return the moment in a name; beyond all time if it is none."""
    try:
        return time.mktime(time.strptime(text, _MOMENT))
    except (ValueError, OverflowError):
        return math.inf


def _as_far_as_true(moment: float) -> float:
    """Return a moment; the beginning of time for one to come, which was told by a clock that ran ahead."""
    return moment if moment <= time.time() + _DAY else 0.0


def _version_in(file: Path) -> int:
    """Return the version of the database in a backup, which stands in its first bytes; 0 where they can't be read."""
    try:
        with _opened(file) as content:
            return int.from_bytes(content.read(64)[60:], "big")
    except (OSError, EOFError, zlib.error):
        return 0


def _rotate(path: Path) -> None:
    """Delete the backups beyond the last ones, but for the newest daily one that holds many more messages than later.

    What it holds was lost without being erased; the note of what was erased must reach back to it. What an earlier
    state of the program made is left alone.
    """
    found = [each for each in all_backups(path) if not each.is_too_old]
    for old in [each for each in found if each.before_update][UPDATES_KEPT:]:
        old.path.unlink(missing_ok=True)
    daily = [each for each in found if not each.before_update]
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
    """Put a copy without these conversations in the place of a daily backup; False if it can't be unpacked."""
    moment = backup.path.name.removeprefix(f"{path.stem}-")[: len("20261127-091500")]
    with _partial(folder_of(path) / f"{path.stem}-{moment}.db") as copy:
        try:
            unpack(backup, copy)
        except StoreError:
            return False
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as database:
            if not _erase_rows(database, ids):
                return True
        made = _pack(path, copy, moment)
    if made is None or made.path != backup.path:
        backup.path.unlink(missing_ok=True)
    return True


def _erase_from_aside(aside: Path, ids: Sequence[str]) -> None:
    """Take these conversations out of a file that was put aside.

    One that is damaged or of another form goes as a whole, if it may hold any of them. Raises sqlite3.Error or OSError.
    """
    try:
        with contextlib.closing(sqlite3.connect(aside, isolation_level=None)) as database:
            if not fault_in(database):
                _erase_rows(database, ids)
                # Or the log would still have the words.
                database.execute("PRAGMA journal_mode = DELETE").fetchall()
                return
    except sqlite3.DatabaseError as error:
        if not _is_damage(error) and "no such table" not in str(error):
            raise
    files = [Path(f"{aside}{suffix}") for suffix in _BESIDE]
    if any(_may_hold(file, ids) for file in files):
        for file in files:
            file.unlink(missing_ok=True)


def _may_hold(file: Path, ids: Sequence[str]) -> bool:
    """Return True if one of these ids stands anywhere in the bytes of a file. Raises OSError."""
    sought = [identity.encode() for identity in ids]
    longest = max(map(len, sought))
    before = b""
    with contextlib.suppress(FileNotFoundError), file.open("rb") as content:
        while piece := content.read(_PIECE):
            window = before + piece
            if any(each in window for each in sought):
                return True
            before = window[-longest:]
    return False


def _erase_rows(database: sqlite3.Connection, ids: Sequence[str]) -> bool:
    """Erase these conversations; return True if there were any of them. Raises sqlite3.Error."""
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("PRAGMA secure_delete = ON").fetchall()
    while drop_old_index(database):  # or it would still have the words
        pass
    database.execute("BEGIN")
    for identity in ids:
        drafts.erase(database, identity)
        database.execute("DELETE FROM conversations WHERE id = ?", (identity,))
    database.execute("COMMIT")
    if database.total_changes:
        database.execute("VACUUM")
    return bool(database.total_changes)


def _pack(path: Path, copy: Path, moment: str) -> Backup | None:
    """Compress a database into the daily backup of a moment; None where it holds no conversation."""
    with contextlib.closing(open_to_read(copy)) as database:
        counts = [
            int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in ("conversations", "messages")
        ]
    if not counts[0]:
        return None
    target = folder_of(path) / f"{path.stem}-{moment}-c{counts[0]}-m{counts[1]}{path.suffix}.gz"
    with _partial(target) as packed:
        with copy.open("rb") as plain, gzip.open(packed, "wb", compresslevel=4) as file:
            shutil.copyfileobj(plain, file, _PIECE)
        _sync(packed)
        os.replace(packed, target)
    sync_folder(target.parent)
    return _described(target)


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    """Write the whole database into an empty file, without what was deleted in it.

    One whose old index is damaged is copied as it is.
    """
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError as error:
        if not _is_damage(error) or not tables_beside_old_index(connection):
            raise
        target.write_bytes(b"")
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").fetchall()
    _sync(target)


def _sync(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


@contextlib.contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """Yield an empty private file for what is to become `target`; what is left of it is deleted."""
    partial = target.with_name(f"{target.name}.part{os.getpid()}")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_RDWR, OWNER_ONLY_FILE))
        yield partial
    finally:
        for leftover in [Path(f"{partial}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]:
            leftover.unlink(missing_ok=True)


def _prepared_folder(path: Path) -> Path:
    """Return the folder of backups, made if need be, without copies that no program writes any more."""
    folder = folder_of(path)
    make_private_folder(folder)
    for partial in folder.glob(f"{path.stem}-*.part*"):
        with contextlib.suppress(FileNotFoundError):  # another program may just be done with it
            if time.time() - partial.stat().st_mtime > _ABANDONED_SECONDS:
                partial.unlink()
    return folder


def _has_changed(path: Path, backup: Path) -> bool:
    made, log = backup.stat().st_mtime, Path(f"{path}-wal")
    return path.stat().st_mtime > made or (has_content(log) and log.stat().st_mtime > made)


def _has_stayed(path: Path, backup: Path) -> bool:
    """Return True if nothing has been written to a database, or put in its place, since a backup was made."""
    made = backup.stat().st_mtime
    return path.stat().st_ctime <= made <= time.time() and not _has_changed(path, backup)


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


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

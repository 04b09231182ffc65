"""Backups of the database beside it: one before its structure changes, and one a day, compressed.

Each is one whole file without a write-ahead log, and tells by its name when it was made and what it holds:
`candor-20261127-091500-1-version-8.db`, `candor-20261127-091500-c12-m340.db.gz`. A file that gave its place to
another is kept beside the database: `candor.aside-20261127-091500-1.db`. What is erased goes from all of them.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import math
import os
import re
import shutil
import sqlite3
import time
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO, cast

from desktop.core.conversation import Backup
from desktop.core.errors import StoreError
from desktop.store.disk import (
    WITH_LOG,
    connect_to_read,
    delete_database,
    has_content,
    is_damage,
    make_private_file,
    make_private_folder,
    sync_file,
    sync_folder,
    unfinished_file,
    value_of,
    write_atomically,
)
from desktop.store.schema import OLDEST, copy_rows

UPDATES_KEPT = 5
DAYS_KEPT = 7
# A backup that holds so many messages more than all later ones is kept beyond its week.
_MANY_MORE, _A_FEW = 1.25, 10
_DAY = 86_400.0
_CLOCK_CHANGE = 7_200.0  # seconds; the names of backups have the time of the place, which summer moves
_NAME = re.compile(r"-(\d{8}-\d{6})-(?:\d+-version-\d+\.db|c(\d+)-m(\d+)\.db\.gz)$")
_MOMENT = "%Y%m%d-%H%M%S"
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
    aside = _unused_name(path.parent, f"{path.stem}.aside-{time.strftime(_MOMENT)}-{{}}.db")
    for ending in WITH_LOG:
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{ending}", f"{aside}{ending}")
    return aside


def keep_before_update(path: Path, version: int) -> Path:
    """Keep a closed database that is about to be replaced, and return where. Raises OSError."""
    folder = _prepared_folder(path)
    target = _unused_name(folder, f"{path.stem}-{time.strftime(_MOMENT)}-{{}}-version-{version}{path.suffix}")
    try:
        os.link(path, target)
    except OSError:  # not every file system has such links
        with unfinished_file(target, "copy") as copy:
            shutil.copyfile(path, copy)
            sync_file(copy)
            os.replace(copy, target)
    sync_folder(folder)
    _rotate(path)
    return target


def back_up_day(path: Path) -> Backup | None:
    """Make today's backup of a database that may be in use; None if there is one, or nothing has changed since.

    Read by a connection of its own. Raises `StoreError` damaged for a file that is, and sqlite3.Error or OSError.
    """
    moment = time.strftime(_MOMENT)
    daily = (each for each in all_backups(path) if not each.before_update and _as_far_as_true(each.made_at))
    last = next(daily, None)
    if last is not None and (f"-{moment[:8]}-" in last.path.name or not _has_changed(path, last.path)):
        return None
    folder = _prepared_folder(path)
    if not _erased(path):
        _note(path, ("",))
    with unfinished_file(folder / path.name, "copy") as copy:
        with contextlib.closing(connect_to_read(path)) as connection:
            if fault := fault_in(connection):
                raise StoreError("damaged", fault)
            connection.execute("VACUUM INTO ?", (str(copy),))
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
    `StoreError`, sqlite3.Error or OSError, as for a full disk, once all were tried, and tries again at the next call.
    """
    week_ago = time.time() - DAYS_KEPT * _DAY
    noted = _erased(path)

    def erased_since(made_at: float) -> list[str]:
        made_at = _as_far_as_true(made_at)
        if made_at > week_ago:
            return []
        return [identity for moment, identity in noted if identity and moment > made_at - _CLOCK_CHANGE]

    files = [(each.made_at, partial(_erase_from_backup, path, each)) for each in all_backups(path)]
    for aside in path.parent.glob(f"{path.stem}.aside-*-*.db"):
        made_at = _moment_of(aside.stem.split("-", 1)[1].rpartition("-")[0])
        files.append((made_at, partial(_erase_from_aside, aside)))
    errors: list[Exception] = []
    for made_at, erase_from in files:
        if ids := erased_since(made_at):
            try:
                erase_from(ids)
            except (StoreError, sqlite3.Error, OSError) as error:
                errors.append(error)
    if errors:
        raise errors[0]
    kept = [(moment, identity) for moment, identity in noted if not identity or moment > week_ago]
    if kept != noted:
        write_atomically(_erased_file(path), "".join(f"{at:.0f} {each}\n" for at, each in kept).encode())


def unpack(backup: Backup, target: Path) -> None:
    """Write a backup's database to `target`. Raises OSError, and `StoreError` damaged if it can't be unpacked."""
    try:
        with _content_of(backup.path) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _PIECE)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise StoreError("damaged", str(error)) from error


def fault_in(connection: sqlite3.Connection) -> str:
    """Return the first fault in the structure of a database; empty if there is none. Raises sqlite3.Error."""
    try:
        found = str(value_of(connection, "PRAGMA quick_check(1)"))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return "" if found == "ok" else found


def _described(file: Path) -> Backup | None:
    """Return what the name and the first bytes of a backup tell of it; None for a file that is none, or is gone."""
    found = _NAME.search(file.name)
    if found is None or (made_at := _moment_of(found[1])) == math.inf:
        return None
    conversations, messages = (int(each) if each else None for each in found.groups()[1:])
    is_too_old = 0 < _version_in(file) < OLDEST
    with contextlib.suppress(FileNotFoundError):
        return Backup(file, made_at, file.stat().st_size, conversations, messages, found[2] is None, is_too_old)
    return None


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
        with _content_of(file) as content:
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


def _erase_from_backup(path: Path, backup: Backup, ids: Sequence[str]) -> None:
    """Put a copy without these conversations in the place of a daily backup; delete one that can't be read."""
    if backup.before_update or backup.is_too_old:
        backup.path.unlink(missing_ok=True)
        return
    moment = time.strftime(_MOMENT, time.localtime(backup.made_at))
    made: Backup | None = None
    plain = folder_of(path) / path.name
    with contextlib.suppress(StoreError), unfinished_file(plain, "unpacked") as unpacked:
        unpack(backup, unpacked)
        if not _may_hold(unpacked, ids):
            return
        with unfinished_file(plain, "copy") as copy:
            _copy_without(ids, unpacked, copy)
            made = _pack(path, copy, moment)
    if made is None or made.path != backup.path:
        backup.path.unlink(missing_ok=True)


def _erase_from_aside(aside: Path, ids: Sequence[str]) -> None:
    """Take these conversations out of a file that was put aside; one damaged, or of another form, goes whole."""
    if not any(_may_hold(Path(f"{aside}{ending}"), ids) for ending in WITH_LOG):
        return
    try:
        with unfinished_file(aside, "copy") as copy:
            _copy_without(ids, aside, copy)
            os.replace(copy, aside)
    except StoreError as error:
        if error.reason != "damaged":
            raise
        delete_database(aside)


def _copy_without(ids: Sequence[str], source: Path, target: Path) -> None:
    """Copy a database without these conversations; one that lacks a table or a column counts as damaged."""
    try:
        copy_rows(source, target, ids)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        raise StoreError("damaged", str(error)) from error


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


def _pack(path: Path, copy: Path, moment: str) -> Backup | None:
    """Compress a database into the daily backup of a moment; None where it holds no conversation."""
    with contextlib.closing(connect_to_read(copy)) as database:
        conversations, messages = (
            value_of(database, f"SELECT count(*) FROM {table}") for table in ("conversations", "messages")
        )
    if not conversations:
        return None
    target = folder_of(path) / f"{path.stem}-{moment}-c{conversations}-m{messages}{path.suffix}.gz"
    with unfinished_file(target, "packed") as packed:
        with copy.open("rb") as plain, gzip.open(packed, "wb", compresslevel=4) as file:
            shutil.copyfileobj(plain, file, _PIECE)
        sync_file(packed)
        os.replace(packed, target)
    sync_folder(target.parent)
    return _described(target)


def _prepared_folder(path: Path) -> Path:
    """Return the folder of backups, made if need be, without what killed programs left there."""
    folder = folder_of(path)
    make_private_folder(folder)
    for leftover in folder.glob(f"{path.stem}*.part*"):
        leftover.unlink(missing_ok=True)
    return folder


def _unused_name(folder: Path, name: str) -> Path:
    """Return a path that nothing has yet; `name` has `{}` for a number."""
    return next(each for number in itertools.count(1) if not (each := folder / name.format(number)).exists())


def _has_changed(path: Path, backup: Path) -> bool:
    made, log = backup.stat().st_mtime, Path(f"{path}-wal")
    return path.stat().st_mtime > made or (has_content(log) and log.stat().st_mtime > made)


def _content_of(backup: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(backup, "rb")) if backup.suffix == ".gz" else backup.open("rb")


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

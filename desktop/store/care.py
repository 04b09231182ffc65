"""Care for the database file: checked now and then, backed up once a day, and put in order when it is damaged.

What is put in its place is complete before the file is touched, and the file itself is only moved aside.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from desktop.core.keeping.backups import Backup, Repaired
from desktop.core.repository import StoreError
from desktop.store.backups import (
    all_backups,
    back_up_day,
    fault_in,
    folder_of,
    forget_erased,
    open_to_read,
    put_aside,
    unpack,
)
from desktop.store.database import SqliteStore
from desktop.store.database_file import loss_of
from desktop.store.disk import OWNER_ONLY_FILE, disk_failures, has_content, make_private_folder, sync_folder
from desktop.store.salvage import salvage
from desktop.store.schema import header_problem

_CHECK_SECONDS = 7 * 86_400.0
_BESIDE = ("", "-wal", "-shm")


class FileCare:
    """Care for the file of a store; what it does may take seconds, and raises `StoreError`.

    `restore` and `repair` are called on the store's thread.
    """

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._path = store.file

    def check(self) -> str:
        """Read the whole file, and return the first fault that is found in it; empty if there is none."""
        with disk_failures(self._path.parent):
            fault = loss_of(self._path)
            if not fault:
                with contextlib.closing(open_to_read(self._path)) as connection:
                    fault = fault_in(connection)
            if not fault:
                make_private_folder(folder_of(self._path))
                self._checked.touch(OWNER_ONLY_FILE)
        if fault:
            self._store.refuse_writing(fault)
        return fault

    def is_check_due(self) -> bool:
        """Return True if the file was not checked for a week, or was not closed properly the last time."""
        if self._store.was_interrupted:
            return True
        try:
            return time.time() - self._checked.stat().st_mtime > _CHECK_SECONDS
        except OSError:
            return True

    def back_up_if_due(self) -> Backup | None:
        """Make today's backup if the file has changed since the last one; none of a damaged one."""
        with disk_failures(self._path.parent):
            if fault := loss_of(self._path):
                raise StoreError("damaged", fault)
            forget_erased(self._path)
            return back_up_day(self._path)

    def backups(self) -> list[Backup]:
        with disk_failures(self._path.parent):
            return all_backups(self._path)

    def restore(self, backup: Backup) -> Path:
        """Put a backup, once it has been read whole, in the file's place; return where that was put aside."""
        made = self._empty_file("restoring")
        with disk_failures(self._path.parent), _without_leftovers(made):
            unpack(backup, made)
            if problem := header_problem(made):
                raise problem
            if not has_content(made):
                raise StoreError("damaged", "an empty file")
            with contextlib.closing(open_to_read(made)) as connection:
                if fault := fault_in(connection):
                    raise StoreError("damaged", fault)
            return self._exchange(made)

    def repair(self) -> Repaired:
        """Put a new file, with all that can be read of the present one, in its place."""
        made = self._empty_file("repairing")
        with disk_failures(self._path.parent), _without_leftovers(made):
            with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as damaged:
                conversations, messages = salvage(damaged, made)
            return Repaired(conversations, messages, self._exchange(made))

    @property
    def _checked(self) -> Path:
        return folder_of(self._path) / "checked"

    def _empty_file(self, word: str) -> Path:
        made = self._path.with_name(f"{self._path.stem}.{word}.part")
        with disk_failures(self._path.parent):
            for suffix in (*_BESIDE, "-journal"):
                Path(f"{made}{suffix}").unlink(missing_ok=True)
            os.close(os.open(made, os.O_CREAT | os.O_TRUNC | os.O_RDWR, OWNER_ONLY_FILE))
        return made

    def _exchange(self, made: Path) -> Path:
        """Move the file aside with its log, and put `made` in its place; return where it was moved to."""
        with self._store.search_index.closed():  # some systems move no file that is open anywhere
            return self._exchange_closed(made)

    def _exchange_closed(self, made: Path) -> Path:
        with contextlib.suppress(StoreError):  # a damaged file may not let its log be folded in; the log goes with it
            self._store.close()
        aside = put_aside(self._path)
        os.replace(made, self._path)
        sync_folder(self._path.parent)
        return aside


@contextlib.contextmanager
def _without_leftovers(made: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for suffix in (*_BESIDE, "-journal"):
            Path(f"{made}{suffix}").unlink(missing_ok=True)

"""Care for the database file: checked now and then, backed up once a day, and put in order when it is damaged.

What is put in its place is complete before the file is touched, and the file itself is only moved aside.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from desktop.core.conversation import Backup, Repaired
from desktop.core.errors import StoreError
from desktop.store.backups import all_backups, back_up_day, fault_in, folder_of, forget_erased, put_aside, unpack
from desktop.store.database import SqliteStore
from desktop.store.database_file import loss_of, salvage
from desktop.store.disk import (
    OWNER_ONLY_FILE,
    connect,
    connect_to_read,
    disk_failures,
    has_content,
    make_private_folder,
    sync_file,
    sync_folder,
    unfinished_file,
)
from desktop.store.schema import copy_rows, header_problem, is_to_be_copied

_CHECK_SECONDS = 7 * 86_400.0


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
                with contextlib.closing(connect_to_read(self._path)) as connection:
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
            try:
                forget_erased(self._path)
            finally:
                made = back_up_day(self._path)
            return made

    def backups(self) -> list[Backup]:
        with disk_failures(self._path.parent):
            return all_backups(self._path)

    def restore(self, backup: Backup) -> Path:
        """Put a backup, once it has been read whole, in the file's place; return where that was put aside."""
        with (
            disk_failures(self._path.parent),
            unfinished_file(self._path, "unpacked") as unpacked,
            unfinished_file(self._path, "restoring") as made,
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
        with disk_failures(self._path.parent), unfinished_file(self._path, "repairing") as made:
            with contextlib.closing(connect(self._path)) as damaged:
                conversations, messages = salvage(damaged, made)
            return Repaired(conversations, messages, self._exchange(made))

    @property
    def _checked(self) -> Path:
        return folder_of(self._path) / "checked"

    def _exchange(self, made: Path) -> Path:
        """Move the file aside with its log, and put `made` in its place; return where it was moved to."""
        sync_file(made)
        with self._store.search_index.closed():  # some systems move no file that is open anywhere
            with contextlib.suppress(StoreError):  # a damaged file may not let its log be folded in: it goes with it
                self._store.close()
            aside = put_aside(self._path)
            os.replace(made, self._path)
        sync_folder(self._path.parent)
        return aside

"""The ledger while the program runs: takes entries on any thread, and keeps and reads them on the store's."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.core.place import Place
from desktop.core.trust.ledger import Count, Entry, EntryFilter
from desktop.runtime.background import BackgroundTasks
from desktop.store.disk import write_or_refuse
from desktop.store.ledger import Ledger

_log = logging.getLogger(__name__)
_MOST_HELD = 1000  # entries, while the disk refuses them


class LedgerKeeper(QObject):
    """A keeper that nobody waits for: entries that come while the store's thread is busy are written in one go."""

    failed = Signal(object)  # what the first entry since the start failed with that could not be kept

    def __init__(self, work: BackgroundTasks, ledger: Ledger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._ledger = ledger
        self._lock = threading.Lock()
        self._waiting: dict[str, Entry] = {}  # by their ids: the end of an exchange takes the place of its beginning
        self._is_writing = False
        self._has_failed = False
        self._asked: dict[Place, float] = {}
        self.may_clear = True  # by the policy of this computer

    def note_consent(self, place: Place) -> None:
        """Take note that the user was asked just now if words may go to a place, and agreed; its entries tell of it."""
        with self._lock:
            self._asked[place] = time.time()

    def record(self, entry: Entry) -> None:
        """Have an entry kept soon. May be called from any thread; returns at once and never raises."""
        with self._lock:
            asked_at = self._asked.get(entry.place, 0.0) if entry.purpose.messages else 0.0
            self._waiting[entry.id] = replace(entry, purpose=replace(entry.purpose, asked_at=asked_at))
            if self._is_writing:
                return
            self._is_writing = True
        try:
            self._work.run(self._write)
        except RuntimeError:  # the program has ended, and its store with it
            _log.debug("an entry came after the end")

    async def read(self, wanted: EntryFilter, most: int) -> tuple[list[Entry], list[Count]]:
        """Return the newest entries that fit, and the counts of all that do. Raises `StoreError`."""
        return await self._work.run(lambda: (self._ledger.find(wanted, most), self._ledger.counts(wanted)))

    async def export(self, wanted: EntryFilter, most: int, path: Path, as_text: Callable[[list[Entry]], str]) -> None:
        """Write the entries that fit to a file, in the form that `as_text` gives them. Raises `StoreError`."""
        entries = await self._work.run(self._ledger.find, wanted, most)
        await self._work.slowly(lambda: write_or_refuse(path, as_text(entries).encode("utf-8")))

    async def clear(self) -> None:
        """Delete all entries. Raises `StoreError`."""
        if self.may_clear:
            await self._work.run(self._ledger.clear)

    def _write(self) -> None:
        with self._lock:
            entries, self._waiting = self._waiting, {}
            self._is_writing = False
        try:
            self._ledger.write(list(entries.values()))
        except Exception as error:
            with self._lock:  # tried again with the next entry; what came meanwhile is newer
                kept = dict(list(entries.items())[-_MOST_HELD:])
                self._waiting = {**kept, **self._waiting}
            _log.warning("the ledger could not be kept: %s", error)
            if not self._has_failed:
                self._has_failed = True
                self._work.post(self.failed.emit, error)

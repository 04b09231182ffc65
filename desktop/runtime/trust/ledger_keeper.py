"""The ledger while the program runs: takes entries on any thread, and keeps and reads them on the store's."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.core.place import Place
from desktop.core.trust.ledger import Count, Entry, EntryFilter
from desktop.runtime.background import BackgroundTasks
from desktop.store.ledger import Ledger

_log = logging.getLogger(__name__)
_MOST_HELD = 1000  # entries, while the disk refuses them


@dataclass(frozen=True, slots=True)
class FoundEntries:
    """Entries that fit what was asked for, the newest first, and the counts of all that do."""

    entries: list[Entry]
    counts: list[Count]


class LedgerKeeper(QObject):
    """A keeper that nobody waits for: entries that come while the store's thread is busy are written in one go."""

    failed = Signal(object)  # the StoreError of the first entry since the start that could not be kept

    def __init__(
        self,
        work: BackgroundTasks,
        ledger: Ledger,
        write_file: Callable[[Path, bytes], None],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies. `write_file` replaces a file; it raises `StoreError`."""
        super().__init__(parent)
        self._write_file = write_file
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
            self._work.run_on_store(self._write, None, self._on_failure)
        except RuntimeError:  # the program has ended, and its store with it
            _log.debug("an entry came after the end")

    def read(
        self, wanted: EntryFilter, most: int, show: Callable[[FoundEntries], None], fail: Callable[[Exception], None]
    ) -> None:
        """Fetch the newest entries that fit, and the counts of all that do."""
        ledger = self._ledger
        self._work.run_on_store(lambda: FoundEntries(ledger.find(wanted, most), ledger.counts(wanted)), show, fail)

    def export(
        self,
        wanted: EntryFilter,
        most: int,
        path: Path,
        as_text: Callable[[list[Entry]], str],
        done: Callable[[None], None],
        fail: Callable[[Exception], None],
    ) -> None:
        """Write the entries that fit to a file, in the form that `as_text` gives them."""
        ledger, write = self._ledger, self._write_file

        def write_slowly(entries: list[Entry]) -> None:
            self._work.run_slowly(lambda: write(path, as_text(entries).encode("utf-8")), done, fail)

        self._work.run_on_store(lambda: ledger.find(wanted, most), write_slowly, fail)

    def clear(self, done: Callable[[None], None], fail: Callable[[Exception], None]) -> None:
        """Delete all entries."""
        if self.may_clear:
            self._work.run_on_store(self._ledger.clear, done, fail)

    def _write(self) -> None:
        with self._lock:
            entries, self._waiting = self._waiting, {}
            self._is_writing = False
        try:
            self._ledger.write(list(entries.values()))
        except Exception:
            with self._lock:  # tried again with the next entry; what came meanwhile is newer
                kept = dict(list(entries.items())[-_MOST_HELD:])
                self._waiting = {**kept, **self._waiting}
            raise

    def _on_failure(self, error: Exception) -> None:
        _log.warning("the ledger could not be kept: %s", error)
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)

"""Care for the file of conversations while the program runs: checked and backed up when nobody waits for the disk."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.keeping.backups import Backup, Repaired
from desktop.core.repository import StoreError
from desktop.runtime.background import BackgroundTasks, DaemonExecutor
from desktop.store.care import FileCare

_log = logging.getLogger(__name__)

_FIRST_SECONDS = 20.0  # after the start, which has enough to read
_AGAIN_SECONDS = 3600.0  # a program that stays open for days is looked after on each


class StoreCare(QObject):
    """Watch over the file of conversations. `is_idle` tells whether the disk may be read for a while."""

    damage_found = Signal(object)  # StoreError
    replaced = Signal()  # the file is another one now, and what is in memory does not hold any more

    def __init__(
        self, work: BackgroundTasks, care: FileCare, is_idle: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._care = care
        self._is_idle = is_idle
        self._thread = DaemonExecutor("care")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)

    def begin_watching(self) -> None:
        """Look after the file from now on, beginning soon."""
        self._timer.start(round(_FIRST_SECONDS * 1000))

    def end(self) -> None:
        """Stop looking after it; what runs is not waited for."""
        self._timer.stop()
        self._thread.end()

    def look(self) -> None:
        """Check the file and back it up, each if it is due; later if somebody waits for the disk."""
        if not self._is_idle():
            self.begin_watching()
            return
        self._timer.start(round(_AGAIN_SECONDS * 1000))
        self._work.run_on(self._thread, self._check_and_back_up, None, self._on_failed)

    def list_backups(self, then: Callable[[list[Backup]], None], on_failed: Callable[[Exception], None]) -> None:
        """Call `then` with the backups that can be restored, the latest first."""
        self._work.run_on(self._thread, self._care.backups, then, on_failed)

    def restore(self, backup: Backup, on_failed: Callable[[Exception], None]) -> None:
        """Put a backup in the place of the file; `replaced` follows, or `on_failed` and all is as it was."""
        self._work.run_on_store(lambda: self._care.restore(backup), lambda _: self.replaced.emit(), on_failed)

    def repair(self, then: Callable[[Repaired], None], on_failed: Callable[[Exception], None]) -> None:
        """Put a file of all that can be read in the place of the damaged one; `then` and `replaced` follow."""

        def show(repaired: Repaired) -> None:
            then(repaired)
            self.replaced.emit()

        self._work.run_on_store(self._care.repair, show, on_failed)

    def _check_and_back_up(self) -> None:
        if self._care.is_check_due() and (fault := self._care.check()):
            raise StoreError("damaged", fault)
        self._care.back_up_if_due()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, StoreError) and error.reason == "damaged":
            self.damage_found.emit(error)
        else:  # a full disk has no room for a backup either, which is no news to anybody
            _log.warning("the file of conversations could not be looked after: %s", error)

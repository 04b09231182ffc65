"""The span for which conversations are kept, where a policy sets one: older ones are erased, at the start and later."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Set

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.runtime.background import BackgroundTasks
from desktop.store.database import SqliteStore

_log = logging.getLogger(__name__)
_DAY = 86_400.0  # seconds
_AGAIN_SECONDS = 3600.0  # a program that runs for weeks erases each day what has become too old


class Retention(QObject):
    """An eraser, in the bin and out of it, of conversations in which nothing has happened for so many days."""

    erased = Signal(object)  # their ids

    def __init__(
        self,
        work: BackgroundTasks,
        store: SqliteStore,
        in_use: Callable[[], Set[str]],
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Keep the dependencies. `in_use` returns the ids of those that are left alone until the next time."""
        super().__init__(parent)
        self._work = work
        self._store = store
        self._in_use = in_use
        self._clock = clock
        self._days = 0
        self._timer = QTimer(self, interval=round(_AGAIN_SECONDS * 1000))
        self._timer.timeout.connect(self.look)

    def keep_days(self, days: int) -> None:
        """Keep conversations for so many days from now on; 0 keeps them for ever."""
        self._days = days
        if days:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()

    def look(self) -> None:
        """Erase for good what is too old by now."""
        store, limit, in_use = self._store, self._clock() - self._days * _DAY, self._in_use()

        def erase() -> list[str]:
            known = [*store.conversations(), *(each for each, _ in store.binned_conversations())]
            old = [each.id for each in known if each.updated_at < limit and each.id not in in_use]
            for each in old:
                store.delete_for_good(each)
            return old

        self._work.run_on_store(erase, self._note_erased, _note_failed)

    def _note_erased(self, ids: list[str]) -> None:
        if ids:
            _log.info("%d conversations were older than the policy keeps them", len(ids))
            self.erased.emit(ids)


def _note_failed(error: Exception) -> None:
    _log.warning("old conversations could not be erased", exc_info=error)

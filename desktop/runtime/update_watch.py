"""A daily look-up of whether a newer version is out, while the user wants that. Decides nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.updates import Release, is_due
from desktop.runtime.threads.background_tasks import BackgroundTasks

_EVERY_MS = 3_600_000  # a program that stays open for days looks again, too
_log = logging.getLogger(__name__)


class UpdateWatch(QObject):
    """A daily look-up; `may_look` is asked each time: the user's wish, and the offline lock."""

    looked = Signal(float)  # when, in seconds of the clock on the wall
    found = Signal(object)  # a Release that is newer

    def __init__(
        self,
        work: BackgroundTasks,
        look: Callable[[], Coroutine[Any, Any, Release | None]],
        may_look: Callable[[], bool],
        looked_at: float,
        parent: QObject | None = None,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._look = look
        self._may_look = may_look
        self._looked_at = looked_at
        self._now = now
        self._again = QTimer(self, interval=_EVERY_MS)
        self._again.timeout.connect(self.look_if_due)
        self._again.start()

    def look_if_due(self) -> None:
        """Look up the newest version, unless that was done within a day.

        A failure counts as a look-up: no server is asked twice a day.
        """
        now = self._now()
        if self._may_look() and is_due(self._looked_at, now):
            self._looked_at = now
            self.looked.emit(now)
            self._work.run_on_loop(self._look(), self._on_answer, _note)

    def _on_answer(self, release: Release | None) -> None:
        if release is not None and self._may_look():
            self.found.emit(release)


def _note(error: Exception) -> None:
    """Log a failed look-up; the user has asked for nothing just now."""
    _log.info("the newest version could not be looked up", exc_info=error)

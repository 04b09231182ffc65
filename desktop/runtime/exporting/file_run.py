"""The writing or reading of a file that may take its time: its progress, and its end when the user cancels it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

_QUIET_S = 1.0  # no progress is told of what ends within this time
_STEP_S = 0.2  # between two reports of progress


class FileRunCancelledError(Exception):
    """Error for what the user has ended; nothing has been written."""


class FileRun(QObject):
    """A file while it is written or read. Progress is told of one that takes its time."""

    progressed = Signal(float)  # the share that is done

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._is_cancelled = threading.Event()
        self._told_at = clock() + _QUIET_S - _STEP_S

    @property
    def is_cancelled(self) -> bool:
        """True once the user has ended it."""
        return self._is_cancelled.is_set()

    def cancel(self) -> None:
        """End it at its next step."""
        self._is_cancelled.set()

    def report(self, share: float) -> None:
        """Note how far it has come. Runs on the working thread; raises `FileRunCancelledError`."""
        if self._is_cancelled.is_set():
            raise FileRunCancelledError
        now = self._clock()
        if now - self._told_at >= _STEP_S:
            self._told_at = now
            self.progressed.emit(share)

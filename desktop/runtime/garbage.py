"""Garbage collection on the GUI thread alone, and free memory back to the system when nothing happens any more.

Python collects on whichever thread allocates; were that the loop's, a Qt object in a cycle would end on a thread that
it does not belong to. Collecting when the GUI is idle also keeps a long collection out of the middle of a flush.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from importlib.machinery import FileFinder

from PySide6.QtCore import QObject, Qt, QTimer

_INTERVAL_MS = 1000
_LONGEST_MS = 16_000  # between two looks at a program that does nothing: a timer keeps a processor from its sleep
_LITTLE = 100  # objects more or fewer than at the last look: nothing has happened but that look
_OLDEST = 2
# A whole collection walks every object there is, so it waits until much has survived the younger ones.
_SURVIVORS_FOR_OLDEST = 50


class GarbageCollector(QObject):
    """A replacement of the automatic collections from `start` until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._look)
        self._seen = 0  # the youngest objects at the last look
        self._has_rested = False

    def start(self) -> None:
        """Take over; the objects alive now are expected to live on, and are frozen (not walked again)."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Restore automatic collection; safe to call without `start`."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _look(self) -> None:
        """Collect what there is to collect; look more and more rarely while nothing happens."""
        youngest = gc.get_count()[0]
        is_quiet = abs(youngest - self._seen) < _LITTLE
        self._collect()
        self._seen = gc.get_count()[0]
        if not is_quiet:
            self._has_rested = False
            self._wait(_INTERVAL_MS)
            return
        if not self._has_rested:
            self._has_rested = True
            _forget_folders()
            give_back_memory()
        self._wait(min(2 * self._timer.interval(), _LONGEST_MS))

    def _wait(self, milliseconds: int) -> None:
        if milliseconds != self._timer.interval():
            coarse = milliseconds > _INTERVAL_MS
            self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer if coarse else Qt.TimerType.CoarseTimer)
            self._timer.setInterval(milliseconds)

    def _collect(self) -> None:
        youngest, middle, oldest = gc.get_count()
        first, _, _ = gc.get_threshold()
        if oldest > _SURVIVORS_FOR_OLDEST:
            gc.collect(_OLDEST)
        elif youngest > first or middle > 0:
            gc.collect(1)


def give_back_memory() -> None:
    """Give back to the system what the C library keeps of memory that is free, where it can be asked to (glibc).

    By itself it gives back the end of its heap alone: reading certificates and modules leaves megabytes free in the
    middle.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library; on Windows there is no such name at all
        return
    trim(0)


def _forget_folders() -> None:
    """Have Python forget the names of all files in the folders that it has imported from; it reads them again."""
    for path, finder in list(sys.path_importer_cache.items()):
        if isinstance(finder, FileFinder):
            sys.path_importer_cache.pop(path, None)

"""Garbage collection on the GUI thread alone.

Python collects on whichever thread allocates; were that the loop's, a Qt object in a cycle would end on a thread that
it does not belong to. Collecting when the GUI is idle also keeps a long collection out of the middle of a flush.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 1000
_OLDEST = 2
# A whole collection walks every object there is, so it waits until much has survived the younger ones.
_SURVIVORS_FOR_OLDEST = 50


class GarbageCollector(QObject):
    """A replacement of the automatic collections from `start` until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self._collect)

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

    def _collect(self) -> None:
        youngest, middle, oldest = gc.get_count()
        first, _, _ = gc.get_threshold()
        if oldest > _SURVIVORS_FOR_OLDEST:
            gc.collect(_OLDEST)
        elif youngest > first or middle > 0:
            gc.collect(1)

"""Clocks inside the measured program: how late the GUI thread was, and how much of that was its own work."""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: of the wall clock and of this thread's CPU clock, in seconds."""

    wall: float
    cpu: float

    @staticmethod
    def now():
        return Moment(time.perf_counter(), time.thread_time())

    def since(self, earlier):
        """Milliseconds from `earlier` to here. On a busy machine the wall's grow, the CPU's hardly."""
        return {"ms": (self.wall - earlier.wall) * 1000, "cpu_ms": (self.cpu - earlier.cpu) * 1000}


class Heartbeat(QObject):
    """Notices when the GUI thread could not answer for a while: a timer of 5 ms that looks at the clock."""

    def __init__(self, parent):
        super().__init__(parent)
        self._longest = {"ms": 0.0, "cpu_ms": 0.0}
        self._last = Moment.now()
        self._timer = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def restart(self):
        """Watch from now on."""
        self._longest = {"ms": 0.0, "cpu_ms": 0.0}
        self._last = Moment.now()
        self._timer.start()

    def stop(self):
        """The longest stall since `restart` in milliseconds, and the most that this thread worked in one stall."""
        self._beat()
        self._timer.stop()
        return self._longest

    def _beat(self):
        now = Moment.now()
        late = now.since(self._last)
        late["ms"] -= _BEAT_MS
        self._longest = {clock: max(self._longest[clock], late[clock]) for clock in late}
        self._last = now

"""Clocks inside the measured program: how late the GUI thread was, and how much of that was its own work."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from dataclasses import dataclass
from typing import TextIO

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 5
_STACKS_AFTER = 0.025  # seconds of silence, after which it is noted where each thread stands


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: of the wall clock and of this thread's CPU clock, in seconds."""

    wall: float
    cpu: float

    @staticmethod
    def now() -> Moment:
        return Moment(time.perf_counter(), time.thread_time())

    def since(self, earlier: Moment) -> dict[str, float]:
        """Milliseconds from `earlier` to here. On a busy machine the wall's grow, the CPU's hardly."""
        return {"ms": (self.wall - earlier.wall) * 1000, "cpu_ms": (self.cpu - earlier.cpu) * 1000}


class Heartbeat(QObject):
    """Notices when the GUI thread could not answer for a while: a timer of 5 ms that looks at the clock.

    Writes to `stacks`, where given, what every thread does in a stall. That costs some time itself.
    """

    def __init__(self, parent: QObject, stacks: TextIO | None = None) -> None:
        super().__init__(parent)
        self._witness = _Witness(stacks) if stacks is not None else None
        self._longest = {"ms": 0.0, "cpu_ms": 0.0}
        self._last = Moment.now()
        self._timer = QTimer(self, interval=_BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def restart(self) -> None:
        """Watch from now on."""
        self._longest = {"ms": 0.0, "cpu_ms": 0.0}
        self._last = Moment.now()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """The longest stall since `restart` in milliseconds, and the most that this thread worked in one stall."""
        self._beat()
        self._timer.stop()
        if self._witness is not None:
            self._witness.rest()
        return self._longest

    def _beat(self) -> None:
        now = Moment.now()
        late = now.since(self._last)
        late["ms"] -= _BEAT_MS
        self._longest = {clock: max(self._longest[clock], late[clock]) for clock in late}
        self._last = now
        if self._witness is not None:
            self._witness.hear()


class _Witness:
    """A thread that writes down where all others stand when it has not heard of the GUI thread for a while.

    Not `faulthandler`: it looks at threads that run on, and now and then ends the program.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._heard = float("inf")
        threading.Thread(target=self._watch, name="witness", daemon=True).start()

    def hear(self) -> None:
        self._heard = time.perf_counter()

    def rest(self) -> None:
        """Nothing is expected to be heard from now on."""
        self._heard = float("inf")

    def _watch(self) -> None:
        while True:
            time.sleep(_STACKS_AFTER / 5)
            silent = time.perf_counter() - self._heard
            if silent > _STACKS_AFTER:
                self._heard = float("inf")  # once for each stall
                self._write(silent)

    def _write(self, silent: float) -> None:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        for ident, frame in sys._current_frames().items():
            if ident != threading.get_ident():
                stack = "".join(traceback.format_stack(frame))
                self._file.write(f"silent for {silent * 1000:.0f} ms, {names.get(ident, ident)}:\n{stack}\n")
        self._file.flush()

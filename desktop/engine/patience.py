"""The patience with which computing threads wait for each other: less as long as other programs need a core.

A thread that looks for the others in a loop is quickest while each has a core to itself, and takes the core from the
very thread that it waits for once another program has come. Their library (libgomp) looks a hundred times only,
whatever it was told, as long as a process has more threads than there are cores: so it is given some that do nothing.
Elsewhere than under Linux nothing is changed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from typing import Final, NoReturn

# Looks of a thread before it sleeps; by itself the library takes 300,000. Tokens a second of the starter model on two
# cores, both free and with one busy: 100 looks 92 to 109 and 82, 200 looks 145 and 69, 10,000 looks 155 and 15 to 32.
_LOOKS, _LOOKS_UNWATCHED = 10_000, 200
_LIBRARY: Final = "libgomp.so.1"
_LOOK_EVERY: Final = 0.3  # seconds, while the engine computes
_LOOK_AT_REST: Final = 1.0
_AT_REST: Final = 0.1  # of a core
# Cores that other programs take beyond those that the computing threads leave free. Our own window takes a tenth while
# it shows an answer. Between the two nothing changes, so that a program at the limit does not have it changed twice a
# second.
_BUSY, _FREE = 0.35, 0.2


def usual_looks() -> int:
    """Return how often a thread looks for the others where each has a core to itself."""
    return _LOOKS if sys.platform == "linux" else _LOOKS_UNWATCHED


class Throttle:
    """Threads that do nothing: as long as they are there, the others wait with less patience."""

    def __init__(self, computing: int) -> None:
        """Find the library that so many threads compute with. Raises `OSError` where it is another one."""
        self._library = ctypes.CDLL(_LIBRARY, mode=os.RTLD_NOLOAD)
        self._nothing = ctypes.cast(ctypes.CDLL(None).free, ctypes.c_void_p)  # what they do, each with nothing to free
        self._may_end: threading.Event | None = None
        cores = len(os.sched_getaffinity(0))
        self._spare = max(0, cores - computing)
        # One more than there are cores, with the computing ones: the library counts the process, and of each group of
        # threads all but the first.
        self._idle = self._spare + 2

    def follow(self, taken: float) -> None:
        """Have the others be less patient where other programs take so many cores, or as patient as they were."""
        needed = taken - self._spare
        if needed > _BUSY and self._may_end is None:
            self._may_end = threading.Event()
            threading.Thread(target=self._stay, args=(self._may_end,), daemon=True).start()
        elif needed < _FREE and self._may_end is not None:
            self._may_end.set()
            self._may_end = None

    def _stay(self, may_end: threading.Event) -> None:
        self._library.GOMP_parallel(self._nothing, None, ctypes.c_uint(self._idle), ctypes.c_uint(0))
        may_end.wait()  # they belong to this thread, and end with it


def watch_others(computing: int) -> None:
    """Have so many computing threads be as patient as others allow, from now on. After the model has been loaded."""
    with contextlib.suppress(OSError):
        if sys.platform == "linux":
            threading.Thread(target=_watch, args=(Throttle(computing),), daemon=True).start()


def _watch(throttle: Throttle) -> NoReturn:
    moment, all_busy, own = time.monotonic(), _busy_seconds(), time.process_time()
    pause = _LOOK_EVERY
    while True:
        time.sleep(pause)
        now, all_now, own_now = time.monotonic(), _busy_seconds(), time.process_time()
        passed = max(0.01, now - moment)
        ours = (own_now - own) / passed
        throttle.follow((all_now - all_busy) / passed - ours)
        moment, all_busy, own = now, all_now, own_now
        pause = _LOOK_EVERY if ours > _AT_REST else _LOOK_AT_REST


def _busy_seconds() -> float:
    """Return how long the cores that this process may use have been busy, together, with whatever program."""
    import psutil

    times = psutil.cpu_times(percpu=True)
    allowed = [times[each] for each in os.sched_getaffinity(0) if each < len(times)]
    seconds: float = sum(each.user + each.nice + each.system + each.irq + each.softirq + each.steal for each in allowed)
    return seconds

"""The cost of another process, read from outside so that measuring costs it nothing (Linux)."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

_CPU_CLOCK_OF_PROCESS = 2  # CPUCLOCK_SCHED in the kernel's posix-timers.h: all threads, nanoseconds
_QUIET_CPU = 0.01  # of one core: blinking cursors and timers are allowed
_LOOK = 0.5  # seconds


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads of a process so far, the ended ones included."""
    return time.clock_gettime((~pid << 3) | _CPU_CLOCK_OF_PROCESS)


def thread_seconds(pid: int) -> dict[int, float]:
    """CPU time of each living thread of a process by its number; the first one, of its window, has the process's."""
    seconds: dict[int, float] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            seconds[int(task.name)] = int((task / "schedstat").read_text().split()[0]) / 1e9
    return seconds


def first_thread_seconds(pid: int) -> float:
    """CPU time of a process's first thread: the one of its window."""
    return thread_seconds(pid)[pid]


def wake_ups(pid: int) -> dict[int, int]:
    """Times that each living thread of a process has waited for something and was woken, by its number."""
    counts: dict[int, int] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            lines = (task / "status").read_text().splitlines()
            counts[int(task.name)] = sum(
                int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches:")
            )
    return counts


def proportional_bytes(pid: int) -> int:
    """Memory of a process; what it shares with others counts by its share (PSS)."""
    return _rollup(pid, "Pss:")


def private_bytes(pid: int) -> int:
    """Memory that a process shares with nobody: what ending it would give back (USS)."""
    return _rollup(pid, "Private_Clean:") + _rollup(pid, "Private_Dirty:")


async def until_quiet(pid: int, longest: float = 30.0) -> bool:
    """Wait until a process has used next to no CPU for half a second; False when it does not settle."""
    end = time.monotonic() + longest
    before = cpu_seconds(pid)
    while time.monotonic() < end:
        await asyncio.sleep(_LOOK)
        now = cpu_seconds(pid)
        if now - before < _QUIET_CPU * _LOOK:
            return True
        before = now
    return False


def _rollup(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise LookupError(name)

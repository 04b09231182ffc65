"""The cost of another process, read from outside so that measuring costs it nothing (Linux)."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections import Counter
from pathlib import Path
from typing import Final

_CPU_CLOCK_OF_PROCESS = 2  # CPUCLOCK_SCHED in the kernel's posix-timers.h: all threads, nanoseconds
_QUIET_CPU = 0.01  # of one core: blinking cursors and timers are allowed
_LOOK = 0.5  # seconds
_HEAD_OF_MAPPING: Final = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+\s*(.*)")
_PACKAGES: Final = "/site-packages/"
_WRITTEN: Final = ("Private_Dirty:",)
_WRITTEN_AND_READ: Final = ("Private_Dirty:", "Private_Clean:", "Shared_Clean:")


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


def private_bytes(pid: int, packages: str = _PACKAGES) -> int:
    """Memory that a process has for itself: what it has written, and the pages of Qt and other packages that it reads.

    Those of its packages count also where another program has them mapped just now, which is chance: two versions
    that are measured side by side share 35 MiB of Qt until one of them ends. The system's libraries do not count.
    """
    return sum(private_by_file(pid, packages).values())


def private_by_file(pid: int, packages: str = _PACKAGES) -> Counter[str]:
    """Return the private bytes of a process (see `private_bytes`) by the file of their mapping; "" is no file.

    `packages` is what the paths of the packages' files have in common.
    """
    found: Counter[str] = Counter()
    file, counted = "", _WRITTEN
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        if head := _HEAD_OF_MAPPING.fullmatch(line):
            file = head[1]
            counted = _WRITTEN_AND_READ if packages in file else _WRITTEN
        elif line.startswith(counted):
            found[file] += int(line.split()[1]) * 1024
    return found


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

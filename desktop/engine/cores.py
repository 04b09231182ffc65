"""The cores of this processor that computing threads are worth, and how patiently these wait for each other.

A matrix product is as slow as its slowest thread: a second one on the same core, or one on a core made to save power,
holds up the others.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SYSTEM = Path("/sys/devices")
_QUICK = 0.6  # of the quickest core's capacity: of two kinds of quick cores both count
# How often a computing thread looks for the others before it sleeps. The usual 300,000 looks burn a core as soon as
# another program (our own window, too) takes one away. Tokens a second of the starter model on two cores, both free and
# with one busy: 100 looks 92 to 109 and 82, 200 looks 145 and 69, 500 looks 150 and 57, 10,000 looks 155 and 15 to 32.
_LOOKS_WHEN_FREE, _LOOKS_WHEN_BUSY = 200, 100
_BUSY = 0.5  # cores that others take, from which on one of our threads has to wait for its own


def computing_cores() -> int:
    """Return the number of physical cores of the quick kind that this process may use."""
    import psutil

    logical = psutil.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    counts = (psutil.cpu_count(logical=False), quick_cores(sys.platform), allowed)
    return max(1, min(each for each in counts if each))


def quick_cores(system: str, folder: Path = _SYSTEM) -> int | None:
    """Return the number of cores that are not made to save power; None where all are alike, or it is not told."""
    if system == "darwin":
        from desktop.engine.graphics import sysctl

        told = sysctl("hw.perflevel0.physicalcpu")
        return int(told) if told.isdecimal() else None
    if system != "linux":
        return None
    try:
        told_by_intel = folder / "cpu_core" / "cpus"
        if told_by_intel.exists():
            return _physical(_numbers(told_by_intel.read_text()), folder)
        capacities = [int(file.read_text()) for file in folder.glob("system/cpu/cpu[0-9]*/cpu_capacity")]
    except (OSError, ValueError):
        return None
    return sum(each >= max(capacities) * _QUICK for each in capacities) or None if capacities else None


def looks(cores: int, load: float) -> int:
    """Return how often a thread looks for the others, with as many threads as cores and other programs' `load`."""
    return _LOOKS_WHEN_BUSY if load > max(_BUSY, cores / 8) else _LOOKS_WHEN_FREE


def current_load() -> float:
    """Return how many cores have been busy in the last minute; 0 where that is not told."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def is_on_battery() -> bool:
    """Return True for a laptop that is not plugged in; False where that cannot be told."""
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError):  # not on every system; not in every container
        return False
    return battery is not None and battery.power_plugged is False


def _physical(logical: list[int], folder: Path) -> int:
    files = (folder / "system" / "cpu" / f"cpu{each}" / "topology" / "thread_siblings_list" for each in logical)
    return len({file.read_text().strip() for file in files})


def _numbers(text: str) -> list[int]:
    """Return the numbers of a list as the kernel writes it: `0-3,8`."""
    found: list[int] = []
    for each in text.strip().split(","):
        first, _, last = each.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found

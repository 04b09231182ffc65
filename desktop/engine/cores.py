"""The cores of this processor that computing threads are worth.

A matrix product is as slow as its slowest thread: a second one on the same core, or one on a core made to save power,
holds up the others.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SYSTEM = Path("/sys/devices")
_QUICK = 0.6  # of the quickest core's capacity: of two kinds of quick cores both count


def computing_cores() -> int:
    """Return the number of physical cores of the quick kind that this process may use."""
    import psutil

    logical = psutil.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else logical
    counts = (psutil.cpu_count(logical=False), quick_cores(sys.platform), allowed)
    return max(1, min(each for each in counts if each))


def physical_cores(folder: Path = _SYSTEM) -> int | None:
    """Return the number of cores of this computer, however many threads each has; None where that is not told."""
    try:
        siblings = folder.glob("system/cpu/cpu[0-9]*/topology/thread_siblings_list")
        if found := {file.read_text().strip() for file in siblings}:
            return len(found)
    except OSError:
        pass
    import psutil

    told: int | None = psutil.cpu_count(logical=False)
    return told


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

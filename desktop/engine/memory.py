"""The memory of this computer. Linux is read itself: psutil takes most of a megabyte, which every start would pay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.core.text.late_regex import late_regex

_TOLD_BY_LINUX = Path("/proc/meminfo")
_LINE = late_regex(r"(?m)^(MemTotal|MemAvailable):\s*(\d+) kB$")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: what there is, and what a program could have now without anything being swapped out."""

    total: int
    available: int


def memory_now(told_by: Path = _TOLD_BY_LINUX) -> Memory:
    """Return the memory of this computer as it is now."""
    try:
        said = {name: int(number) * 1024 for name, number in _LINE.findall(told_by.read_text())}
        return Memory(said["MemTotal"], said["MemAvailable"])
    except (OSError, KeyError):  # another system
        import psutil

        memory = psutil.virtual_memory()
        return Memory(int(memory.total), int(memory.available))

"""What this process holds after long use: memory, threads, files, sockets, widgets, and objects by their type."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import sys
import threading
from collections import Counter

import psutil
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.runtime.threads.garbage import give_back_memory
from tests.support.in_process import OpenProgram

_ROUNDS = 3  # of collecting: what Qt deletes may let go of more
_NAMES = ("arena", "o", "s", "blocks", "mapped", "us", "fs", "used", "free", "keep")


class _FreeMemory(ctypes.Structure):
    """What glibc's `mallinfo2` returns, of which the bytes in use are read."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in _NAMES)


def figures(step: int) -> dict[str, float]:
    """Return what the process holds now, garbage collected and free memory given back, as the idle program does."""
    for _ in range(_ROUNDS):
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    give_back_memory()
    process = psutil.Process()
    kept = process.memory_full_info()
    return {
        "step": step,
        "uss_mb": round(kept.uss / 2**20, 1),
        "rss_mb": round(kept.rss / 2**20, 1),
        "own_mb": round((kept.rss - kept.shared) / 2**20, 1),  # of no file, and so whatever else runs
        "c_used_mb": round(_used_by_c() / 2**20, 1),
        "blocks": sys.getallocatedblocks(),
        "threads": threading.active_count(),
        "files": process.num_fds(),
        "sockets": len(process.net_connections()),
        "children": len(process.children()),
        "widgets": len(QApplication.allWidgets()),
    }


def _used_by_c() -> float:
    """Return the bytes that are in use of what the C library has in all its heaps; 0 where it cannot be asked."""
    try:
        ask = ctypes.CDLL(None).mallinfo2
    except AttributeError:
        return 0.0
    ask.restype = _FreeMemory
    told = ask()
    return float(told.used + told.mapped)


def tell(line: dict[str, object]) -> None:
    """Print a line of JSON at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def tasks_of(opened: OpenProgram) -> int:
    """Return how many tasks the loop thread has."""

    async def count() -> int:
        return len(asyncio.all_tasks()) - 1  # without this one

    return opened.program.work.loop.submit(count()).result(60)


def types() -> Counter[str]:
    """Return how many objects there are of each type, of those that the garbage collector knows."""
    return Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())


def grown(before: Counter[str], after: Counter[str], most: int = 30) -> dict[str, int]:
    """Return what there is more of, the most first."""
    return dict((after - before).most_common(most))

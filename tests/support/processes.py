"""Which processes run: one that has ended is still listed until whoever started it has asked for its end."""

from __future__ import annotations

import psutil


def is_over(process):
    """Return True for a process that has ended, also while nobody has asked for it."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def running_children():
    """Return the children of this process that run."""
    return {each for each in psutil.Process().children() if not is_over(each)}

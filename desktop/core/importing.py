"""Importing what uses Qt on a thread beside the window's."""

from __future__ import annotations

import sys
from importlib import import_module

USUAL_S = 0.005  # Python's own: how long another thread waits until this one has to stop, in seconds
_UNTIL_IT_READS_S = 1.0


def import_beside_window(name: str) -> None:
    """Import a module, and what it imports, while the window goes on on another thread.

    PySide makes a class of Qt's when it is first used; two threads that make classes at once crash, or wait for each
    other for ever. So the other thread comes in only where this one reads a file, which is never within a class.
    """
    sys.setswitchinterval(_UNTIL_IT_READS_S)
    try:
        import_module(name)
    finally:
        sys.setswitchinterval(USUAL_S)

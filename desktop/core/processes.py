"""A process of the program's own beside the window's: its command line, its environment, its end with its parent.

Such are the built-in engine and the readers of files. Starting and watching one is the business of its room.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

# What a process needs to run at all; proxies, tokens and the rest of the user's environment stay outside.
_PASSED = frozenset(
    {
        "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "NUMBER_OF_PROCESSORS",
    }
)  # fmt: skip
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def command(switch: str, module: str) -> list[str]:
    """Return the command line of a process: the frozen program with a switch, or Python with a module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, switch]
    return [sys.executable, "-P", "-m", module]


def environment(prefixes: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the environment of a process: what it needs to run, and variables that begin with `prefixes`."""
    passed = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED or (prefixes and name.upper().startswith(prefixes))
    }
    if not getattr(sys, "frozen", False):
        passed["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    passed["PYTHONUNBUFFERED"] = "1"
    return passed


def process_options() -> dict[str, Any]:
    """Return keyword arguments of the system's process call.

    They open no console window, and keep it out of the terminal's Ctrl+C.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def end_with_parent() -> None:
    """Have the kernel end this process with its parent (Linux).

    That works also during a call that holds Python's lock, when no thread of it can run.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(0)


def take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return private copies of standard input and output.

    After that, libraries read nothing and print to standard error.
    """
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink


def exit_at_end_of(source: BinaryIO) -> NoReturn:
    """End this process when a pipe from its parent ends; to be run in a thread."""
    while source.read(4096):
        pass
    os._exit(0)

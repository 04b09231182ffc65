"""The start of the engine's process on each system: its command line and its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from desktop.core.engine import ENGINE_SWITCH

# What a process needs to run at all; proxies, tokens and the rest of the user's environment stay outside.
_PASSED = frozenset(
    {
        "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "NUMBER_OF_PROCESSORS",
    }
)  # fmt: skip
_PASSED_PREFIXES = ("GGML_", "CUDA_", "HIP_", "ROCR_", "VK_", "OMP_", "GOMP_")  # choices of graphics card and threads
# How often a computing thread looks for the others before it sleeps. The usual 300,000 looks burn a core as soon as
# another program (our own window, too) takes one away: measured on two cores, one of them busy, 5 tokens a second
# against 40; with both free it is 80 against 50 (starter model; a larger one works longer between two looks).
_SPIN_COUNT = "100"


def command() -> list[str]:
    """Return the command line of the engine's process."""
    if getattr(sys, "frozen", False):
        return [sys.executable, ENGINE_SWITCH]
    return [sys.executable, "-P", "-m", "desktop.engine"]


def environment() -> dict[str, str]:
    """Return the environment of the engine's process."""
    passed = {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _PASSED or name.upper().startswith(_PASSED_PREFIXES)
    }
    if not getattr(sys, "frozen", False):
        passed["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    passed["PYTHONUNBUFFERED"] = "1"
    passed.setdefault("GOMP_SPINCOUNT", _SPIN_COUNT)
    return passed


def process_options() -> dict[str, Any]:
    """Return keyword arguments of the system's process call.

    They open no console window, and keep it out of the terminal's Ctrl+C.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}

"""An X server of our own with a window manager, so that tests see real windows and disturb no one's screen.

For tests and benchmarks on Linux. It neither chooses Qt's platform nor touches this process's environment: that is
the caller's (`conftest.py`).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "packaging"))  # whose modules are imported by name

import display


def missing_programs():
    """Which of the needed programs are not installed."""
    return [name for name in ("Xvfb", "openbox") if shutil.which(name) is None]


def virtual_display():
    """Run an X server and a window manager; the context is the display's name (":7")."""
    return display.virtual("1600x1000", has_manager=True)

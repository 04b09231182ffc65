"""A display that nobody sits at, for trying an installed program: its windows, keys and pictures.

Needs Xvfb, openbox and xdotool on this computer, not in the system where the program is tried. What is tried with wine
opens its windows here too.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import display
from telling import SetupError

PROGRAMS: Mapping[str, str] = {**display.PROGRAMS, "openbox": "openbox", "xdotool": "xdotool"}
_PATIENCE = 120.0  # seconds; a busy computer may take long for a first start
_PICTURE = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(sys.argv[:1])
sys.exit(not app.primaryScreen().grabWindow(0).save(sys.argv[1]))
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """Display with windows and keys; `name` is what DISPLAY says."""

    name: str

    def type(self, text: str) -> None:
        """Type a text and send it with Enter."""
        self._xdotool("type", "--delay", "40", text)
        self.press("Return")

    def press(self, key: str) -> None:
        """Press a key, which has X11's name."""
        self._xdotool("key", key)

    def has_window(self) -> bool:
        """Return True if Candor's window is to be seen."""
        return bool(self._windows())

    def bring_to_front(self) -> None:
        """Give the keyboard to the newest window. Raises SetupError where none comes."""
        # While another one is closing, xdotool may stumble over it and find none.
        wait_until("a window is to be seen", self.has_window, patience=3)
        self._xdotool("windowactivate", "--sync", self._windows()[-1])

    def titled(self, title: str) -> int:
        """Return how many windows of this title are to be seen; the newest has the keyboard."""
        return len(self._xdotool("search", "--onlyvisible", "--name", f"^{title}\\s*$", fails=True).split())

    def close_window(self) -> None:
        """Close the window as its cross does: by the window manager's key for it."""
        self.bring_to_front()
        self.press("alt+F4")

    def take_picture(self, python: Path, file: Path) -> None:
        """Write what the display shows; `python` has PySide6."""
        environment = {**os.environ, "DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}
        subprocess.run([str(python), "-c", _PICTURE, str(file)], env=environment, check=True)

    def _windows(self) -> list[str]:
        return self._xdotool("search", "--onlyvisible", "--class", r"^candor(\.exe)?$", fails=True).split()

    def _xdotool(self, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not fails:
            raise SetupError(f"xdotool {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout


@contextmanager
def desk(size: str = "1024x768") -> Iterator[Desk]:
    """Yield a display of this size with a window manager, for as long as the block lasts."""
    quiet = subprocess.DEVNULL
    with display.virtual(size) as name:
        windows = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": name}, stdout=quiet, stderr=quiet)
        try:
            yield Desk(name)
        finally:
            windows.terminate()
            windows.wait()


def wait_until(
    what: str, is_so: Callable[[], bool], process: subprocess.Popen[str] | None = None, patience: float = _PATIENCE
) -> float:
    """Wait for something; return how many seconds it took. Raises SetupError when it does not come about."""
    began = time.monotonic()
    while not is_so():
        if process is not None and process.poll() is not None:
            raise SetupError(f"The program ended with {process.returncode} before {what}.")
        if time.monotonic() - began > patience:
            raise SetupError(f"After {patience:.0f} s still not: {what}.")
        time.sleep(0.05)
    return time.monotonic() - began

"""The display that a window opens on: why there is none, and a virtual one, which keeps its picture in memory."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from telling import SetupError

PROGRAMS: Mapping[str, str] = {"Xvfb": "xvfb"}  # with the Debian package


def why_none(environment: Mapping[str, str]) -> str:
    """Return why no window can be opened in this environment; empty where one can."""
    platform = environment.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or (platform and not platform.startswith(("xcb", "wayland"))):
        return ""
    if environment.get("WAYLAND_DISPLAY"):
        return ""
    display = environment.get("DISPLAY", "")
    if not display:
        return "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set."
    if not _answers(display):
        return f"The display {display} (from DISPLAY) does not answer. Run this in a graphical session."
    return ""


def _answers(display: str) -> bool:
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local is None:
        return True  # on another computer; Qt will tell
    path = f"/tmp/.X11-unix/X{local[1]}"
    for address in (path, f"\0{path}"):  # the second is Linux's abstract socket
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False


@contextmanager
def virtual(size: str, *, has_manager: bool = False) -> Iterator[str]:
    """Yield the name of a display of this size ("1024x768") for as long as the block lasts. Raises SetupError.

    With a window manager, windows have frames and get the keyboard.
    """
    with tempfile.TemporaryDirectory(prefix="candor-display-") as folder, ExitStack() as stack:
        said = stack.enter_context(Path(folder, "log").open("w+", errors="replace"))

        def start(*command: str, **variables: str) -> str:
            """Start a program, which ends with this one; return what it prints first, once it is ready."""
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *command],
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
            assert process.stdout is not None
            stack.enter_context(process)
            stack.callback(process.terminate)
            if line := process.stdout.readline().strip():
                return line
            said.seek(0)
            raise SetupError(f"{command[0]} makes no display: {said.read().strip()[-300:]}")

        screen = ("-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset", "-ac")
        name = f":{start('Xvfb', '-displayfd', '1', *screen)}"
        if has_manager:
            # Without the user's own settings of it.
            start("openbox", "--startup", "echo ready", DISPLAY=name, XDG_CONFIG_HOME=folder, WAYLAND_DISPLAY="")
        yield name

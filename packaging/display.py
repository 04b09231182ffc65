"""The display that a window opens on: why there is none, and a virtual one, which keeps its picture in memory."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

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
def virtual(size: str) -> Iterator[str]:
    """Yield the name of a display of this size ("1024x768") for as long as the block lasts. Raises SetupError."""
    command = ["Xvfb", "-displayfd", "1", "-nolisten", "tcp", "-ac", "-screen", "0", f"{size}x24"]
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            assert server.stdout is not None
            number = server.stdout.readline().strip()  # which it says once it answers; nothing where it has ended
            if not number:
                said.seek(0)
                raise SetupError(f"Xvfb makes no display: {said.read().strip()[-300:]}")
            yield f":{number}"
        finally:
            server.terminate()
            server.wait()

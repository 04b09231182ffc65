"""A display that nobody sits at: an X server that keeps its picture in memory. Needs Xvfb on this computer."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from telling import SetupError

PROGRAMS: Mapping[str, str] = {"Xvfb": "xvfb"}  # with the Debian package


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

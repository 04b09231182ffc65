"""An X server of our own with a window manager, so that tests see real windows and disturb no one's screen.

For tests and benchmarks on Linux. It neither chooses Qt's platform nor touches this process's environment: that is
the caller's (`conftest.py`).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator

SCREEN = "1600x1000x24"
NEEDED_PROGRAMS = ("Xvfb", "openbox")
_PATIENCE = 30.0  # seconds; a start takes 0.3 s on an idle machine

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def missing_programs() -> list[str]:
    """Which of the needed programs are not installed."""
    return [name for name in NEEDED_PROGRAMS if shutil.which(name) is None]


@contextlib.contextmanager
def virtual_display(screen: str = SCREEN) -> Iterator[str]:
    """Run an X server and a window manager; yields the display's name (":7"). Raises RuntimeError when one fails.

    `screen` is its width, height and depth.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="candor-display-"))
        log = stack.enter_context(open(os.path.join(folder, "log"), "w+", encoding="utf-8"))
        number_out, number_in = os.pipe()
        stack.callback(os.close, number_out)
        try:
            # The server picks a free number itself, and says it once it accepts clients.
            server = _start(
                stack,
                ["Xvfb", "-displayfd", str(number_in), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"],
                log=log.fileno(),
                pass_fds=(number_in,),
            )
        finally:
            os.close(number_in)  # so that the reader sees the end when the server dies
        name = f":{_first_line(number_out, server, log.name)}"

        environment = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        # The user's own window manager settings must not decide a test.
        environment |= {"DISPLAY": name, "XDG_CONFIG_HOME": folder}
        manager = _start(
            stack,
            ["openbox", "--startup", "echo ready"],  # echoed when it manages the screen
            log=log.fileno(),
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert manager.stdout is not None
        stack.enter_context(manager.stdout)
        _first_line(manager.stdout.fileno(), manager, log.name)
        yield name


def _start(
    stack: contextlib.ExitStack,
    command: list[str],
    *,
    log: int,
    stdout: int | None = None,
    env: dict[str, str] | None = None,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log if stdout is None else stdout,
        stderr=log,
        env=env,
        pass_fds=pass_fds,
        preexec_fn=_die_with_parent,
    )
    stack.callback(_end, process)
    return process


def _first_line(descriptor: int, process: subprocess.Popen[bytes], log: str) -> str:
    ready, _, _ = select.select([descriptor], [], [], _PATIENCE)
    line = os.read(descriptor, 100).decode().strip() if ready else ""
    if not line:
        with open(log, encoding="utf-8", errors="replace") as said:
            raise RuntimeError(f"{process.args} did not start: {said.read()[-2000:]}")
    return line


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# Loaded before the fork: the child may not import.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    # A test run that is killed leaves no server behind.
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

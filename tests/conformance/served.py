"""A server of another package, run as a process of its own for a trial, with its output in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv

from desktop.store.paths import models_dir

_PATIENCE = 600.0  # seconds; vLLM reads its own code for one of them
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class NotServed(Exception):
    """The server did not start; the text is the end of its output."""


def free_port():
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetched(url, key=""):
    """Return a page of a server."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with _DIRECT.open(urllib.request.Request(url, headers=headers), timeout=10) as reply:
        return str(reply.read().decode(errors="replace"))


class Served:
    """A server that runs: `start` it, and `end` it by a signal."""

    def __init__(self, command, log, more=None):
        """Start nothing yet. `more` is added to the environment."""
        self._command = [str(each) for each in command]
        self._log = log
        self._environment = {**os.environ, **(more or {})}
        self._process = None

    async def start(self, ready, key=""):
        """Return when the page `ready` can be had. Raises `NotServed`."""
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=subprocess.STDOUT, env=self._environment, start_new_session=True
            )
        began = time.monotonic()
        while not await asyncio.to_thread(_is_there, ready, key):
            if self._process.poll() is not None or time.monotonic() - began > _PATIENCE:
                await self.close()
                raise NotServed(self._log.read_text(errors="replace")[-2_000:])
            await asyncio.sleep(0.5)

    async def end(self, by, *, whole=False):
        """Send a signal to the server's process, or to the `whole` group; nothing is waited for."""
        if self._process is not None and self._process.poll() is None:
            (os.killpg if whole else os.kill)(self._process.pid, by)

    async def close(self):
        """End it and all that it has started, at the latest by force."""
        process, self._process = self._process, None
        if process is None:
            return
        for by in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, by)
            except ProcessLookupError:
                break
            try:
                await asyncio.to_thread(process.wait, 20)
            except subprocess.TimeoutExpired:
                continue


def _is_there(url, key):
    try:
        fetched(url, key)
    except (OSError, urllib.error.URLError):
        return False
    return True


# --- Packages of servers, each in a virtual environment of its own: large, and no part of Candor's -----------------

_DONE = "candor-installed.txt"  # what was installed, written last


def servers_folder():
    """Return where they are kept: beside the models that are fetched once."""
    return models_dir().parent / "servers"


def installed(folder, name, requirements, unwanted=()):
    """Return the folder of the programs of an environment that has these packages; installs them if it has not.

    Raises `subprocess.CalledProcessError`.
    """
    home = folder / name
    wanted = "\n".join([*requirements, *(f"- {each}" for each in unwanted)])
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    if (home / _DONE).is_file() and (home / _DONE).read_text(encoding="utf-8") == wanted:
        return programs
    sys.stderr.write(f"Installing {', '.join(requirements)} into {home}: some minutes and gigabytes, once.\n")
    venv.create(home, with_pip=True, clear=True)
    _pip(programs, "install", "-q", *requirements)
    if unwanted:
        _pip(programs, "uninstall", "-q", "-y", *unwanted)
    (home / _DONE).write_text(wanted, encoding="utf-8")
    return programs


def _pip(programs, *arguments):
    subprocess.run([str(programs / "python"), "-m", "pip", *arguments], check=True)

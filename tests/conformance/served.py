"""A server of another package, run as a process of its own for a trial, with its output in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

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

"""A server of the starter model that is measured: the built-in engine, or a llama-server with its defaults."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from desktop.engine.process import environment

_KEY = "key"
_WINDOW = 8192
_SERVER = """
import sys, time, json, xllamacpp
params = xllamacpp.CommonParams()
order = json.loads(sys.argv[1])
params.model.path = order["model"]
params.n_ctx, params.port, params.api_keys, params.ui = order["window"], 0, [order["key"]], False
params.slot_save_path = order["states"]
params.fit_params = False
server = xllamacpp.Server(params)
print(json.dumps({"base_url": server.listening_address}), flush=True)
sys.stdin.read()
"""
# The engine's own process, with another length of a go.
_OTHER_GO = "import sys; from desktop.engine import child; child.batch_for = lambda *_: {go}; child.main()"


@dataclass(frozen=True, slots=True)
class Choice:
    """A server to be measured, and what is chosen for it in place of its own choice."""

    name: str
    is_ours: bool = True
    spin: str = ""
    go: int = 0
    threads: int | None = None


class Served:
    """A server that runs, and what was measured of it."""

    def __init__(self, choice: Choice, model: Path, folder: Path) -> None:
        self.choice = choice
        self.figures: dict[str, list[float]] = {}
        self._states = folder / choice.name
        self._states.mkdir()
        self._model = model

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a body, with the `seconds` that it took."""
        request = urllib.request.Request(self._address + path, json.dumps(body).encode(), _headers())
        began = time.monotonic()
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            told: dict[str, Any] = json.load(answer)
        return told | {"seconds": time.monotonic() - began}

    def stop(self, path: str, body: dict[str, Any], *, after: float) -> None:
        """Ask something, and close the connection some seconds later."""
        host = urllib.parse.urlsplit(self._address)
        connection = http.client.HTTPConnection(host.hostname or "", host.port)
        connection.request("POST", path, json.dumps({**body, "stream": True}), _headers())
        time.sleep(after)
        assert connection.sock is not None
        connection.close()

    def restart(self) -> float:
        """End the server and start it again, with what it has read brought back; return the seconds from its start."""
        self.ask("/slots/0?action=save", {"filename": "read.state"})
        self._end()
        began = time.monotonic()
        self._start()
        self.ask("/slots/0?action=restore", {"filename": "read.state"})
        return time.monotonic() - began

    def _start(self) -> None:
        order = {"model": str(self._model), "key": _KEY, "states": os.path.join(self._states, "")}
        choice = self.choice
        line, env = "", dict(os.environ)
        if choice.is_ours:
            command = [sys.executable, "-m", "desktop.engine"]
            if choice.go:
                command = [sys.executable, "-c", _OTHER_GO.format(go=choice.go)]
            line = json.dumps({**order, "context_length": _WINDOW, "threads": choice.threads}) + "\n"
            env = environment() | ({"GOMP_SPINCOUNT": choice.spin} if choice.spin else {})
        else:
            command = [sys.executable, "-c", _SERVER, json.dumps({**order, "window": _WINDOW})]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(command, env=env, text=True, **pipes)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()
        self._address = json.loads(self._process.stdout.readline())["base_url"]

    def _end(self) -> None:
        self._process.terminate()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def _headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"}

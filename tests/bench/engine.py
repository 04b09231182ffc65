"""`python -m tests.bench.engine`: the built-in engine beside a llama-server with its defaults, in the same slot.

The server is the one of the engine's own package, with what its command line would choose. Both run the starter model,
each question by turns, so that what else the machine does meets both. Takes some minutes, and so is not in the suite.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.engine.launch import environment
from desktop.store.paths import starter_model
from tests.bench import engine_cells
from tests.bench.engine_cells import Cell, cells

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


@dataclass
class Served:
    """A server that runs, and what was measured of it."""

    name: str
    address: str
    figures: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a body, with the `seconds` that it took."""
        headers = {"Authorization": f"Bearer {_KEY}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, json.dumps(body).encode(), headers)
        began = time.monotonic()
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            told: dict[str, Any] = json.load(answer)
        return told | {"seconds": time.monotonic() - began}


@contextlib.contextmanager
def serving(name: str, model: Path, folder: Path, changes: dict[str, str]) -> Iterator[Served]:
    """Run the engine, or a server with its defaults."""
    states = folder / name
    states.mkdir(exist_ok=True)
    order = {"model": str(model), "key": _KEY, "states": os.path.join(states, "")}
    if name == "Candor":
        command = [sys.executable, "-m", "desktop.engine"]
        line, env = json.dumps({**order, "context_length": _WINDOW}) + "\n", {**environment(), **changes}
    else:
        command = [sys.executable, "-c", _SERVER, json.dumps({**order, "window": _WINDOW})]
        line, env = "", dict(os.environ)
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=env, text=True, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line)
        process.stdin.flush()
        told = json.loads(process.stdout.readline())
        try:
            yield Served(name, told["base_url"])
        finally:
            process.terminate()


@contextlib.contextmanager
def busy(cores: int) -> Iterator[None]:
    """Keep some cores busy with something else."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def main() -> None:
    """Print a table of all cells: both servers, and the ratio of the first to the second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cells whose names have this in them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spin", help="GOMP_SPINCOUNT of the engine")
    parser.add_argument("--lines", type=int, default=engine_cells.LINES, help="of the file, 22 tokens each")
    options = parser.parse_args()
    engine_cells.LINES = options.lines
    model = starter_model()
    assert model is not None, "the starter model is not there"
    os.nice(5)
    changes = {"GOMP_SPINCOUNT": options.spin} if options.spin else {}
    wanted = [cell for cell in cells() if options.only in cell.name]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        both = [stack.enter_context(serving(name, model, Path(folder), changes)) for name in ("Candor", "llama-server")]
        for each in range(options.rounds):
            for cell in wanted:
                for served in both if each % 2 else reversed(both):
                    with busy(cell.busy):
                        served.figures.setdefault(cell.name, []).append(cell.measure(served.ask, each))
    _write(wanted, *both)


def _write(wanted: list[Cell], ours: Served, theirs: Served) -> None:
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    sys.stdout.write(f"load {load}; a file of {engine_cells.LINES} lines\n")
    for cell in wanted:
        mine, others = ours.figures[cell.name], theirs.figures[cell.name]
        ratios = [one / other for one, other in zip(mine, others, strict=True)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        middles = f"{statistics.median(mine):9.2f} {statistics.median(others):9.2f}"
        sys.stdout.write(f"{cell.name:45} {middles}  {statistics.median(ratios):.2f} ({spread})\n")


if __name__ == "__main__":
    main()

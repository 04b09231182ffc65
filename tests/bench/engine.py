"""`python -m tests.bench.engine`: the built-in engine beside a llama-server with its defaults, in the same slot.

The server is the one of the engine's own package, with what its command line would choose. All run the starter model,
each question by turns, so that what else the machine does meets all. Not in the suite, since it takes minutes: `--only`
names the cells of one go, `--spin` and `--go` put other choices of the engine beside its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from desktop.store.paths import starter_model
from tests.bench import engine_cells
from tests.bench.engine_cells import Cell, cells
from tests.bench.engine_served import Choice, Served

_A_WHILE = 1.5  # seconds


@contextlib.contextmanager
def busy(cores: int) -> Iterator[None]:
    """Keep some cores busy with something else, or none, which has been so for a while when anything is asked."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores)]
    try:
        time.sleep(_A_WHILE)
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def main() -> None:
    """Print a table of the cells: each server, and its ratio to the llama-server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cells whose names begin with one of these, with commas between")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spin", default="", help="GOMP_SPINCOUNTs of engines beside the one with its own choice")
    parser.add_argument("--go", default="", help="tokens of a go, in the same way")
    parser.add_argument("--threads", default="", help="computing threads, in the same way")
    parser.add_argument("--lines", type=int, default=engine_cells.LINES, help="of the file, 22 tokens each")
    parser.add_argument("--cores", type=int, help="of this computer that all may use")
    options = parser.parse_args()
    engine_cells.LINES = options.lines
    model = starter_model()
    assert model is not None, "the starter model is not there"
    if options.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    wanted = [cell for cell in cells() if cell.name.startswith(tuple(options.only.split(",")))]
    choices = [
        Choice("Candor"),
        *(Choice(f"{each} looks", spin=each) for each in options.spin.split(",") if each),
        *(Choice(f"go of {each}", go=int(each)) for each in options.go.split(",") if each),
        *(Choice(f"{each} threads", threads=int(each)) for each in options.threads.split(",") if each),
        Choice("llama-server", is_ours=False),
    ]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Served(choice, model, Path(folder))) for choice in choices]
        with contextlib.suppress(KeyboardInterrupt):
            for each in range(options.rounds):
                _ask_all(wanted, servers if each % 2 else servers[::-1], each)
        _write(wanted, servers)


def _ask_all(wanted: Sequence[Cell], servers: Sequence[Served], each: int) -> None:
    for cell in wanted:
        for served in servers:
            with busy(cell.busy):
                served.figures.setdefault(cell.name, []).append(cell.measure(served, each))
        told = ", ".join(f"{served.choice.name} {served.figures[cell.name][-1]:.2f}" for served in servers)
        sys.stderr.write(f"{cell.name}: {told}\n")


def _write(wanted: Sequence[Cell], servers: Sequence[Served]) -> None:
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    sys.stdout.write(f"load {load}; a file of {engine_cells.LINES} lines\n")
    sys.stdout.write("".join(f"{name:>26}" for name in ["", *(served.choice.name for served in servers)]) + "\n")
    theirs = servers[-1]
    for cell in wanted:
        others = theirs.figures.get(cell.name, [])
        sys.stdout.write(f"{cell.name:<45}")
        for served in servers:
            mine = served.figures.get(cell.name, [])[: len(others)]
            ratios = [one / other for one, other in zip(mine, others, strict=True)]
            if ratios:
                spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
                sys.stdout.write(f"{statistics.median(mine):9.2f} {spread:<20}")
        sys.stdout.write(f"n {len(others)}\n")


if __name__ == "__main__":
    main()

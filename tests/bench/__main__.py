"""`python -m tests.bench`: run the measurements and print their table. `docs/performance.md` explains the figures."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.measure import Memory, Start, Streamed, measure_answer, measure_idle, measure_start, middle_of
from tests.bench.table import Row, printed
from tests.bench.texts import SHAPES
from tests.virtual_display import missing_programs, virtual_display

RATE = 400.0  # tokens a second: about what the fastest hosted models say; ten times what a laptop does
FAST_RATE = 2000.0
STARTS = 7


def main() -> int:
    choice = _arguments()
    if sys.platform != "linux":
        print("The benchmarks read /proc and run under Xvfb: they need Linux.")
        return 1
    if missing := missing_programs():
        print(f"Not installed: {', '.join(missing)}.")
        return 1
    rows: list[Row] = []
    try:
        with virtual_display() as display:
            asyncio.run(_measure(choice, _environment(display), rows))
    finally:
        print(printed(rows))  # also what was measured before something went wrong
    if choice.json:
        choice.json.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) + "\n")
    return 1 if choice.check and any(row.is_over for row in rows) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("--shapes", nargs="+", choices=list(SHAPES), default=list(SHAPES), help="answers to stream")
    parser.add_argument("--rate", type=float, default=RATE, help="tokens a second while CPU is measured")
    parser.add_argument("--skip-stalls", action="store_true", help="leave out the runs that look for stalls")
    parser.add_argument("--json", type=Path, help="also write the table to this file")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure is over its limit")
    return parser.parse_args()


async def _measure(choice: argparse.Namespace, environment: dict[str, str], rows: list[Row]) -> None:
    rows += _start_rows(environment)
    with _home() as home:
        rows += _idle_rows(await measure_idle(home, environment))
    for shape in choice.shapes:
        _say(f"{shape} at {choice.rate:.0f} tokens/s")
        with _home() as home:
            rows += _answer_rows(shape, await measure_answer(shape, choice.rate, home, environment, watch_stalls=False))
        if not choice.skip_stalls:
            _say(f"{shape} at {FAST_RATE:.0f} tokens/s, looking for stalls")
            with _home() as home:
                fast = await measure_answer(shape, FAST_RATE, home, environment, watch_stalls=True)
            rows.append(Row(f"{shape}: longest stall at {FAST_RATE:.0f}/s", fast.stall or 0.0, "ms", 50.0))


def _start_rows(environment: dict[str, str]) -> list[Row]:
    _say("start")
    starts: list[Start] = []
    with _home() as home:
        measure_start(home, environment)  # fills the page cache and makes the database
        starts = [measure_start(home, environment) for _ in range(STARTS)]
    middle = middle_of(starts)
    return [
        Row(f"start to first paint, median of {STARTS}", middle.first_paint, "ms", 500.0),
        Row("its CPU", middle.cpu, "ms"),
    ]


def _idle_rows(idle: Memory) -> list[Row]:
    return [
        Row("idle memory (PSS)", idle.proportional / 2**20, "MiB", 90.0),
        Row("idle memory (private)", idle.private / 2**20, "MiB"),
    ]


def _answer_rows(shape: str, streamed: Streamed) -> list[Row]:
    return [
        Row(f"{shape}: CPU", streamed.cpu, "s", 4.0),
        Row(f"{shape}: of it the GUI thread", streamed.gui_cpu, "s"),
        Row(f"{shape}: first 1,000 tokens of the answer", streamed.first_window * 1000, "ms"),
        Row(f"{shape}: last 1,000 tokens", streamed.last_window * 1000, "ms"),
        Row(f"{shape}: last over first", streamed.growth, "", 1.2),
        Row(f"{shape}: memory afterwards (PSS)", streamed.after.proportional / 2**20, "MiB"),
    ]


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        yield Path(folder)


def _environment(display: str) -> dict[str, str]:
    foreign: Sequence[str] = ("WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME")
    kept: dict[str, Any] = {name: value for name, value in os.environ.items() if name not in foreign}
    nowhere = "unix:path=/nonexistent"  # no keyring: it would ask, and it is not what is measured
    return kept | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": nowhere}


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

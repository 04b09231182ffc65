"""What every benchmark runs in: a display of its own, an empty home, and a table at the end."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.table import Row, printed
from tests.virtual_display import SCREEN, missing_programs, virtual_display

# Measures, and adds to the rows as it goes; the first argument is the environment for the programs to measure.
Measure = Callable[[dict[str, str], list[Row]], Awaitable[None]]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that `run` reads."""
    parser.add_argument("--json", type=Path, help="also write the table to this file")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure is over its limit")


def run(measure: Measure, choice: argparse.Namespace, screen: str = SCREEN) -> int:
    """Measure under a display of our own and print the table; answers the exit status."""
    if reason := why_not_here():
        print(reason)
        return 1
    rows: list[Row] = []
    try:
        with virtual_display(screen) as display:
            asyncio.run(_awaited(measure(environment_for(display), rows)))
    finally:
        print(printed(rows))  # also what was measured before something went wrong
    if choice.json:
        choice.json.write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) + "\n")
    return 1 if choice.check and any(row.is_over for row in rows) else 0


def why_not_here() -> str | None:
    """Return why this computer cannot run benchmarks."""
    if sys.platform != "linux":
        return "The benchmarks read /proc and run under Xvfb: they need Linux."
    if missing := missing_programs():
        return f"Not installed: {', '.join(missing)}."
    return None


@contextmanager
def home() -> Iterator[Path]:
    """An empty folder for all that a program writes."""
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        yield Path(folder)


def say(what: str) -> None:
    """Tell what is being measured, beside the table."""
    print(f"measuring: {what}", file=sys.stderr, flush=True)


def environment_for(display: str) -> dict[str, str]:
    """Return the environment of a program on a display, without what the user's own would change."""
    foreign: Sequence[str] = ("WAYLAND_DISPLAY", "QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    nowhere = "unix:path=/nonexistent"  # no keyring: it would ask, and it is not what is measured
    return kept | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": nowhere}


async def _awaited(measuring: Awaitable[None]) -> None:
    await measuring

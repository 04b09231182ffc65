"""`dev.py bench --against REF`: this version beside an earlier one, in the same minutes on the same machine.

A machine's speed drifts by a quarter within minutes, so only figures that were taken side by side compare. What costs
CPU over a long time is streamed into both at once, each on a display of its own; starts and memory, which two
programs at once would change, are taken by turns. The table gives ratios: below 1 this version is the better one.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measure import ROOT, Streamed, driven, measure_answer, measure_idle, measure_start
from tests.bench.measured_process import cpu_seconds, until_quiet, wake_ups
from tests.bench.ratios import Pair, told
from tests.bench.stream_server import StreamServer
from tests.bench.surroundings import environment_for, home, say, why_not_here
from tests.bench.trees import earlier_tree, why_not_comparable
from tests.virtual_display import virtual_display

_FAST_RATE = 2000.0  # tokens a second, where stalls are looked for


@dataclass(frozen=True, slots=True)
class _Side:
    """A version of the program, and the display that its window is on."""

    root: Path
    environment: dict[str, str]


_Sides = tuple[_Side, _Side]  # the earlier one, this one


def compare(choice: argparse.Namespace) -> int:
    """Compare with `choice.against`, print the table and return the exit status; 2 where nothing can be compared."""
    reason = why_not_here() or (None if choice.anyway else why_not_comparable())
    if reason is None:
        with contextlib.ExitStack() as stack:
            try:
                earlier = stack.enter_context(earlier_tree(choice.against))
            except subprocess.CalledProcessError as error:
                reason = f"{choice.against} cannot be laid out: {error.stderr.strip()}"
            else:
                first, second = (environment_for(stack.enter_context(virtual_display())) for _ in range(2))
                return _compared((_Side(earlier, first), _Side(ROOT, second)), choice)
    print(reason, file=sys.stderr)
    return 2


def _compared(sides: _Sides, choice: argparse.Namespace) -> int:
    pairs: dict[str, Pair] = {}
    try:
        for number in range(choice.rounds):
            say(f"round {number + 1} of {choice.rounds}")
            turn = sides if number % 2 == 0 else sides[::-1]
            asyncio.run(_one_round(turn, choice, _Noted(pairs, choice.against, swapped=number % 2 == 1)))
    finally:
        print(told(list(pairs.values()), choice.against))  # also what was measured before something went wrong
    if choice.json:
        choice.json.write_text(json.dumps([pair.as_record() for pair in pairs.values()], indent=1) + "\n")
    return 1 if choice.check and any(pair.is_over for pair in pairs.values()) else 0


class _Noted:
    """Takes the figures of a round in the order in which the versions had their turn."""

    def __init__(self, pairs: dict[str, Pair], reference: str, *, swapped: bool) -> None:
        self._pairs = pairs
        self._reference = reference
        self._swapped = swapped

    def add(self, what: str, figures: tuple[float, float], unit: str) -> None:
        """Note a figure of both."""
        earlier, here = figures[::-1] if self._swapped else figures
        self._pairs.setdefault(what, Pair(what, unit, self._reference)).add(earlier, here)


async def _one_round(sides: _Sides, choice: argparse.Namespace, noted: _Noted) -> None:
    _compare_starts(sides, noted)
    await _compare_idle(sides, choice.idle_seconds, noted)
    for shape in choice.shapes:
        await _compare_answers(shape, choice.rate, sides, noted)
        if not choice.skip_stalls:
            await _compare_stalls(shape, sides, noted)


def _compare_starts(sides: _Sides, noted: _Noted) -> None:
    with _homes() as folders:
        for side, folder in zip(sides, folders, strict=True):
            measure_start(folder, side.environment, side.root)  # makes the database and warms the files
        first, second = (
            measure_start(folder, side.environment, side.root) for side, folder in zip(sides, folders, strict=True)
        )
    noted.add("start to first paint", (first.first_paint, second.first_paint), "ms")
    noted.add("start: CPU", (first.cpu, second.cpu), "ms")


async def _compare_idle(sides: _Sides, seconds: float, noted: _Noted) -> None:
    with _homes() as folders:
        first, second = [
            await measure_idle(folder, side.environment, side.root) for side, folder in zip(sides, folders, strict=True)
        ]
    noted.add("idle memory: PSS", (first.proportional / 2**20, second.proportional / 2**20), "MiB")
    noted.add("idle memory: private", (first.private / 2**20, second.private / 2**20), "MiB")
    if not seconds:
        return
    with _homes() as folders:
        idle = await asyncio.gather(
            *(_left_alone(seconds, side, folder) for side, folder in zip(sides, folders, strict=True))
        )
    noted.add(f"idle for {seconds:.0f} s: CPU", (idle[0][0] * 1000, idle[1][0] * 1000), "ms")
    noted.add("idle: wake-ups a second", (idle[0][1], idle[1][1]), "")


async def _left_alone(seconds: float, side: _Side, folder: Path) -> tuple[float, float]:
    """Leave an open window alone; returns its seconds of CPU, and its wake-ups a second."""
    server = StreamServer()
    await server.start()
    async with driven(server.address, folder, side.environment, watch_stalls=False, root=side.root) as program:
        await until_quiet(program.pid)
        began, woken = cpu_seconds(program.pid), sum(wake_ups(program.pid).values())
        await asyncio.sleep(seconds)
        spent = cpu_seconds(program.pid) - began, (sum(wake_ups(program.pid).values()) - woken) / seconds
    await server.stop()
    return spent


async def _compare_answers(shape: str, rate: float, sides: _Sides, noted: _Noted) -> None:
    with _homes() as folders:
        first, second = await asyncio.gather(
            *(
                measure_answer(shape, rate, folder, side.environment, watch_stalls=False, root=side.root)
                for side, folder in zip(sides, folders, strict=True)
            )
        )

    def add(what: str, of: tuple[float, float], unit: str = "s") -> None:
        noted.add(f"{shape}: {what}", of, unit)

    add("CPU of an answer", (first.cpu, second.cpu))
    add("of it the thinking", (first.thinking, second.thinking))
    add("of it the answer's text", (first.text, second.text))
    add("of it the window's thread", (first.gui_cpu, second.gui_cpu))
    add("of it all other threads", (first.cpu - first.gui_cpu, second.cpu - second.gui_cpu))
    for name in _named_in_both(first, second):
        add(f"thread {name}", (first.threads[name], second.threads[name]))
    add("last over first 1,000 tokens", (first.growth, second.growth), "")
    add("memory with the answer: private", (first.after.private / 2**20, second.after.private / 2**20), "MiB")


async def _compare_stalls(shape: str, sides: _Sides, noted: _Noted) -> None:
    with _homes() as folders:
        first, second = [
            await measure_answer(shape, _FAST_RATE, folder, side.environment, watch_stalls=True, root=side.root)
            for side, folder in zip(sides, folders, strict=True)
        ]
    noted.add(f"{shape}: longest stall at {_FAST_RATE:.0f}/s", (first.stall or 0.0, second.stall or 0.0), "ms")


def _named_in_both(first: Streamed, second: Streamed) -> list[str]:
    return [name for name in first.threads if name in second.threads and name != "MainThread"]


@contextlib.contextmanager
def _homes() -> Iterator[tuple[Path, Path]]:
    with home() as one, home() as other:
        yield one, other

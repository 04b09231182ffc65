"""`dev.py bench --against REF`: this version beside an earlier one, in the same minutes on the same machine.

A machine's speed drifts by a quarter within minutes, so only figures that were taken side by side compare. What costs
CPU over a long time is streamed into both at once, each on a display of its own; starts and memory, which two
programs at once would change, are taken by turns. The table gives ratios: below 1 this version is the better one.
"""

from __future__ import annotations

import asyncio
import compileall
import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measured import (
    ROOT,
    cpu_seconds,
    driven,
    environment_for,
    home,
    measure_answer,
    measure_idle,
    measure_start,
    say,
    until_quiet,
    wake_ups,
    why_not_here,
)
from tests.bench.tables import Pair, compared
from tests.virtual_display import virtual_display

FAST_RATE = 2000.0  # tokens a second, where stalls are looked for
_QT = "libQt6Core"
_PACKAGES = ("httpcore", "h11", "anyio", "markdown_it", "shibokensupport")  # imported at a start
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class _Side:
    """A version of the program, and the display that its window is on."""

    root: Path
    environment: dict[str, str]


def compare(choice):
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


def _compared(sides, choice):
    pairs: dict[str, Pair] = {}
    try:
        for number in range(choice.rounds):
            say(f"round {number + 1} of {choice.rounds}")
            is_swapped = number % 2 == 1

            def note(what, figures, unit, *, swapped=is_swapped):
                pair = pairs.setdefault(what, Pair(what, unit, choice.against))
                pair.rounds.append(figures[::-1] if swapped else figures)

            asyncio.run(_one_round(sides[::-1] if is_swapped else sides, choice, note))
    finally:
        print(compared(list(pairs.values()), choice.against))  # also what was measured before something went wrong
    if choice.json:
        choice.json.write_text(json.dumps([pair.as_record() for pair in pairs.values()], indent=1) + "\n")
    return 1 if choice.check and any(pair.is_over for pair in pairs.values()) else 0


async def _one_round(sides, choice, note):
    with _homes() as folders:
        for side, folder in zip(sides, folders, strict=True):
            measure_start(folder, side.environment, side.root)  # makes the database and warms the files
        one, two = (
            measure_start(folder, side.environment, side.root) for side, folder in zip(sides, folders, strict=True)
        )
    note("start to first paint", (one.first_paint, two.first_paint), "ms")
    note("start: CPU", (one.cpu, two.cpu), "ms")
    first, second = [await _in_a_home(measure_idle, side) for side in sides]
    note("idle memory: PSS", (first.proportional / _MIB, second.proportional / _MIB), "MiB")
    note("idle memory: private", (first.private / _MIB, second.private / _MIB), "MiB")
    if choice.idle_seconds:
        alone = await asyncio.gather(*(_left_alone(choice.idle_seconds, side) for side in sides))
        note(f"idle for {choice.idle_seconds:.0f} s: CPU", (alone[0][0] * 1000, alone[1][0] * 1000), "ms")
        note("idle: wake-ups a second", (alone[0][1], alone[1][1]), "")
    for shape in choice.shapes:
        await _compare_answers(shape, choice.rate, sides, note)
        if not choice.skip_stalls:
            fast = [await _answer(shape, FAST_RATE, side, watch_stalls=True) for side in sides]
            note(f"{shape}: longest stall at {FAST_RATE:.0f}/s", (fast[0].stall, fast[1].stall), "ms")


async def _compare_answers(shape, rate, sides, note):
    one, two = await asyncio.gather(*(_answer(shape, rate, side, watch_stalls=False) for side in sides))
    for what, figures, unit in (
        ("CPU of an answer", (one.cpu, two.cpu), "s"),
        ("of it the thinking", (one.thinking, two.thinking), "s"),
        ("of it the answer's text", (one.text, two.text), "s"),
        ("of it the window's thread", (one.gui_cpu, two.gui_cpu), "s"),
        ("of it all other threads", (one.cpu - one.gui_cpu, two.cpu - two.gui_cpu), "s"),
        ("last over first 1,000 tokens", (one.growth, two.growth), ""),
        ("memory with the answer: private", (one.after.private / _MIB, two.after.private / _MIB), "MiB"),
    ):
        note(f"{shape}: {what}", figures, unit)


async def _answer(shape, rate, side, *, watch_stalls):
    with home() as folder:
        return await measure_answer(shape, rate, folder, side.environment, watch_stalls=watch_stalls, root=side.root)


async def _in_a_home(measure, side):
    with home() as folder:
        return await measure(folder, side.environment, side.root)


async def _left_alone(seconds, side):
    """Leave an open window alone; return its seconds of CPU, and its wake-ups a second."""
    with home() as folder:
        async with driven(folder, side.environment, root=side.root) as (program, _):
            await until_quiet(program.pid)
            began, woken = cpu_seconds(program.pid), wake_ups(program.pid)
            await asyncio.sleep(seconds)
            return cpu_seconds(program.pid) - began, (wake_ups(program.pid) - woken) / seconds


@contextlib.contextmanager
def _homes():
    with home() as one, home() as other:
        yield one, other


@contextlib.contextmanager
def earlier_tree(reference):
    """Lay out the version that `reference` names, with byte code; raises CalledProcessError where there is none."""
    with tempfile.TemporaryDirectory(prefix="candor-earlier-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--quiet", "--detach", str(tree), reference)
        try:
            for root in (tree, ROOT):
                for part in ("desktop", "tests/bench", "tests/support"):
                    compileall.compile_dir(root / part, quiet=2)
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*words):
    subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)


def why_not_comparable():
    """Return what would make every figure wrong: byte code that is not there, or another program of Qt's."""
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return "PYTHONDONTWRITEBYTECODE is set: each start would compile the program anew. Unset it."
    if lacking := [name for name in _PACKAGES if not _has_byte_code(name)]:
        return f"No byte code of {', '.join(lacking)}: run `python -m compileall {sysconfig.get_path('purelib')}`."
    if others := list(_other_programs()):
        return f"Another program uses Qt, and would share its memory: {', '.join(others)}. End it first."
    return None


def _has_byte_code(package):
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return True  # not there, or a package of another kind
    return Path(importlib.util.cache_from_source(spec.origin)).exists()


def _other_programs():
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended, or of another user
            if int(process.name) != os.getpid() and _QT in (process / "maps").read_text():
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                yield f"{process.name} ({words.strip()[:60]})"

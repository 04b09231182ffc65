"""`python -m tests.bench.installed PROGRAM`: an installed program beside the checkout, by turns, seen from outside.

Nothing of the benchmark runs inside of either: both are started as a user starts them, with a server in their settings,
and a question is typed. Start to first paint, memory of the idle window, and with an answer in it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import subprocess
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.store.settings import Settings
from tests.bench.measure import CHECKOUT, ROOT, measure_start
from tests.bench.measured_process import private_bytes, proportional_bytes, until_quiet
from tests.bench.stream_server import MODEL, Answer, StreamServer
from tests.bench.surroundings import environment_for, home, say
from tests.bench.texts import ANSWER_BYTES, SHAPES, THINKING_BYTES, thinking, tokens_of
from tests.bench.trees import earlier_tree
from tests.virtual_display import virtual_display

_QUESTION = "Explain how a contract is reviewed."
_IN_CHECKOUT, _NOWHERE = "site-packages", "\0"  # in the paths of packages
_PATIENCE = 120.0  # seconds
_FAREWELL = 0.2  # seconds in which the server hears that its connections were closed


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.installed", description=__doc__)
    parser.add_argument("program", type=Path, help="the program's file, wherever its package was unpacked")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--starts", type=int, default=5, help="starts of each in a round")
    parser.add_argument("--rate", type=float, default=400.0, help="tokens a second; 0: no answer")
    parser.add_argument("--settle", type=float, default=5.0, help="seconds to wait once the program is quiet")
    parser.add_argument("--against", metavar="REF", help="also beside the checkout of this commit")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        program = options.program.resolve()
        sides = [_Side("installed", ROOT, [str(program)], f"{program.parent}/")]
        sides.append(_Side("checkout", ROOT, CHECKOUT, _IN_CHECKOUT))
        if options.against:
            sides.append(
                _Side(options.against, stack.enter_context(earlier_tree(options.against)), CHECKOUT, _IN_CHECKOUT)
            )
        environment = environment_for(stack.enter_context(virtual_display()))
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            _start(sides, options.starts, environment)
            for side in sides:
                asyncio.run(_measure(side, options, environment))
    print(_told(sides))


@dataclass(frozen=True, slots=True)
class _Side:
    """A version of the program: where it is started and how, and what was measured of it so far."""

    name: str
    root: Path
    command: Sequence[str]
    packages: str  # what the paths of its packages have in common
    figures: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, figure: float) -> None:
        self.figures.setdefault(what, []).append(figure)

    def note_memory(self, when: str, pid: int) -> None:
        self.note(f"{when}: written, MiB", private_bytes(pid, _NOWHERE) / 2**20)
        self.note(f"{when}: and read of its packages, MiB", private_bytes(pid, self.packages) / 2**20)
        self.note(f"{when}: PSS, MiB", proportional_bytes(pid) / 2**20)


def _told(sides: Sequence[_Side]) -> str:
    """Return the table: medians of each side, and the first one's over the others."""
    first, *others = sides
    names = [first.name, *(f"{each.name} (ratio)" for each in others), "n"]
    lines = [f"| | {' | '.join(names)} |", f"{'| --- ' * (len(names) + 1)}|"]
    for what, figures in first.figures.items():
        here = statistics.median(figures)
        there = [statistics.median(each.figures[what]) for each in others]
        cells = [f"{here:.1f}", *(f"{each:.1f} ({here / each:.2f})" for each in there), str(len(figures))]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _start(sides: Sequence[_Side], count: int, environment: dict[str, str]) -> None:
    """Start all by turns, each once unseen, which makes its database."""
    with home() as folder:
        for number in range(count + 1):
            for side in sides:
                start = measure_start(folder / side.name, environment, side.root, side.command)
                if number:
                    side.note("start to first paint, ms", start.first_paint)
                    side.note("its CPU, ms", start.cpu)


async def _measure(side: _Side, options: argparse.Namespace, environment: dict[str, str]) -> None:
    """Note the memory of a window that is left alone, and with an answer in it."""
    server = StreamServer()
    await server.start()
    async with _opened(side, environment, server.address) as pid:
        await _settle(pid, options.settle)
        side.note_memory("idle", pid)
        if options.rate:
            text = tokens_of(SHAPES["mixed"](ANSWER_BYTES))
            answer = Answer(tokens_of(thinking(THINKING_BYTES)), text, options.rate)
            server.answers = [answer]
            await _ask(environment)
            await asyncio.wait_for(answer.left.wait(), _PATIENCE + len(text) / options.rate)
            await _settle(pid, options.settle)
            side.note_memory("with an answer", pid)
    await server.stop()
    await asyncio.sleep(_FAREWELL)


async def _settle(pid: int, seconds: float) -> None:
    await until_quiet(pid)
    await asyncio.sleep(seconds)


@asynccontextmanager
async def _opened(side: _Side, environment: dict[str, str], address: str) -> AsyncIterator[int]:
    """The program with its window, and a connection to the server at `address`; yields its number."""
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Bench", address=address)
        choice = ModelChoice(connection.id, MODEL)
        Settings(connections=(connection,), default_choice=choice).save(Path(folder) / "settings.json")
        program = subprocess.Popen(side.command, cwd=side.root, env={**environment, "CANDOR_HOME": folder})
        try:
            await _xdotool(environment, "search", "--sync", "--onlyvisible", "--class", "^candor$")
            yield program.pid
        finally:
            program.terminate()
            program.wait()


async def _ask(environment: dict[str, str]) -> None:
    await _xdotool(environment, "search", "--onlyvisible", "--class", "^candor$", "windowactivate", "--sync")
    await _xdotool(environment, "type", "--delay", "20", _QUESTION)
    await _xdotool(environment, "key", "Return")


async def _xdotool(environment: dict[str, str], *words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "xdotool", *words, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    if await asyncio.wait_for(process.wait(), _PATIENCE):
        raise RuntimeError(f"xdotool {' '.join(words)} did not work")


if __name__ == "__main__":
    main()

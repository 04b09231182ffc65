"""`python -m tests.bench.installed PROGRAM`: an installed program beside the checkout, by turns, seen from outside.

Nothing of the benchmark runs inside of either: both are started as a user starts them, with a server in their settings,
and a question is typed. Start to first paint, memory of the idle window, and with an answer in it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.store.settings import Settings
from tests.bench.measure import CHECKOUT, ROOT, Memory, Start, measure_start, memory_of
from tests.bench.measured_process import until_quiet
from tests.bench.stream_server import MODEL, Answer, StreamServer
from tests.bench.surroundings import environment_for, home, say
from tests.bench.texts import ANSWER_BYTES, SHAPES, THINKING_BYTES, thinking, tokens_of
from tests.virtual_display import virtual_display

_QUESTION = "Explain how a contract is reviewed."
_PATIENCE = 120.0  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.installed", description=__doc__)
    parser.add_argument("program", type=Path, help="the program's file, wherever its package was unpacked")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--starts", type=int, default=5, help="starts of each in a round")
    parser.add_argument("--rate", type=float, default=400.0, help="tokens a second; 0: no answer")
    parser.add_argument("--settle", type=float, default=5.0, help="seconds to wait once the program is quiet")
    parser.add_argument("--tree", type=Path, default=ROOT, help="the checkout")
    options = parser.parse_args()
    sides = {"installed": [str(options.program.absolute())], "checkout": CHECKOUT}
    found: dict[str, dict[str, list[float]]] = {name: {} for name in sides}
    with virtual_display() as display:
        environment = environment_for(display)
        for number in range(options.rounds):
            say(f"round {number + 1} of {options.rounds}")
            starts = _starts(sides, options, environment)
            for name, command in sides.items():
                for each in starts[name]:
                    _note(found[name], "start to first paint, ms", each.first_paint)
                    _note(found[name], "its CPU, ms", each.cpu)
                asyncio.run(_measure(command, options, environment, found[name]))
    print(f"| | installed | checkout | ratio | n |\n{'| --- ' * 5}|")
    for what, figures in found["installed"].items():
        here, there = statistics.median(figures), statistics.median(found["checkout"][what])
        print(f"| {what} | {here:.1f} | {there:.1f} | {here / there:.2f} | {len(figures)} |")


def _note(figures: dict[str, list[float]], what: str, figure: float) -> None:
    figures.setdefault(what, []).append(figure)


def _starts(
    sides: dict[str, Sequence[str]], options: argparse.Namespace, environment: dict[str, str]
) -> dict[str, list[Start]]:
    """Start both by turns, each once unseen, which makes its database."""
    found: dict[str, list[Start]] = {name: [] for name in sides}
    with home() as folder:
        for number in range(options.starts + 1):
            for name, command in sides.items():
                start = measure_start(folder / name, environment, options.tree, command)
                if number:
                    found[name].append(start)
    return found


async def _measure(
    command: Sequence[str], options: argparse.Namespace, environment: dict[str, str], found: dict[str, list[float]]
) -> None:
    """Note the memory of a window that is left alone, and with an answer in it."""
    server = StreamServer()
    await server.start()
    async with _opened(command, options.tree, environment, server.address) as pid:
        await _settle(pid, options.settle)
        _note_memory(found, "idle", memory_of(pid))
        if options.rate:
            text = tokens_of(SHAPES["mixed"](ANSWER_BYTES))
            answer = Answer(tokens_of(thinking(THINKING_BYTES)), text, options.rate)
            server.answers = [answer]
            await _ask(environment)
            await asyncio.wait_for(answer.left.wait(), _PATIENCE + len(text) / options.rate)
            await _settle(pid, options.settle)
            _note_memory(found, "with an answer", memory_of(pid))
    await server.stop()


async def _settle(pid: int, seconds: float) -> None:
    await until_quiet(pid)
    await asyncio.sleep(seconds)


def _note_memory(found: dict[str, list[float]], when: str, memory: Memory) -> None:
    _note(found, f"{when}: private, MiB", memory.private / 2**20)
    _note(found, f"{when}: PSS, MiB", memory.proportional / 2**20)


@asynccontextmanager
async def _opened(command: Sequence[str], tree: Path, environment: dict[str, str], address: str) -> AsyncIterator[int]:
    """The program with its window, and a connection to the server at `address`; yields its number."""
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        connection = Connection(kind=ConnectionKind.OPENAI_COMPAT, name="Bench", address=address)
        choice = ModelChoice(connection.id, MODEL)
        Settings(connections=(connection,), default_choice=choice).save(Path(folder) / "settings.json")
        program = subprocess.Popen(command, cwd=tree, env={**environment, "CANDOR_HOME": folder})
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
    sys.exit(main())

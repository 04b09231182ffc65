"""`python -m tests.bench.trace`: what a very long thinking trace costs while it streams, closed, peeked at and open.

The same trace is streamed into the same program three times, with the panels always closed, automatic (which shows a
peek) and always open. A closed panel keeps the text and no more, so that it must cost a fraction of an open one.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from tests.bench.measure import DrivenProgram, driven, memory_of
from tests.bench.measured_process import cpu_seconds, first_thread_seconds, until_quiet
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.surroundings import add_options, home, run, say
from tests.bench.table import Row
from tests.bench.texts import thinking, tokens_of

TOKENS = 50_000
RATE = 1000.0  # tokens a second: faster than any hosted model, so that a run takes less than a minute
WINDOW = 10_000  # tokens whose cost is compared
CLOSED_LIMIT = 0.25  # of the cost of an open one, in the thread of the window
GROWTH_LIMIT = 1.2
WAYS = ("closed", "auto", "open")
_BYTES_PER_TOKEN = 6  # more than enough; what is too much is cut off
_PATIENCE = 60.0  # seconds beyond what the stream itself takes


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU while the thinking came: of the whole program, of its window's thread, and of two windows."""

    whole: float
    gui: float
    first: float
    last: float
    growth_of_memory: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.trace", description=__doc__)
    parser.add_argument("--tokens", type=int, default=TOKENS)
    parser.add_argument("--rate", type=float, default=RATE, help="tokens a second")
    add_options(parser)
    choice = parser.parse_args()
    return run(lambda environment, rows: measure(environment, rows, choice.tokens, choice.rate), choice)


async def measure(environment: dict[str, str], rows: list[Row], tokens: int = TOKENS, rate: float = RATE) -> None:
    """Measure each way once, in one program."""
    trace = tokens_of(thinking(tokens * _BYTES_PER_TOKEN))[:tokens]
    server = StreamServer()
    await server.start()
    costs: dict[str, Cost] = {}
    with home() as folder:
        async with driven(server.address, folder, environment, watch_stalls=False) as program:
            await _streamed(program, server, trace[:2000], rate)  # imports, fonts, the window's first reply
            for way in WAYS:
                say(f"{tokens} tokens of thinking, {way}")
                await program.do("await_thinking", how=way)
                costs[way] = await _streamed(program, server, trace, rate)
    await server.stop()
    rows += [row for way, cost in costs.items() for row in _rows(f"{tokens} tokens of thinking, {way}", cost)]
    rows.append(Row("closed over open, window", costs["closed"].gui / costs["open"].gui, "", CLOSED_LIMIT))
    rows.append(Row("closed over open, whole program", costs["closed"].whole / costs["open"].whole, ""))


def _rows(name: str, cost: Cost) -> list[Row]:
    return [
        Row(f"{name}: CPU of the window", cost.gui, "s"),
        Row(f"{name}: CPU of the whole program", cost.whole, "s"),
        Row(f"{name}: last {WINDOW} tokens over first", cost.last / cost.first, "", GROWTH_LIMIT),
        Row(f"{name}: memory gained", cost.growth_of_memory / 2**20, "MiB"),
    ]


async def _streamed(program: DrivenProgram, server: StreamServer, trace: list[str], rate: float) -> Cost:
    at: dict[int, tuple[float, float]] = {}
    last = len(trace) - WINDOW
    answer = Answer(trace, ["Yes", "."], rate)

    def note(mark: int) -> None:
        at[mark] = cpu_seconds(program.pid), first_thread_seconds(program.pid)

    for mark in {0, WINDOW, max(0, last)}:
        answer.thinking_marks[mark] = lambda mark=mark: note(mark)  # type: ignore[misc]
    answer.marks[0] = lambda: note(len(trace))
    await until_quiet(program.pid)
    before = memory_of(program.pid)
    server.answers = [answer]
    ended = await program.ask(_PATIENCE + len(trace) / rate)
    if ended["status"] != "complete":
        raise RuntimeError(f"the answer did not arrive whole: {ended}")
    await until_quiet(program.pid)
    gained = memory_of(program.pid).proportional - before.proportional
    whole, gui = (at[len(trace)][of] - at[0][of] for of in (0, 1))
    if last < WINDOW:  # the warm-up: nothing to compare
        return Cost(whole, gui, 1.0, 1.0, gained)
    first_window, last_window = at[WINDOW][1] - at[0][1], at[len(trace)][1] - at[last][1]
    return Cost(whole, gui, first_window, last_window, gained)


if __name__ == "__main__":
    sys.exit(main())

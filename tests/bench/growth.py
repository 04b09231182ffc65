"""`python -m tests.bench.growth`: does a token cost more at the end of a long answer than at its beginning?

The machine's speed drifts while an answer of a minute comes, and so would the ratio of its end to its beginning. So
each program's answer begins when that of the program before comes to its last tenth: the last tenth of one and the
first of another, of the same text, fall into the same seconds. Each of them has had a short answer before.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import sys
from dataclasses import dataclass, field
from typing import Final

from tests.bench.measure import driven
from tests.bench.measured_process import cpu_seconds, first_thread_seconds, until_quiet
from tests.bench.ratios import Pair, told
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.surroundings import environment_for, home, say, why_not_here
from tests.bench.texts import ANSWER_BYTES, SHAPES, tokens_of
from tests.virtual_display import virtual_display

_WARM_UP_BYTES: Final = 6 * 1024
_WARM_UP_RATE: Final = 1000.0
_PATIENCE: Final = 60.0

_Cost = tuple[float, float]  # CPU seconds: of the whole program, and of its window's thread


@dataclass(slots=True)
class _Runner:
    """One answer in a program of its own: what its first and its last tenth cost."""

    tokens: list[str]
    rate: float
    environment: dict[str, str]
    is_halfway: asyncio.Event = field(default_factory=asyncio.Event)
    is_at_end: asyncio.Event = field(default_factory=asyncio.Event)
    first: _Cost = (0.0, 0.0)
    last: _Cost = (0.0, 0.0)

    async def run(self, before: _Runner | None, shape: str) -> None:
        """Make the program ready when the answer before is halfway, and begin when that comes to its last tenth."""
        if before is not None:
            await before.is_halfway.wait()
        server = StreamServer()
        await server.start()
        count, tenth = len(self.tokens), len(self.tokens) // 10
        at: dict[int, _Cost] = {}
        answer = Answer([], self.tokens, self.rate)
        with home() as folder:
            async with driven(server.address, folder, self.environment, watch_stalls=False) as program:
                server.answers = [Answer([], tokens_of(SHAPES[shape](_WARM_UP_BYTES)), _WARM_UP_RATE), answer]
                await program.ask(_PATIENCE)
                await until_quiet(program.pid)

                def note(mark: int) -> None:
                    at[mark] = cpu_seconds(program.pid), first_thread_seconds(program.pid)
                    if mark == count - tenth:
                        self.is_at_end.set()

                for mark in (0, tenth, count - tenth, count):
                    answer.marks[mark] = lambda mark=mark: note(mark)  # type: ignore[misc]
                answer.marks[count // 2] = self.is_halfway.set
                if before is not None:
                    await before.is_at_end.wait()
                ended = await program.ask(_PATIENCE + count / self.rate)
                if ended["status"] != "complete":
                    raise RuntimeError(f"the answer did not arrive whole: {ended}")
        await server.stop()
        self.first = _between(at[0], at[tenth])
        self.last = _between(at[count - tenth], at[count])


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.growth", description=__doc__)
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=400.0, help="tokens a second")
    parser.add_argument("--bytes", type=int, default=ANSWER_BYTES, help="of the answer")
    choice = parser.parse_args()
    if reason := why_not_here():
        print(reason, file=sys.stderr)
        return 1
    pairs: list[Pair] = []
    try:
        for shape in choice.shapes:
            say(f"{shape}, {choice.rounds} rounds")
            with contextlib.ExitStack() as stack:
                displays = [environment_for(stack.enter_context(virtual_display())) for _ in range(2)]
                pairs += asyncio.run(_compared(shape, choice, displays))
    finally:
        print(told(pairs, "first tenth", "last tenth"))
    return 1 if any(pair.is_over for pair in pairs) else 0


async def _compared(shape: str, choice: argparse.Namespace, displays: list[dict[str, str]]) -> list[Pair]:
    """Return what the last tenth of an answer cost over the first one of the next, a pair a round."""
    tokens = tokens_of(SHAPES[shape](choice.bytes))
    runners = [_Runner(tokens, choice.rate, displays[number % 2]) for number in range(choice.rounds + 1)]
    async with asyncio.TaskGroup() as group:
        for before, runner in zip([None, *runners], runners, strict=False):
            group.create_task(runner.run(before, shape))
    whole, window = Pair(f"{shape}: last tenth over first", "s"), Pair(f"{shape}: of it the window's", "s")
    for earlier, later in itertools.pairwise(runners):
        for pair, first, last in zip((whole, window), later.first, earlier.last, strict=True):
            pair.add(first, last)
    return [whole, window]


def _between(earlier: _Cost, later: _Cost) -> _Cost:
    return later[0] - earlier[0], later[1] - earlier[1]


if __name__ == "__main__":
    sys.exit(main())

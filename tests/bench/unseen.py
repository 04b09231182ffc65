"""`python -m tests.bench.unseen`: what an answer costs that nobody looks at, over the same one in an open window.

Two programs have the same answer in the same seconds, each on a display of its own: in one it is in front with all
open, in the other its thinking is closed, another conversation is in front, or the window is minimised, hidden, or on
another desktop than the screen shows.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from dataclasses import dataclass
from typing import Final

from tests.bench.measure import DrivenProgram, driven
from tests.bench.measured_process import cpu_seconds, first_thread_seconds, until_quiet
from tests.bench.ratios import Pair, told
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.surroundings import environment_for, home, say, why_not_here
from tests.bench.texts import SHAPES, thinking, tokens_of
from tests.virtual_display import virtual_display

WAYS: Final = ("closed thinking", "another conversation", "another desktop", "minimised", "hidden")
_WARM_UP_BYTES: Final = 6 * 1024
_WARM_UP_RATE: Final = 1000.0
_PATIENCE: Final = 60.0
_BEFORE: Final = 1.0  # seconds of a stream until the other conversation is in front


@dataclass(frozen=True, slots=True)
class _Cost:
    """Seconds of CPU: of the whole program and of its window's thread, and when it was open again afterwards."""

    whole: float
    window: float
    brought_back: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.unseen", description=__doc__)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=400.0, help="tokens a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each answer")
    choice = parser.parse_args()
    if reason := why_not_here():
        print(reason, file=sys.stderr)
        return 1
    pairs: dict[str, Pair] = {}
    with contextlib.ExitStack() as stack:
        displays = [environment_for(stack.enter_context(virtual_display())) for _ in range(2)]
        try:
            for way in choice.ways:
                for number in range(choice.rounds):
                    say(f"{way}, round {number + 1} of {choice.rounds}")
                    asyncio.run(_one_round(way, choice, displays[:: 1 if number % 2 else -1], pairs))
        finally:
            print(told(list(pairs.values()), "open", "unseen"))
    return 1 if any(pair.is_over for pair in pairs.values()) else 0


async def _one_round(
    way: str, choice: argparse.Namespace, displays: list[dict[str, str]], pairs: dict[str, Pair]
) -> None:
    seen, unseen = await asyncio.gather(
        *(
            _streamed(way, choice, environment, is_seen)
            for environment, is_seen in zip(displays, (True, False), strict=True)
        )
    )
    for what, figures in (
        (f"{way}: whole, of an open one", (seen.whole, unseen.whole)),
        (f"{way}: the window's thread", (seen.window, unseen.window)),
        (f"{way}: with what follows when it is open again", (seen.brought_back, unseen.brought_back)),
    ):
        pairs.setdefault(what, Pair(what, "s")).add(*figures)


async def _streamed(way: str, choice: argparse.Namespace, environment: dict[str, str], is_seen: bool) -> _Cost:
    """Stream the answer into a program of its own that has had a short one."""
    is_thinking = way == "closed thinking"
    count = round(choice.rate * choice.seconds)
    make = thinking if is_thinking else SHAPES["mixed"]
    tokens = tokens_of(make(6 * count))[:count]
    answer = Answer(tokens, ["Yes."], choice.rate) if is_thinking else Answer([], tokens, choice.rate)
    server = StreamServer()
    await server.start()
    with home() as folder:
        async with driven(server.address, folder, environment, watch_stalls=False) as program:
            short = make(_WARM_UP_BYTES)
            warm_up = Answer(tokens_of(short), ["Yes."], _WARM_UP_RATE)
            server.answers = [warm_up if is_thinking else Answer([], tokens_of(short), _WARM_UP_RATE), answer]
            # In both, so that what reads their windows is loaded before anything counts.
            await program.do("await_thinking", how="closed" if is_thinking and not is_seen else "open")
            await program.ask(_PATIENCE)
            await until_quiet(program.pid)
            began = _clocks(program)
            program.send()
            if not is_seen:
                await _turn_away(way, program, environment)
            ended = await program.said("finished", _PATIENCE + choice.seconds)
            if ended["status"] != "complete":
                raise RuntimeError(f"the answer did not arrive whole: {ended}")
            await until_quiet(program.pid)
            whole, window = (now - then for now, then in zip(_clocks(program), began, strict=True))
            if not is_seen:
                await _turn_back(way, program, environment)
                await until_quiet(program.pid)
            brought_back = cpu_seconds(program.pid) - began[0]
    await server.stop()
    return _Cost(whole, window, brought_back)


async def _turn_away(way: str, program: DrivenProgram, environment: dict[str, str]) -> None:
    match way:
        case "another conversation":
            await asyncio.sleep(_BEFORE)
            await program.do("new_conversation")
        case "another desktop":
            await _show_desktop(1, environment)
        case "minimised" | "hidden":
            await program.do("stand", how=way)


async def _turn_back(way: str, program: DrivenProgram, environment: dict[str, str]) -> None:
    match way:
        case "another desktop":
            await _show_desktop(0, environment)
        case "minimised" | "hidden":
            await program.do("stand", how="front")


async def _show_desktop(number: int, environment: dict[str, str]) -> None:
    order = "xdotool", "set_num_desktops", "2", "set_desktop", str(number)
    process = await asyncio.create_subprocess_exec(*order, env=environment)
    await process.wait()


def _clocks(program: DrivenProgram) -> tuple[float, float]:
    return cpu_seconds(program.pid), first_thread_seconds(program.pid)


if __name__ == "__main__":
    sys.exit(main())

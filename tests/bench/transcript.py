"""`python -m tests.bench.transcript`: what the length of a conversation costs the one who reads it.

Every figure of the long conversation stands beside that of a short one from the same run of the same program. Where
a time is given, the CPU that the GUI thread used in it is given too: the machine may be busy, the program's work not.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.histories import CODE, LONG, MIXED, PARAGRAPH, SHORT, store_histories
from tests.bench.measure import DrivenProgram, driven
from tests.bench.measured_process import first_thread_seconds, proportional_bytes, until_quiet
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.surroundings import add_options, home, run, say
from tests.bench.table import Row
from tests.bench.texts import mixed_markdown, tokens_of

OPENINGS = 7
OPENING_LIMIT = 150.0  # ms
RATIO_LIMIT = 1.5
GROWTH_LIMIT = 20.0  # MiB
CLOSED_LIMIT = 10.0  # MiB
FRAMES_LIMIT = 33.0  # ms: two frames at 60 a second
DRAG_STEPS, DRAG_BY = 40, 8  # a user drags the edge of the window
FIND_STEPS = 40
STREAMED_BYTES, STREAM_RATE = 20 * 1024, 400.0
STREAM_LIMIT = 1.1
BIG = (MIXED, CODE, PARAGRAPH)
_PATIENCE = 60.0  # seconds beyond what the stream itself takes

Identifiers = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.transcript", description=__doc__)
    parser.add_argument("--only", type=_parts, default=list(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--skip-big", action="store_true", help="leave out the answers of a megabyte")
    parser.add_argument("--stacks", type=Path, help="append to this file where each thread stood in a stall")
    add_options(parser)
    choice = parser.parse_args()
    big = () if choice.skip_big else BIG
    return run(lambda environment, rows: measure(choice.only, environment, rows, big, choice.stacks), choice)


async def measure(
    parts: Sequence[str],
    environment: dict[str, str],
    rows: list[Row],
    big: Sequence[str] = BIG,
    stacks: Path | None = None,
) -> None:
    """Measure the named parts, each in a program of its own."""
    say("making conversations")
    with home() as folder:
        identifiers = store_histories(folder, (SHORT, LONG, *big))
        for part in (each for each in PARTS if each in parts):  # streaming comes last: it adds to the conversations
            server = StreamServer()
            await server.start()
            async with driven(server.address, folder, environment, watch_stalls=False, stacks=stacks) as program:
                await PARTS[part](program, server, identifiers, rows)
            await server.stop()


async def _memory(program: DrivenProgram, _: StreamServer, identifiers: Identifiers, rows: list[Row]) -> None:
    say("memory")
    await program.do("open", conversation=identifiers[SHORT])
    before = await _settled_bytes(program)
    await program.do("open", conversation=identifiers[LONG])
    opened = await _settled_bytes(program)
    for how in ("wheel", "jump"):
        await program.do("scroll", how=how, at=0.5)
    scrolled = await _settled_bytes(program)
    for name in (each for each in identifiers if each not in (SHORT, LONG)):
        await program.do("open", conversation=identifiers[name])
    await program.do("open", conversation=identifiers[SHORT])
    closed = await _settled_bytes(program)
    rows += [
        Row(f"memory with {SHORT} messages open (PSS)", before / 2**20, "MiB"),
        Row(f"growth with {LONG}", (opened - before) / 2**20, "MiB", GROWTH_LIMIT),
        Row(f"growth with {LONG}, after scrolling", (scrolled - before) / 2**20, "MiB", GROWTH_LIMIT),
        Row("growth once all have been open, and are closed", (closed - before) / 2**20, "MiB", CLOSED_LIMIT),
    ]


async def _open(program: DrivenProgram, _: StreamServer, identifiers: Identifiers, rows: list[Row]) -> None:
    say("opening")
    await program.do("open", conversation=identifiers[SHORT])
    short: list[dict[str, Any]] = []
    for name in [each for each in identifiers if each != SHORT]:
        await program.do("open", conversation=identifiers[name])
        times: list[dict[str, Any]] = []
        for _number in range(OPENINGS):
            short.append(await program.do("open", conversation=identifiers[SHORT]))
            times.append(await program.do("open", conversation=identifiers[name]))
        rows += _opening_rows(name, times, middle=_middle(short))
    rows += _opening_rows(SHORT, short)


def _opening_rows(name: str, times: list[dict[str, Any]], middle: float | None = None) -> list[Row]:
    rows = [
        Row(f"open {name}: last line on the screen", _middle(times), "ms", OPENING_LIMIT, _middle(times, "cpu_ms")),
        Row(f"open {name}: first paint", _middle(times, "first_ms"), "ms", OPENING_LIMIT),
    ]
    if middle is not None:
        rows.append(Row(f"open {name}: over {SHORT}", _middle(times) / middle, "", RATIO_LIMIT))
    return rows


async def _resize(program: DrivenProgram, _: StreamServer, identifiers: Identifiers, rows: list[Row]) -> None:
    for name, identifier in identifiers.items():
        say(f"resizing, {name}")
        await program.do("open", conversation=identifier)
        for place, at in (("middle", 0.5), ("end", 1.0)):
            done = await program.do("drag_edge", patience=900, steps=DRAG_STEPS, by=DRAG_BY, at=at)
            steps = done["steps"]
            usual, usual_cpu = _middle(steps), _middle(steps, "cpu_ms")
            slowest, slowest_cpu = (max(float(step[clock]) for step in steps) for clock in ("ms", "cpu_ms"))
            rows += [
                Row(f"resize {name}, {place}: a step", usual, "ms", FRAMES_LIMIT, usual_cpu),
                Row(f"resize {name}, {place}: slowest step", slowest, "ms", FRAMES_LIMIT, slowest_cpu),
                _stall_row(f"resize {name}, {place}", done["stall"]),
            ]


async def _text_size(program: DrivenProgram, _: StreamServer, identifiers: Identifiers, rows: list[Row]) -> None:
    short = 1.0
    for name, identifier in identifiers.items():
        say(f"size of text, {name}")
        await program.do("open", conversation=identifier)
        await program.do("drag_edge", steps=0, by=0, at=0.5)
        done = [await program.do("change_text_size", keys=keys) for keys in ("Ctrl++", "Ctrl+0") * 3]
        middle = _middle(done)
        longest = max((each["stall"] for each in done), key=lambda stall: float(stall["ms"]))
        rows.append(Row(f"size of text {name}: to the paint", middle, "ms", cpu=_middle(done, "cpu_ms")))
        rows.append(_stall_row(f"size of text {name}", longest, limit=None))
        if name == SHORT:
            short = middle
        else:
            rows.append(Row(f"size of text {name}: over {SHORT}", middle / short, "", RATIO_LIMIT))


async def _scroll(program: DrivenProgram, _: StreamServer, identifiers: Identifiers, rows: list[Row]) -> None:
    for name, identifier in identifiers.items():
        say(f"scrolling, {name}")
        await program.do("open", conversation=identifier)
        for how in ("wheel", "page", "jump"):
            done = await program.do("scroll", patience=600, how=how, at=0.5)
            rows.append(_stall_row(f"scroll {name} by {how}", done["stall"]))


async def _find(program: DrivenProgram, _: StreamServer, identifiers: Identifiers, rows: list[Row]) -> None:
    say("finding")
    for name in (LONG, *(each for each in BIG if each in identifiers)):
        await program.do("open", conversation=identifiers[name])
        await program.do("scroll", how="wheel", at=0.5)  # so that what is imported for its texts is there
        for query, kind in (("zebra", "what is nowhere"), ("contract", "what is everywhere")):
            done = await program.do("find", patience=200, query=query, steps=FIND_STEPS)
            rows += [
                Row(f"find {kind}, {name}: counted", done["counted_ms"] / 1000, "s"),
                _stall_row(f"find {kind}, {name}, scrolling meanwhile", done["stall"]),
            ]
        rows.append(_stall_row(f"find, {name}, walking", done["walking"]))


async def _stream(program: DrivenProgram, server: StreamServer, identifiers: Identifiers, rows: list[Row]) -> None:
    say("streaming")
    warm_up = Answer([], tokens_of(mixed_markdown(6 * 1024)), 1000.0)
    await _streamed(program, server, warm_up)
    await program.do("new_conversation")
    alone = await _streamed(program, server, _long_answer())
    await program.do("open", conversation=identifiers[LONG])
    await program.do("collect")
    beside = await _streamed(program, server, _long_answer())
    rows += [
        Row("stream 20 KiB alone: CPU of the GUI thread", alone, "s"),
        Row(f"stream 20 KiB below {LONG} messages", beside, "s"),
        Row(f"stream below {LONG} messages: over alone", beside / alone, "", STREAM_LIMIT),
    ]


def _long_answer() -> Answer:
    return Answer([], tokens_of(mixed_markdown(STREAMED_BYTES)), STREAM_RATE)


async def _streamed(program: DrivenProgram, server: StreamServer, answer: Answer) -> float:
    """Seconds of CPU that the GUI thread used from the first token until it was quiet again."""
    began: list[float] = []
    answer.marks[0] = lambda: began.append(first_thread_seconds(program.pid))
    server.answers = [answer]
    await until_quiet(program.pid)
    ended = await program.ask(_PATIENCE + len(answer.text) / answer.rate)
    if ended["status"] != "complete":
        raise RuntimeError(f"the answer did not arrive whole: {ended}")
    await until_quiet(program.pid)
    return first_thread_seconds(program.pid) - began[0]


async def _settled_bytes(program: DrivenProgram) -> int:
    await program.do("collect")
    await until_quiet(program.pid)
    return proportional_bytes(program.pid)


def _stall_row(name: str, stall: dict[str, float], limit: float | None = FRAMES_LIMIT) -> Row:
    return Row(f"{name}: longest stall", stall["ms"], "ms", limit, stall["cpu_ms"])


def _middle(times: Sequence[dict[str, Any]], field: str = "ms") -> float:
    return statistics.median(each[field] for each in times)


Part = Callable[[DrivenProgram, StreamServer, Identifiers, list[Row]], Awaitable[None]]
PARTS: dict[str, Part] = {
    "memory": _memory,
    "open": _open,
    "resize": _resize,
    "text": _text_size,
    "scroll": _scroll,
    "find": _find,
    "stream": _stream,
}


def _parts(names: str) -> list[str]:
    chosen = names.split(",")
    if unknown := [name for name in chosen if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())

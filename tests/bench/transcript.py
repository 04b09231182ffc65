"""`python -m tests.bench.transcript`: what the length of a conversation costs the one who reads it.

Every figure of the long conversation stands beside that of a short one from the same run of the same program. Where
a time is given, the CPU that the GUI thread used in it is given too: the machine may be busy, the program's work not.
The last line of each conversation is a bar of full blocks, which is found among the pixels of the screen.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from desktop.core.conversation import Conversation
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.store.database import open_store
from tests.bench.measured import (
    PATIENCE,
    DrivenProgram,
    add_options,
    driven,
    home,
    memory_of,
    run,
    say,
    thread_seconds,
    until_quiet,
)
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.tables import Row
from tests.bench.texts import mixed_markdown, one_code_block, one_paragraph, tokens_of

OPENINGS = 7
OPENING_LIMIT = 150.0  # ms
RATIO_LIMIT = 1.5
GROWTH_LIMIT = 20.0  # MiB
FRAMES_LIMIT = 33.0  # ms: two frames at 60 a second
DRAG_STEPS, DRAG_BY = 40, 8  # a user drags the edge of the window
STREAMED_BYTES, STREAM_RATE = 20 * 1024, 400.0
STREAM_LIMIT = 1.1
MEGABYTE = 1_000_000
MESSAGE_BYTES = 2048
SHORT, LONG = "10", "10,000"
_LENGTHS = {SHORT: 10, LONG: 10_000}
BIG: dict[str, Callable[[str], str]] = {
    "1 MB mixed": lambda bar: f"{mixed_markdown(MEGABYTE)}\n\n{bar}",
    "1 MB code": lambda bar: f"{one_code_block(MEGABYTE)}\n```\n\n{bar}",
    "1 MB paragraph": lambda bar: f"{one_paragraph(MEGABYTE)} {bar}",
}
_BAR = "\u2588" * 8

Identifiers = dict[str, str]


def main():
    parser = argparse.ArgumentParser(prog="tests.bench.transcript", description=__doc__)
    parser.add_argument("--only", type=_parts, default=list(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--skip-big", action="store_true", help="leave out the answers of a megabyte")
    add_options(parser)
    choice = parser.parse_args()
    big = () if choice.skip_big else BIG
    return run(lambda environment, rows: measure(choice.only, environment, rows, big), choice)


async def measure(parts, environment, rows, big=BIG):
    """Measure the named parts, each in a program of its own."""
    say("making conversations")
    with home() as folder:
        identifiers = _store([SHORT, LONG, *big], folder)
        for part in (each for each in PARTS if each in parts):  # streaming comes last: it adds to the conversations
            say(part)
            async with driven(folder, environment) as (program, server):
                await PARTS[part](program, server, identifiers, rows)


def _store(names, folder):
    """Make a database with the named conversations; return their identifiers by name."""
    store = open_store(folder / "candor.db")
    identifiers: Identifiers = {}
    for number, name in enumerate(names, 1):
        bar = _BAR * number  # each conversation has a bar of another length
        if name in _LENGTHS:
            texts = list(itertools.islice(_turns(), _LENGTHS[name]))
            texts[-1] += f"\n\n{bar}"
        else:
            texts = ["Write a book.", BIG[name](bar)]
        messages: list[Message] = []
        for text in texts:
            above = messages[-1].id if messages else None
            if len(messages) % 2:
                messages.append(Message(role=Role.ASSISTANT, parts=(TextPart(text),), model="bench", parent_id=above))
            else:
                messages.append(user_message(text, parent_id=above))
        conversation = Conversation(title=f"History: {name}", head_id=messages[-1].id)
        store.begin_reply(conversation, messages)
        identifiers[name] = conversation.id
    store.close()
    return identifiers


def _turns():
    """Mixed Markdown cut between blocks, into pieces of about `MESSAGE_BYTES`, again and again."""
    pieces: list[str] = []
    piece = ""
    for block in mixed_markdown(500 * MESSAGE_BYTES).split("\n\n"):
        piece += f"{block}\n\n"
        if len(piece.encode()) >= MESSAGE_BYTES:
            pieces.append(piece.strip())
            piece = ""
    return itertools.cycle(pieces)


async def _memory(program, _, identifiers, rows):
    await program.do("open", conversation=identifiers[SHORT])
    before = await _settled_bytes(program)
    await program.do("open", conversation=identifiers[LONG])
    opened = await _settled_bytes(program)
    for how in ("wheel", "jump"):
        await program.do("scroll", how=how, at=0.5)
    scrolled = await _settled_bytes(program)
    rows += [
        Row(f"memory with {SHORT} messages open (PSS)", before / 2**20, "MiB"),
        Row(f"growth with {LONG}", (opened - before) / 2**20, "MiB", GROWTH_LIMIT),
        Row(f"growth with {LONG}, after scrolling", (scrolled - before) / 2**20, "MiB", GROWTH_LIMIT),
    ]


async def _settled_bytes(program):
    await program.do("collect")
    await until_quiet(program.pid)
    return memory_of(program.pid).proportional


async def _open(program, _, identifiers, rows):
    await program.do("open", conversation=identifiers[SHORT])
    short: list[dict[str, Any]] = []
    for name in [each for each in identifiers if each != SHORT]:
        await program.do("open", conversation=identifiers[name])
        times: list[dict[str, Any]] = []
        for _number in range(OPENINGS):
            short.append(await program.do("open", conversation=identifiers[SHORT]))
            times.append(await program.do("open", conversation=identifiers[name]))
        rows += _opening_rows(name, times)
        rows.append(Row(f"open {name}: over {SHORT}", _middle(times) / _middle(short), "", RATIO_LIMIT))
    rows += _opening_rows(SHORT, short)


def _opening_rows(name, times):
    return [
        Row(f"open {name}: last line on the screen", _middle(times), "ms", OPENING_LIMIT, _middle(times, "cpu_ms")),
        Row(f"open {name}: first paint", _middle(times, "first_ms"), "ms", OPENING_LIMIT),
    ]


async def _resize(program, _, identifiers, rows):
    for name, identifier in identifiers.items():
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


async def _scroll(program, _, identifiers, rows):
    for name, identifier in identifiers.items():
        await program.do("open", conversation=identifier)
        for how in ("wheel", "page", "jump"):
            done = await program.do("scroll", patience=600, how=how, at=0.5)
            rows.append(_stall_row(f"scroll {name} by {how}", done["stall"]))


async def _stream(program, server, identifiers, rows):
    await _streamed(program, server, Answer([], tokens_of(mixed_markdown(6 * 1024)), 1000.0))  # a warm-up
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


def _long_answer():
    return Answer([], tokens_of(mixed_markdown(STREAMED_BYTES)), STREAM_RATE)


async def _streamed(program, server, answer):
    """Seconds of CPU that the GUI thread used from the first token until it was quiet again."""
    began: list[float] = []
    answer.marks[0] = lambda: began.append(thread_seconds(program.pid)[program.pid])
    server.answers = [answer]
    await until_quiet(program.pid)
    ended = await program.ask(PATIENCE + len(answer.text) / answer.rate)
    if ended["status"] != "complete":
        raise RuntimeError(f"the answer did not arrive whole: {ended}")
    await until_quiet(program.pid)
    return thread_seconds(program.pid)[program.pid] - began[0]


def _stall_row(name, stall):
    return Row(f"{name}: longest stall", stall["ms"], "ms", FRAMES_LIMIT, stall["cpu_ms"])


def _middle(times, field="ms"):
    return statistics.median(each[field] for each in times)


Part = Callable[[DrivenProgram, StreamServer, Identifiers, list[Row]], Awaitable[None]]
PARTS: dict[str, Part] = {
    "memory": _memory,
    "open": _open,
    "resize": _resize,
    "scroll": _scroll,
    "stream": _stream,
}


def _parts(names):
    chosen = names.split(",")
    if unknown := [name for name in chosen if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())

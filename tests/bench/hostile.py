"""`python -m tests.bench.hostile`: the real window against texts made to hang it; the longest stall of each step.

Every text is opened as a stored message and streamed as an answer, then scrolled through and resized. A harmless one
comes first, so that what is loaded at the first use is there. What is asked: no stall of the GUI thread over 50 ms, and
memory that is a small multiple of the text.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.store.database import open_store
from tests.bench.measured import PATIENCE, add_options, driven, home, memory_of, run, say, until_quiet
from tests.bench.stream_server import Answer
from tests.bench.tables import Row
from tests.bench.texts import one_code_block, one_paragraph
from tests.e2e import attacks

_LIMIT_MS = 50.0
_PIECES = 4_000  # of a streamed text, at most
_SHORTEST_PIECE = 5
_RATE = 1_000.0  # pieces a second
_STEPS, _BY = 16, 15  # pixels of a step
_HARMLESS = """# Title

A *word* with a [link](https://example.com/) and $x^2$.

```python
x = 1
```

| a | b |
|---|---|
| 1 | 2 |
"""


def main():
    parser = argparse.ArgumentParser(prog="tests.bench.hostile", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="texts whose name has one of these words")
    parser.add_argument("--way", choices=("stored", "streamed"), help="only this way; otherwise both")
    add_options(parser)
    choice = parser.parse_args()
    return run(lambda environment, rows: _measure(choice, environment, rows), choice)


async def _measure(choice, environment, rows):
    for name, make in HOSTILE.items():
        if choice.only and not any(word in name for word in choice.only):
            continue
        for way in [choice.way] if choice.way else ["stored", "streamed"]:
            say(f"{name}, {way}")
            with home() as folder:
                measure = _stored if way == "stored" else _streamed
                rows += await measure(f"{name}, {way}", make(), folder, environment)


async def _stored(name, text, folder, environment):
    harmless, hostile = (_store(each, folder) for each in (_HARMLESS, text))
    async with driven(folder, environment) as (program, _):
        await program.do("show", conversation=harmless)
        opened = await program.do("show", 4 * PATIENCE, conversation=hostile)
        return [_row(f"{name}: open", opened), *await _moved(name, program)]


async def _streamed(name, text, folder, environment):
    piece = max(_SHORTEST_PIECE, len(text) // _PIECES)
    pieces = [text[at : at + piece] for at in range(0, len(text), piece)]
    async with driven(folder, environment, watch_stalls=True) as (program, server):
        server.answers = [Answer([], [_HARMLESS], _RATE), Answer([], pieces, _RATE)]
        await program.ask(PATIENCE)
        await until_quiet(program.pid)
        ended = await program.ask(4 * PATIENCE)
        row = Row(f"{name}: stream, longest stall", ended["longest_stall_ms"], "ms", _LIMIT_MS)
        return [row, *await _moved(name, program)]


async def _moved(name, program):
    """Scroll through what is in front and resize the window."""
    scrolled = await program.do("scroll", 4 * PATIENCE, how="jump", at=0.5)
    dragged = await program.do("drag_edge", 4 * PATIENCE, steps=_STEPS, by=_BY, at=0.5)
    memory = memory_of(program.pid).private / 2**20
    return [
        _row(f"{name}: scroll", scrolled),
        _row(f"{name}: resize", dragged),
        Row(f"{name}: private memory", memory, "MiB"),
    ]


def _row(what, done):
    return Row(f"{what}, longest stall", done["stall"]["ms"], "ms", _LIMIT_MS, done["stall"]["cpu_ms"])


def _store(text, folder):
    """Store a conversation of one question and one answer; return its identifier."""
    store = open_store(folder / "candor.db")
    asked = user_message("Go on.")
    reply = Message(role=Role.ASSISTANT, parent_id=asked.id, parts=(TextPart(text),), model="bench")
    conversation = Conversation(title="Hostile", head_id=reply.id)
    store.begin_reply(conversation, [asked, reply])
    store.close()
    return conversation.id


if __name__ == "__main__":
    sys.exit(main())


def _rows(count, columns):
    head = "|" + " h |" * columns + "\n|" + "---|" * columns + "\n"
    return head + "".join("|" + f" {number} |" * columns + "\n" for number in range(count))


def _code(lines):
    body = "".join(f"def step_{number}(value: int) -> str:  # line {number}\n" for number in range(lines))
    return f"```python\n{body}```\n"


HOSTILE: dict[str, Callable[[], str]] = {
    "5,000 quotes in each other": lambda: "> " * 5_000 + "x",
    "5,000 list items in each other": lambda: "- " * 5_000 + "x",
    "500 lists, one a line": lambda: "".join("  " * level + "- x\n" for level in range(500)),
    "1 MB of sentences in one paragraph": lambda: one_paragraph(1_000_000),
    "1 MB of lines of code": lambda: f"{one_code_block(1_000_000)}\n```\n",
    "10 MB on one line": lambda: "word " * 2_000_000,
    "1 MB without a space": lambda: "a" * 1_000_000,
    "1 MB of Chinese without a break": lambda: "合同的付款期限是三十天" * 32_000,
    "100,000 backticks": lambda: "`" * 100_000,
    "100,000 open brackets": lambda: "[" * 100_000,
    "100,000 links": lambda: "[a](https://x.example/1) " * 100_000,
    "100,000 stars and words": lambda: "*a " * 100_000,
    "50,000 rows of a table": lambda: _rows(50_000, 4),
    "1,900 columns of a table": lambda: _rows(3, 1_900),
    "20,000 lines of code": lambda: _code(20_000),
    "1 MB of code on one line": lambda: "```js\n" + "var a=1;" * 125_000 + "\n```\n",
    "100,000 combining marks": lambda: "a" + "\u0301\u0323\u035c\u0489" * 25_000,
    "100,000 blank lines": lambda: "a\n" + "\n" * 100_000 + "b",
    "a page of attacks": lambda: attacks.page(Path("/nowhere"), "http://127.0.0.1:9"),
    "100,000 images": lambda: "![a](https://x.example/1.png)\n" * 100_000,
}
"""Name and text; made when asked for, since some take megabytes."""

"""`python -m tests.bench.hostile`: the real window against texts made to hang it; the longest stall of each step.

Every text is opened as a stored message and streamed as an answer, then scrolled through and resized. What is asked:
no stall of the GUI thread over 50 ms, and memory that is a small multiple of the text.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.message import Message, MessageStatus, Role, TextPart, user_message
from desktop.store.database import open_store
from tests.bench.hostile_texts import HOSTILE
from tests.bench.hostile_window import HARMLESS_TITLE, HOSTILE_TITLE
from tests.bench.measure import ROOT
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.table import Row, printed
from tests.virtual_display import missing_programs, virtual_display

_LIMIT_MS = 50.0
_PIECES = 4_000  # of a streamed text, at most
_SHORTEST_PIECE = 5
_RATE = 1_000.0  # pieces a second
_PATIENCE = 200.0
_HARMLESS = """# Title

A *word* with a [link](https://example.com/) and $x^2$.

```python
x = 1
```

| a | b |
|---|---|
| 1 | 2 |
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.hostile", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="texts whose name has one of these words")
    parser.add_argument("--way", choices=("stored", "streamed"), help="only this way; otherwise both")
    parser.add_argument("--rounds", type=int, default=1, help="measure each so many times, and print the medians")
    parser.add_argument("--where", action="store_true", help="print where the GUI thread was during long stalls")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure is over its limit")
    options = parser.parse_args()
    if missing := missing_programs():
        print(f"Not installed: {', '.join(missing)}.")
        return 1
    names = [name for name in HOSTILE if not options.only or any(word in name for word in options.only)]
    rows: list[Row] = []
    try:
        with virtual_display() as display:
            nowhere = "unix:path=/nonexistent"  # no keyring
            environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
            environment["DBUS_SESSION_BUS_ADDRESS"] = nowhere
            for name in names:
                for way in [options.way] if options.way else ["stored", "streamed"]:
                    print(f"measuring: {name}, {way}", file=sys.stderr, flush=True)
                    found = [
                        asyncio.run(_measure(name, way, environment, where=options.where))
                        for _ in range(options.rounds)
                    ]
                    fresh = _medians(found)
                    print("\n".join(f"  {row.what}: {row.value:.0f} {row.unit}" for row in fresh), file=sys.stderr)
                    rows += fresh
    finally:
        print(printed(rows))
    return 1 if options.check and any(row.is_over for row in rows) else 0


async def _measure(name: str, way: str, environment: dict[str, str], *, where: bool) -> list[Row]:
    text = HOSTILE[name]()
    server = StreamServer()
    await server.start()
    piece = max(_SHORTEST_PIECE, len(text) // _PIECES)
    hostile = Answer([], [text[at : at + piece] for at in range(0, len(text), piece)], _RATE)
    server.answers = [Answer([], [_HARMLESS], _RATE), hostile]
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        if way == "stored":
            _store({HARMLESS_TITLE: _HARMLESS, HOSTILE_TITLE: text}, Path(folder) / "candor.db")
        more = ["--ask"] * (way == "streamed") + ["--where"] * where
        window = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.hostile_window", server.address, *more),
            cwd=ROOT,
            env={**environment, "CANDOR_HOME": folder},
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            out, _ = await asyncio.wait_for(window.communicate(), _PATIENCE)
        except TimeoutError:
            window.kill()
            out = b""
        ended_well = window.returncode == 0
    await server.stop()
    rows = [_row(f"{name}, {way}", json.loads(line)) for line in out.splitlines()]
    if not ended_well:
        rows.append([Row(f"{name}, {way}: ended with {window.returncode}", float("inf"), "", 0.0)])
    return [row for each in rows for row in each]


def _medians(found: list[list[Row]]) -> list[Row]:
    """The medians of the rounds, with the least and the greatest in their names; of one, the rows themselves."""
    if len(found) == 1:
        return found[0]
    rows: list[Row] = []
    for same in zip(*found, strict=False):
        values = sorted(each.value for each in same)
        what = f"{same[0].what} ({values[0]:.0f} to {values[-1]:.0f})"
        rows.append(replace(same[0], what=what, value=statistics.median(values)))
    return rows


def _row(what: str, report: dict[str, float | str]) -> list[Row]:
    step = report["step"]
    if step in ("start", "warm up"):
        return []
    rows = [
        Row(f"{what}: {step}", float(report["stall_ms"]), "ms", _LIMIT_MS),
        Row(f"{what}: {step}, its own CPU", float(report["stall_cpu_ms"]), "ms"),
    ]
    if step == "resize":
        rows.append(Row(f"{what}: peak memory", float(report["peak_mib"]), "MiB"))
    return rows


def _store(texts: dict[str, str], file: Path) -> None:
    """Conversations of one question and one answer, by their titles."""
    store = open_store(file)
    for title, text in texts.items():
        asked = user_message("Go on.")
        reply = Message(
            role=Role.ASSISTANT,
            parent_id=asked.id,
            status=MessageStatus.COMPLETE,
            parts=(TextPart(text),),
            model="bench",
        )
        store.begin_reply(Conversation(title=title, head_id=reply.id), [asked, reply])
    store.close()


if __name__ == "__main__":
    sys.exit(main())

"""What use of many days leaves behind, and what broken streams do: `python -m tests.bench.endurance WHAT [--count N]`.

`starts`: the whole window is opened and closed in one process. `turns`: questions are asked and answered, a new
conversation every so often. `weeks`: two weeks of use, with files, searches, fresh starts and panels (`weeks.py`). They
print memory, threads, open files, sockets and tasks now and then, as JSON lines.
`streams`: replies whose bytes were damaged are read by the real backends; what hangs or is told as no known failure is
counted. The windows open on a display of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpcore
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.http import HttpSettings
from desktop.core.backend import Backend
from desktop.core.errors import BackendError
from desktop.core.events import Failed, Finished
from desktop.core.place import Place
from desktop.ui.opening.application import Application
from tests.backends.outcome import AT_ONCE, outcome
from tests.bench import weeks
from tests.bench.held import figures, tasks_of, tell
from tests.support.in_process import open_program
from tests.support.scripted_server import Reply, ScriptedServer, running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script, openai_chunks, responses_events, sse
from tests.virtual_display import virtual_display

EACH = 25  # turns in one conversation
WORDS = "It is **four**. " * 20 + "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint(4)\n```\n"
THOUGHT = "Two and two. " * 10
HANGS = 600.0  # seconds of one reply, on a machine that may be busy; what it takes of the processor is measured
_MOST_LETTERS = 20_000  # bytes of a reply that comes letter by letter
_SERVER = "http://127.0.0.1:1"


def starts(app: QApplication, home: Path, server: ScriptedServer, count: int, every: int) -> None:
    """Open and close the window, with a model that is found and listed."""
    for step in range(1, count + 1):
        with open_program(app, home) as opened:
            opened.wait_for_model()
        server.requests.clear()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if step % every == 0 or step == 10:
            tell({**figures(step), "windows": len(app.topLevelWidgets())})


def turns(app: QApplication, home: Path, server: ScriptedServer, count: int, every: int) -> None:
    """Ask and be answered."""
    with open_program(app, home) as opened:
        opened.wait_for_model()
        for step in range(1, count + 1):
            if step % EACH == 1:
                opened.program.chat.new()
            opened.ask(f"What is two and two, for the {step}th time?")
            server.requests.clear()  # which are kept in this process, too
            if step % every == 0 or step == 10:
                tell({**figures(step), "tasks": tasks_of(opened)})


# --- Broken streams --------------------------------------------------------------------------------------------------


class Stream(httpcore.AsyncNetworkStream):
    """A connection on which a reply stands ready, in pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = list(pieces)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._pieces:
            return b""
        piece = self._pieces.pop(0)
        if len(piece) > max_bytes:
            self._pieces.insert(0, piece[max_bytes:])
        return piece[:max_bytes]

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        pass

    async def aclose(self) -> None:
        self._pieces.clear()

    def get_extra_info(self, info: str) -> object:
        return ("127.0.0.1", 1) if info == "server_addr" else None


def bytes_of(reply: Reply) -> bytes:
    body = b"".join(each for each in reply.steps if isinstance(each, bytes))
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {reply.content_type}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


MAKERS: dict[str, Callable[[HttpSettings], Backend]] = {
    "ollama": lambda settings: OllamaBackend(_SERVER, settings=settings, retries=AT_ONCE),
    "openai": lambda settings: OpenAICompatBackend(f"{_SERVER}/v1", "", settings=settings, retries=AT_ONCE),
    "responses": lambda settings: OpenAIResponsesBackend(
        f"{_SERVER}/v1", "", load_presets()["openai"], settings=settings, retries=AT_ONCE
    ),
}
RECORDED: dict[str, tuple[bytes, ...]] = {
    "ollama": tuple(bytes_of(ndjson(ollama_lines(text, WORDS[:90]))) for text in (WORDS, "四。" * 40)),
    "openai": tuple(bytes_of(sse(openai_chunks(text, WORDS[:90]))) for text in (WORDS, "<think>x</think>四。" * 9)),
    "responses": tuple(bytes_of(sse(responses_events(text), done=False)) for text in (WORDS, "四。" * 40)),
}


def damaged(whole: bytes, rng: random.Random) -> bytes:
    """One of many kinds of damage, up to three times."""
    for _ in range(rng.randint(1, 3)):
        at, end = sorted(rng.randrange(len(whole) + 1) for _ in range(2))
        end = min(end, at + rng.choice((1, 8, 200, len(whole))))
        piece = whole[at:end]
        swaps = (
            (b'"', b"'"), (b"\n\n", b"\n"), (b"\n", b"\r\n"), (b"data:", b"date:"), (b"{", b"[{"), (b"true", b"nul"),
            (b":", b""), (b"stop", b"\xff\xfe"), (b"content", b"content\\u0000"), (b"}", b"}}"), (b"200 OK", b"200"),
            (b"delta", b"delta\":null,\"x"), (b"\\n", b"\\ud800"),
        )  # fmt: skip
        old, new = rng.choice(swaps)
        whole = rng.choice(
            (
                whole[:at],
                whole[:at] + whole[end:],
                whole[:end] + piece + whole[end:],
                whole[:at] + rng.randbytes(len(piece)) + whole[end:],
                whole[:at] + bytes([rng.randrange(256)]) + whole[at:],
                whole[:at] + piece[::-1] + whole[end:],
                whole[:at] + b"[" * rng.choice((10, 100_000)) + whole[at:],
                whole[:at]
                + rng.choice((b"\0", b"\r", b"\n\n", b"\xef\xbb\xbf", b"1e999", b"null", b"{}"))
                + whole[at:],
                whole.replace(old, new, rng.choice((1, -1))),
            )
        )
    return whole


def cut(whole: bytes, rng: random.Random) -> list[bytes]:
    """The same bytes as they may come: whole, by letters, in pieces of any length."""
    size = rng.choice(
        (len(whole) or 1, 1 if len(whole) < _MOST_LETTERS else 500, 3 if len(whole) < _MOST_LETTERS else 900, 40, 1000)
    )
    return [whole[at : at + size] for at in range(0, len(whole), size)]


async def read_one(kind: str, pieces: list[bytes]) -> tuple[str, str]:
    """How a reply ends, and what of its words there is."""

    async def dial(host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        return Stream(pieces)

    backend = MAKERS[kind](HttpSettings(dial=dial))
    try:
        found = await asyncio.wait_for(outcome(backend), HANGS)
    except TimeoutError:
        return "hangs", ""
    except BackendError:
        return "raised", ""
    except Exception as error:
        return f"foreign {type(error).__name__}", str(error)[:200]
    finally:
        await backend.aclose()
    end = found.end
    if isinstance(end, Failed) and end.error.kind == "backend_error":
        return "unknown failure", repr(end.error)
    try:
        (found.text + found.reasoning).encode("utf-8")
    except UnicodeEncodeError:
        return "cannot be stored", ""
    words = f"{found.text}\0{found.reasoning}"
    return (
        "done" if isinstance(end, Finished) else f"failed {end.error.kind}" if isinstance(end, Failed) else "?"
    ), words


def damaged_replies(count: int, seed: int) -> Iterator[tuple[str, bytes, random.Random]]:
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        kind = rng.choice(list(RECORDED))
        yield kind, damaged(rng.choice(RECORDED[kind]), rng), rng


async def streams(count: int, every: int, seed: int) -> None:
    """Read damaged replies; each twentieth is cut otherwise, too, which must make no difference."""
    ends: Counter[str] = Counter()
    longest, began = 0.0, time.monotonic()
    for number, (kind, whole, rng) in enumerate(damaged_replies(count, seed), 1):
        at = time.process_time()
        end, words = await read_one(kind, cut(whole, rng))
        longest = max(longest, time.process_time() - at)
        ends[end] += 1
        if not end.startswith(("done", "failed", "raised")):
            tell({"odd": end, "kind": kind, "number": number, "seed": seed, "said": words})
        if number % 20 == 0 and await read_one(kind, cut(whole, rng)) != (end, words):
            ends["another reading"] += 1
            tell({"odd": "another reading", "kind": kind, "number": number, "seed": seed})
        if number % every == 0:
            tell({"streams": number, "longest_cpu_s": round(longest, 2), "ends": dict(ends)})
    tell(
        {
            "streams": count,
            "took_s": round(time.monotonic() - began),
            "longest_cpu_s": round(longest, 2),
            "ends": dict(ends),
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.endurance", description=__doc__)
    parser.add_argument("what", choices=("starts", "turns", "weeks", "streams"))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "streams":
        asyncio.run(streams(options.count, options.every, options.seed))
        return
    with virtual_display() as display, tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        home = Path(folder)
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        if options.what == "weeks":
            weeks.live(home, options.count, options.every)
            os._exit(0)
        script = ollama_script(ndjson(ollama_lines(WORDS, THOUGHT)))
        with running_server(script) as server:
            os.environ |= {"OLLAMA_HOST": server.url, "CANDOR_HOME": folder, "XDG_CACHE_HOME": str(home / "cache")}
            app = Application(["candor"])
            (starts if options.what == "starts" else turns)(app, home, server, options.count, options.every)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

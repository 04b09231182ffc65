"""`python -m tests.bench.mappings`: the private memory of an idle window, by what the pages belong to.

Printed twice: of the window that was left alone, and of one that an answer has been streamed into. `--threads` counts,
besides, how often each thread of the window left alone wakes up.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from tests.bench.measure import DrivenProgram, driven
from tests.bench.measured_process import private_by_file, thread_seconds, until_quiet, wake_ups
from tests.bench.stream_server import Answer, StreamServer
from tests.bench.surroundings import environment_for
from tests.bench.texts import SHAPES, thinking, tokens_of
from tests.virtual_display import virtual_display

# The first pattern that is found in a mapping's name says what it is.
_KINDS: Final = (
    ("PySide's bindings", r"PySide6/Qt\w+\.abi3|shiboken6|libpyside6"),
    ("Qt's libraries", r"libQt6|PySide6/Qt/"),
    ("ICU, in Qt's package", r"libicu"),
    ("cryptography, ssl", r"libssl|libcrypto|_ssl|cryptography|bcrypt"),
    ("SQLite", r"sqlite"),
    ("Python", r"libpython|/bin/python|lib-dynload"),
    ("fonts", r"\.(ttf|otf|ttc|pcf)|fontconfig"),
    ("X and the like", r"libX|libxcb|libxkb|SYSV|memfd|/dev/shm"),
    ("heap of C", r"^\[heap\]$"),
    ("stacks", r"^\[stack"),
    ("Python's objects and large pieces, other threads' heaps", r"^$|^\[anon"),
)


def private_by_kind(pid: int) -> Counter[str]:
    """Return the private bytes of a process by the kind of their mapping."""
    found: Counter[str] = Counter()
    for file, size in private_by_file(pid).items():
        found[next((name for name, pattern in _KINDS if re.search(pattern, file)), "other libraries and files")] += size
    return found


async def _measure(options: argparse.Namespace, environment: dict[str, str], home: Path) -> None:
    server = StreamServer()
    await server.start()
    make = SHAPES["mixed"]
    async with driven(server.address, home, environment, watch_stalls=False) as program:
        await until_quiet(program.pid)
        await asyncio.sleep(options.settle)
        idle = private_by_kind(program.pid)
        if options.threads:
            await _tell_threads(program, options.threads)
        server.answers = [Answer(tokens_of(thinking(9 * 1024)), tokens_of(make(options.answer_bytes)), options.rate)]
        if options.answer_bytes:
            await program.ask(600)
            await until_quiet(program.pid)
            await asyncio.sleep(options.settle)
        after = private_by_kind(program.pid)
    await server.stop()
    for kind in sorted(idle | after, key=lambda each: -idle[each]):
        print(f"| {kind} | {idle[kind] / 2**20:.1f} | {after[kind] / 2**20:.1f} |")
    print(f"| sum | {sum(idle.values()) / 2**20:.1f} | {sum(after.values()) / 2**20:.1f} |")


async def _tell_threads(program: DrivenProgram, seconds: float) -> None:
    before, spent = wake_ups(program.pid), thread_seconds(program.pid)
    await asyncio.sleep(seconds)
    used = thread_seconds(program.pid)
    for thread, count in wake_ups(program.pid).items():
        rate = (count - before.get(thread, 0)) / seconds
        name = Path(f"/proc/{program.pid}/task/{thread}/comm").read_text().strip()
        print(f"{name}: {rate:.2f} wake-ups a second, {(used[thread] - spent.get(thread, 0)) * 1000:.1f} ms of CPU")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.bench.mappings", description=__doc__)
    parser.add_argument("--answer-bytes", type=int, default=60 * 1024, help="0: no answer")
    parser.add_argument("--rate", type=float, default=400.0, help="tokens a second")
    parser.add_argument("--settle", type=float, default=5.0, help="seconds to wait once the program is quiet")
    parser.add_argument("--threads", type=float, default=0.0, help="seconds in which wake-ups of threads are counted")
    options = parser.parse_args()
    with virtual_display() as display, tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        asyncio.run(_measure(options, environment_for(display), Path(folder)))


if __name__ == "__main__":
    main()

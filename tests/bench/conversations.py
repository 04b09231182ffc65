"""`python -m tests.bench.conversations`: what very many conversations cost the whole program.

How soon they are listed after the first paint, the longest step of the GUI thread until then and of each thing that is
done with one of them, and the private memory.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import sys
import time
from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.store.database import open_store
from tests.bench import window
from tests.bench.heartbeat import Heartbeat
from tests.bench.measured import add_options, home, memory_of, run, say
from tests.bench.tables import Row

_COUNTS = (0, 20_000)
_RUNS = 3
_SETTLED_MS = 12_000  # after the start, when all that is made ahead has been made and memory given back
_TYPED = "conversation"
_FOUND_MS = 5_000  # after a letter, until what it finds is shown, on a busy machine as well
_SETTINGS = '{"choice": {"connection_id": "c", "model": "qwen3:8b"}, "system": "", "thinking": {"mode": "auto"}}'


def main():
    parser = argparse.ArgumentParser(prog="tests.bench.conversations", description=__doc__)
    add_options(parser)
    return run(_measure, parser.parse_args())


async def _measure(environment, rows):
    for count in _COUNTS:
        say(f"{count:,} conversations")
        with home() as folder:
            _fill(folder, count)
            rows += window.measured("tests.bench.conversations", environment, folder, str(count))


def _fill(folder, count):
    """Store so many conversations, as large as they usually are. In another process than the measured one."""
    file = folder / "candor.db"
    open_store(file).close()
    with contextlib.closing(sqlite3.connect(file)) as made:
        made.executemany(
            "INSERT INTO conversations (id, title, head_id, settings, created_at, updated_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                (f"{number:032x}", f"Conversation {number}", f"{number:031x}h", _SETTINGS, at, at)
                for number in range(count)
                for at in [1.7e9 + number * 30]
            ),
        )
        made.commit()


def measure_window(opened, told):
    """Return the figures of a window that has just been opened."""
    chat, count = opened.program.chat, int(told)
    beat = Heartbeat(opened.window)
    beat.restart()
    began = time.monotonic()
    opened.wait_until(lambda: len(chat.conversations) == count)
    listed = (time.monotonic() - began) * 1000
    QTest.qWait(200)
    longest = beat.stop()["cpu_ms"]
    QTest.qWait(_SETTLED_MS)
    name = f"{count:,} conversations"
    rows = [Row(f"{name}: private memory", memory_of(os.getpid()).private / 2**20, "MiB")]
    if not count:
        return rows
    return [
        Row(f"{name}: all are listed after the window has begun", listed, "ms", 1000.0),
        Row(f"{name}: longest step of the GUI thread until then", longest, "ms", 50.0),
        *rows,
        *(Row(f"{name}: {what}, longest step", took, "ms", 50.0) for what, took in _changes(opened, beat).items()),
    ]


def _changes(opened, beat):
    """The longest step of each thing that is done with a conversation, the least of some runs."""
    chat, names = opened.program.chat, iter([each.id for each in opened.program.chat.conversations[100:]])
    letters = iter(_TYPED)
    opened.ask("Hello.")
    QTest.qWait(2_000)
    steps: dict[str, Callable[[], object]] = {
        "open": lambda: chat.open(next(names)),
        "rename": lambda: chat.rename(next(names), "another title"),
        "pin": lambda: chat.pin(next(names), is_pinned=True),
        "delete": lambda: chat.delete(next(names)),
        "Ctrl+K": lambda: opened.press("Ctrl+K"),
        "a letter": lambda: QTest.keyClick(QApplication.focusWidget(), next(letters)),
        "Esc": lambda: opened.press("Esc"),
        "Send": lambda: (opened.write("Once more?"), opened.press_enter()),
    }
    figures: dict[str, float] = {}
    for name, act in steps.items():
        for _ in range(_RUNS):
            beat.restart()
            act()
            QTest.qWait(_FOUND_MS if name == "a letter" else 700)
            figures[name] = min(figures.get(name, 1e9), beat.stop()["cpu_ms"])
    return figures


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.bench.conversations FOLDER COUNT`: the program over so many stored conversations, for `sidebar.py`.

Prints as JSON how soon they are listed, the longest step of the GUI thread until then, what is done with one of them
afterwards, and the private memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.store.database import open_store
from tests.bench.heartbeat import Heartbeat
from tests.bench.in_process import answering_program
from tests.bench.measured_process import private_bytes
from tests.support.in_process import OpenProgram

_RUNS = 3
_SETTLED_MS = 12_000  # after the start, when all that is made ahead has been made and memory given back
_LOOK_MS, _LOOKS = 2_000, 60  # at the memory, until it stays for some
_STEADY = 3
_TYPED = "conversation"
_FOUND_MS = 5_000  # after a letter, until what it finds is shown, on a busy machine as well
_SETTINGS = '{"choice": {"connection_id": "c", "model": "qwen3:8b"}, "system": "", "thinking": {"mode": "auto"}}'


def fill(folder: Path, count: int) -> None:
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


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    app = QApplication(sys.argv[:1])
    with answering_program(app, folder) as opened:
        print(json.dumps(_measured(opened, count)))


def _measured(opened: OpenProgram, count: int) -> dict[str, float]:
    chat = opened.program.chat
    beat = Heartbeat(opened.window)
    beat.restart()
    began = time.monotonic()
    opened.wait_until(lambda: bool(chat.conversations) or not count)
    figures = {"first": (time.monotonic() - began) * 1000}
    opened.wait_until(lambda: len(chat.conversations) == count)
    figures["all"] = (time.monotonic() - began) * 1000
    QTest.qWait(200)
    figures["longest"] = beat.stop()["cpu_ms"]
    opened.window.parts.search.prepare()  # as it is after a while, which is longer on a busy machine
    QTest.qWait(_SETTLED_MS)
    figures["private"] = _steady_mib()
    if count:
        figures |= _changes(opened, beat)
    return figures


def _steady_mib() -> float:
    """The private memory once it and the modules that are loaded stay as they are."""
    seen: list[tuple[int, int]] = []
    for _ in range(_LOOKS):
        seen.append((private_bytes(os.getpid()) >> 18, len(sys.modules)))
        if len(seen) >= _STEADY and len(set(seen[-_STEADY:])) == 1:
            break
        QTest.qWait(_LOOK_MS)
    return private_bytes(os.getpid()) / 2**20


def _changes(opened: OpenProgram, beat: Heartbeat) -> dict[str, float]:
    """The longest step of each thing that is done with a conversation, the least of some runs."""
    chat, names = opened.program.chat, iter(each.id for each in opened.program.chat.conversations[100:])
    letters = iter(_TYPED)
    opened.ask("Hello.")
    QTest.qWait(2_000)
    steps: dict[str, Callable[[], object]] = {
        "open": lambda: chat.open(next(names)),
        "rename": lambda: chat.rename(next(names), "another title"),
        "pin": lambda: chat.pin(next(names), is_pinned=True),
        "delete": lambda: chat.delete(next(names)),
        "find": lambda: opened.press("Ctrl+K"),
        "a letter": lambda: QTest.keyClick(QApplication.focusWidget(), next(letters)),
        "back": lambda: opened.press("Esc"),
        "send": lambda: (opened.write("Once more?"), opened.press_enter()),
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
    main()

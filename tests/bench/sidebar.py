"""`python -m tests.bench.sidebar`: what a change of one conversation costs the GUI thread where there are very many.

And what the start of the whole program with all of them costs: how soon they are listed, and its longest step then.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.core.conversation import Conversation
from desktop.core.keeping.newest_first import NewestFirst
from desktop.store.database import open_store
from desktop.ui.look.theme import Theme
from desktop.ui.sidebar.column import Sidebar
from tests.bench.heartbeat import Heartbeat
from tests.bench.table import Row, printed
from tests.support.in_process import open_program
from tests.virtual_display import virtual_display

_RUNS = 5
_LIMITS = {10_001: 16.0, 100_001: 50.0}


def main() -> int:
    with virtual_display() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        app = QApplication(sys.argv[:1])
        theme = Theme("light")
        theme.apply_to(app)
        rows = [row for count, limit in _LIMITS.items() for row in _rows(app, theme, count, limit)]
        os.environ["OLLAMA_HOST"] = "http://127.0.0.1:9"
        with tempfile.TemporaryDirectory() as folder:
            rows += _start(app, Path(folder), max(_LIMITS))
        print(printed(rows))
    return 0


def _start(app: QApplication, folder: Path, count: int) -> list[Row]:
    """What the start of the whole program takes from the first paint on, and a title and a deletion in it."""
    file = folder / "candor.db"
    open_store(file).close()
    with contextlib.closing(sqlite3.connect(file)) as made:
        made.executemany(
            "INSERT INTO conversations (id, title, created_at, updated_at) VALUES (?, ?, ?, ?)",
            ((f"c{number}", f"Conversation {number}", at, at) for number in range(count) for at in [1.7e9 + number]),
        )
        made.commit()
    with open_program(app, folder) as opened:
        beat = Heartbeat(opened.window)
        beat.restart()
        began = time.monotonic()
        opened.wait_until(lambda: bool(opened.program.chat.conversations))
        first = time.monotonic() - began
        opened.wait_until(lambda: len(opened.program.chat.conversations) == count)
        every = time.monotonic() - began
        QTest.qWait(200)
        stall = beat.stop()
        QTest.qWait(3_000)
        worked = {}
        for name, change in (
            ("renamed", lambda: opened.program.chat.shelf.rename("c70", "another title")),
            ("deleted", lambda: opened.program.chat.shelf.delete("c71")),
        ):
            beat.restart()
            change()
            QTest.qWait(300)
            worked[name] = beat.stop()["cpu_ms"]
    return [
        Row(f"{count:,} conversations: the newest are listed after the first paint", first * 1000, "ms", 300.0),
        Row(f"{count:,} conversations: all are listed after the first paint", every * 1000, "ms"),
        Row(f"{count:,} conversations: longest step of the GUI thread until then", stall["cpu_ms"], "ms", 50.0),
        *(
            Row(f"{count:,} conversations: one {name} in the program", took, "ms", 50.0)
            for name, took in worked.items()
        ),
    ]


def _rows(app: QApplication, theme: Theme, count: int, limit: float) -> list[Row]:
    now = time.time()
    known = {
        str(number): Conversation(title=f"Conversation {number}", id=str(number), updated_at=now - number * 3600)
        for number in range(count)
    }
    ordered = NewestFirst(known.values())
    sidebar = Sidebar(theme)
    sidebar.resize(260, 700)
    sidebar.show()

    def show() -> None:
        sidebar.show_conversations(ordered.copy())
        sidebar.select("3")
        for _ in range(3):
            app.processEvents()

    def change(identity: str, **values: Any) -> None:
        ordered.remove(known[identity])
        known[identity] = replace(known[identity], **values)
        ordered.insert(known[identity])

    def to_top(run: int) -> None:
        change(str(count - 10 - run), updated_at=time.time())

    def rename(run: int) -> None:
        change("50", title=f"title {run}")

    def pin(run: int) -> None:
        change(str(70 + run), pinned=True)

    def delete(run: int) -> None:
        ordered.remove(known.pop(str(600 + run)))

    def milliseconds(change: Callable[[int], object]) -> float:
        timed = []
        for run in range(_RUNS):
            change(run)
            began = time.thread_time()
            show()
            timed.append((time.thread_time() - began) * 1000)
        return min(timed)

    show()
    changes = {
        "nothing new": lambda _: None,
        "one to the top": to_top,
        "a title": rename,
        "one pinned": pin,
        "one deleted": delete,
    }
    rows = [Row(f"{count:,} conversations: {name}", milliseconds(each), "ms", limit) for name, each in changes.items()]
    sidebar.deleteLater()
    return rows


if __name__ == "__main__":
    sys.exit(main())

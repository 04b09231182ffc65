"""`python -m tests.bench.sidebar`: what a change of one conversation costs the GUI thread where there are very many.

And what they cost the whole program: how soon they are listed, its longest steps, and its memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from desktop.core.conversation import Conversation
from desktop.core.keeping.newest_first import NewestFirst
from desktop.ui.look.theme import Theme
from desktop.ui.sidebar.column import Sidebar
from tests.bench.conversations import fill
from tests.bench.table import Row, printed
from tests.virtual_display import virtual_display

_RUNS = 5
_LIMITS = {10_001: 16.0, 100_001: 50.0}
_MEMORY_LIMIT = 60.0  # MiB


def main() -> int:
    with virtual_display() as display:
        os.environ |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        app = QApplication(sys.argv[:1])
        theme = Theme("light")
        theme.apply_to(app)
        rows = [row for count, limit in _LIMITS.items() for row in _rows(app, theme, count, limit)]
        rows += _whole_program({**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})
        print(printed(rows))
    return 0


def _whole_program(environment: dict[str, str]) -> list[Row]:
    """Measure a program of its own for each count: its start, what is done with one conversation, and its memory."""
    rows: list[Row] = []
    empty = 0.0
    for count, limit in ((0, 0.0), *_LIMITS.items()):
        with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
            fill(Path(folder), count)
            run = [sys.executable, "-m", "tests.bench.conversations", folder, str(count)]
            done = subprocess.run(run, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        figures = json.loads(done.stdout.splitlines()[-1])
        private = figures.pop("private")
        if not count:
            empty = private
            continue
        rows += [
            Row(
                f"{count:,} conversations: the newest are listed after the first paint",
                figures.pop("first"),
                "ms",
                300.0,
            ),
            Row(f"{count:,} conversations: all are listed after the first paint", figures.pop("all"), "ms"),
            Row(
                f"{count:,} conversations: longest step of the GUI thread until then",
                figures.pop("longest"),
                "ms",
                50.0,
            ),
            Row(f"{count:,} conversations: private memory over none", private - empty, "MiB", _MEMORY_LIMIT),
            Row(f"{count:,} conversations: Send, in the program", figures.pop("send"), "ms", 16.0),
            *(
                Row(f"{count:,} conversations: {name}, in the program", took, "ms", limit)
                for name, took in figures.items()
            ),
        ]
    return rows


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

"""`python -m tests.bench.sidebar`: what a change of one conversation costs the GUI thread where there are very many."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from desktop.core.conversation import Conversation
from desktop.ui.look.theme import Theme
from desktop.ui.window.sidebar import Sidebar
from tests.bench.table import Row, printed
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
        print(printed(rows))
    return 0


def _rows(app: QApplication, theme: Theme, count: int, limit: float) -> list[Row]:
    now = time.time()
    known = {
        str(number): Conversation(title=f"Conversation {number}", id=str(number), updated_at=now - number * 3600)
        for number in range(count)
    }
    sidebar = Sidebar(theme)
    sidebar.resize(260, 700)
    sidebar.show()

    def show() -> None:
        sidebar.show_conversations(sorted(known.values(), key=lambda each: each.updated_at, reverse=True))
        sidebar.select("3")
        for _ in range(3):
            app.processEvents()

    def to_top(run: int) -> None:
        known["500"] = replace(known["500"], updated_at=time.time())

    def rename(run: int) -> None:
        known["50"] = replace(known["50"], title=f"title {run}")

    def delete(run: int) -> None:
        known.pop(str(600 + run))

    def milliseconds(change: Callable[[int], object]) -> float:
        timed = []
        for run in range(_RUNS):
            change(run)
            began = time.thread_time()
            show()
            timed.append((time.thread_time() - began) * 1000)
        return min(timed)

    show()
    changes = {"nothing new": lambda _: None, "one to the top": to_top, "a title": rename, "one deleted": delete}
    rows = [Row(f"{count:,} conversations: {name}", milliseconds(each), "ms", limit) for name, each in changes.items()]
    sidebar.deleteLater()
    return rows


if __name__ == "__main__":
    sys.exit(main())

"""`python early_rows_start.py SPAWNED`: a start of the program with clocks in it, for `early_rows.py`; it then ends.

Run by its path, over the version that stands first on Python's path, and so uses what an earlier one has as well.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Callable

_LOOK_MS = 5
_PATIENCE = 60.0  # seconds


def main() -> int:
    spawned = float(sys.argv[1])
    from desktop import lean_dataclasses

    lean_dataclasses.make_lean(dataclasses)
    from desktop import lean_imports

    lean_imports.begin()
    from desktop import first_window, start

    show = first_window.FirstWindow.show

    def show_and_watch(first: first_window.FirstWindow) -> None:
        show(first)
        _watch(first, spawned)

    first_window.FirstWindow.show = show_and_watch  # type: ignore[method-assign]
    return start.run(["candor"])


def _watch(first: first_window.FirstWindow, spawned: float) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Look every few milliseconds what can be seen, until the conversation can."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QListView

    window = first.window
    page, rows = window.chat_page, window.sidebar.findChild(QListView)
    seen: dict[str, float] = {}
    worked = 0.0
    signs: dict[str, Callable[[], bool]] = {
        "paint": lambda: first.is_painted,
        "rows": lambda: rows.isVisible() and rows.model().rowCount() > 0,
        "opened": lambda: page.has_transcript and page.transcript.isVisible(),
    }
    start_page = 0.0
    before = time.time()
    timer = QTimer(window, interval=_LOOK_MS)

    def look() -> None:
        nonlocal start_page, before, worked
        now = time.time()
        for name, has_come in signs.items():
            if name not in seen and has_come():
                seen[name] = now
                if name == "paint":
                    worked = time.thread_time()
        if "paint" in seen and page.empty.isVisible():
            start_page += now - before
        before = now
        if "opened" in seen or now - spawned > _PATIENCE:
            timer.stop()
            after = {name: (seen.get(name, now) - seen["paint"]) * 1000 for name in ("rows", "opened")}
            others = {"start_page": start_page * 1000, "cpu": (time.thread_time() - worked) * 1000}
            print(json.dumps({"paint": (seen["paint"] - spawned) * 1000, **after, **others}), flush=True)
            QTimer.singleShot(3000, lambda: QApplication.exit(0))

    timer.timeout.connect(look)
    timer.start()


if __name__ == "__main__":
    sys.exit(main())

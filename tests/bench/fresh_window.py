"""Starts fresh in the program's window, in this process: `python -m tests.bench.fresh_window`.

Prints the figures as JSON. `tests.bench.fresh` runs it under a display of its own.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.fresh_start.ticks import TickList
from tests.bench.heartbeat import Heartbeat, Moment
from tests.bench.histories import LONG, SHORT, store_histories
from tests.support.in_process import OpenProgram, open_program

STARTS = 15
TICKS = 10
PATIENCE = 120.0  # seconds


def main() -> None:
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as folder:
        found = store_histories(Path(folder), (SHORT, LONG))
        with open_program(app, Path(folder)) as opened:
            _start(opened, found[SHORT])  # makes the sheet
            starts: dict[str, list[dict[str, float]]] = {SHORT: [], LONG: []}
            for _ in range(STARTS):  # by turns: a busy moment of the machine then meets both
                for name, each in starts.items():
                    each.append(_start(opened, found[name]))
            figures = {name: _middle(each) | _brief(opened, found[name]) for name, each in starts.items()}
    print(json.dumps(figures))


def _middle(starts: list[dict[str, float]]) -> dict[str, float]:
    return {what: statistics.median(each[what] for each in starts) for what in starts[0]}


def _start(opened: OpenProgram, conversation_id: str) -> dict[str, float]:
    """The sheet, and then an empty conversation: each from its key to the end of the paint that shows it."""
    _open(opened, conversation_id)
    chat = opened.program.chat
    sheet_took = _timed(lambda: opened.press("Ctrl+Shift+N"), opened)
    sheet = _sheet(opened)
    QTest.keyClick(sheet.choices, Qt.Key.Key_1)
    _paint(opened)
    began_took = _timed(lambda: QTest.keyClick(sheet.choices, Qt.Key.Key_Return), opened)
    assert chat.path.is_empty
    assert chat.current.origin == conversation_id
    return {"sheet": sheet_took["ms"], "begin": began_took["ms"], "begin_cpu": began_took["cpu_ms"]}


def _brief(opened: OpenProgram, conversation_id: str) -> dict[str, float]:
    """What can be carried over: until it is there, the longest stall meanwhile, and a tick."""
    _open(opened, conversation_id)
    opened.press("Ctrl+Shift+N")
    sheet = _sheet(opened)
    beat = Heartbeat(sheet)
    beat.restart()
    before = Moment.now()
    QTest.keyClick(sheet.choices, Qt.Key.Key_3)
    _wait(sheet)
    _paint(opened)
    there = Moment.now().since(before)["ms"]
    stall = beat.stop()
    lines = sheet.brief.findChildren(TickList)[0]
    lines.setFocus()
    lines.setCurrentIndex(lines.model().index(0, 0))
    ticks = [_timed(lambda: QTest.keyClick(lines, Qt.Key.Key_Space), opened) for _ in range(TICKS)]
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    tick = _middle(ticks)
    return {
        "brief": there,
        "stall": stall["ms"],
        "stall_cpu": stall["cpu_ms"],
        "tick": tick["ms"],
        "tick_cpu": tick["cpu_ms"],
    }


def _open(opened: OpenProgram, conversation_id: str) -> None:
    chat = opened.program.chat
    opened.wait_until(lambda: any(each.id == conversation_id for each in chat.conversations))
    chat.open(conversation_id)
    opened.wait_until(lambda: chat.current.id == conversation_id and chat.path.is_whole)
    opened.box.setFocus()
    _paint(opened)


def _sheet(opened: OpenProgram) -> FreshSheet:
    sheet = opened.window.findChild(FreshSheet)
    assert isinstance(sheet, FreshSheet)
    return sheet


def _timed(act: Callable[[], object], opened: OpenProgram) -> dict[str, float]:
    """Milliseconds from a key until all that it causes at once has been painted."""
    before = Moment.now()
    act()
    _paint(opened)
    return Moment.now().since(before)


def _wait(sheet: FreshSheet) -> None:
    """Longer than a test would: ten thousand messages on a busy machine."""
    deadline = time.monotonic() + PATIENCE
    while sheet.preview.said.is_empty:
        assert time.monotonic() < deadline, "what can be carried over has not come"
        QTest.qWait(5)


def _paint(opened: OpenProgram) -> None:
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    opened.window.repaint()


if __name__ == "__main__":
    main()

"""Files given to the program's window, in this process: `python -m tests.bench.documents_window PDF XLSX TEXT`.

Prints the figures as JSON. `tests.bench.documents` runs it under a display of its own.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.ui.documents.file_chip import FileChip
from tests.bench.heartbeat import Heartbeat, Moment
from tests.bench.in_process import answering_program
from tests.support.in_process import OpenProgram

_KEYS = 60
_RUNS = 3
_STALL_MS = 16.0
_SETTLED_MS = 8_000  # until it has been looked through for what the user should know of it
Figure = tuple[str, float, str, float | None, float | None]


def main() -> None:
    pdf, xlsx, text = map(Path, sys.argv[1:])
    app = QApplication(sys.argv[:1])
    rows: list[Figure] = []
    with answering_program(app) as opened:
        opened.wait_for_model()
        without = _typing(opened)
        for name, path in (("300 pages of PDF", pdf), ("100,000 rows of a workbook", xlsx)):
            rows += _attaching(opened, name, path)
        opened.program.chat.attachments.add_files([text])
        _wait_until_ready(opened)
        QTest.qWait(_SETTLED_MS)
        with_it = _typing(opened)
    rows += [
        ("a key with nothing attached, median of 60", *without),
        ("a key with a text of 5 MB attached, median of 60", *with_it),
    ]
    print(json.dumps(rows))


def _attaching(opened: OpenProgram, name: str, path: Path) -> list[Figure]:
    """From the drop to the first page that is shown, and to the end; the longest stall of the window meanwhile."""
    attachments = opened.program.chat.attachments
    firsts, readies, stalls, works = [], [], [], []
    for _ in range(_RUNS):
        beat = Heartbeat(opened.window)
        beat.restart()
        began = time.perf_counter()
        attachments.add_files([path])
        opened.wait_until(lambda: attachments.items and _has_pages(opened))
        firsts.append(time.perf_counter() - began)
        _wait_until_ready(opened)
        readies.append(time.perf_counter() - began)
        stall = beat.stop()
        stalls.append(stall["ms"])
        works.append(stall["cpu_ms"])
        QTest.qWait(_SETTLED_MS // 4)
        attachments.remove(attachments.items[0].id)
    return [
        (f"{name}: shown in the window, the least of {_RUNS}", min(firsts), "s", None, None),
        (f"{name}: ready to be sent", min(readies), "s", None, None),
        (f"{name}: longest stall of the window", min(stalls), "ms", _STALL_MS, min(works)),
    ]


def _has_pages(opened: OpenProgram) -> bool:
    document = opened.program.chat.attachments.items[0].document
    return document is not None and bool(document.sections)


def _wait_until_ready(opened: OpenProgram) -> None:
    attachments = opened.program.chat.attachments
    deadline = time.monotonic() + 120
    while attachments.is_reading:
        assert time.monotonic() < deadline
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 5)
    assert opened.window.composer.findChildren(FileChip)


def _typing(opened: OpenProgram) -> tuple[float, str, None, float]:
    """The time of a key until it has been painted, and what the GUI thread worked of it: the least of some rounds."""
    opened.box.setFocus()
    rounds = [[_key(opened) for _ in range(_KEYS)] for _ in range(_RUNS)]
    least = {what: min(statistics.median(key[what] for key in each) for each in rounds) for what in ("ms", "cpu_ms")}
    return least["ms"], "ms", None, least["cpu_ms"]


def _key(opened: OpenProgram) -> dict[str, float]:
    before = Moment.now()
    QTest.keyClick(opened.box, Qt.Key.Key_A)
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    opened.window.repaint()
    took = Moment.now().since(before)
    QTest.qWait(1)
    return took


if __name__ == "__main__":
    main()

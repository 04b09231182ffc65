"""`python -m tests.bench.files`: files given to a message, from the disk to what the user sees of them.

A PDF of 300 pages, a workbook of 100,000 rows and a text of 5 MB. The reader's process is measured from outside, what
the window does in a process of its own. Figures are the least of several, since whatever else runs only makes them
longer.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest

from desktop.core.documents.document import Section
from desktop.readers.process import ReaderProcess
from tests.bench import window
from tests.bench.heartbeat import Heartbeat, Moment
from tests.bench.measured import add_options, home, run, say
from tests.bench.tables import Row
from tests.readers import making
from tests.readers.making import pages

PAGES, ROWS = 300, 100_000
_LINES, _LETTERS = 45, 76  # of a page: a megabyte in 300
_CLAUSE = (
    "the supplier shall deliver goods within two weeks of order at own cost unless parties agree otherwise in writing"
    " payment falls due thirty days after receipt of invoice deposit is returned when premises are handed back"
)
_WORDS = _CLAUSE.split()
_RUNS, _KEYS = 3, 60
_LOOK = 0.01  # seconds between two looks at the child
_STALL_MS = 50.0
_SETTLED_MS = 8_000  # until it has been looked through for what the user should know of it


def main():
    parser = argparse.ArgumentParser(prog="tests.bench.files", description=__doc__)
    add_options(parser)
    return run(_measure, parser.parse_args())


async def _measure(environment, rows):
    with home() as folder, home() as candor:
        pdf, xlsx, text = folder / "contract.pdf", folder / "orders.xlsx", folder / "long.txt"
        write_pdf(pdf, PAGES)
        _write_xlsx(xlsx)
        _write_text(text, 5)
        say(f"reading, at a load of {os.getloadavg()[0]:.1f}")
        rows += await _reading_rows("300 pages of PDF", pdf, 3.0)
        rows += await _reading_rows("100,000 rows of a workbook", xlsx, 5.0)
        say(f"in the window, at a load of {os.getloadavg()[0]:.1f}")
        rows += window.measured("tests.bench.files", environment, candor, str(pdf), str(xlsx), str(text))


# --- The files ------------------------------------------------------------------------------------------------------


def write_pdf(path, count, seed=14):
    """Write a PDF without tags, of pages full of lines."""
    chance = random.Random(seed)
    lines = "".join(f"({line_of(chance)}) Tj T*\n" for _ in range(_LINES))
    head = "BT /F 10 Tf 14 TL 60 790 Td (Page {} of the agreement) Tj T*\n"
    path.write_bytes(pages([f"{head.format(number)}{lines}ET" for number in range(1, count + 1)]))


def line_of(chance):
    """Return a line of a page, in words of a contract."""
    line = ""
    while len(line) < _LETTERS:
        line += chance.choice(_WORDS) + " "
    return line[:_LETTERS]


def _write_xlsx(path):
    """Write a workbook as Excel does: shared words, days, percentages, and formulas with their values."""
    names = "".join(f"<x:si><x:t>Supplier {number}</x:t></x:si>" for number in range(1000))
    kinds = '<x:cellXfs count="3"><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf numFmtId="10"/></x:cellXfs>'
    rows = "".join(
        f'<x:row r="{row}"><x:c r="A{row}" t="s"><x:v>{row % 1000}</x:v></x:c>'
        f'<x:c r="B{row}" s="1"><x:v>{45000 + row % 900}</x:v></x:c>'
        f'<x:c r="C{row}"><x:v>{row * 37 % 9973 / 4}</x:v></x:c>'
        f'<x:c r="D{row}" s="2"><x:v>{row % 97 / 97:.4f}</x:v></x:c>'
        f'<x:c r="E{row}"><x:f>C{row}*D{row}</x:f><x:v>{row % 311 / 7:.3f}</x:v></x:c></x:row>'
        for row in range(1, ROWS + 1)
    )
    parts = {"sharedStrings": names, "styles": kinds}
    path.write_bytes(making.xlsx({"Orders": f"<x:sheetData>{rows}</x:sheetData>"}, parts))


def _write_text(path, megabytes):
    """Write a text in paragraphs."""
    chance = random.Random(14)
    paragraph = "\n".join(line_of(chance) for _ in range(6)) + "\n\n"
    path.write_text(paragraph * (megabytes * 1_000_000 // len(paragraph)), encoding="utf-8")


# --- The reader -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """From the order, in seconds, and the child's own CPU and most memory."""

    first: float
    ready: float
    cpu: float
    memory: int


async def _reading_rows(name, path, limit):
    await _read(path)  # fills the page cache
    found = [await _read(path) for _ in range(_RUNS)]
    return [
        Row(f"{name}: the first piece, the least of {_RUNS}", min(each.first for each in found), "s"),
        Row(f"{name}: ready", min(each.ready for each in found), "s", limit),
        Row(f"{name}: CPU of the reader", min(each.cpu for each in found), "s"),
        Row(f"{name}: its memory at most", max(each.memory for each in found) / 2**20, "MiB", 400.0),
    ]


async def _read(path):
    began, first = time.perf_counter(), 0.0
    watching = asyncio.create_task(_watch())
    async for event in ReaderProcess().read(path, path.name):
        if isinstance(event, Section) and not first:
            first = time.perf_counter() - began
    ready = time.perf_counter() - began
    watching.cancel()
    return _Reading(first, ready, *(await watching))


async def _watch():
    """The processor time and the most memory of the one child, until it has ended or this is cancelled."""
    cpu, memory = 0.0, 0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            for child in psutil.Process().children():
                with contextlib.suppress(psutil.Error):
                    if "desktop.readers.child" in child.cmdline():
                        times = child.cpu_times()
                        cpu = max(cpu, times.user + times.system)
                        memory = max(memory, child.memory_info().rss)
            await asyncio.sleep(_LOOK)
    return cpu, memory


# --- The window -----------------------------------------------------------------------------------------------------


def measure_window(opened, pdf, xlsx, text):
    """Give the files to an open window, and type beside them."""
    opened.wait_for_model()
    rows = [_typing(opened, "a key with nothing attached")]
    for name, path in (("300 pages of PDF", pdf), ("100,000 rows of a workbook", xlsx)):
        rows += _attaching(opened, name, Path(path))
    opened.program.chat.attachments.add_files([Path(text)])
    _wait_until_ready(opened)
    QTest.qWait(_SETTLED_MS)
    return [*rows, _typing(opened, "a key with a text of 5 MB attached")]


def _attaching(opened, name, path):
    """From the drop until it can be sent; the longest stall of the window meanwhile."""
    attachments = opened.program.chat.attachments
    readies, stalls = [], []
    for _ in range(_RUNS):
        beat = Heartbeat(opened.window)
        beat.restart()
        began = time.perf_counter()
        attachments.add_files([path])
        _wait_until_ready(opened)
        readies.append(time.perf_counter() - began)
        stalls.append(beat.stop())
        QTest.qWait(_SETTLED_MS // 4)
        attachments.remove(attachments.items[0].id)
    least = min(stalls, key=lambda stall: stall["ms"])
    return [
        Row(f"{name}: ready to be sent, the least of {_RUNS}", min(readies), "s"),
        Row(f"{name}: longest stall of the window", least["ms"], "ms", _STALL_MS, least["cpu_ms"]),
    ]


def _wait_until_ready(opened):
    attachments = opened.program.chat.attachments
    opened.wait_until(lambda: attachments.items and not attachments.is_reading)


def _typing(opened, what):
    """The time of a key until it has been painted, and what the GUI thread worked of it, the median of some."""
    opened.box.setFocus()
    keys = []
    for _ in range(_KEYS):
        before = Moment.now()
        QTest.keyClick(opened.box, Qt.Key.Key_A)
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        opened.window.repaint()
        keys.append(Moment.now().since(before))
        QTest.qWait(1)
    wall, cpu = (statistics.median(key[clock] for key in keys) for clock in ("ms", "cpu_ms"))
    return Row(f"{what}, median of {_KEYS}", wall, "ms", _STALL_MS, cpu)


if __name__ == "__main__":
    sys.exit(main())

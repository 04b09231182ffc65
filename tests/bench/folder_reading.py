"""`python -m tests.bench.folder_reading`: a folder of 1,000 files and 20,000 pages, from giving it until all is read.

Half of them are PDFs, half Word files. The window is measured in its own process, beside the reading, with the
processes that read; then 5,000 small files are looked at.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import sys
import time
from pathlib import Path

import psutil
from PySide6.QtTest import QTest

from desktop.store.folders import look_at
from tests.bench import window
from tests.bench.files import line_of, write_pdf
from tests.bench.heartbeat import Heartbeat
from tests.bench.measured import add_options, home, run, say
from tests.bench.tables import Row
from tests.readers import making

FILES, PAGES_OF_FILE, SMALL_FILES = 1000, 20, 5000
_LINES = 45  # of a page
_SETTLED_MS, _LOOK_MS = 12_000, 200
_LOOKS = 5


def main():
    parser = argparse.ArgumentParser(prog="tests.bench.folder_reading", description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    add_options(parser)
    choice = parser.parse_args()
    return run(lambda environment, rows: _measure(environment, rows, choice.files), choice)


async def _measure(environment, rows, count):
    with home() as folder, home() as candor:
        for number in range(count):
            _write(folder, number)
        say(f"reading {count} files, at a load of {os.getloadavg()[0]:.1f}")
        rows += window.measured("tests.bench.folder_reading", environment, candor, str(folder))
    with home() as folder:
        for number in range(SMALL_FILES):
            path = folder / f"{number % 50}" / f"{number}.txt"
            path.parent.mkdir(exist_ok=True)
            path.touch()
        rows.append(
            Row(
                f"looking at {SMALL_FILES} files, the least of {_LOOKS}",
                min(map(_look, [folder] * _LOOKS)),
                "ms",
                300.0,
            )
        )


def _write(folder, number):
    if number % 2:
        write_pdf(folder / f"Agreement {number}.pdf", PAGES_OF_FILE, number)
    else:
        chance = random.Random(number)
        lines = (line_of(chance) for _ in range(_LINES * PAGES_OF_FILE))
        words = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
        (folder / f"Letter {number}.docx").write_bytes(making.docx(words))


def _look(folder):
    began = time.perf_counter()
    look_at(folder)
    return 1000 * (time.perf_counter() - began)


def measure_window(opened, folder):
    """Give a folder to an open window, and watch it until all of it is read."""
    opened.wait_for_model()
    folders, beat = opened.program.services.folders, Heartbeat(opened.window)
    QTest.qWait(_SETTLED_MS)
    before = _memory()
    beat.restart()
    began = time.perf_counter()
    id = folders.give(Path(folder))
    most = of_readers = 0
    while (state := folders.state(id)).is_reading:
        QTest.qWait(_LOOK_MS)
        most = max(most, _memory())
        of_readers = max([of_readers, *_readers()])
    ready = time.perf_counter() - began
    stall = beat.stop()
    gone = time.perf_counter()
    opened.wait_until(lambda: not _readers())
    gone = time.perf_counter() - gone
    QTest.qWait(_SETTLED_MS)
    after = _memory()
    return [
        Row(f"{state.read} of {state.files} files read", ready, "s", 900.0),
        Row("longest stall of the window meanwhile", stall["ms"], "ms", 50.0, stall["cpu_ms"]),
        Row("memory of the program beyond that before, at most", most - before, "MiB", 30.0),
        Row("the same when all is read", after - before, "MiB", 10.0),
        Row("memory of a reader at most", of_readers, "MiB", 150.0),
        Row("until the readers are gone", gone, "s", 10.0),
    ]


def _readers():
    """The memory of each process that reads, in MiB."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "desktop.readers.child" in child.cmdline():
                found.append(_memory(child.pid))
    return found


def _memory(pid="self"):
    """The memory of a process in MiB, what it shares with others by its share; takes next to no time."""
    with contextlib.suppress(OSError):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(rollup.partition("\nPss:")[2].split()[0]) / 2**10
    return 0.0


if __name__ == "__main__":
    sys.exit(main())

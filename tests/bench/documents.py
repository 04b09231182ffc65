"""`python -m tests.bench.documents`: files given to a message, from the disk to what the user sees of them.

The reader's process is measured from outside, what the window does in a process of its own (`documents_window`).
Figures are the least of several, since whatever else runs only makes them longer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop.core.documents.document import Block, Document, Run, Section, SectionKind
from desktop.core.documents.passages import PassageFinder
from desktop.core.documents.selection import WHOLE
from desktop.readers.process import ReaderProcess
from tests.bench.big_files import write_pdf, write_text, write_xlsx
from tests.bench.surroundings import add_options, home, run, say
from tests.bench.table import Row

_RUNS = 5
_LOOK = 0.01  # seconds between two looks at the child
_QUESTION = "When is the deposit returned, and who pays the cost of delivery?"


@dataclass(frozen=True, slots=True)
class _Reading:
    first: float  # seconds from the order to the first section
    ready: float
    cpu: float  # of the child, in seconds
    memory: int  # the child's most, in bytes


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.documents", description=__doc__)
    add_options(parser)
    return run(measure, parser.parse_args())


async def measure(environment: dict[str, str], rows: list[Row]) -> None:
    """Add the figures to the rows."""
    with home() as folder:
        pdf, xlsx, text = folder / "contract.pdf", folder / "orders.xlsx", folder / "long.txt"
        write_pdf(pdf)
        write_xlsx(xlsx)
        write_text(text, 5)
        say(f"reading, at a load of {os.getloadavg()[0]:.1f}")
        rows += await _reading_rows("300 pages of PDF", pdf, 3.0, first=0.3)
        rows += await _reading_rows("100,000 rows of a workbook", xlsx, 5.0)
        rows += _passage_rows()
        say(f"in the window, at a load of {os.getloadavg()[0]:.1f}")
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bench.documents_window", str(pdf), str(xlsx), str(text)),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await child.communicate()
        if child.returncode:
            raise RuntimeError("files in the window could not be measured")
        rows += [Row(*each) for each in json.loads(printed)]


async def _reading_rows(name: str, path: Path, limit: float, first: float | None = None) -> list[Row]:
    await _read(path)  # fills the page cache
    found = [await _read(path) for _ in range(_RUNS)]
    least = {what: min(getattr(each, what) for each in found) for what in ("first", "ready", "cpu")}
    return [
        Row(f"{name}: the first piece, the least of {_RUNS}", least["first"], "s", first),
        Row(f"{name}: ready", least["ready"], "s", limit),
        Row(f"{name}: CPU of the reader", least["cpu"], "s"),
        Row(f"{name}: its memory at most", max(each.memory for each in found) / 2**20, "MiB", 400.0),
    ]


async def _read(path: Path) -> _Reading:
    began, first = time.perf_counter(), 0.0
    watching = asyncio.create_task(_watch())
    async for event in ReaderProcess().read(path, path.name):
        if isinstance(event, Section) and not first:
            first = time.perf_counter() - began
    ready = time.perf_counter() - began
    watching.cancel()
    cpu, memory = await watching
    return _Reading(first, ready, cpu, memory)


async def _watch() -> tuple[float, int]:
    """The processor time and the most memory of the one child, until it has ended or this is cancelled."""
    cpu, memory = 0.0, 0
    try:
        while True:
            for child in psutil.Process().children():
                try:
                    if "desktop.readers" not in child.cmdline():
                        continue
                    times = child.cpu_times()
                    cpu, memory = max(cpu, times.user + times.system), max(memory, child.memory_info().rss)
                except psutil.Error:
                    continue
            await asyncio.sleep(_LOOK)
    except asyncio.CancelledError:
        return cpu, memory


def _passage_rows() -> list[Row]:
    words = "The supplier delivers goods within two weeks, unless the parties agree otherwise. "
    sections = tuple(
        Section(
            SectionKind.PAGE,
            page,
            blocks=tuple(
                Block((Run(f"{words * 3}Clause {page}.{at}: the deposit is {page * at}."),), str(at))
                for at in range(10)
            ),
        )
        for page in range(1, 501)
    )
    document = Document("long.pdf", "application/pdf", sections)
    prepared, asked = [], []
    for _ in range(_RUNS):
        began = time.perf_counter()
        finder = PassageFinder(document)
        prepared.append(time.perf_counter() - began)
        began = time.perf_counter()
        assert finder.selection(_QUESTION, WHOLE, 3000.0, lambda letters: letters / 4)
        asked.append(time.perf_counter() - began)
    return [
        Row("passages of 500 pages: prepared", 1000 * min(prepared), "ms"),
        Row("passages of 500 pages: a question", 1000 * min(asked), "ms", 150.0),
    ]


if __name__ == "__main__":
    sys.exit(main())

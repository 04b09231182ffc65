"""`python -m tests.bench.evidence_pane`: how long it takes from the press to the place that is shown, in the pane.

Over the program's own reader of files, a process for each page. Milliseconds of the wall until the place is marked, the
middle of several; beside them how late the GUI thread was at most meanwhile, and how much of that was its own work.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.core.documents.document import Block, Document, Run, Section, SectionKind, table_row
from desktop.core.documents.selection import attachment
from desktop.core.evidence.checked import Checked, Evidence, GivenText, SourcePlace, ThingKind, Verdict
from desktop.core.message import AttachmentPart
from desktop.readers.process import ReaderProcess
from desktop.runtime.evidence.pages import PagePictures
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.loop_thread import LoopThread
from desktop.ui.evidence.pane import EvidencePane
from desktop.ui.evidence.pane_page import decode_page
from desktop.ui.look.theme import Theme
from tests.bench.heartbeat import Heartbeat
from tests.bench.table import Row, printed
from tests.readers.conftest import FILES, document_from
from tests.readers.pdf_making import drawn, pages

_RUNS = 5
_PATIENCE = 20.0


@dataclass
class _Kept:
    """Files in a folder, named by their digests."""

    folder: Path

    def path_of(self, digest: str) -> Path:
        return self.folder / digest


class _Bench:
    """A pane in a window, and a clock."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self._app = app
        self._folder = folder
        loop = LoopThread()
        loop.start()
        self._work = BackgroundTasks(loop)
        self.end = loop.stop
        theme = Theme("light")
        theme.apply_to(app)
        self._theme = theme
        self.rows: list[Row] = []

    def measure(self, name: str, part: AttachmentPart, words: list[str], *, again: bool = False) -> None:
        """Show a place in a new pane, so that nothing is at hand; with `again`, another one on the same page."""
        times: list[float] = []
        stalls: list[dict[str, float]] = []
        for _ in range(_RUNS):
            pictures = PagePictures(self._work, _Kept(self._folder), ReaderProcess, decode_page)
            pane = EvidencePane(self._theme, pictures)
            pane.resize(420, 700)
            pane.show()
            self._wait(lambda: False, 0.2)
            for index, each in enumerate(words):
                evidence = _evidence(part, each)
                beat = Heartbeat(pane)
                beat.restart()
                began = time.perf_counter()
                pane.show_thing(evidence, 0)
                self._wait(lambda pane=pane, each=each: _is_shown(pane, each))
                if index or not again:
                    times.append(1000 * (time.perf_counter() - began))
                    stalls.append(beat.stop())
            pane.deleteLater()
        self.rows += [
            Row(f"{name}: from the press to the place", statistics.median(times), "ms"),
            Row(f"{name}: longest stall of the GUI thread", max(each["ms"] for each in stalls), "ms"),
            Row(f"{name}: of it its own work", max(each["cpu_ms"] for each in stalls), "ms", 16.0),
        ]

    def _wait(self, is_done: Callable[[], bool], seconds: float = _PATIENCE) -> None:
        until = time.perf_counter() + seconds
        while not is_done() and time.perf_counter() < until:
            self._app.processEvents()
            time.sleep(0.0005)


def main() -> int:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report").write_bytes((FILES / "report-latex.pdf").read_bytes())
        long = pages([drawn((60, 700, f"The rent of room {number} is paid at once")) for number in range(1, 10_001)])
        (folder / "long").write_bytes(long)
        bench = _Bench(app, folder)
        report = attachment(document_from(FILES / "report-latex.pdf", "report.pdf"), digest="report")
        bench.measure("a page of a report", report, ["thirty-six"])
        bench.measure("another place on it", report, ["thirty-six", "13.8"], again=True)
        bench.measure("the last of 10,000 pages", _long_part(), ["room 10000"])
        bench.measure("a sheet of 100,000 rows", _sheet(), ["90000.50"])
        bench.measure("a text of 2 MB", _text(), ["The rent is 4,150"])
        bench.end()
    print(printed(bench.rows))
    return 0


def _is_shown(pane: EvidencePane, words: str) -> bool:
    view = pane._view
    if view.currentWidget() is view.page:
        return bool(view.page.marked)
    if view.currentWidget() is view.table:
        return str(view.table.currentIndex().data()) == words
    return True


def _evidence(part: AttachmentPart, words: str) -> Evidence:
    start = part.text.index(words)
    place = SourcePlace(0, start, start + len(words))
    thing = Checked(ThingKind.NUMBER, words, 0, len(words), Verdict.FOUND, (place,))
    source = GivenText(part.name, part.text, part.anchors, "", part.digest, part.media_type)
    return Evidence((thing,), (source,))


def _long_part() -> AttachmentPart:
    sections = tuple(
        Section(SectionKind.PAGE, number, blocks=(Block((Run(f"The rent of room {number} is paid at once"),), "0"),))
        for number in range(1, 10_001)
    )
    return attachment(Document("long.pdf", "application/pdf", sections), digest="long")


def _sheet() -> AttachmentPart:
    lines = [table_row([f"Article {at}", "a piece", f"{at}.50", "net"]) for at in range(100_000)]
    blocks = tuple(
        Block((Run("\n".join(lines[at : at + 500])),), str(at + 1), is_table=True) for at in range(0, len(lines), 500)
    )
    section = Section(SectionKind.SHEET, 1, "Prices", blocks)
    return attachment(Document("prices.xlsx", "application/x", (section,)), digest="sheet")


def _text() -> AttachmentPart:
    text = "A sentence of a long text that says nothing in particular. " * 10
    blocks = [Block((Run(text),), str(at)) for at in range(3_400)]
    blocks[3_000] = Block((Run("The rent is 4,150 a month."),), "3000")
    return attachment(Document("a.txt", "text/plain", (Section(SectionKind.WHOLE, 1, blocks=tuple(blocks)),)))


if __name__ == "__main__":
    sys.exit(main())

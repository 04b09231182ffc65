"""Pages of kept files are drawn off the GUI thread, one at a time, and kept for a while."""

from __future__ import annotations

import asyncio
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.core.documents.reading import PagePicture, ReadingProblem, WordsOnPage
from desktop.readers.pdf.png import png_of
from desktop.readers.process import ReaderProcess
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.evidence.pages import DrawnPage, PagePictures, WantedPage
from tests.readers.conftest import FILES
from tests.support.scripted_drawer import ScriptedDrawer
from tests.support.waiting import PATIENCE

MS = round(PATIENCE * 1000)
BOX = (0.1, 0.2, 0.3, 0.4)
PNG = png_of(2, 2, 6, memoryview(bytes(12)))
SOUGHT = WordsOnPage("thirty-six", 0, 10)


@dataclass
class Folder:
    """Files that are kept in a folder under their digests."""

    path: Path

    def path_of(self, digest: str) -> Path:
        return self.path / digest


def decoded(png: bytes) -> QImage | None:
    assert threading.current_thread() is not threading.main_thread()
    image = QImage.fromData(png)
    return None if image.isNull() else image


def scripted(**options: object) -> ScriptedDrawer:
    return ScriptedDrawer(pictures=[PagePicture(1, PNG, 3, (BOX,), (BOX,), BOX)], **options)


def drawer(work: BackgroundTasks, reader: ScriptedDrawer | ReaderProcess, folder: Path = FILES) -> PagePictures:
    return PagePictures(work, Folder(folder), lambda: reader, decoded)


def drawn(pictures: PagePictures, wanted: WantedPage, qtbot: QtBot) -> DrawnPage:
    with qtbot.waitSignal(pictures.drawn, timeout=MS) as told:
        pictures.request_page(wanted)
    assert told.args is not None
    assert told.args[0] == wanted
    return told.args[1]


def failed(pictures: PagePictures, wanted: WantedPage, qtbot: QtBot) -> ReadingProblem:
    with qtbot.waitSignal(pictures.failed, timeout=MS) as told:
        pictures.request_page(wanted)
    assert told.args is not None
    return told.args[1]


def test_a_page_of_a_file_is_drawn_by_the_readers_process(work: BackgroundTasks, qtbot: QtBot) -> None:
    page = drawn(drawer(work, ReaderProcess()), WantedPage("report-latex.pdf", 1, 400, SOUGHT), qtbot)
    assert isinstance(page.image, QImage)
    assert page.image.width() >= 400
    assert (page.count, len(page.place), len(page.paragraph), page.is_marked) == (1, 1, 1, True)


def test_a_page_is_drawn_once_and_another_place_on_it_only_looked_for(work: BackgroundTasks, qtbot: QtBot) -> None:
    reader = scripted()
    pictures = drawer(work, reader)
    first = WantedPage("a", 1, 400, SOUGHT)
    page = drawn(pictures, first, qtbot)
    assert drawn(pictures, first, qtbot) == page
    assert len(reader.asked) == 1
    other = WantedPage("a", 1, 400, WordsOnPage("else", 0, 4))
    told = []
    pictures.drawn.connect(lambda _, page: told.append(page.is_marked))
    assert not drawn(pictures, other, qtbot).is_marked  # at once, what there is
    qtbot.waitUntil(lambda: told == [False, True], timeout=MS)
    assert [width for _, width, _ in reader.asked] == [400, 0]


def test_what_is_asked_for_last_is_drawn(work: BackgroundTasks, qtbot: QtBot) -> None:
    gate = asyncio.Event()
    reader = scripted(gate=gate)
    pictures = drawer(work, reader)
    told = []
    pictures.drawn.connect(lambda wanted, _: told.append(wanted.number))
    for number in range(1, 6):
        pictures.request_page(WantedPage("a", number, 400))
    qtbot.waitUntil(lambda: ((5,), 400, None) in reader.asked, timeout=MS)
    work.loop.submit(_open(gate))
    qtbot.waitUntil(lambda: told == [5], timeout=MS)


async def _open(gate: asyncio.Event) -> None:
    gate.set()


def test_nothing_comes_of_what_was_stopped(work: BackgroundTasks, qtbot: QtBot) -> None:
    gate = asyncio.Event()
    reader = scripted(gate=gate)
    pictures = drawer(work, reader)
    with qtbot.assertNotEmitted(pictures.drawn), qtbot.assertNotEmitted(pictures.failed):
        pictures.request_page(WantedPage("a", 1, 400))
        qtbot.waitUntil(lambda: len(reader.asked) == 1, timeout=MS)
        pictures.stop()
        qtbot.waitUntil(lambda: reader.ended == ["a"], timeout=MS)


@pytest.mark.parametrize("problem", [ReadingProblem.NEEDS_PASSWORD, ReadingProblem.DAMAGED])
def test_a_page_that_is_not_drawn_is_a_reason(work: BackgroundTasks, qtbot: QtBot, problem: ReadingProblem) -> None:
    assert failed(drawer(work, scripted(failure=problem)), WantedPage("a", 1, 400), qtbot) is problem


def test_a_file_that_is_gone_is_told(work: BackgroundTasks, qtbot: QtBot, tmp_path: Path) -> None:
    pictures = drawer(work, ReaderProcess(), tmp_path)
    assert failed(pictures, WantedPage("", 1, 400), qtbot) is ReadingProblem.GONE
    assert failed(pictures, WantedPage("gone", 1, 400), qtbot) is ReadingProblem.GONE


def test_a_reader_that_is_killed_while_it_draws_is_told(work: BackgroundTasks, qtbot: QtBot) -> None:
    killed = ReaderProcess(program=[sys.executable, "-c", "import os; input(); os.kill(os.getpid(), 9)"])
    assert failed(drawer(work, killed), WantedPage("report-latex.pdf", 1, 400), qtbot) is ReadingProblem.CRASHED


def test_a_picture_that_is_none_is_told(work: BackgroundTasks, qtbot: QtBot) -> None:
    reader = ScriptedDrawer(pictures=[PagePicture(1, b"not a picture", 1)])
    assert failed(drawer(work, reader), WantedPage("a", 1, 400), qtbot) is ReadingProblem.CRASHED
    assert failed(drawer(work, ScriptedDrawer()), WantedPage("a", 1, 400), qtbot) is ReadingProblem.CRASHED


def test_pictures_beyond_the_limit_are_forgotten(
    work: BackgroundTasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.runtime.evidence.pages._MOST_PAGES", 1)
    reader = scripted()
    pictures = drawer(work, reader)
    for number in (1, 2, 1):
        drawn(pictures, WantedPage("a", number, 400), qtbot)
    assert len(reader.asked) == 3

"""What draws pages for the tests of the pane: a scripted reader over a loop thread of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication

from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.evidence import PagePictures
from desktop.ui.evidence.source_views import decode_page
from tests.support.scripted_reader import ScriptedDrawer


@dataclass
class Drawing:
    """A drawer of pages; `reader` says what comes of it. Files are in `folder`, named by their digests."""

    pictures: PagePictures
    reader: Any
    folder: Path

    def path_of(self, digest):
        return self.folder / digest


@pytest.fixture
def drawing(qtbot, tmp_path):
    loop = LoopThread()
    loop.start()
    work = BackgroundTasks(loop)
    made = Drawing(None, ScriptedDrawer(), tmp_path)
    made.pictures = PagePictures(work, made, lambda: made.reader, decode_page)
    yield made
    made.pictures.stop()
    loop.stop()
    work.close_store(lambda: None)
    QCoreApplication.sendPostedEvents()

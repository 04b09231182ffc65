"""The pages of kept PDF files as pictures, with a place marked: drawn by a process of its own, and kept for a while.

The picture is made off the GUI thread; how it is shown is the window's business.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.reading import (
    PageBox,
    PageDrawer,
    PagePicture,
    ReadingError,
    ReadingProblem,
    WordsOnPage,
)
from desktop.runtime.background import BackgroundTasks, Task, gui_task
from desktop.store.files import FileStore

_log = logging.getLogger(__name__)

_MOST_PAGES = 8  # whose pictures are kept: some megabytes each
_MOST_MARKS = 500  # places whose boxes are kept


@dataclass(frozen=True, slots=True)
class WantedPage:
    """Page of a kept file, so that its words fill `width` pixels, with the words to mark on it."""

    digest: str
    number: int
    width: int
    sought: WordsOnPage | None = None


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """Picture of a page, in the form that the window shows. Boxes are shares of its size.

    `is_marked` is False while it is not known where they are.
    """

    image: Any
    count: int
    text: PageBox | None = None
    paragraph: tuple[PageBox, ...] = ()
    place: tuple[PageBox, ...] = ()
    is_marked: bool = True


class PagePictures(QObject):
    """A drawer of one page at a time: what is asked for last is drawn, and all else given up."""

    drawn = Signal(object, object)  # WantedPage, DrawnPage; twice where the picture is known and the place is not
    failed = Signal(object, object)  # WantedPage, ReadingProblem

    def __init__(
        self,
        work: BackgroundTasks,
        files: FileStore,
        make_drawer: Callable[[], PageDrawer],
        decode: Callable[[bytes], Any],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies. `decode` makes of a PNG file what is shown, on a worker thread; None of none."""
        super().__init__(parent)
        self._decode = decode
        self._work = work
        self._files = files
        self._make_drawer = make_drawer
        self._drawer: PageDrawer | None = None  # imported with the first page
        self._running: Task | None = None
        self._pages: OrderedDict[WantedPage, DrawnPage] = OrderedDict()  # without what is sought
        self._marks: OrderedDict[WantedPage, DrawnPage] = OrderedDict()

    def request_page(self, wanted: WantedPage) -> None:
        """Have a page drawn, unless it is at hand; told by `drawn` or `failed`, maybe at once."""
        self.stop()
        if not wanted.digest:
            self.failed.emit(wanted, ReadingProblem.GONE)
            return
        page = self._pages.get(_bare(wanted))
        marks = self._marks.get(wanted)
        if page is not None:
            self._pages.move_to_end(_bare(wanted))
            if marks is not None or wanted.sought is None:
                self.drawn.emit(wanted, marks or page)
                return
            self.drawn.emit(wanted, replace(page, is_marked=False))
        if self._drawer is None:
            self._drawer = self._make_drawer()
        self._running = self._show(self._drawer, wanted, page)

    def stop(self) -> None:
        """Give up what is being drawn."""
        if self._running is not None:
            self._running.cancel()
            self._running = None

    @gui_task
    async def _show(self, drawer: PageDrawer, wanted: WantedPage, known: DrawnPage | None) -> None:
        """Draw a page, tell of it, and keep it for a while."""
        try:
            drawn = await self._work.on_loop(self._draw(drawer, wanted, known))
        except ReadingError as error:
            _log.info("a page was not drawn: %s", error.problem)
            self.failed.emit(wanted, error.problem)
            return
        self._pages[_bare(wanted)] = replace(drawn, paragraph=(), place=())
        self._marks[wanted] = drawn
        while len(self._pages) > _MOST_PAGES:
            self._pages.popitem(last=False)
        while len(self._marks) > _MOST_MARKS or (len(self._marks) > 1 and self._is_lost(next(iter(self._marks)))):
            self._marks.popitem(last=False)
        self.drawn.emit(wanted, drawn)

    async def _draw(self, drawer: PageDrawer, wanted: WantedPage, known: DrawnPage | None) -> DrawnPage:
        """Return the page with the place marked; of a page that is known, only the place is looked for."""
        pictures = drawer.draw_pages(
            self._files.path_of(wanted.digest),
            (wanted.number,),
            width=0 if known is not None else wanted.width,
            sought=wanted.sought,
        )
        # An iterator that is not closed would leave its process running until it is collected.
        async with aclosing(cast(AsyncGenerator[PagePicture, None], pictures)) as pictures:
            async for picture in pictures:
                image = known.image if known is not None else await asyncio.to_thread(self._decode, picture.png)
                if image is None:
                    break
                return DrawnPage(image, picture.count, picture.text, picture.paragraph, picture.place)
        raise ReadingError(ReadingProblem.CRASHED, "no picture")

    def _is_lost(self, wanted: WantedPage) -> bool:
        return _bare(wanted) not in self._pages


def _bare(wanted: WantedPage) -> WantedPage:
    return replace(wanted, sought=None)

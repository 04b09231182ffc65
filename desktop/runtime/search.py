"""Searching in everything that was said, off the GUI thread: one question at a time, with a pause at many hits.

The index takes up what it lacks between the questions, a little at a time. What is shown of results is `ui/search`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.core.errors import StoreError
from desktop.core.search import Choices, SearchQuery
from desktop.runtime.background import NO_TASK, BackgroundTasks, DaemonExecutor, gui_task
from desktop.store.search_index import SearchIndex
from desktop.store.search_walk import SearchWalk

_log = logging.getLogger(__name__)

PAUSE_AT = 1000  # hits; more are asked for by whoever reads to the end of these
_FIRST, _FURTHER = 40, 200  # hits of one step: the first ones fill a window
_REST_MS = 60  # between two steps of taking up what is not in the index yet, in which everything else comes first
_LATER_MS = 1000  # after something was said, until the index takes it up


class Search(QObject):
    """The search of the window. `hits` counts what the present question has found so far."""

    found = Signal(object)  # SearchBatch: further hits, some may be found still
    ended = Signal()  # there are no more
    paused = Signal()  # there may be more: `go_on` looks for them
    failed = Signal(object)  # the StoreError that reading met with
    filled = Signal(float)  # the share of all that was said that is in the index, now that this is another

    def __init__(
        self,
        work: BackgroundTasks,
        index: SearchIndex,
        walk: Callable[[SearchQuery, SearchIndex], SearchWalk] = SearchWalk,
    ) -> None:
        super().__init__(work)
        self.hits = 0
        self.share = 0.0
        self.changes = 0  # grows with what was said or erased: what was found before may have changed
        self._work = work
        self._index = index
        self._begin = walk
        self._thread = DaemonExecutor("search")
        self._walk: SearchWalk | None = None
        self._looking = self._filling = NO_TASK  # for hits of the present question; what the index lacks
        self._is_behind = True  # the index lacks something
        self._has_begun = False

    @property
    def is_running(self) -> bool:
        return self._looking.is_running

    def start_filling(self) -> None:
        """Have the index take up what it lacks, from now on."""
        self._has_begun = True
        self._filling = self._fill(_REST_MS)

    def fill_later(self) -> None:
        """Have the index take up what was said or erased, as soon as nothing else happens."""
        self.changes += 1
        self._is_behind = True
        if self._has_begun and not self._filling.is_running:
            self._filling = self._fill(_LATER_MS)

    def ask(self, query: SearchQuery) -> None:
        """Search for something; what was asked before is answered no more."""
        self.stop()
        self.hits = 0
        if not query.is_empty:
            self._walk = self._begin(query, self._index)
            self._looking = self._look(self._walk, PAUSE_AT)

    def go_on(self) -> None:
        """Look for further hits of the same question, after a pause."""
        if self._walk is not None and not self.is_running:
            self._looking = self._look(self._walk, self.hits + PAUSE_AT)

    def stop(self) -> None:
        """End the search; nothing more is emitted."""
        if self.is_running:
            self._looking.cancel()
            self._index.interrupt()
        self._walk = None

    @gui_task
    async def choices(self, show: Callable[[Choices], None]) -> None:
        """Fetch by what a search can be narrowed down."""
        try:
            show(await self._work.on(self._thread, self._index.choices))
        except StoreError as error:
            _note(error)

    def end(self) -> None:
        """End with the program: what runs on the thread ends soon, and nothing else begins."""
        self.stop()
        self._has_begun = False
        self._filling.cancel()
        self._index.interrupt()
        self._thread.cancel_waiting()
        self._thread.end()

    @gui_task
    async def _look(self, walk: SearchWalk, pause_at: int) -> None:
        """Look for hits until there are no more, or so many."""
        is_over = False
        while not is_over and self.hits < pause_at:
            most = _FURTHER if self.hits else _FIRST
            try:
                batch = await self._work.on(self._thread, partial(walk.step, most))
            except StoreError as error:
                self._looking, self._walk = NO_TASK, None
                self.failed.emit(error)
                return
            is_over = batch.is_over
            self.hits += len(batch.hits)
            if batch.hits:
                self.found.emit(batch)
            if walk is not self._walk:  # stopped by who heard of it
                return
        self._looking = NO_TASK
        if is_over:
            self._walk = None
            self.ended.emit()
        else:
            self.paused.emit()

    @gui_task
    async def _fill(self, rest_ms: int) -> None:
        """Fill the index while it lacks something, between the questions."""
        while self._is_behind:
            await self._work.pause(rest_ms)
            rest_ms = _REST_MS
            if self.is_running:
                continue
            self._is_behind = False
            try:
                share = await self._work.on(self._thread, self._index.fill)
            except StoreError as error:
                _note(error)
                continue
            self._is_behind |= share < 1.0
            if share != self.share:
                self.share = share
                self.filled.emit(share)


def _note(error: StoreError) -> None:
    _log.warning("the index for searching could not be kept: %s", error)

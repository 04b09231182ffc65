"""Searching in everything that was said, off the GUI thread: one question at a time, with a pause at many hits.

The index takes up what it lacks between the questions, a little at a time. What is shown of results is `ui/search`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.search.hits import Choices, SearchBatch
from desktop.core.search.index import SearchIndex, SearchWalk
from desktop.core.search.query import SearchQuery
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.daemon_executor import DaemonExecutor

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
        self, work: BackgroundTasks, index: SearchIndex, tidy: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        """Make it for an index. `tidy` deletes a little of what is not needed, on the store's thread."""
        super().__init__(parent)
        self.hits = 0
        self.share = 0.0
        self.changes = 0  # grows with what was said or erased: what was found before may have changed
        self._work = work
        self._index = index
        self._tidy = tidy
        self._thread = DaemonExecutor("search")
        self._numbers = count(1)
        self._number = 0  # of the question that is being answered; 0 for none
        self._walk: SearchWalk | None = None
        self._is_filling = False
        self._has_begun = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._fill)

    @property
    def is_running(self) -> bool:
        return self._number != 0

    def start_filling(self) -> None:
        """Have the index take up what it lacks, from now on."""
        self._has_begun = True
        self._clear_up()
        self._rest.start(_REST_MS)

    def fill_later(self) -> None:
        """Have the index take up what was said or erased, as soon as nothing else happens."""
        self.changes += 1
        if self._has_begun and not self._rest.isActive():
            self._rest.start(_LATER_MS)

    def ask(self, query: SearchQuery) -> None:
        """Search for something; what was asked before is answered no more."""
        self.stop()
        self.hits = 0
        if query.is_empty:
            return
        self._number = next(self._numbers)
        self._walk = self._index.walk(query)
        self._step(self._number, self._walk, PAUSE_AT)

    def go_on(self) -> None:
        """Look for further hits of the same question, after a pause."""
        if self._walk is not None and not self.is_running:
            self._number = next(self._numbers)
            self._step(self._number, self._walk, self.hits + PAUSE_AT)

    def stop(self) -> None:
        """End the search; nothing more is emitted."""
        if self.is_running:
            self._index.interrupt()
        self._number = 0
        self._walk = None

    def choices(self, show: Callable[[Choices], None]) -> None:
        """Fetch by what a search can be narrowed down."""
        self._work.run_on(self._thread, self._index.choices, show, _note)

    def end(self) -> None:
        """End with the program: what runs on the thread ends soon, and nothing else begins."""
        self.stop()
        self._rest.stop()
        self._has_begun = False
        self._index.interrupt()
        self._thread.cancel_waiting()
        self._thread.end()

    def _step(self, number: int, walk: SearchWalk, pause_at: int) -> None:
        most = _FURTHER if self.hits else _FIRST

        def deliver(batch: SearchBatch) -> None:
            if number != self._number:
                return
            self.hits += len(batch.hits)
            if batch.hits:
                self.found.emit(batch)
            if number != self._number:  # stopped by who heard of it
                return
            if batch.is_over:
                self._number, self._walk = 0, None
                self.ended.emit()
            elif self.hits >= pause_at:
                self._number = 0
                self.paused.emit()
            else:
                self._step(number, walk, pause_at)

        def fail(error: Exception) -> None:
            if number == self._number:
                self._number, self._walk = 0, None
                self.failed.emit(error)

        def look() -> SearchBatch:
            return walk.step(most) if number == self._number else SearchBatch()

        self._work.run_on(self._thread, look, deliver, fail)

    def _fill(self) -> None:
        if self._is_filling or not self._has_begun:
            return
        if self.is_running:
            self._rest.start(_REST_MS)
            return
        self._is_filling = True

        def show(share: float) -> None:
            self._is_filling = False
            if share != self.share:
                self.share = share
                self.filled.emit(share)
            if share < 1.0 and self._has_begun:
                self._rest.start(_REST_MS)

        def fail(error: Exception) -> None:
            self._is_filling = False
            _note(error)

        self._work.run_on(self._thread, self._index.fill, show, fail)

    def _clear_up(self) -> None:
        def go_on(is_left: bool) -> None:
            if is_left and self._has_begun:
                QTimer.singleShot(_REST_MS, self, self._clear_up)

        self._work.run_on_store(self._tidy, go_on, _note)


def _note(error: Exception) -> None:
    _log.warning("the index for searching could not be kept: %s", error)

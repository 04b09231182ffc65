"""A folder of recipes that is read again and again, on a thread that nobody waits for.

A folder on another computer may take minutes to answer, or never do: then its state says so, and what was read of it
last stays in use. What recipes are is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.recipes.folder import FolderContent, RecipeFolder
from desktop.runtime.background import BackgroundTasks, DaemonExecutor

LOOK_EVERY_MS = 3_000  # a look is one listing and the states of the files; only what has changed is read
# Times as long, while nothing changes: each look wakes two threads, and one comes with the window's front.
_MOST_RARELY = 40
PATIENCE_MS = 5_000
_LAST_WRITES_S = 2.0  # what a closing program gives to what was just saved


class FolderState(StrEnum):
    """The state of a watched folder."""

    READING = "reading"  # for the first time
    READ = "read"
    GONE = "gone"  # it is not there, or may not be read
    NOT_ANSWERING = "not_answering"


class WatchedFolder(QObject):
    """A folder read periodically. `content` is what was read last, whatever the state is."""

    changed = Signal()

    def __init__(
        self,
        work: BackgroundTasks,
        folder: RecipeFolder,
        parent: QObject | None = None,
        *,
        look_every_ms: int = LOOK_EVERY_MS,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self.state = FolderState.READING
        self.content = FolderContent()
        self._work = work
        self._thread = DaemonExecutor("recipes")
        self._reads_under_way = 0
        self._writes: set[Future[Any]] = set()
        self._waiting: list[Callable[[], None]] = []  # for the look that is under way
        self._has_ended = False
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._on_silence)
        self._look_every_ms = look_every_ms
        self._again = QTimer(self, interval=look_every_ms)
        self._again.timeout.connect(self._look_if_idle)

    @property
    def is_current(self) -> bool:
        """True if `content` is what lies in the folder now."""
        return self.state is FolderState.READ

    def start_watching(self) -> None:
        """Read the folder now, and again and again."""
        self._look()
        self._again.start()

    def look_again(self) -> None:
        """Read the folder soon: the user may have changed it elsewhere."""
        if self._again.isActive():
            self._again.setInterval(self._look_every_ms)
            self._look_if_idle()

    def settle(self, then: Callable[[], None]) -> None:
        """Read once more, and call `then` when that has been answered, or will not be in time."""
        if self._reads_under_way and self.state is FolderState.NOT_ANSWERING:
            then()
            return
        self._waiting.append(then)
        self._look_if_idle()

    def change_folder(
        self,
        function: Callable[[], Any],
        on_success: Callable[[Any], None],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Run a function on the folder, after all requests before it, and read the folder again."""
        future = self._work.run_on(self._thread, function, on_success, on_failure)
        self._writes.add(future)
        future.add_done_callback(self._writes.discard)
        self._look()

    def end(self, *, finishing: bool = False) -> None:
        """Stop watching. With `finishing`, pending work gets a moment; the rest is abandoned."""
        self._has_ended = True
        self._again.stop()
        self._patience.stop()
        self._thread.end()
        if finishing:
            wait(set(self._writes), timeout=_LAST_WRITES_S)

    def _look_if_idle(self) -> None:
        if not self._reads_under_way:
            self._look()

    def _look(self) -> None:
        self._reads_under_way += 1
        if not self._patience.isActive():
            self._patience.start()
        self._work.run_on(self._thread, self.folder.read, self._on_read, self._on_not_read)

    def _on_read(self, content: FolderContent) -> None:
        self._on_answer(FolderState.READ, content)

    def _on_not_read(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self._on_answer(FolderState.GONE, self.content)

    def _on_answer(self, state: FolderState, content: FolderContent) -> None:
        if self._has_ended:
            return
        self._reads_under_way -= 1
        self._patience.stop()
        if self._reads_under_way:
            self._patience.start()
        self._take(state, content)
        if not self._reads_under_way:
            self._call_waiting()

    def _on_silence(self) -> None:
        self._take(FolderState.NOT_ANSWERING, self.content)
        self._call_waiting()

    def _call_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def _take(self, state: FolderState, content: FolderContent) -> None:
        if (state, content) != (self.state, self.content):
            self.state, self.content = state, content
            self._again.setInterval(self._look_every_ms)
            self.changed.emit()
        else:
            self._again.setInterval(min(2 * self._again.interval(), _MOST_RARELY * self._look_every_ms))

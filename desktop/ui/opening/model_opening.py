"""The opening of model files: each is checked before it becomes the model, and what is wrong with it is said.

Of several, the newest good one becomes the model, and only of the newest it is said that it is none. What becomes of a
good one is not decided here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.errors import BackendError
from desktop.core.message import Failure
from desktop.core.models.file import FileFault, first_piece
from desktop.runtime.background import BackgroundTasks, gui_task
from desktop.ui.errors import describe
from desktop.ui.opening.unknown_file import looking_box, unusable_model_box
from desktop.ui.widgets.boxes import OneBox

# Systems start the program once for each of the files that were picked together, which takes longer on a busy computer.
_TOGETHER_SECONDS = 5.0
_log = logging.getLogger(__name__)


class ModelOpening(QObject):
    """An opener of model files, whose boxes stand over `window`.

    `check` raises `BackendError` for a file that cannot be used.
    """

    opened = Signal(str)  # the path of a file that can be talked to, to be the model
    found = Signal(str)  # the path of one that can be talked to, too, while a newer one is the model

    def __init__(self, work: BackgroundTasks, check: Callable[[Path], None], window: QWidget) -> None:
        super().__init__(window)
        self._work = work
        self.check = check
        self._window = window
        self._box = OneBox(window)
        self._box.given_up.connect(self._give_up)
        self._newest = 0  # the look that was begun last,
        self._opened = 0  # the one that led to the model,
        self._given_up = 0  # and the last of those whose answers are not wanted any more
        self._together: set[Path] = set()
        self._given_at = -_TOGETHER_SECONDS

    @gui_task
    async def open(self, path: str) -> None:
        """Check a file, which may lie on a drive that takes its time."""
        if self._is_opened_by_another(Path(path)):
            return
        look = self._newest = self._box.start_search(lambda: looking_box(path, self._window))
        fault = None
        try:
            await self._work.aside(lambda: self.check(Path(path)))
        except Exception as error:
            fault = error
        if look <= self._given_up:
            return
        is_newest = self._box.is_awaited(look)
        if is_newest:
            self._box.take_back()
        if fault is not None:
            self._refuse(path, fault, in_words=is_newest)
        elif look > self._opened:
            self._opened = look
            self.opened.emit(path)
        else:
            self.found.emit(path)

    def _is_opened_by_another(self, file: Path) -> bool:
        """Return True if this is a further piece of a model whose first one was picked together with it."""
        now = time.monotonic()
        if now - self._given_at > _TOGETHER_SECONDS:
            self._together.clear()
        self._given_at = now
        self._together.add(file)
        first = first_piece(file)
        return first != file and first in self._together

    def _refuse(self, path: str, error: Exception, *, in_words: bool) -> None:
        if isinstance(error, BackendError):
            _log.warning("a model file cannot be used: %s", error.__cause__ or error.reason)
            failure = error.as_failure()
        else:
            _log.error("looking at a model file failed", exc_info=error)
            failure = Failure("engine_failed", reason=FileFault.UNREADABLE)
        if in_words:
            self._box.say(unusable_model_box(path, describe(failure), self._window))

    def _give_up(self) -> None:
        self._given_up = self._newest

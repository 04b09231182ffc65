"""Opens model files: each is looked at before it becomes the model, and what is wrong with it is said.

One file at a time, the newest wins. What becomes of a good one is not decided here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.errors import BackendError
from desktop.core.message import Failure
from desktop.core.model_file import FileFault
from desktop.runtime.slow_thread import SlowThread
from desktop.runtime.work import Work
from desktop.ui.errors import describe
from desktop.ui.unknown_file import looking_box, tell, unusable_model_box

_BEFORE_SAYING_MS = 300  # a disk of this computer has answered by then, and a box would only flicker
_log = logging.getLogger(__name__)


class ModelOpening(QObject):
    """`check` raises `BackendError` for a file that cannot be talked to. What is said stands over `window`."""

    opened = Signal(str)  # the path of a file that can be talked to

    def __init__(self, work: Work, check: Callable[[Path], None], window: QWidget) -> None:
        super().__init__(window)
        self._work = work
        self._check = check
        self._window = window
        self._box: QMessageBox | None = None  # that it takes its time
        self._path = ""
        self._count = 0  # of files, so that an answer about an earlier one is known
        self._soon = QTimer(self, singleShot=True, interval=_BEFORE_SAYING_MS)
        self._soon.timeout.connect(self._say_looking)

    def open(self, path: str) -> None:
        """Have a file looked at, which may lie on a drive that takes its time."""
        self._stop()
        count, self._path = self._count, path
        self._soon.start()

        def done(error: Exception | None) -> None:
            if count == self._count:
                self._stop()
                self._open_or_refuse(path, error)

        thread = SlowThread("model file")  # one for each: that of the file before may wait for ever
        self._work.run_on(thread, lambda: self._check(Path(path)), done, done)
        thread.end()

    def _open_or_refuse(self, path: str, error: Exception | None) -> None:
        if error is None:
            self.opened.emit(path)
            return
        if isinstance(error, BackendError):
            _log.info("a model file cannot be used: %s", error.__cause__ or error.reason)
            failure = error.as_failure()
        else:
            _log.error("looking at a model file failed", exc_info=error)
            failure = Failure("engine_failed", reason=FileFault.UNREADABLE)
        tell(unusable_model_box(path, describe(failure), self._window))

    def _stop(self) -> None:
        """Wait for no answer any more, and take back that one was waited for."""
        self._count += 1
        self._soon.stop()
        box, self._box = self._box, None
        if box is not None:
            box.close()

    def _say_looking(self) -> None:
        self._box = looking_box(self._path, self._window)
        self._box.rejected.connect(self._stop)
        tell(self._box)

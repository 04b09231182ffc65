"""Work in steps, one at each turn of the event loop, so that what is painted and typed comes in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal


class SmallSteps(QObject):
    """The steps that are still to be done, in their order; each may take a few milliseconds of the window's thread.

    After one that fails, those that are left are done all the same, unless whoever hears of it stops them.
    """

    failed = Signal()  # a step; its exception goes where all go that nobody catches

    def __init__(self, steps: Iterable[Callable[[], object]], parent: QObject) -> None:
        super().__init__(parent)
        self._left = deque(steps)
        self._is_started = self._is_stopped = False
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._step)

    def add_steps(self, *steps: Callable[[], object]) -> None:
        """Do these after those that are left."""
        self._left.extend(steps)
        if self._is_started:
            self.start()

    def start(self) -> None:
        """Do the first one at the next turn."""
        self._is_started = True
        if self._left and not self._is_stopped:
            self._timer.start()

    def stop(self) -> None:
        """Leave undone what is left, and what is added."""
        self._is_stopped = True
        self._timer.stop()

    def _step(self) -> None:
        step = self._left[0]
        has_failed = True
        try:
            step()
            has_failed = False
        finally:
            self._left.popleft()
            if not self._left:
                self._timer.stop()
            if has_failed:
                self.failed.emit()

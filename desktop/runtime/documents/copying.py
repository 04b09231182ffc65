"""Copies of the user's files on their way into the program's folder, on threads of which none waits for another.

A file may lie where nobody answers, such as on a drive of a network that is gone: its thread is then left alone.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.runtime.background import BackgroundTasks, DaemonExecutor

_AT_ONCE = 4  # more make a disk slower; one that hangs makes room as soon as it is cancelled
_SECONDS_BETWEEN_REPORTS = 0.1
_SECONDS_OF_SILENCE = 10.0  # after which a drive is said not to answer
_LOOK_MS = 2_000  # between two looks at those that run

Copying = Callable[[Callable[[int, int], bool]], Any]  # given what is called after each piece, returns what is kept


@dataclass(slots=True)
class _Copy:
    copy: Copying
    on_done: Callable[[Any], None]
    on_failure: Callable[[Exception], None]
    is_cancelled: bool = False
    reported_at: float = field(default_factory=time.monotonic)


class Copies(QObject):
    """The copies that run or wait, by the id of what is copied. Used on the GUI thread."""

    progressed = Signal(str, object, object)  # id, bytes copied, of so many
    stuck = Signal(str)  # the id of one of which nothing has come for a while

    def __init__(self, work: BackgroundTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._running: dict[str, _Copy] = {}
        self._waiting: deque[str] = deque()
        self._copies: dict[str, _Copy] = {}
        self._looks = QTimer(self, interval=_LOOK_MS)
        self._looks.timeout.connect(self._look)

    def copy_file(
        self, id: str, copying: Copying, on_done: Callable[[Any], None], on_failure: Callable[[Exception], None]
    ) -> None:
        """Copy, now or when there is room; one of the callbacks is called, also after `cancel` if it had begun."""
        self._copies[id] = _Copy(copying, on_done, on_failure)
        self._waiting.append(id)
        self._start_waiting()

    def cancel(self, id: str) -> None:
        """Stop a copy, if it has not ended."""
        if copy := self._copies.pop(id, None):
            copy.is_cancelled = True
        self._running.pop(id, None)
        self._start_waiting()

    def _start_waiting(self) -> None:
        while self._waiting and len(self._running) < _AT_ONCE:
            id = self._waiting.popleft()
            copy = self._copies.get(id)
            if copy is None:
                continue
            self._running[id] = copy
            copy.reported_at = time.monotonic()
            self._looks.start()
            thread = DaemonExecutor("copy")
            self._work.run_on(
                thread,
                partial(copy.copy, partial(self._report, id, copy)),
                partial(self._on_ended, id, copy, copy.on_done),
                partial(self._on_ended, id, copy, copy.on_failure),
            )
            thread.end()

    def _look(self) -> None:
        """Tell of the copies of which nothing has come for a while."""
        if not self._running:
            self._looks.stop()
        now = time.monotonic()
        for id, copy in list(self._running.items()):
            if now - copy.reported_at >= _SECONDS_OF_SILENCE:
                self.stuck.emit(id)

    def _report(self, id: str, copy: _Copy, copied: int, of: int) -> bool:
        """Tell how far it has come, not too often; return False if it is to stop. Runs on the copy's thread."""
        now = time.monotonic()
        if not copy.is_cancelled and now - copy.reported_at >= _SECONDS_BETWEEN_REPORTS:
            copy.reported_at = now
            self.progressed.emit(id, copied, of)
        return not copy.is_cancelled

    def _on_ended(self, id: str, copy: _Copy, callback: Callable[[Any], None], outcome: Any) -> None:
        self._copies.pop(id, None)
        self._running.pop(id, None)
        self._start_waiting()
        callback(outcome)

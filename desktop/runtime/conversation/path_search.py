"""A count of something in every message of a path, in the background: a little at a time, so that nothing waits for it.

What is counted, and how, is the caller's: it gives a generator for each message. Reading and counting are done on the
store's thread in steps of a few milliseconds. After each the window comes first, and the disk's other work, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import count

from PySide6.QtCore import QObject, Signal

from desktop.core.message import Message
from desktop.core.repository import ConversationStore
from desktop.core.text.find import FoundIn
from desktop.runtime.threads.background_tasks import BackgroundTasks

Count = Callable[[Message], Generator[None, None, FoundIn]]

_READ_AT_ONCE = 16  # messages
_TURN_SECONDS = 0.004  # Python lets one thread run at a time: in a longer turn a paint could be late


class PathSearch(QObject):
    """One search at a time; a new one ends the one before."""

    found = Signal(object)  # list[FoundIn]: further messages that have what is counted, in the order of the ids
    ended = Signal()  # all have been looked at
    failed = Signal(object)  # the StoreError that reading met with; what was found until then counts

    def __init__(self, work: BackgroundTasks, store: ConversationStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self._numbers = count(1)
        self._number = 0  # of the search that runs; 0 for none

    @property
    def is_running(self) -> bool:
        return self._number != 0

    def start(self, message_ids: Sequence[str], counting: Count) -> None:
        """Search these messages, in this order."""
        self._number = next(self._numbers)
        self._take_generation(self._number, _steps(self._store, list(message_ids), counting))

    def stop(self) -> None:
        """End the search; nothing more is emitted."""
        self._number = 0

    def _take_generation(self, number: int, steps: Iterator[FoundIn | None]) -> None:
        def deliver(outcome: tuple[list[FoundIn], bool]) -> None:
            if number != self._number:
                return
            found, is_over = outcome
            if found:
                self.found.emit(found)
            if number != self._number:  # stopped by who heard of it
                return
            if is_over:
                self._number = 0
                self.ended.emit()
            else:
                self._take_generation(number, steps)

        def fail(error: Exception) -> None:
            if number == self._number:
                self._number = 0
                self.failed.emit(error)

        self._work.run_on_store(lambda: _generation(steps), deliver, fail)


def _steps(store: ConversationStore, message_ids: list[str], counting: Count) -> Iterator[FoundIn | None]:
    """Yield the finds of each message, and None where a pause may be made.

    Runs on the store's thread; raises `StoreError`.
    """
    for start in range(0, len(message_ids), _READ_AT_ONCE):
        for message in store.messages(message_ids[start : start + _READ_AT_ONCE]):
            steps = counting(message)
            while True:
                try:
                    next(steps)
                except StopIteration as end:
                    yield end.value
                    break
                yield None


def _generation(steps: Iterator[FoundIn | None]) -> tuple[list[FoundIn], bool]:
    """Run the steps for a while; return what was found, and True if that was all."""
    until = time.monotonic() + _TURN_SECONDS
    found: list[FoundIn] = []
    for each in steps:
        if each is not None and each.count:
            found.append(each)
        if time.monotonic() >= until:
            return found, False
    return found, True

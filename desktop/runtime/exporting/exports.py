"""A conversation written to a file: read where the store reads, written where a slow folder holds up nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.exporting.format import Export, ExportFormat, ExportPart, ExportWords
from desktop.core.message import Message
from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks

_QUIET_S = 1.0  # no progress is told of an export that ends within this time
_STEP_S = 0.2  # between two reports of progress


class ExportCancelledError(Exception):
    """Error for an export that the user has ended; nothing has been written."""


class ExportRun(QObject):
    """An export while it is written. Progress is told of one that takes its time."""

    progressed = Signal(float)  # the share that has been written

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._is_cancelled = threading.Event()
        self._told_at = clock() + _QUIET_S - _STEP_S

    def cancel(self) -> None:
        """End it; the file is not written."""
        self._is_cancelled.set()

    def report(self, share: float) -> None:
        """Note how far it has come. Runs on the writing thread; raises `ExportCancelledError`."""
        if self._is_cancelled.is_set():
            raise ExportCancelledError
        now = self._clock()
        if now - self._told_at >= _STEP_S:
            self._told_at = now
            self.progressed.emit(share)


class Exports:
    """A writer of conversations, as they are on the disk."""

    def __init__(
        self, tasks: BackgroundTasks, store: ConversationStore, write_file: Callable[[Path, bytes], None]
    ) -> None:
        """`write_file` replaces a file, or raises `StoreError`."""
        self._tasks = tasks
        self._store = store
        self._write_file = write_file

    def write(
        self,
        conversation: Conversation,
        file: Path,
        form: ExportFormat,
        words: ExportWords,
        *,
        parts: frozenset[ExportPart],
        message_ids: Sequence[str] = (),
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
    ) -> ExportRun:
        """Write a conversation, or some messages of it, and call one of `done` and `failed` on the GUI thread."""
        run = ExportRun()

        def write(messages: list[Message]) -> None:
            export = Export(conversation, messages, words, parts, run.report)
            self._tasks.run_slowly(lambda: self._write_file(file, form.write(export)), done, failed)

        if form.HAS_VERSIONS and not message_ids:
            self._tasks.run_on_store(lambda: self._store.all_messages(conversation.id), write, failed)
        else:
            self.read(conversation, message_ids, write, failed)
        return run

    def write_made(
        self, file: Path, make: Callable[[], bytes], done: Callable[[object], None], failed: Callable[[Exception], None]
    ) -> None:
        """Write what `make` makes on the writing thread, and call one of `done` and `failed` on the GUI thread."""
        self._tasks.run_slowly(lambda: self._write_file(file, make()), done, failed)

    def read(
        self,
        conversation: Conversation,
        message_ids: Sequence[str],
        done: Callable[[list[Message]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Read all messages of a conversation's path, or these, and call one of `done` and `failed`."""

        def read() -> list[Message]:
            return self._store.messages(list(message_ids)) if message_ids else self._store.path(conversation.id)

        self._tasks.run_on_store(read, done, failed)

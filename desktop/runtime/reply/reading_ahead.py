"""The files of a question that is still being typed, read ahead by a model that can: the answer then begins at once.

Only before the first question of a conversation: what stands in front of the files is then known, and nothing is lost
with them if they are taken away. What may be kept of it, and for how long, is the backend's business.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.backend import ReadsAhead
from desktop.core.conversation import Conversation
from desktop.core.message import AttachmentPart, FilePart, user_message
from desktop.core.model import ModelChoice
from desktop.core.request import ChatRequest
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generations import Generations
from desktop.runtime.threads.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What the prompt of a first question begins with: the same one need not be read twice."""

    conversation: str
    choice: ModelChoice | None
    settings: tuple[object, ...]
    files: tuple[FilePart, ...]


class ReadingAhead(QObject):
    """The reader of one beginning at a time; another one takes its place."""

    changed = Signal()  # whether something is being read

    def __init__(
        self,
        work: BackgroundTasks,
        generations: Generations,
        models: ModelDirectory,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._generations = generations
        self._models = models
        self.is_wanted: Callable[[], bool] = lambda: False  # asked on the store's thread
        self._beginning: _Beginning | None = None  # that was read ahead, or is
        self._backend: ReadsAhead | None = None  # which has it
        self._running: Future[Any] | None = None

    @property
    def is_running(self) -> bool:
        """True while something is being read."""
        return self._running is not None

    def follow(self, conversation: Conversation, files: Sequence[FilePart]) -> None:
        """Read the files of a conversation that has not begun; give up what was read of another, or of others."""
        settings = conversation.settings
        own = (settings.system, settings.thinking, settings.thinking_limit, conversation.origin)
        beginning = _Beginning(conversation.id, settings.choice, own, tuple(files))
        if beginning == self._beginning:
            return
        self.forget_files()
        backend = self._models.reader_ahead(settings.choice)
        if not files or not all(isinstance(each, AttachmentPart) for each in files):
            return
        if backend is None or self._generations.is_any_running:
            return
        make = self._generations.request_for(conversation, [user_message("", attached=files)])
        if make is not None:
            self._beginning, self._backend = beginning, backend
            self._begin(make, backend)

    def hand_over(self) -> None:
        """Leave what was read to the question that is asked now."""
        self._beginning = self._backend = None
        self._end()

    def forget_files(self) -> None:
        """Stop reading, and have what was read forgotten."""
        backend = self._backend
        self.hand_over()
        if backend is not None:
            self._work.run_on_loop(backend.forget_ahead(), _nothing, _note)

    def _begin(self, make: Callable[[], ChatRequest], backend: ReadsAhead) -> None:
        is_wanted, beginning = self.is_wanted, self._beginning

        def ask(request: ChatRequest | None) -> None:
            if self._beginning is not beginning or request is None:
                self._end()
            else:
                self._running = self._work.run_on_loop(backend.read_ahead(request), lambda _: self._end(), self._fail)
                self.changed.emit()

        self._work.run_on_store(lambda: make() if is_wanted() else None, ask, self._fail)

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            self.changed.emit()

    def _fail(self, error: Exception) -> None:
        _note(error)
        self._end()


def _nothing(_: object) -> None:
    """Do nothing."""


def _note(error: Exception) -> None:
    _log.info("a file could not be read ahead: %s", type(error).__name__, exc_info=error)

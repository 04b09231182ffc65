"""What a question that is still being typed will need, made ready by a model that can: the answer begins at once.

Its model is loaded, with what is kept of its conversation. Its files are read, but only before the first question of a
conversation: what stands in front of them is then known, and nothing is lost with them if they are taken away. What may
be kept of it, and for how long, is the backend's business.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.backend import ReadsAhead
from desktop.core.conversation import Conversation
from desktop.core.errors import BackendError
from desktop.core.message import AttachmentPart, FilePart, user_message
from desktop.core.model import ModelChoice
from desktop.core.repository import StoreError
from desktop.core.request import ChatRequest
from desktop.runtime.background import Task, gui_task
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import Generations
from desktop.runtime.services import Services

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

    def __init__(self, services: Services, generations: Generations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = services.work
        self._models = services.models
        self._generations = generations
        self.is_wanted: Callable[[], bool] = lambda: False  # asked on the store's thread
        self._beginning: _Beginning | None = None  # that was read ahead, or is
        self._backend: ReadsAhead | None = None  # which has it
        self._reading: Task | None = None
        self.is_running = False  # something is being read
        self._handed_over: tuple[Generation, ReadsAhead] | None = None
        self._loaded_for: tuple[str, str | None, ModelChoice | None] | None = None  # the question that is typed
        generations.ended.connect(self._forget_unused)
        generations.not_begun.connect(self._forget_unused)

    @property
    def is_taken(self) -> bool:
        """True while something is being read, or has been for a question that is still typed."""
        return self._beginning is not None

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
            self._reading = self._read(make, backend)

    @gui_task
    async def load(self, conversation: Conversation) -> None:
        """Have the model of a conversation loaded, if it is not; any question takes that up.

        It stays loaded, since nothing of the question is in it.
        """
        question = (conversation.id, conversation.head_id, conversation.settings.choice)
        backend = self._models.reader_ahead(conversation.settings.choice)
        if question == self._loaded_for or backend is None or self._beginning is not None:
            return
        make = self._generations.request_for(conversation, [], conversation.head_id)
        if make is None or self._generations.is_any_running:
            return
        self._loaded_for, is_wanted = question, self.is_wanted
        try:
            request = await self._work.run(lambda: make() if is_wanted() else None)
            if request is not None:
                await self._work.on_loop(backend.load_ahead(request))
        except (BackendError, StoreError) as error:
            _note(error)

    def hand_over(self, generation: Generation) -> None:
        """Leave what was read, or is, to the question that is asked now; have it forgotten if that is another one.

        The backend ends the reading itself: a load that has begun is not to be begun again.
        """
        beginning, backend = self._beginning, self._backend
        if beginning is None or backend is None:
            return
        asked = (generation.conversation.id, generation.builder.message.model)
        if beginning.choice is None or asked != (beginning.conversation, beginning.choice.model):
            self.forget_files()
            return
        self._handed_over = (generation, backend)
        self._beginning = self._backend = self._reading = None
        self._say(is_running=False)

    def forget_files(self) -> None:
        """Stop reading, and have what was read forgotten."""
        backend = self._backend
        self.stop()
        if backend is not None:
            self._have_forgotten(backend)

    def stop(self) -> None:
        """Stop reading; the engine itself is about to end."""
        if self._reading is not None:
            self._reading.cancel()
        self._beginning = self._backend = self._reading = None
        self._say(is_running=False)

    def _forget_unused(self, generation: Generation) -> None:
        """Have forgotten what was left to a question that was stopped, or refused by the disk, before it was asked."""
        if self._handed_over is not None and self._handed_over[0] is generation:
            backend, self._handed_over = self._handed_over[1], None
            self._have_forgotten(backend)

    @gui_task
    async def _have_forgotten(self, backend: ReadsAhead) -> None:
        try:
            await self._work.on_loop(backend.forget_ahead())
        except BackendError as error:
            _note(error)

    @gui_task
    async def _read(self, make: Callable[[], ChatRequest], backend: ReadsAhead) -> None:
        is_wanted, beginning = self.is_wanted, self._beginning
        try:
            request = await self._work.run(lambda: make() if is_wanted() else None)
            if request is not None and beginning is self._beginning:
                self._say(is_running=True)
                await self._work.on_loop(backend.read_ahead(request))
        except (BackendError, StoreError) as error:
            _note(error)
        if beginning is self._beginning:  # else it was left to its question
            self._say(is_running=False)

    def _say(self, *, is_running: bool) -> None:
        if is_running != self.is_running:
            self.is_running = is_running
            self.changed.emit()


def _note(error: Exception) -> None:
    _log.info("nothing could be made ready ahead: %s", type(error).__name__, exc_info=error)

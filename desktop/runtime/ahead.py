"""What a question that is still being typed will need, made ready by a model that can: the answer begins at once.

Its model is loaded, with what is kept of its conversation. Its files are read, but only before the first question of a
conversation: what stands in front of them is then known, and nothing is lost with them if they are taken away. What may
be kept of it, and for how long, is the backend's business.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation
from desktop.core.errors import BackendError, StoreError
from desktop.core.message import AttachmentPart, FilePart, user_message
from desktop.core.model import ModelChoice, ReadsAhead
from desktop.core.request import ChatRequest
from desktop.runtime.background import NO_TASK, gui_task
from desktop.runtime.generation import Generation
from desktop.runtime.generations import Start
from desktop.runtime.session import Session

_log = logging.getLogger(__name__)


_Beginning = tuple[str, ModelChoice | None, tuple[object, ...]]  # of a prompt: the conversation, the model, all else


class ReadingAhead(QObject):
    """The reader of one beginning at a time; another one takes its place."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._work = session.services.work
        self._models = session.services.models
        self._generations = session.generations
        self.is_wanted: Callable[[], bool] = lambda: False  # asked on the store's thread
        self._read: tuple[_Beginning, ReadsAhead] | None = None  # what was read ahead, or is, and where
        self._reading = NO_TASK
        self._handed_over: tuple[Generation, ReadsAhead] | None = None
        self._loaded_for: tuple[str, str | None, ModelChoice | None] | None = None  # the question that is typed
        session.generation_started.connect(self._hand_over)
        for over in (self._generations.ended, self._generations.not_begun):
            over.connect(self._forget_unused)

    @property
    def is_taken(self) -> bool:
        """True while something is being read, or has been for a question that is still typed."""
        return self._read is not None

    def follow(self, conversation: Conversation, files: Sequence[FilePart]) -> None:
        """Read the files of a conversation that has not begun; give up what was read of another, or of others."""
        settings = conversation.settings
        own = (settings.system, settings.thinking, settings.thinking_limit, conversation.origin, *files)
        beginning = conversation.id, settings.choice, own
        if self._read is not None and beginning == self._read[0]:  # the same one need not be read twice
            return
        self.forget_files()
        backend = self._models.reader_ahead(settings.choice)
        if not files or not all(isinstance(each, AttachmentPart) for each in files):
            return
        if backend is None or self._generations.is_any_running:
            return
        make = self._generations.request_for(Start(conversation, said=[user_message("", attached=files)]))
        if make is not None:
            self._read = beginning, backend
            self._reading = self._ask(make, backend.read_ahead)

    def load(self, conversation: Conversation) -> None:
        """Have the model of a conversation loaded, if it is not; any question takes that up.

        It stays loaded, since nothing of the question is in it.
        """
        question = (conversation.id, conversation.head_id, conversation.settings.choice)
        backend = self._models.reader_ahead(conversation.settings.choice)
        if question == self._loaded_for or backend is None or self._read is not None:
            return
        make = self._generations.request_for(Start(conversation, conversation.head_id))
        if make is not None and not self._generations.is_any_running:
            self._loaded_for = question
            self._ask(make, backend.load_ahead)

    @gui_task
    async def _ask(
        self, make: Callable[[], ChatRequest], send: Callable[[ChatRequest], Coroutine[Any, Any, None]]
    ) -> None:
        """Make a request on the store's thread, if that is wanted, and send it."""
        is_wanted, read = self.is_wanted, self._read
        try:
            request = await self._work.run(lambda: make() if is_wanted() else None)
            if request is not None and read is self._read:
                await self._work.on_loop(send(request))
        except (BackendError, StoreError) as error:
            _note(error)

    def _hand_over(self, generation: Generation) -> None:
        """Leave what was read, or is, to the question that is asked now; have it forgotten if that is another one.

        The backend ends the reading itself: a load that has begun is not to be begun again.
        """
        if self._read is None:
            return
        (conversation, choice, _), backend = self._read
        asked = (generation.conversation.id, generation.builder.message.model)
        if choice is None or asked != (conversation, choice.model):
            self.forget_files()
            return
        self._handed_over = (generation, backend)
        self._read, self._reading = None, NO_TASK

    def forget_files(self) -> None:
        """Stop reading, and have what was read forgotten."""
        read = self._read
        self.stop()
        if read is not None:
            self._have_forgotten(read[1])

    def stop(self) -> None:
        """Stop reading; the engine itself is about to end."""
        self._reading.cancel()
        self._read = None

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


def _note(error: Exception) -> None:
    _log.info("nothing could be made ready ahead: %s", type(error).__name__, exc_info=error)

"""Titles by a model, for who has switched that on: asked for only on this computer, and only while nothing else runs.

What the model makes takes the place of the automatic title alone; one that the user has written stays.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer

from desktop.core.conversation import Conversation, is_temporary
from desktop.core.documents.naming_places import without_asking
from desktop.core.message import Message, Role, user_message
from desktop.core.model import ModelChoice
from desktop.core.place import PlaceKind
from desktop.core.prompts.prompt import Language, Wording
from desktop.core.repository import ConversationStore
from desktop.core.text.scripts import is_chinese
from desktop.core.text.titles import title_from
from desktop.runtime.models.aside import answer_aside, asked_of
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.threads.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)

_IDLE_MS = 3_000  # after a reply: who reads it may have a question at once
_LOOK_MS = 250  # while the model is asked: whatever begins meanwhile ends that
_TOKENS = 40
_TO_MODEL = 1_500  # letters of either side: a small model reads them at once
_LONGEST_ANSWER = 120  # letters; more is no title
_ASK = Wording(
    "Name this conversation in two to six words. Write the name alone.",
    "用不超过十五个字概括这段对话的主题。只写这个标题。",
)


class TitleWriter(QObject):
    """A writer of one title at a time. `is_busy` tells if a reply runs; `title_now` returns a conversation's title."""

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        models: ModelDirectory,
        title_of: Callable[[str, Sequence[str]], str],
        is_busy: Callable[[], bool],
        title_now: Callable[[str], str],
        rename: Callable[[str, str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self._models = models
        self._title_of = title_of
        self._is_busy = is_busy
        self._title_now = title_now
        self._rename = rename
        self.is_wanted = False
        self._running: Future[object] | None = None
        self._candidate: Conversation | None = None
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self._read)
        self._watch = QTimer(self, interval=_LOOK_MS)
        self._watch.timeout.connect(self._end_if_busy)

    def consider(self, conversation: Conversation) -> None:
        """Note a conversation in which a reply has just ended."""
        self.cancel()
        if self.is_wanted and not is_temporary(conversation.id) and self._is_here(conversation.settings.choice):
            self._candidate = conversation
            self._idle.start()

    def cancel(self) -> None:
        """Ask no more; the server sees the connection close."""
        self._idle.stop()
        self._watch.stop()
        self._candidate = None
        running, self._running = self._running, None
        if running is not None:
            running.cancel()

    def _is_here(self, choice: ModelChoice | None) -> bool:
        place = self._models.place_of(choice)
        return place is not None and place.kind is PlaceKind.THIS_COMPUTER

    def _end_if_busy(self) -> None:
        if self._is_busy():
            self.cancel()

    def _read(self) -> None:
        candidate = self._candidate
        if candidate is None or self._is_busy():
            return
        self._work.run_on_store(
            lambda: self._store.path(candidate.id), lambda path: self._ask(candidate, path), self._note_failure
        )

    def _ask(self, candidate: Conversation, path: list[Message]) -> None:
        choice = candidate.settings.choice
        if candidate is not self._candidate or self._is_busy() or choice is None:
            return
        roles = [message.role for message in path]
        asked = asked_of(self._models, choice)
        if roles != [Role.USER, Role.ASSISTANT] or asked is None:
            return
        question, answer = path
        automatic = self._title_of(without_asking(question.text), [file.name for file in question.files])
        if self._title_now(candidate.id) != automatic:
            return
        words = question_for_title(question.text, answer.text)

        def take(text: str) -> None:
            self._watch.stop()
            title = title_in_answer(text)
            if candidate is self._candidate and title and self._title_now(candidate.id) == automatic:
                self._rename(candidate.id, title)

        self._running = self._work.run_on_loop(
            answer_aside(user_message(words), asked, _TOKENS, candidate.id, is_for_title=True),
            take,
            self._note_failure,
        )
        self._watch.start()

    def _note_failure(self, error: Exception) -> None:
        self._watch.stop()
        _log.info("a conversation was not named: %s", error)


def question_for_title(asked: str, answered: str) -> str:
    """Return the question by which a model is asked to name a conversation, in its language."""
    ask = _ASK.of(Language.CHINESE if is_chinese(asked) else Language.ENGLISH)
    return f"{asked[:_TO_MODEL]}\n\n---\n\n{answered[:_TO_MODEL]}\n\n---\n\n{ask}"


def title_in_answer(answer: str) -> str:
    """Return the title that a model's answer gives, on one line and no longer than others; empty if it gives none."""
    line = next((line for line in answer.splitlines() if line.strip()), "").strip()
    bare = line.strip("\"'“”‘’「」『』《》*#_ ").removesuffix(".").removesuffix("。")
    return title_from(bare) if bare and len(bare) <= _LONGEST_ANSWER else ""

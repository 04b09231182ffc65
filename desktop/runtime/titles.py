"""Titles by the model of a conversation itself, once it has answered for the first time and nothing else runs.

It is asked behind the conversation, so that a server goes on from what it has read; a model that reads it anew all the
same is not asked again. What it makes takes the place of the automatic title alone; one that the user wrote stays.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from desktop.core.conversation import Conversation, is_temporary
from desktop.core.documents.marks import without_asking
from desktop.core.errors import BackendError, StoreError
from desktop.core.events import Measured
from desktop.core.message import Message, user_message
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.models.window import answer_limit
from desktop.core.place import PlaceKind
from desktop.core.prompts.prompt import Language, Wording
from desktop.core.request import ChatRequest, Errand, Thinking, ThinkingMode
from desktop.core.text.scripts import is_chinese
from desktop.core.text.terms import content_of, terms_in
from desktop.core.text.titles import columns, title_from
from desktop.core.text.tokens import estimate_tokens
from desktop.runtime.background import NO_TASK, gui_task
from desktop.runtime.generation import Generation
from desktop.runtime.generations import Start
from desktop.runtime.models.directory import heard_out
from desktop.runtime.sending import Sending

_log = logging.getLogger(__name__)

_IDLE_MS = 3_000  # after a reply: who reads it may have a question at once
_LOOK_MS = 250  # while the model is asked: whatever begins meanwhile ends that
_TOKENS = 40
_THINKING_TOKENS = 512  # where a model cannot be kept from it
_LONGEST_ANSWER = 64  # columns; more is no title
_LOOKED_AT = 20_000  # letters of what was said, for the words of a title
_WORTH_KEEPING = 128  # tokens; fewer are read anew in a moment
_ASK = Wording(
    "Name this conversation in two to six words: the task, and what it is about. Write the name alone.",
    "用不超过十五个字给这段对话起个标题：做什么、关于什么。只写标题。",
)


class TitleWriter(QObject):
    """A writer of one title at a time."""

    def __init__(self, session: Sending, is_used: Callable[[], bool]) -> None:
        """Keep the dependencies. `is_used` tells if a model is used otherwise than for a reply."""
        super().__init__(session)
        self._session = session
        self._is_used = is_used
        self.is_wanted = False
        self.is_on_battery: Callable[[], bool] = lambda: False  # asked on the store's thread
        self._unfit: set[ModelChoice] = set()  # that read a conversation anew, or gave no title
        self._task = NO_TASK
        self._watch = QTimer(self, interval=_LOOK_MS)
        self._watch.timeout.connect(lambda: self.cancel() if self._is_busy else None)
        session.generation_ended.connect(self._consider)
        session.generation_started.connect(self.cancel)
        session.attachments.changed.connect(lambda: self.cancel() if session.attachments.items else None)

    def _consider(self, generation: Generation) -> None:
        self.cancel()
        conversation = generation.conversation
        if self.is_wanted and not is_temporary(conversation.id) and self._is_fit(conversation.settings.choice):
            self._task = self._name(conversation)

    def cancel(self) -> None:
        """Ask no more; the server sees the connection close."""
        self._watch.stop()
        self._task.cancel()

    def _is_fit(self, choice: ModelChoice | None) -> bool:
        """Return True for a model on this computer that is not so small that its titles say nothing."""
        models = self._session.services.models
        place = models.place_of(choice)
        if place is None or place.kind is not PlaceKind.THIS_COMPUTER or choice in self._unfit:
            return False
        return answer_limit(models.find(choice), place) is None

    @property
    def _is_busy(self) -> bool:
        return self._session.generations.is_any_running or self._is_used()

    @gui_task
    async def _name(self, conversation: Conversation) -> None:
        """Name a conversation that has its first answer and the title that it began with."""
        work, store = self._session.services.work, self._session.services.store
        await work.pause(_IDLE_MS)
        if self._is_busy:
            return
        is_on_battery, shelf = self.is_on_battery, self._session.shelf
        try:
            path = await work.run(lambda: [] if is_on_battery() else store.path(conversation.id))
            if len(path) < 2 or [each for each in path if each.model] != path[-1:]:
                return
            question, answer = path[-2:]
            names = [file.name for file in question.without_passages.files]
            automatic = self._session.title_of(without_asking(question.text), names)
            if not answer.text.strip() or shelf.title_of(conversation.id) != automatic:
                return
            ask = _ASK.of(Language.CHINESE if is_chinese(question.text) else Language.ENGLISH)
            make = self._session.generations.request_for(Start(conversation, answer.id, [user_message(ask)]))
            title = await self._ask(await work.run(make), [question, answer], conversation) if make is not None else ""
        except (BackendError, StoreError) as error:
            _log.info("a conversation was not named: %s", error)
        else:
            if title and shelf.title_of(conversation.id) == automatic:
                self._session.rename(conversation.id, title)
        finally:
            self._watch.stop()

    async def _ask(self, request: ChatRequest, said: list[Message], conversation: Conversation) -> str:
        """Return the title that the conversation's model gives to what was said; empty if it gives none."""
        models, choice = self._session.services.models, conversation.settings.choice
        backend, windows = models.backend(choice), models.window_range(choice)
        if choice is None or backend is None or self._is_busy:
            return ""
        if windows is not None and request.params.context_length != windows.window_for(0):
            return ""  # it would be loaded anew, with a larger window
        speed = models.measurements.measures_of(choice).read_per_second
        new = sum(estimate_tokens(each.text) for each in (*unread_of(said), request.messages[-1]))
        self._watch.start()
        asked = _for_title(request, models.find(choice))
        reply, measured = await self._session.services.work.on_loop(heard_out(backend, asked))
        title = title_in_answer(reply.text, said)
        if not title or _read_anew(reply, measured, new, speed):
            _log.info("%s is not asked for titles again", choice.model)
            self._unfit.add(choice)
        return title


def _for_title(request: ChatRequest, model: ModelInfo | None) -> ChatRequest:
    """Return the request for a short answer that leaves the beginning of the prompt as it is, and its window."""
    params = replace(request.params, temperature=0.0, max_tokens=_TOKENS, largest_context=None)
    can_be_off = model is not None and ThinkingMode.OFF in model.thinking_modes and not model.off_changes_prompt
    thinking = Thinking(ThinkingMode.OFF) if can_be_off else replace(request.thinking, budget=_THINKING_TOKENS)
    return replace(request, params=params, thinking=thinking, thinks_first=False, errand=Errand.TITLE)


def _read_anew(reply: Message, told: Measured, new: float, speed: float | None) -> bool:
    """Return True if a model has read most of a prompt that it had read before, or was loaded for it.

    `new`: its tokens that could not be read before. `speed`: tokens that the model reads in a second, by which the time
    of reading tells what was read where the server counts all of the prompt.
    """
    if told.has_loaded:
        return True
    usage = reply.usage
    prompt = usage.prompt_tokens if usage is not None else None
    if usage is None or prompt is None:
        return False
    if usage.cached_tokens is not None:
        read = float(prompt - usage.cached_tokens)
    elif told.read_seconds is not None and speed:
        read = told.read_seconds * speed
    else:
        return False
    had = prompt - new
    return had > _WORTH_KEEPING and read > new + had / 2


def unread_of(said: Sequence[Message]) -> Sequence[Message]:
    """Return which of question and answer a server has not read yet: passages go once, and what stood behind them."""
    return said if said[0].passages else said[1:]


def title_in_answer(answer: str, said: Sequence[Message]) -> str:
    """Return the title that a model's answer gives; empty for a sentence, and where no word of it was said before."""
    line = next((line for line in answer.splitlines() if line.strip()), "").strip()
    bare = line.strip("\"'“”‘’「」『』《》*#_ ").removesuffix(".").removesuffix("。")
    known = {term for each in said for term in terms_in(each.text[:_LOOKED_AT])}
    is_about = any(term in known for terms in content_of(bare).values() for term in terms)
    return title_from(bare) if is_about and columns(bare) <= _LONGEST_ANSWER else ""

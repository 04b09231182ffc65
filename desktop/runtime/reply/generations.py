"""The generations that run, in the current conversation or another, and the ends that the disk refused.

Makes their requests. Where a reply stands in a path, and what is shown of it, is `chat`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop.core.context.filling import with_window
from desktop.core.conversation import Conversation, is_temporary
from desktop.core.message import AnswerWay, Message, MessageStatus, QueuedText, Role, Split
from desktop.core.model import ModelChoice
from desktop.core.models.answer_limit import answer_limit, limit_to_send
from desktop.core.outgoing.messages import outgoing, partial_reply_of, parts_for
from desktop.core.outgoing.think_first import cannot_reason
from desktop.core.repository import ConversationStore, StoreError
from desktop.core.request import (
    ChatRequest,
    GenerationParams,
    PartialReply,
    Thinking,
    ThinkingMode,
    limited,
    with_max_tokens,
)
from desktop.core.text.pace import Attention
from desktop.runtime.keeping.unsaved import Key, Unsaved
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generation import Generation
from desktop.runtime.threads.background_tasks import BackgroundTasks


@dataclass(frozen=True, slots=True)
class RequestOverrides:
    """The differences of one request from the conversation's settings; None and empty: none."""

    choice: ModelChoice | None = None
    thinking: ThinkingMode | None = None
    max_tokens: int | None = None
    answer_by: tuple[AnswerWay, ...] = ()


class Generations(QObject):
    """The running generations: one at most for each conversation, except where answers are compared."""

    begun = Signal(object)  # Generation, whose messages are on the disk
    not_begun = Signal(object, object)  # Generation, StoreError: it counts as one that never was
    ended = Signal(object, object)  # Generation, its final Message

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        models: ModelDirectory,
        disk: Unsaved,
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies; `disk` writes ends again that were refused."""
        super().__init__(parent)
        self._work = work
        self._store = store
        self._models = models
        self._disk = disk
        self._running: dict[str, Generation] = {}  # by the id of the reply
        self._beginning: dict[
            str, Generation
        ] = {}  # those that the disk has not answered yet, also when they were stopped
        self._unsaved: dict[str, Generation] = {}  # whose end did not reach the disk, by the id of the reply
        self._attention = Attention.IN_FRONT
        self.is_in_sight: Callable[[Conversation], bool] = lambda _: True  # set by who knows which one is shown
        self._last_ended: Generation | None = None  # kept until it is no longer in the middle of its own signal

    def follow(self, attention: Attention) -> None:
        """Have running generations, and those to come, show their words as often as the window's attention is worth."""
        self._attention = attention
        self.share_attention()

    def share_attention(self) -> None:
        """Give each running generation the attention that it gets now: none where its conversation is not in sight."""
        for generation in list(self._running.values()):  # one may end by this
            generation.follow(self._attention_for(generation.conversation))

    def _attention_for(self, conversation: Conversation) -> Attention:
        return self._attention if self.is_in_sight(conversation) else Attention.UNSEEN

    def running(self, reply_id: str | None) -> Generation | None:
        """Return the generation that writes this reply, or None if none does."""
        return self._running.get(reply_id) if reply_id is not None else None

    def running_in(self, conversation_id: str) -> list[Generation]:
        """Return all that run in a conversation, in the order in which they were prepared."""
        return [generation for generation in self._running.values() if generation.conversation.id == conversation_id]

    @property
    def running_conversations(self) -> frozenset[str]:
        """The ids of the conversations in which something runs."""
        return frozenset(generation.conversation.id for generation in self._running.values())

    def is_busy(self, conversation_id: str) -> bool:
        """Return True if a reply runs there, or was stopped before the disk took its beginning."""
        taken = (*self._running.values(), *self._beginning.values())
        return any(generation.conversation.id == conversation_id for generation in taken)

    def prepare(
        self,
        conversation: Conversation,
        above: str | None,
        said: list[Message],
        queue: Sequence[QueuedText] | None = None,
        begun: Message | None = None,
        overrides: RequestOverrides | None = None,
        *,
        beside: bool = False,
    ) -> Generation | None:
        """Return a new generation that replies to `said`, or to the history ending with `above`; None without a model.

        It counts as running, and is to be started, or else given up. `queue` is as in `Generation`. With `begun` it is
        a copy of that reply which grows on, so that the first save has its words already. `overrides` hold what the
        conversation's settings do not say. The conversation ends with its reply from now on, unless it runs `beside`
        another one.
        """
        asked = conversation
        if overrides is not None and overrides.choice is not None:
            asked = replace(conversation, settings=replace(conversation.settings, choice=overrides.choice))
        choice = asked.settings.choice
        backend = self._models.backend(choice.connection_id) if choice else None
        place = self._models.place_of(choice)
        if choice is None or backend is None or place is None:
            return None
        reply = Message(
            role=Role.ASSISTANT,
            parent_id=said[-1].id if said else above,
            status=MessageStatus.STREAMING,
            model=choice.model,
            place=place,
        )
        if begun is not None:
            parts = parts_for(begun, choice.model, place)
            reply = replace(reply, parts=parts, usage=begun.usage, timings=begun.timings, early=begun.early)
        answer_tokens = answer_limit(self._models.find(choice), place)
        request = self._request(asked, choice.model, above, said, answer_tokens)
        if begun is not None:
            request = _continuing(request, partial_reply_of(begun, choice.model, place))
        if overrides is not None:
            request = _asking(request, overrides)
        request = self._asking_for_window(request, choice)
        head_id = conversation.head_id if beside else reply.id
        moved = replace(conversation, head_id=head_id, updated_at=time.time())
        limit = conversation.settings.thinking_limit
        generation = Generation(
            self._work, self._store, backend, request, moved, [*said, reply], queue, limit, answer_tokens
        )
        generation.follow(self._attention_for(conversation))
        generation.finished.connect(self._on_finished)
        generation.begun.connect(self._on_begun)
        generation.not_begun.connect(self._on_not_begun)
        generation.save_failed.connect(self._on_save_failed)
        generation.saved.connect(self._on_saved)
        # Before its own beginning, so that a later message never outlives an earlier one.
        self._disk.save_again_quietly()
        self._running[reply.id] = self._beginning[reply.id] = generation
        return generation

    def request_for(
        self, conversation: Conversation, said: list[Message], above: str | None = None
    ) -> Callable[[], ChatRequest] | None:
        """Return a function for the store's thread that makes the request with which a question would begin.

        It is the first one where nothing stands `above` it. None where there is no model.
        """
        choice = conversation.settings.choice
        place = self._models.place_of(choice)
        if choice is None or place is None:
            return None
        answer_tokens = answer_limit(self._models.find(choice), place)
        return self._asking_for_window(self._request(conversation, choice.model, above, said, answer_tokens), choice)

    def discard_prepared(self, generation: Generation) -> None:
        """Forget a prepared generation that is not going to be started."""
        self._beginning.pop(generation.reply_id, None)
        self._take(generation.reply_id)

    def stop_in(self, conversation_id: str) -> None:
        for generation in self.running_in(conversation_id):
            generation.stop()

    def stop_all(self) -> None:
        for generation in list(self._running.values()):
            generation.stop()

    @property
    def is_any_running(self) -> bool:
        """Return True if a reply is written, in any conversation."""
        return bool(self._running)

    def _request(
        self, conversation: Conversation, model: str, above: str | None, said: list[Message], answer_tokens: int | None
    ) -> Callable[[], ChatRequest]:
        """Return a function for the store's thread that reads the history down to `above` and makes the request."""
        store, settings = self._store, conversation.settings
        split = self._models.split_of(settings.choice) if settings.choice else Split.AUTO
        info, place = self._models.find(settings.choice), self._models.place_of(settings.choice)
        thinks_first = settings.thinking.mode is ThinkingMode.ON and cannot_reason(info)
        if thinks_first:
            split = Split.AUTO  # the tags that are asked for are no text, whatever they are elsewhere
        thinking = info.in_force(settings.thinking) if info else settings.thinking
        thinking = limited(thinking, settings.thinking_limit)
        unsaved = {reply_id: generation.builder.message for reply_id, generation in self._unsaved.items()}

        def make() -> ChatRequest:
            earlier = store.path(conversation.id, above) if above else []
            if above and not earlier:
                raise StoreError("other", "the messages before this one are not there")
            whole = [*(unsaved.get(each.id, each) for each in earlier), *said]
            messages = outgoing(whole, settings.left_out)
            request = ChatRequest(
                model=model,
                messages=messages,
                system=settings.system,
                params=GenerationParams(temperature=settings.temperature),
                thinking=thinking,
                split=split,
                place=place,
                thinks_first=thinks_first,
                cannot_reason=cannot_reason(info) and not thinks_first,
                fresh=conversation.origin is not None and not any(map(_is_reply, earlier)),
                pictures=store.pictures(messages),
                conversation="" if is_temporary(conversation.id) else conversation.id,
            )
            return with_max_tokens(request, limit_to_send(request, answer_tokens))

        return make

    def _asking_for_window(
        self, make_request: Callable[[], ChatRequest], choice: ModelChoice
    ) -> Callable[[], ChatRequest]:
        windows, weights = self._models.window_range(choice), self._models.measurements.weights_of(choice)
        return lambda: with_window(make_request(), windows, weights)

    def _on_begun(self, generation: Generation) -> None:
        self._beginning.pop(generation.reply_id, None)
        self.begun.emit(generation)

    def _on_not_begun(self, generation: Generation, error: StoreError) -> None:
        self.discard_prepared(generation)
        self.not_begun.emit(generation, error)

    def _on_finished(self, message: Message) -> None:
        generation = self._take(message.id)
        if generation is not None:
            self.ended.emit(generation, message)

    def _on_save_failed(self, generation: Generation, error: StoreError) -> None:
        self._unsaved[generation.reply_id] = generation
        self._disk.note_refused(_key(generation), generation.save_again, error)

    def _on_saved(self, generation: Generation) -> None:
        self._unsaved.pop(generation.reply_id, None)
        self._disk.note_saved(_key(generation))

    def _take(self, reply_id: str) -> Generation | None:
        """Remove the generation of a reply from the running ones, and return it."""
        found = self._running.pop(reply_id, None)
        if found is not None:
            self._last_ended = found
        return found


def _key(generation: Generation) -> Key:
    return "reply", generation.conversation.id, generation.reply_id


def _is_reply(message: Message) -> bool:
    """Return True if a model has written the message; an example of a prompt has no model."""
    return message.role is Role.ASSISTANT and bool(message.model)


def _asking(make_request: Callable[[], ChatRequest], overrides: RequestOverrides) -> Callable[[], ChatRequest]:
    def make() -> ChatRequest:
        request = make_request()
        if overrides.thinking is not None:
            thinks_first = request.thinks_first and overrides.thinking is not ThinkingMode.OFF
            request = replace(request, thinking=Thinking(overrides.thinking), thinks_first=thinks_first)
        if overrides.max_tokens is not None:
            request = with_max_tokens(request, overrides.max_tokens)
        if overrides.answer_by and request.partial_reply is not None:
            request = replace(request, partial_reply=replace(request.partial_reply, answer_by=overrides.answer_by))
        return request

    return make


def _continuing(make_request: Callable[[], ChatRequest], partial: PartialReply) -> Callable[[], ChatRequest]:
    return lambda: replace(make_request(), partial_reply=partial)

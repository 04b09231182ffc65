"""The generations that run, in the current conversation or another, and the ends that the disk refused."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal

from desktop.core.context import with_window
from desktop.core.conversation import Conversation, is_temporary
from desktop.core.errors import StoreError
from desktop.core.message import AnswerWay, Message, MessageStatus, QueuedText, Role, Split
from desktop.core.model import ModelChoice
from desktop.core.models.window import answer_limit, limit_to_send
from desktop.core.outgoing import cannot_reason, outgoing, partial_reply_of, parts_for
from desktop.core.request import (
    ChatRequest,
    GenerationParams,
    Thinking,
    ThinkingMode,
    limited,
    with_max_tokens,
)
from desktop.core.text.pace import Attention
from desktop.runtime.background import gui_task
from desktop.runtime.generation import Generation
from desktop.runtime.keeping import Unsaved
from desktop.runtime.services import Services, WithServices

_log = logging.getLogger(__name__)


ANSWER_NOW = (AnswerWay.CONTINUED, AnswerWay.ASKED)  # the ways to the answer of a reply that only thought


@dataclass(frozen=True, slots=True)
class Start:
    """What a reply is asked for with: it replies to `said`, or to the history ending with the message `above`.

    It goes on with `begun`, if that is given. `choice`, `thinking` and `max_tokens` differ from the conversation's
    settings, where they are not None; `answer_by` is how an answer to its thinking may be had. `queue`: what still
    waits in the conversation once it has been saved, None if it does not come from the queue. The conversation ends
    with it from now on, unless it runs `beside` another one.
    """

    conversation: Conversation
    above: str | None = None
    said: Sequence[Message] = ()
    begun: Message | None = None
    choice: ModelChoice | None = None
    thinking: ThinkingMode | None = None
    max_tokens: int | None = None
    answer_by: tuple[AnswerWay, ...] = ()
    queue: Sequence[QueuedText] | None = None
    beside: bool = False


class Generations(WithServices):
    """The running generations: one at most for each conversation, except where answers are compared."""

    not_begun = Signal(object)  # Generation that the disk refused: it counts as one that never was
    ended = Signal(object, object)  # Generation, its final Message

    def __init__(
        self,
        services: Services,
        disk: Unsaved,
        is_in_sight: Callable[[Conversation], bool],
    ) -> None:
        """Keep the dependencies. `disk` writes ends again that were refused; `is_in_sight` tells what is shown."""
        super().__init__(services)
        self._folders = services.folders
        self._disk = disk
        self._running: dict[str, Generation] = {}  # by the id of the reply
        # Those that the disk has not answered yet, also when they were stopped.
        self._beginning: dict[str, Generation] = {}
        self._unsaved: dict[str, Message] = {}  # replies whose end did not reach the disk, by their ids
        self._attention = Attention.IN_FRONT
        self._is_in_sight = is_in_sight
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
        return self._attention if self._is_in_sight(conversation) else Attention.UNSEEN

    # Which ones run

    def running(self, reply_id: str | None) -> Generation | None:
        """Return the generation that writes this reply, or None if none does."""
        return self._running.get(reply_id or "")

    def running_in(self, conversation_id: str) -> list[Generation]:
        """Return all that run in a conversation, in the order in which they were prepared."""
        return [generation for generation in self._running.values() if generation.conversation.id == conversation_id]

    @property
    def running_conversations(self) -> frozenset[str]:
        """The ids of the conversations in which something runs."""
        return frozenset(generation.conversation.id for generation in self._running.values())

    @property
    def is_any_running(self) -> bool:
        """True if a reply is written, in any conversation."""
        return bool(self._running)

    def is_busy(self, conversation_id: str) -> bool:
        """Return True if a reply runs there, or was stopped before the disk took its beginning."""
        taken = (*self._running.values(), *self._beginning.values())
        return any(generation.conversation.id == conversation_id for generation in taken)

    def stop_in(self, conversation_id: str) -> None:
        for generation in self.running_in(conversation_id):
            generation.stop()

    def stop_all(self) -> None:
        for generation in list(self._running.values()):
            generation.stop()

    # From the first save to the last

    def prepare(self, start: Start) -> Generation | None:
        """Return a new generation, which counts as running, and is to be begun, or else given up.

        None without a model. The words of `begun` are copied, so that the first save has them already.
        """
        conversation, begun = start.conversation, start.begun
        choice = start.choice or conversation.settings.choice
        backend, place, make = self._models.backend(choice), self._models.place_of(choice), self.request_for(start)
        if choice is None or backend is None or place is None or make is None:
            return None
        reply = Message(
            role=Role.ASSISTANT,
            parent_id=start.said[-1].id if start.said else start.above,
            status=MessageStatus.STREAMING,
            model=choice.model,
            place=place,
        )
        if begun is not None:
            parts = parts_for(begun, choice.model, place)
            reply = replace(reply, parts=parts, usage=begun.usage, timings=begun.timings, early=begun.early)
        head_id = conversation.head_id if start.beside else reply.id
        moved = replace(conversation, head_id=head_id, updated_at=time.time())
        answer_tokens = answer_limit(self._models.find(choice), place)
        messages = [*start.said, reply]
        generation = Generation(self._work, self._store, backend, make, moved, messages, start.queue, answer_tokens)
        generation.follow(self._attention_for(conversation))
        generation.ended.connect(self._on_ended)
        # Before its own beginning, so that a later message never outlives an earlier one.
        self._disk.save_again_quietly()
        self._running[reply.id] = self._beginning[reply.id] = generation
        self._hold_folders()
        return generation

    async def begin(self, generation: Generation) -> None:
        """Save what was said and the empty reply, then send the request. Raises `StoreError`: nothing was sent."""
        try:
            request = await self._work.run(generation.beginning())
        except Exception as error:
            generation.is_running = False  # it ends without a word
            self.discard_prepared(generation)
            self.not_begun.emit(generation)
            if isinstance(error, StoreError):
                raise
            _log.error("saving a reply failed", exc_info=error)
            raise StoreError("other", str(error)) from error
        self._beginning.pop(generation.reply_id, None)
        if generation.is_running:
            generation.send(request)
        else:
            self._save_end(generation)  # it was stopped, maybe before there was a place to save its end in

    def discard_prepared(self, generation: Generation) -> None:
        """Forget a prepared generation that is not going to be begun."""
        self._beginning.pop(generation.reply_id, None)
        self._last_ended = self._running.pop(generation.reply_id, self._last_ended)
        self._hold_folders()

    def _hold_folders(self) -> None:
        """Have folders wait to be read while this computer writes a reply."""
        places = [generation.builder.message.place for generation in self._running.values()]
        self._folders.hold(any(place is not None and place.is_local for place in places))

    def _on_ended(self, message: Message) -> None:
        generation = self._running.pop(message.id, None)
        self._hold_folders()
        if generation is not None:
            self._last_ended = generation
            self._save_end(generation)
            self.ended.emit(generation, message)

    @gui_task
    async def _save_end(self, generation: Generation) -> None:
        """Save how a reply has ended; the disk is asked again where it refuses, and told by the requests till then."""
        key = "reply", generation.conversation.id, generation.reply_id
        try:
            await self._work.run(generation.ending())
        except Exception as error:
            self._unsaved[generation.reply_id] = generation.builder.message
            self._disk.note_refused(key, lambda: self._save_end(generation), error)
        else:
            self._unsaved.pop(generation.reply_id, None)
            self._disk.note_saved(key)

    # Requests

    def request_for(self, start: Start) -> Callable[[], ChatRequest] | None:
        """Return a function for the store's thread that reads the history and makes the request; None without model."""
        conversation, above, store = start.conversation, start.above, self._store
        settings = conversation.settings
        choice = start.choice or settings.choice
        info, place = self._models.find(choice), self._models.place_of(choice)
        if choice is None or place is None:
            return None
        thinks_first = settings.thinking.mode is ThinkingMode.ON and cannot_reason(info)
        cannot_think = cannot_reason(info) and not thinks_first
        # The tags that are asked for are no text, whatever they are elsewhere.
        split = Split.AUTO if thinks_first else self._models.split_of(choice)
        thinking = limited(info.in_force(settings.thinking) if info else settings.thinking, settings.thinking_limit)
        if start.thinking is not None:
            thinking = Thinking(start.thinking)
            thinks_first = thinks_first and start.thinking is not ThinkingMode.OFF
        answer_tokens = answer_limit(info, place)
        windows, weights = self._models.window_range(choice), self._models.measurements.weights_of(choice)
        unsaved = dict(self._unsaved)

        def make() -> ChatRequest:
            earlier = store.path(conversation.id, above) if above else []
            if above and not earlier:
                raise StoreError("other", "the messages before this one are not there")
            messages = outgoing([*(unsaved.get(each.id, each) for each in earlier), *start.said], settings.left_out)
            request = ChatRequest(
                model=choice.model,
                messages=messages,
                system=settings.system,
                params=GenerationParams(temperature=settings.temperature),
                thinking=thinking,
                split=split,
                place=place,
                thinks_first=thinks_first,
                cannot_reason=cannot_think,
                fresh=conversation.origin is not None and not any(each.model for each in earlier),
                pictures=store.pictures(messages),
                conversation="" if is_temporary(conversation.id) else conversation.id,
            )
            request = with_max_tokens(request, limit_to_send(request, answer_tokens))
            if start.begun is not None:
                partial = partial_reply_of(start.begun, choice.model, place)
                request = replace(request, partial_reply=replace(partial, answer_by=start.answer_by))
            if start.max_tokens is not None:
                request = with_max_tokens(request, start.max_tokens)
            return with_window(request, windows, weights)

        return make

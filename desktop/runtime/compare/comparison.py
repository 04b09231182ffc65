"""Answers side by side: what each of them was asked, where each stands, and stopping and asking again.

Each answer is stored like every other, so that nothing is lost. Which of them the conversation goes on with is `chat`'s
business, and how they are shown is the window's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.errors import ModelMissing
from desktop.core.message import AnswerWay, Failure, Message, MessageStatus, Role
from desktop.core.reply import can_be_continued, more_room_for, thought_only
from desktop.core.repository import StoreError
from desktop.runtime.conversation.generation_starter import GenerationStarter, PathSlot
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import Generations, RequestOverrides


@dataclass(frozen=True, slots=True)
class Question:
    """The request for one answer: it replies to `said`, or to the history ending with the message `above`.

    With `answer`, which was given earlier in the conversation `answered_in`, nothing is requested.
    """

    above: str | None = None
    said: tuple[Message, ...] = ()
    overrides: RequestOverrides = field(default_factory=RequestOverrides)
    answer: Message | None = None
    answered_in: str = ""


class Side:
    """One answer of a comparison, while it runs and after."""

    def __init__(self, question: Question, conversation_id: str) -> None:
        self.question = question
        self.conversation_id = question.answered_in or conversation_id
        self.generation: Generation | None = None  # while it runs
        self._message = question.answer or _without_model()

    @property
    def message(self) -> Message:
        """The answer as far as it has come."""
        return self.generation.builder.message if self.generation is not None else self._message

    @property
    def is_running(self) -> bool:
        return self.generation is not None

    @property
    def can_be_kept(self) -> bool:
        """True if the conversation can go on with it: it was asked for, and has some words."""
        message = self.message
        was_asked = message.parent_id is not None or not self.is_new
        return was_asked and (message.status is not MessageStatus.FAILED or bool(message.text))

    @property
    def is_new(self) -> bool:
        """True if it was asked for here; False if it was given earlier."""
        return self.question.answer is None

    def follow(self, generation: Generation) -> None:
        self.generation, self._message = generation, generation.builder.message

    def end(self, message: Message) -> None:
        self.generation, self._message = None, message


class Comparison(QObject):
    """A set of answers side by side. The conversation goes on with the first new one until another one is kept.

    One that was left without a choice goes on with the answer that was there before, if there was one.
    """

    side_changed = Signal(int)  # another generation runs there, or its answer has ended
    ended = Signal()  # no answer is being written any more
    begun = Signal()  # all questions are on the disk
    not_begun = Signal(object)  # StoreError: nothing was asked, and nothing is lost
    side_not_begun = Signal(int, object)  # StoreError: this one alone was not asked
    replaced = Signal(str, str)  # a reply was asked for again: its id, and that of the new one, which is on the disk

    def __init__(
        self,
        generations: Generations,
        start: GenerationStarter,
        conversations: ConversationList,
        conversation: Conversation,
        questions: Sequence[Question],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._generations = generations
        self._start = start
        self._list = conversations
        self._conversation = conversation
        self.sides = [Side(each, conversation.id) for each in questions]
        self.is_decided = False  # the user has chosen the answer that the conversation goes on with
        self._main: Generation | None = None  # until the disk has its messages
        self._waiting: dict[str, Generation] = {}  # by reply: prepared, to be started after the main one
        self._again: dict[str, Message] = {}  # by reply that the disk has yet to take: what stood there before
        generations.begun.connect(self._on_begun)
        generations.not_begun.connect(self._on_not_begun)
        generations.ended.connect(self._on_ended)

    @property
    def conversation_id(self) -> str:
        """The id of the conversation that the questions are asked in."""
        return self._conversation.id

    @property
    def is_running(self) -> bool:
        return any(side.is_running for side in self.sides)

    @property
    def is_begun(self) -> bool:
        return self._main is None and not self._waiting

    def request_answers(self, slot: PathSlot | None) -> bool:
        """Request all answers at once. Return False if no model is available for the first.

        `slot` as in `GenerationStarter.start_generation`. The others are sent as soon as the first is on the
        disk: either all can be found again, or none.
        """
        asking = [side for side in self.sides if side.is_new]
        first = asking[0].question
        main = self._start.start_compared(self._conversation, first.above, list(first.said), slot, first.overrides)
        if main is None:
            return False
        self._conversation, self._main = main.conversation, main
        asking[0].follow(main)
        for side in asking[1:]:
            generation = self._prepare(side, side.question.above, list(side.question.said))
            if generation is not None:
                self._waiting[generation.reply_id] = generation
        return True

    def stop(self, index: int) -> None:
        """Stop one answer, keeping what has arrived of it."""
        generation = self.sides[index].generation
        if generation is not None:
            generation.stop()

    def stop_all(self, but: int | None = None) -> None:
        for index in range(len(self.sides)):
            if index != but:
                self.stop(index)

    def answer_now(self, index: int) -> None:
        """End the thinking of one side, and have it answer from what was thought so far."""
        side = self.sides[index]
        if side.generation is not None:
            side.generation.answer_now()
        elif thought_only(side.message):
            self.go_on(index, RequestOverrides(answer_by=(AnswerWay.CONTINUED, AnswerWay.ASKED)))

    def more_room(self, index: int) -> None:
        """Continue an answer that ended too early, with a larger token limit than the one it ran into."""
        self.go_on(index, RequestOverrides(max_tokens=more_room_for(self.sides[index].message)))

    def go_on(self, index: int, overrides: RequestOverrides | None = None) -> None:
        """Continue an answer that broke off."""
        begun = self.sides[index].message
        if can_be_continued(begun):
            self.try_again(index, begun, overrides)

    def try_again(self, index: int, begun: Message | None = None, overrides: RequestOverrides | None = None) -> bool:
        """Request one side's answer anew, or the rest of `begun`. Return False if that can't be done now."""
        side = self.sides[index]
        before = side.message
        if side.is_running or not self.is_begun or not side.is_new:
            return False
        self._conversation = self._list.get(self.conversation_id) or self._conversation
        was_asked = before.parent_id is not None
        above = before.parent_id if was_asked else side.question.above
        generation = self._prepare(side, above, [] if was_asked else list(side.question.said), begun, overrides)
        if generation is None:
            return False
        self._again[generation.reply_id] = before
        generation.start()
        self.side_changed.emit(index)
        return True

    def _prepare(
        self,
        side: Side,
        above: str | None,
        said: list[Message],
        begun: Message | None = None,
        overrides: RequestOverrides | None = None,
    ) -> Generation | None:
        wanted = (
            replace(overrides, choice=side.question.overrides.choice)
            if overrides is not None
            else side.question.overrides
        )
        generation = self._generations.prepare(
            self._conversation, above, said, begun=begun, overrides=wanted, beside=True
        )
        if generation is not None:
            side.follow(generation)
        return generation

    def _on_begun(self, generation: Generation) -> None:
        if generation is self._main:
            self._main = None
            for each in self._waiting.values():
                each.start()
                if not each.is_running:
                    each.save_again()  # stopped before this: there was no place yet to save its end in
        elif generation.reply_id in self._again:
            self.replaced.emit(self._again.pop(generation.reply_id).id, generation.reply_id)
            return
        elif self._waiting.pop(generation.reply_id, None) is None:
            return
        if self.is_begun:
            self.begun.emit()

    def _on_not_begun(self, generation: Generation, error: StoreError) -> None:
        if generation is self._main:
            self._main = None
            for each in self._waiting.values():
                self._generations.discard_prepared(each)
            self._waiting.clear()
            for side in self.sides:
                side.generation = None
            self.not_begun.emit(error)
            return
        index = self._index_of(generation.reply_id)
        if index is None:
            return
        self._waiting.pop(generation.reply_id, None)
        before = self._again.pop(generation.reply_id) if generation.reply_id in self._again else _without_model()
        self.sides[index].end(before)
        self.side_not_begun.emit(index, error)
        self._say_end(index)

    def _on_ended(self, generation: Generation, message: Message) -> None:
        index = self._index_of(generation.reply_id)
        if index is not None:
            self.sides[index].end(message)
            self._say_end(index)

    def _say_end(self, index: int) -> None:
        self.side_changed.emit(index)
        if not self.is_running:
            self.ended.emit()

    def _index_of(self, reply_id: str) -> int | None:
        return next((at for at, side in enumerate(self.sides) if side.message.id == reply_id), None)


def _without_model() -> Message:
    """Return the failed message that stands where no model was available."""
    return Message(role=Role.ASSISTANT, status=MessageStatus.FAILED, failure=Failure(ModelMissing.kind))

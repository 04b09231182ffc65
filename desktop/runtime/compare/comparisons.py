"""Answers side by side: what each was asked, where each stands, stopping, asking again, and the one that is kept.

Each answer is stored like every other, so that nothing is lost. How they are shown is the window's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.conversation import Conversation
from desktop.core.errors import ModelMissing
from desktop.core.message import AnswerWay, Failure, Message, MessageStatus, Role, in_line
from desktop.core.reply import can_be_continued, more_room_for, thought_only
from desktop.core.repository import StoreError
from desktop.core.resplit import resplit
from desktop.core.text.titles import title_from
from desktop.runtime.background import gui_task
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.conversation.sending import PathSlot, Sending, place_at_end, place_beside
from desktop.runtime.conversation.session import Session
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import RequestOverrides


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

    def __init__(
        self, session: Session, sending: Sending, conversation: Conversation, questions: Sequence[Question]
    ) -> None:
        super().__init__()
        self._session = session
        self._sending = sending
        self._conversation = conversation
        self.sides = [Side(each, conversation.id) for each in questions]
        self.is_begun = False
        self.is_decided = False  # the user has chosen the answer that the conversation goes on with
        session.generations.ended.connect(self._on_ended)

    @property
    def conversation_id(self) -> str:
        """The id of the conversation that the questions are asked in."""
        return self._conversation.id

    @property
    def is_running(self) -> bool:
        return any(side.is_running for side in self.sides)

    def request_answers(self, slot: PathSlot | None) -> bool:
        """Request all answers at once. Return False if no model is available for the first.

        `slot` as in `Sending.start`. The others are sent as soon as the first is on the disk: either all can be found
        again, or none.
        """
        first, *others = (side for side in self.sides if side.is_new)
        asked = first.question
        main = self._sending.prepare(self._conversation, asked.above, list(asked.said), slot, overrides=asked.overrides)
        if main is None:
            return False
        self._conversation = main.conversation
        first.follow(main)
        for side in others:
            self._prepare(side, side.question.above, list(side.question.said))
        self._begin(main, slot, [side for side in others if side.is_running])
        return True

    @gui_task
    async def _begin(self, main: Generation, slot: PathSlot | None, others: list[Side]) -> None:
        """Begin the first answer, then the others."""
        waiting = [side.generation for side in others if side.generation is not None]
        try:
            await self._sending.begin(main, slot)
        except StoreError as error:
            self.is_begun = True
            for generation in waiting:
                self._session.generations.discard_prepared(generation)
            for side in self.sides:
                side.generation = None
            self._session.store_failed.emit(error)
            self.not_begun.emit(error)
            return
        for generation in waiting:
            await self._begin_side(generation, _without_model())
        self.is_begun = True
        self.begun.emit()

    async def _begin_side(self, generation: Generation, before: Message) -> bool:
        """Begin one answer; return False, with `before` in its place, where the disk refuses."""
        try:
            await self._session.generations.begin(generation)
        except StoreError as error:
            index = self._index_of(generation.reply_id)
            if index is not None:
                self.sides[index].end(before)
                self.side_not_begun.emit(index, error)
                self._say_end(index)
            return False
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
        self._conversation = self._session.shelf.get(self.conversation_id) or self._conversation
        was_asked = before.parent_id is not None
        above = before.parent_id if was_asked else side.question.above
        generation = self._prepare(side, above, [] if was_asked else list(side.question.said), begun, overrides)
        if generation is None:
            return False
        self._ask_again(generation, before)
        self.side_changed.emit(index)
        return True

    @gui_task
    async def _ask_again(self, generation: Generation, before: Message) -> None:
        """Begin an answer, and move the end of the conversation to it from the one that it replaces."""
        if await self._begin_side(generation, before) and self._session.current.head_id == before.id:
            self._session.go_to(generation.reply_id)

    def _prepare(
        self,
        side: Side,
        above: str | None,
        said: list[Message],
        begun: Message | None = None,
        overrides: RequestOverrides | None = None,
    ) -> Generation | None:
        own = side.question.overrides
        wanted = replace(overrides, choice=own.choice) if overrides is not None else own
        generation = self._session.generations.prepare(
            self._conversation, above, said, begun=begun, overrides=wanted, beside=True
        )
        if generation is not None:
            side.follow(generation)
        return generation

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


class Comparisons(QObject):
    """The running comparisons, each known until its last answer has ended."""

    def __init__(self, session: Session, sending: Sending) -> None:
        super().__init__(session)
        self._session = session
        self._sending = sending

    def ask(
        self,
        lines: Sequence[Sequence[Message]],
        in_place_of: str = "",
        beside: tuple[Message, Message] | None = None,
    ) -> Comparison | None:
        """Ask in the current conversation in several ways at once.

        Return None if that can't be done now: a reply runs, or no model is available. Each of `lines` ends with what is
        said; before it stand messages as if they had been said. The lines become versions of each other, and where
        `in_place_of` names a message of the user, of that. `beside`: a question of this conversation and its
        answer, which are compared with what is asked and not asked again.
        """
        session, current = self._session, self._session.current
        place = place_beside(session.path, in_place_of) if in_place_of else place_at_end(session.path)
        if place is None:
            return None
        questions = []
        if beside is not None:
            asked, answer = beside
            before = Question(place.above, (asked,), answer=answer, answered_in=current.id)
            questions.append(before)
        for line in lines:
            attached = place.attached if beside is None else ()  # else the line has those that are to go along
            said = replace(line[-1], parts=(*line[-1].parts, *attached))
            questions.append(Question(place.above, tuple(in_line([*line[:-1], said], place.above))))
        title = current.title or title_from(lines[0][-1].text)
        key = session.draft_key
        made = self.ask_in(replace(current, title=title), questions, place.slot)
        if made is not None:
            session.unsent.keep_draft(key, "")
        return made

    def ask_in(
        self, conversation: Conversation, questions: Sequence[Question], slot: PathSlot | None = None
    ) -> Comparison | None:
        """Ask in any conversation, stored or new; return None as in `ask`.

        The conversation goes on with the first answer that is asked for, until another one is kept. `slot` as in
        `Sending.start`: None if the conversation is not the current one.
        """
        if self._session.generations.is_busy(conversation.id):
            return None
        made = Comparison(self._session, self._sending, conversation, questions)
        self._session.compared[conversation.id] = made  # before it begins: what is asked then wants to know
        if not made.request_answers(slot):
            del self._session.compared[conversation.id]
            return None
        for ended in (made.ended, made.not_begun):
            ended.connect(lambda *_: QTimer.singleShot(0, self, lambda: self._forget(conversation.id)))
        return made

    def keep(self, comparison: Comparison, index: int) -> bool:
        """Go on with one of several answers; the others are stopped, and stay beside it.

        Return False if it can't be kept. An answer from another conversation is opened where it stands there.
        """
        side, session = comparison.sides[index], self._session
        conversation = session.shelf.get(side.conversation_id)
        if conversation is None or not comparison.is_begun or not side.can_be_kept:
            return False
        comparison.stop_all(but=index)
        comparison.is_decided = True
        is_in_front = conversation.id == session.current.id
        is_asked_here = side.is_new or conversation.id == comparison.conversation_id
        if is_in_front and is_asked_here:
            session.go_to(side.message.id)
        elif is_asked_here:
            session.save(replace(conversation, head_id=side.message.id))
        if not is_in_front:
            session.open(conversation.id)
        return True

    def keep_earlier(self, comparison: Comparison) -> int | None:
        """Go on with the answer that the conversation had before, since none was chosen, and return its index.

        Return None where there was none, or one has been kept already.
        """
        here = comparison.conversation_id
        found = (at for at, side in enumerate(comparison.sides) if not side.is_new and side.conversation_id == here)
        index = next(found, None)
        if index is None or comparison.is_decided:
            return None
        if not comparison.is_begun:  # the disk has yet to take the questions, and with them a new end
            comparison.begun.connect(lambda: self._keep_in_front(comparison, index))
            return index
        return index if self.keep(comparison, index) else None

    def _keep_in_front(self, comparison: Comparison, index: int) -> None:
        if self._session.current.id == comparison.conversation_id:
            self.keep(comparison, index)

    def resplit(self, comparison: Comparison, index: int, *, thinking: bool) -> None:
        """Move the answer of a side that has ended to its thinking, or else its thinking to the answer."""
        side = comparison.sides[index]
        if not side.is_running:
            after = resplit(side.message, thinking=thinking)
            side.end(after)
            self._session.save_message(after)
            comparison.side_changed.emit(index)

    def leave(self, comparison: Comparison) -> None:
        """Show the conversation with all answers as versions; it goes on with the one that it ends with now."""
        if comparison.conversation_id == self._session.current.id:
            self._session.read_again()

    def path_of(self, side: Side) -> ConversationPath:
        """Return a path that consists of the answer alone, as far as it has come."""
        return self._session.path_of_one(side.message, side.conversation_id)

    def _forget(self, conversation_id: str) -> None:
        """Forget a comparison that has ended, once all listeners have been called."""
        found = self._session.compared.get(conversation_id)
        if isinstance(found, Comparison) and not found.is_running:
            del self._session.compared[conversation_id]

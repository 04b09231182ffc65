"""Answers side by side: what each was asked, where each stands, stopping, asking again, and the one that is kept.

Each answer is stored like every other, so that nothing is lost. How they are shown is the window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.claims.claim import Finding, Shown
from desktop.core.claims.differences import Agreement, Conclusion, Differences, agreement, compare, conclude, ungiven
from desktop.core.conversation import Conversation
from desktop.core.errors import ModelMissing, StoreError
from desktop.core.message import AnswerWay, Failure, Message, MessageStatus, Role, entry_of, in_line
from desktop.core.model import ModelChoice
from desktop.core.reply import can_be_continued, more_room_for, resplit, thought_only
from desktop.core.request import ThinkingMode
from desktop.core.text.titles import title_from
from desktop.runtime.background import gui_task
from desktop.runtime.generation import Generation
from desktop.runtime.generations import ANSWER_NOW, Start
from desktop.runtime.path import ConversationPath, PathEnd, Slot
from desktop.runtime.sending import Sending


@dataclass(frozen=True, slots=True)
class Question:
    """The request for one answer: it replies to `said`, or to the history ending with the message `above`.

    With `answer`, which was given earlier in the conversation `answered_in`, nothing is requested.
    """

    above: str | None = None
    said: Sequence[Message] = ()
    choice: ModelChoice | None = None  # None: the conversation's
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

    def __init__(self, session: Sending, conversation: Conversation, questions: Sequence[Question]) -> None:
        super().__init__(session)  # with which it ends: what is connected to it keeps it alive
        self._session = session
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

    def request_answers(self, slot: Slot | None, *, stays: bool = False) -> bool:
        """Request all answers at once. Return False if no model is available for the first.

        `slot` as in `Sending.begin_reply`. The others are sent as soon as the first is on the disk: either all can be
        found again, or none. `stays`: the conversation goes on with the answer that it has.
        """
        made: list[Generation] = []
        for side in [each for each in self.sides if each.is_new]:
            generation = self._prepare(side, replace(self._start_of(side), beside=stays or bool(made)))
            if generation is not None:
                made.append(generation)
                self._conversation = generation.conversation
            elif not made:
                if slot is not None:
                    self._session.model_needed.emit()
                return False
        self._begin(made, slot, stays=stays)
        return True

    @gui_task
    async def _begin(self, made: list[Generation], slot: Slot | None, *, stays: bool) -> None:
        """Begin the answer that the conversation goes on with, then the others."""
        others = made if stays else made[1:]
        try:
            if not stays:
                await self._session.begin_reply(made[0], slot)
        except StoreError as error:
            self.is_begun = True
            for generation in others:
                self._session.generations.discard_prepared(generation)
            for side in self.sides:
                side.generation = None
            self._session.store_failed.emit(error)
            self.not_begun.emit(error)
            return
        for generation in others:
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
                self.side_not_begun.emit(index, error)
                self._end(index, before)
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
            self.go_on(index, answer_by=ANSWER_NOW)

    def more_room(self, index: int) -> None:
        """Continue an answer that ended too early, with a larger token limit than the one it ran into."""
        self.go_on(index, max_tokens=more_room_for(self.sides[index].message))

    def go_on(self, index: int, *, answer_by: tuple[AnswerWay, ...] = (), max_tokens: int | None = None) -> None:
        """Continue an answer that broke off, as in `Start`."""
        side = self.sides[index]
        if can_be_continued(side.message):
            begun = replace(self._start_of(side), begun=side.message)
            self._start_again(index, replace(begun, answer_by=answer_by, max_tokens=max_tokens))

    def try_again(self, index: int, *, thinking: ThinkingMode | None = None) -> bool:
        """Request one side's answer anew, `thinking` as in `Start`. Return False if that can't be done now."""
        return self._start_again(index, replace(self._start_of(self.sides[index]), thinking=thinking))

    def _start_again(self, index: int, start: Start) -> bool:
        side = self.sides[index]
        before = side.message
        if side.is_running or not self.is_begun or not side.is_new:
            return False
        self._conversation = self._session.shelf.get(self.conversation_id) or self._conversation
        generation = self._prepare(side, replace(start, conversation=self._conversation, beside=True))
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

    def _start_of(self, side: Side) -> Start:
        """Return the start of one side's answer, to what was said, or to the question of an answer that it has."""
        question, asked = side.question, side.message.parent_id
        above, said = (question.above, question.said) if asked is None else (asked, ())
        return Start(self._conversation, above, said, choice=question.choice)

    def _prepare(self, side: Side, start: Start) -> Generation | None:
        side.generation = self._session.generations.prepare(start)
        return side.generation

    def _on_ended(self, generation: Generation, message: Message) -> None:
        index = self._index_of(generation.reply_id)
        if index is not None:
            self._end(index, message)

    def _end(self, index: int, message: Message) -> None:
        self.sides[index].end(message)
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

    def __init__(self, session: Sending) -> None:
        super().__init__(session)
        self._session = session

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
        slot = session.slot_beside(in_place_of) if in_place_of else session.path.end
        if slot is None:
            return None
        questions = []
        if beside is not None:
            asked, answer = beside
            questions.append(Question(slot.above, (asked,), answer=answer, answered_in=current.id))
        attached = slot.attached if beside is None else ()  # else the line has those that are to go along
        for line in lines:
            said = replace(line[-1], parts=(*line[-1].parts, *attached))
            questions.append(Question(slot.above, in_line([*line[:-1], said], slot.above)))
        title, key = current.title or title_from(lines[0][-1].text), session.draft_key
        made = self.ask_in(replace(current, title=title), questions, slot)
        if made is not None:
            session.unsent.forget_draft(key)
        return made

    def ask_in(
        self,
        conversation: Conversation,
        questions: Sequence[Question],
        slot: Slot | None = None,
        *,
        stays: bool = False,
    ) -> Comparison | None:
        """Ask in any conversation, stored or new; return None as in `ask`.

        The conversation goes on with the first answer that is asked for, until another one is kept; `stays`: with the
        one that it has. `slot`: None if the conversation is not the current one. A comparison is known until it has
        ended.
        """
        session, conversation_id = self._session, conversation.id
        if session.generations.is_busy(conversation_id):
            return None
        made = Comparison(session, conversation, questions)
        session.compared[conversation_id] = made  # before it begins: what is asked then wants to know
        if not made.request_answers(slot, stays=stays):
            del session.compared[conversation_id]
            return None

        def forget() -> None:
            if session.compared.get(conversation_id) is made and not made.is_running:
                del session.compared[conversation_id]

        for ended in (made.ended, made.not_begun):  # once all listeners have been called
            ended.connect(lambda *_: QTimer.singleShot(0, self, forget))
        return made

    def ask_again(self, message_id: str, times: int) -> Comparison | None:
        """Have what an answer of the current conversation replies to answered so many times more, beside that answer.

        Return None as in `ask`.
        """
        session, answer = self._session, self._session.path.message(message_id)
        if answer is None or answer.parent_id is None or session.path.index_of(message_id) is None:
            return None
        first = Question(answer.parent_id, answer=answer, answered_in=session.current.id)
        questions = [first, *[Question(answer.parent_id)] * times]
        return self.ask_in(session.current, questions, session.path.end, stays=True)

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
        if side.is_new or conversation.id == comparison.conversation_id:
            if is_in_front:
                session.go_to(side.message.id)
            else:
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
            comparison.begun.connect(lambda: self.keep(comparison, index) if self._session.current.id == here else None)
            return index
        return index if self.keep(comparison, index) else None

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
        services, message = self._session.services, side.message
        end = PathEnd([replace(message, parent_id=None)], [entry_of(message)])
        return ConversationPath(services.work, services.store, side.conversation_id, end)


@dataclass(frozen=True, slots=True)
class Compared:
    """The answers that were compared, by their place; `differences` of two, `agreement` of more.

    Both are None while there is nothing to compare.
    """

    places: tuple[int, ...] = ()
    differences: Differences | None = None
    agreement: Agreement | None = None
    conclusion: Conclusion | None = None
    ungiven: tuple[Finding, ...] = ()  # values of two answers that stand in nothing that was given


def compared(
    answers: Sequence[str | None],
    shown_in: Callable[[str], Shown],
    given: str | None = None,
    *,
    has_files: bool = False,
) -> Compared:
    """Compare answers by their place, on a worker thread; None for one that is being written, or has no words.

    `shown_in` turns an answer's Markdown into its visible text. `given`: all that they can rest on, if that is known;
    `has_files`: with the files that they are to come from.
    """
    ended = {place: shown_in(text) for place, text in enumerate(answers) if text is not None}
    places, shown = tuple(ended), list(ended.values())
    if len(shown) == 2:
        differences = compare(*shown)
        strangers = tuple(ungiven(differences, given, has_files=has_files)) if given is not None else ()
        return Compared(places, differences, conclusion=conclude(differences, given), ungiven=strangers)
    if len(shown) > 2:
        agreed = agreement(shown)
        return Compared(places, agreement=agreed, conclusion=conclude(agreed, given))
    return Compared(places)

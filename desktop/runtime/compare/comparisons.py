"""The comparisons that run, one at most for each conversation: their beginning, and the answer that is kept in the end.

A single one, and what it does while it runs, is `comparison`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from desktop.core.conversation import Conversation
from desktop.core.message import Message, in_line
from desktop.core.resplit import resplit
from desktop.core.text.titles import title_from
from desktop.runtime.compare.comparison import Comparison, Question, Side
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.generation_starter import GenerationStarter, PathSlot, place_at_end, place_beside
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.reply.generations import Generations


class Comparisons(QObject):
    """The running comparisons, each known until its last answer has ended."""

    def __init__(
        self,
        generations: Generations,
        start: GenerationStarter,
        conversations: ConversationList,
        current: CurrentConversation,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._generations = generations
        self._start = start
        self._list = conversations
        self._current = current
        self._running: dict[str, Comparison] = {}  # by the conversation in which is asked

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
        current = self._current
        place = place_beside(current.path, in_place_of) if in_place_of else place_at_end(current.path)
        if place is None:
            return None
        questions = []
        if beside is not None:
            asked, answer = beside
            before = Question(place.above, (asked,), answer=answer, answered_in=current.conversation.id)
            questions.append(before)
        for line in lines:
            attached = place.attached if beside is None else ()  # else the line has those that are to go along
            said = replace(line[-1], parts=(*line[-1].parts, *attached))
            questions.append(Question(place.above, tuple(in_line([*line[:-1], said], place.above))))
        title = current.conversation.title or title_from(lines[0][-1].text)
        key = current.draft_key()
        made = self.ask_in(replace(current.conversation, title=title), questions, place.slot)
        if made is not None:
            current.save_draft(key, "")
        return made

    def ask_in(
        self, conversation: Conversation, questions: Sequence[Question], slot: PathSlot | None = None
    ) -> Comparison | None:
        """Ask in any conversation, stored or new; return None as in `ask`.

        The conversation goes on with the first answer that is asked for, until another one is kept. `slot` as in
        `GenerationStarter.start_generation`: None if the conversation is not the current one.
        """
        if self._generations.is_busy(conversation.id):
            return None
        made = Comparison(self._generations, self._start, self._list, conversation, questions)
        self._running[conversation.id] = made  # before it begins: what is asked then wants to know
        if not made.request_answers(slot):
            del self._running[conversation.id]
            return None
        made.ended.connect(lambda: self._forget_soon(conversation.id))
        made.not_begun.connect(lambda _: self._forget_soon(conversation.id))
        made.replaced.connect(self._on_replaced)
        return made

    def keep(self, comparison: Comparison, index: int) -> bool:
        """Go on with one of several answers; the others are stopped, and stay beside it.

        Return False if it can't be kept. An answer from another conversation is opened where it stands there.
        """
        side, current = comparison.sides[index], self._current
        conversation = self._list.get(side.conversation_id)
        if conversation is None or not comparison.is_begun or not side.can_be_kept:
            return False
        comparison.stop_all(but=index)
        comparison.is_decided = True
        is_in_front = conversation.id == current.conversation.id
        is_asked_here = side.is_new or conversation.id == comparison.conversation_id
        if is_in_front and is_asked_here:
            current.go_to(side.message.id)
        elif is_asked_here:
            current.save(replace(conversation, head_id=side.message.id))
        if not is_in_front:
            current.open(conversation.id)
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
        if self._current.conversation.id == comparison.conversation_id:
            self.keep(comparison, index)

    def resplit(self, comparison: Comparison, index: int, *, thinking: bool) -> None:
        """Move the answer of a side that has ended to its thinking, or else its thinking to the answer."""
        side = comparison.sides[index]
        if not side.is_running:
            after = resplit(side.message, thinking=thinking)
            side.end(after)
            self._current.save_message(after)
            comparison.side_changed.emit(index)

    def leave(self, comparison: Comparison) -> None:
        """Show the conversation with all answers as versions; it goes on with the one that it ends with now."""
        if comparison.conversation_id == self._current.conversation.id:
            self._current.read_again()

    def path_of(self, side: Side) -> ConversationPath:
        """Return a path that consists of the answer alone, as far as it has come."""
        return self._current.path_of_one(side.message, side.conversation_id)

    def is_in_sight(self, conversation: Conversation) -> bool:
        """Return True for what the window shows: the current conversation, and what is compared."""
        here = self._current.conversation.id in (conversation.id, conversation.origin)
        return here or self.is_comparing(conversation.id)

    def is_comparing(self, conversation_id: str) -> bool:
        """Return True if answers are compared there, and one is still being written or has ended this moment."""
        return conversation_id in self._running

    def _forget_soon(self, conversation_id: str) -> None:
        """Forget a comparison that has ended, once all listeners have been called."""
        QTimer.singleShot(0, self, lambda: self._forget(conversation_id))

    def _forget(self, conversation_id: str) -> None:
        found = self._running.get(conversation_id)
        if found is not None and not found.is_running:
            del self._running[conversation_id]

    def _on_replaced(self, before: str, reply_id: str) -> None:
        """Move the end of the conversation from an answer that is being written anew to the new one."""
        if self._current.conversation.head_id == before:
            self._current.go_to(reply_id)

"""Fresh starts: a new conversation linked to the old one, and the same question in an empty context beside its answer.

What is sent goes the way of all messages; the rules are `core.fresh_start`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation, temporary_id
from desktop.core.fresh_start import (
    Brief,
    OutgoingDraft,
    asks_something,
    brief_of,
    can_be_undone,
    fresh_title,
    question_above,
    said_in,
    started_fresh_from,
)
from desktop.core.message import Message, in_line, user_message
from desktop.core.model import ModelChoice
from desktop.core.text.titles import title_from
from desktop.runtime.compare import Comparison, Comparisons, Question, Side
from desktop.runtime.sending import Sending

_MOST_ABOVE = 200  # messages of which examples and files go along; no question stands on so many


@dataclass(frozen=True, slots=True)
class FreshComparison:
    """A comparison whose first side is the old answer; the others answer `question`, which stands alone."""

    comparison: Comparison
    question: Message

    @property
    def conversation_id(self) -> str:
        """The id of the conversation that was started fresh."""
        return self.comparison.conversation_id

    @property
    def fresh(self) -> list[Side]:
        return self.comparison.sides[1:]


class FreshStarts(QObject):
    """The fresh starts from and to the current conversation; the old one is never changed.

    What is asked for comparison is asked in one conversation, started fresh from the old one, in which nothing else
    stands. It is kept only if one of its answers is; else it goes to the bin.
    """

    def __init__(self, session: Sending, comparisons: Comparisons) -> None:
        super().__init__(session)
        self._session = session
        self._comparisons = comparisons
        self.is_chinese = False  # the language of the window
        self._begun: set[str] = set()  # conversations that were begun here, since the program was started
        self._undoing: tuple[str, str] | None = None  # the new conversation, and the old one that is being opened
        session.opened.connect(self._on_opened)

    def start_conversation(self, *, goes_on: bool = False) -> None:
        """Make an empty conversation the current one, linked to the one before; a reply that runs there goes on.

        `goes_on`: it is about the same, and has the title of the old one, unless another one has that already: then
        its first message names it, as any other.
        """
        session = self._session
        new = started_fresh_from(session.current, session.instructions.standing)
        if goes_on:
            new = replace(new, title=self._title_after(session.current))
        if session.keeps_nothing:
            new = replace(new, id=temporary_id())
        if new.origin is not None:
            self._begun.add(new.id)
        session.begin(new)

    def _title_after(self, old: Conversation) -> str:
        """Return the title of a conversation that goes on from `old`; empty if it has none, or another one has it."""
        title = fresh_title(old.title, is_chinese=self.is_chinese)
        return title if self._session.shelf.distinct(title) == title else ""

    @property
    def is_fresh(self) -> bool:
        """True if the current conversation was started fresh from another."""
        return self._session.current.origin is not None

    @property
    def origin(self) -> Conversation | None:
        """The conversation that the current one was started fresh from; None also if it has been deleted."""
        return self._session.shelf.get(self._session.current.origin or "")

    @property
    def continued_in(self) -> list[Conversation]:
        """The conversations that were started fresh from the current one, the newest first."""
        identity = self._session.current.id
        return [each for each in self._session.shelf.newest_first if each.origin == identity]

    @property
    def can_undo(self) -> bool:
        """True if the fresh start that led to the current conversation can be undone."""
        is_ours = self._session.current.id in self._begun and self.origin is not None
        return is_ours and can_be_undone(len(self._session.path.entries))

    def undo(self) -> bool:
        """Go back to the old conversation, and move the new one to the bin if anything was said in it.

        Return True if it can be undone.
        """
        session, origin = self._session, self.origin
        if origin is None or not self.can_undo:
            return False
        is_stored = session.is_stored
        self._undoing = (session.current.id, origin.id) if is_stored else None
        session.open(origin.id)
        return is_stored

    def _on_opened(self) -> None:
        undoing, self._undoing = self._undoing, None
        if undoing is not None and self._session.current.id == undoing[1]:
            self._session.delete(undoing[0])

    # What is carried over

    async def read_question(self, message_id: str) -> OutgoingDraft | None:
        """Return the question that a message replies to, or the last one, with the files above it.

        A message that only objects ("Are you sure?") is none: the one before it is. None if there is none; at once if
        the words are in memory.
        """
        path = self._session.path
        question = question_above(path.entries, message_id)
        if not question:
            return None
        at = path.index_of(question) or 0
        left_out = frozenset(self._session.current.settings.left_out)
        ids = [entry.id for entry in path.entries[max(0, at - _MOST_ABOVE) : at + 1]]
        found = await path.read(ids)
        line = [found[each] for each in ids if each in found]
        asking = [at for at, message in enumerate(line) if asks_something(message)] or [len(line) - 1]
        return said_in(line[asking[-1]], line[: asking[-1]], left_out) if line else None

    async def read_brief(self) -> Brief:
        """Return what can be carried over from the current conversation. That may take long in a long one."""
        services = self._session.services
        messages = await services.work.run(services.store.path, self._session.current.id)
        return await services.work.compute(lambda: brief_of(messages))

    # The same question beside its answer

    def ask_again(
        self,
        old: Conversation,
        asked: Message,
        answer: Message,
        earlier: Sequence[Message] = (),
        choice: ModelChoice | None = None,
    ) -> FreshComparison | None:
        """Ask again what the user said in `old`, with its files. Return None if no model is available.

        `earlier`: messages to stand before it, as examples. `choice`: another model that is asked.
        """
        question = user_message(asked.text, attached=asked.files)
        names = (part.name for part in asked.files)
        title = self._title_after(old) or title_from(asked.text) or title_from(next(names, ""))
        new = started_fresh_from(old, self._session.instructions.standing)
        new = replace(new, title=self._session.shelf.distinct(title), origin=old.id)
        asking = Question(said=in_line([*earlier, question], None), choice=choice)
        made = self._comparisons.ask_in(new, [Question(answer=answer, answered_in=old.id), asking])
        return FreshComparison(made, question) if made is not None else None

    def ask_more(self, found: FreshComparison, choices: Sequence[ModelChoice | None]) -> FreshComparison | None:
        """Ask the same once for each of `choices`, None being the conversation's own model; all answers stay visible.

        Return None while one is still being written, or if no model is available.
        """
        conversation = self._session.shelf.get(found.conversation_id)
        if conversation is None:
            return None
        before = [
            Question(answer=side.message, answered_in=side.conversation_id)
            for side in found.comparison.sides
            if side.message.parent_id is not None
        ]
        asked = [Question(above=found.question.id, choice=choice) for choice in choices]
        made = self._comparisons.ask_in(conversation, [*before, *asked])
        return FreshComparison(made, found.question) if made is not None else None

    def drop(self, found: FreshComparison) -> bool:
        """Move the fresh conversation to the bin, from where it can be restored. Return True if there was one."""
        is_there = found.conversation_id in self._session.shelf
        self._session.delete(found.conversation_id)
        return is_there

"""The same question in an empty context, beside the answer that was given: once, several times, or by other models.

Everything new is asked in one conversation, started fresh from the old one, in which nothing else stands. It is kept
only if one of its answers is; else it goes to the bin. Answering side by side is `compare.comparisons`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation
from desktop.core.fresh_start.ways import fresh_title, started_fresh_from
from desktop.core.message import Message, in_line, user_message
from desktop.core.model import ModelChoice
from desktop.core.text.titles import title_from
from desktop.runtime.compare.comparison import Comparison, Question, Side
from desktop.runtime.compare.comparisons import Comparisons
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.reply.generations import RequestOverrides


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


class FreshComparisons(QObject):
    """The comparisons with a fresh start: begins them, asks more in them, and discards those that are not kept."""

    def __init__(
        self,
        comparisons: Comparisons,
        conversations: ConversationList,
        delete: Callable[[str], None],
        instructions: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        """Keep the dependencies.

        `delete` moves a conversation to the bin, and stops what runs in it; `instructions` are those of a new one.
        """
        super().__init__(parent)
        self._comparisons = comparisons
        self._list = conversations
        self._delete = delete
        self._instructions = instructions

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
        title = fresh_title(old.title) or title_from(asked.text) or title_from(next(names, ""))
        fresh = replace(started_fresh_from(old, self._instructions()), title=self._list.distinct(title), origin=old.id)
        asking = Question(said=tuple(in_line([*earlier, question], None)), overrides=RequestOverrides(choice=choice))
        made = self._comparisons.ask_in(fresh, [Question(answer=answer, answered_in=old.id), asking])
        return FreshComparison(made, question) if made is not None else None

    def ask_more(self, found: FreshComparison, choices: Sequence[ModelChoice | None]) -> FreshComparison | None:
        """Ask the same once for each of `choices`, None being the conversation's own model; all answers stay visible.

        Return None while one is still being written, or if no model is available.
        """
        conversation = self._list.get(found.conversation_id)
        if conversation is None:
            return None
        before = [
            Question(answer=side.message, answered_in=side.conversation_id)
            for side in found.comparison.sides
            if side.message.parent_id is not None
        ]
        asked = [Question(above=found.question.id, overrides=RequestOverrides(choice=choice)) for choice in choices]
        made = self._comparisons.ask_in(conversation, [*before, *asked])
        return FreshComparison(made, found.question) if made is not None else None

    def drop(self, found: FreshComparison) -> bool:
        """Move the fresh conversation to the bin, from where it can be restored. Return True if there was one."""
        if self._list.get(found.conversation_id) is None:
            return False
        self._delete(found.conversation_id)
        return True

"""The comparison with a fresh answer in the window: begins it, asks more in it, and clears up what is not kept.

Showing answers side by side is the business of `compare.presenter`; what is asked where, of `runtime.fresh_start`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.fresh_start.ways import OutgoingDraft, answer_below, question_above
from desktop.core.message import AttachmentPart, Message, Role, TextPart
from desktop.core.model import ModelChoice
from desktop.core.request import outgoing_text
from desktop.rendering.text.invisible import show_invisible
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Side
from desktop.runtime.fresh_start import FreshComparison
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.compare.presenter import ComparePresenter
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.compare_words import SideWords
from desktop.ui.words import fill, number, short

if TYPE_CHECKING:
    from desktop.ui.fresh_start.comparison_bar import FreshComparisonBar


class FreshComparing(QObject):
    """One comparison at a time. One whose page is left for another conversation goes on, and stays in the list."""

    binned = Signal(object)  # the fresh Conversation, of which nothing was kept

    def __init__(
        self,
        theme: Theme,
        chat: Chat,
        conversation: ConversationPresenter,
        comparing: ComparePresenter,
    ) -> None:
        super().__init__(comparing)
        self._theme = theme
        self._chat = chat
        self._models = chat.services.models
        self._conversation = conversation
        self._comparing = comparing
        self._found: FreshComparison | None = None
        self._bar: FreshComparisonBar | None = None
        comparing.kept.connect(self._on_kept)
        comparing.went_back.connect(self._drop)
        comparing.left.connect(self._forget)

    @gui_task
    async def ask_fresh(self, message_id: str, said: OutgoingDraft) -> None:
        """Ask `said` in an empty context, beside the reply `message_id`, or the last one."""
        path = self._chat.path
        wanted = answer_below(path.entries, message_id)
        found = await path.read([wanted])
        if path is self._chat.path and wanted in found:
            asked = Message(role=Role.USER, parts=(TextPart(said.text), *said.attachments))
            self._ask(asked, found[wanted], said.earlier)

    @gui_task
    async def ask_other(self, choice: ModelChoice) -> None:
        """Ask the last question of another model, too, in an empty context, beside the answer that is there."""
        path = self._chat.path
        question, answer = question_above(path.entries), answer_below(path.entries)
        found = await path.read([question, answer])
        if path is self._chat.path and question in found and answer in found:
            self._ask(found[question], found[answer], (), choice)

    def _ask(
        self, asked: Message, answer: Message, earlier: Sequence[Message], choice: ModelChoice | None = None
    ) -> None:
        if answer.status.is_running or not self._conversation.may_send(asked.text, choice):
            return
        found = self._chat.fresh.ask_again(self._chat.current, asked, answer, earlier, choice)
        if found is None:
            self._chat.model_needed.emit()
        else:
            self._show(found)

    def _ask_more(self, choices: Sequence[ModelChoice | None]) -> None:
        found = self._found
        if (
            found is None
            or not choices
            or not all(self._conversation.may_send(found.question.text, choice) for choice in dict.fromkeys(choices))
        ):
            return
        more = self._chat.fresh.ask_more(found, choices)
        if more is not None:
            self._show(more)

    def _show(self, found: FreshComparison) -> None:
        self._found = found
        bar = self._bar_of()
        given = outgoing_text(found.question)
        has_files = any(isinstance(part, AttachmentPart) and part.text for part in found.question.parts)
        self._comparing.show(found.comparison, found.question.text, self._words(found), bar, given, has_files=has_files)
        found.comparison.side_changed.connect(lambda _: self._offer(found))
        found.comparison.not_begun.connect(lambda _: self._forget())
        self._offer(found)

    def _offer(self, found: FreshComparison) -> None:
        if self._bar is not None and found is self._found:
            self._bar.offer(is_running=found.comparison.is_running, answers=len(found.fresh))

    def _bar_of(self) -> FreshComparisonBar:
        if self._bar is None:
            from desktop.ui.fresh_start.comparison_bar import FreshComparisonBar

            self._bar = FreshComparisonBar(self._theme)
            self._bar.model_chosen.connect(lambda choice: self._ask_more([choice]))
            self._bar.times_chosen.connect(self._ask_times)
        self._bar.show_models(self._models)
        return self._bar

    def _ask_times(self, times: int) -> None:
        if self._found is not None:
            self._ask_more([None] * (times - len(self._found.fresh)))

    def _words(self, found: FreshComparison) -> list[SideWords]:
        headings = [self.tr("The answer before"), *map(self._heading, found.fresh)]
        if len(headings) > 2:  # by these numbers it is said which of them make a claim
            numbered = self.tr("%1 · %2", "a number, and the answer that has it")
            headings = [fill(numbered, number(at), heading) for at, heading in enumerate(headings, 1)]
        return list(map(SideWords, headings))

    def _heading(self, side: Side) -> str:
        """Return the heading of a fresh answer, with the name of its model if it is another one."""
        words = self.tr("Fresh answer")
        choice = side.question.overrides.choice
        name = side.message.model
        own = self._chat.current.settings.choice
        if own is None or name == own.model or not name:
            return words
        info = self._models.find(choice) if choice is not None else None
        return fill(self.tr("%1 · %2", "an answer, and its model"), words, info.title if info is not None else name)

    def _on_kept(self, index: int) -> None:
        """Keep an answer; the old one is kept by dropping what is new."""
        if index == 0:
            self._drop()
        elif self._found is not None:
            self._say_kept(self._found)
        self._forget()

    def _say_kept(self, found: FreshComparison) -> None:
        """Say that it goes on in the fresh conversation, with the way to the one before."""
        before = self._conversation_of(found.comparison.sides[0].conversation_id)
        if before is not None:
            words = self.tr("It goes on here with the fresh answer. “%1” is kept as it was.")
            self._comparing.outcome.say(
                fill(words, short(show_invisible(before.title))),
                self.tr("Go back to it"),
                lambda: self._chat.open(before.id),
                found.conversation_id,
            )

    def _drop(self) -> None:
        """Move the fresh conversation to the bin, with a word about it."""
        found, self._found = self._found, None
        fresh = self._conversation_of(found.conversation_id) if found is not None else None
        if found is not None and self._chat.fresh.drop(found) and fresh is not None:
            self.binned.emit(fresh)

    def _conversation_of(self, conversation_id: str) -> Conversation | None:
        return next((each for each in self._chat.conversations if each.id == conversation_id), None)

    def _forget(self) -> None:
        self._found = None

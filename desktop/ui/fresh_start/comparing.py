"""The comparison with a fresh answer in the window: begins it, asks more in it, and clears up what is not kept.

Showing answers side by side is the business of `compare.presenter`; what is asked where, of `runtime.fresh_start`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.fresh_start import OutgoingDraft, answer_below, question_above
from desktop.core.message import AttachmentPart, Message, Role, TextPart
from desktop.core.model import ModelChoice
from desktop.core.models.place import place_of
from desktop.core.request import outgoing_text
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Side
from desktop.runtime.fresh_start import FreshComparison
from desktop.runtime.models.directory import ModelDirectory
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.compare.presenter import ComparePresenter
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.compare_words import SideWords
from desktop.ui.widgets.buttons import MenuButton, button
from desktop.ui.widgets.labels import name_entry
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number, place_name, short, title_of

_TWICE, _MOST = 2, 5  # more answers to the same question, and all fresh ones that stand beside each other


class FreshComparing(QObject):
    """One comparison at a time. One whose page is left for another conversation goes on, and stays in the list."""

    binned = Signal(object)  # the fresh Conversation, of which nothing was kept

    def __init__(
        self, theme: Theme, chat: Chat, conversation: ConversationPresenter, comparing: ComparePresenter
    ) -> None:
        super().__init__(comparing)
        self._theme = theme
        self._chat = chat
        self._models = chat.services.models
        self._conversation = conversation
        self._comparing = comparing
        self._found: FreshComparison | None = None
        comparing.kept.connect(self._on_kept)
        comparing.went_back.connect(self._drop)
        comparing.left.connect(self._forget)

    @cached_property
    def _bar(self) -> FreshComparisonBar:
        return FreshComparisonBar(self._theme, self._ask_more)

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
        if answer.status.is_running or not self._conversation.may_send_again(asked, choice):
            return
        found = self._chat.fresh.ask_again(self._chat.current, asked, answer, earlier, choice)
        if found is None:
            self._chat.model_needed.emit()
        else:
            self._show(found)

    def _ask_more(self, choices: Sequence[ModelChoice | None]) -> None:
        found = self._found
        if found is not None and choices:
            may_all = all(self._conversation.may_send_again(found.question, each) for each in dict.fromkeys(choices))
            if may_all and (more := self._chat.fresh.ask_more(found, choices)) is not None:
                self._show(more)

    def _show(self, found: FreshComparison) -> None:
        self._found = found
        self._bar.show_models(self._models)
        has_files = any(isinstance(part, AttachmentPart) and part.text for part in found.question.parts)
        self._comparing.show(
            found.comparison,
            found.question.text,
            self._words(found),
            self._bar,
            outgoing_text(found.question),
            has_files=has_files,
        )
        found.comparison.side_changed.connect(lambda _: self._offer(found))
        found.comparison.not_begun.connect(self._forget)
        self._offer(found)

    def _offer(self, found: FreshComparison) -> None:
        if found is self._found:
            self._bar.offer(is_running=found.comparison.is_running, answers=len(found.fresh))

    def _words(self, found: FreshComparison) -> list[SideWords]:
        headings = [self.tr("The answer before"), *map(self._heading, found.fresh)]
        if len(headings) > 2:  # by these numbers it is said which of them make a claim
            numbered = self.tr("%1 · %2", "a number, and the answer that has it")
            headings = [fill(numbered, number(at), heading) for at, heading in enumerate(headings, 1)]
        return list(map(SideWords, headings))

    def _heading(self, side: Side) -> str:
        """Return the heading of a fresh answer, with the name of its model if it is another one."""
        words = self.tr("Fresh answer")
        choice, name, own = side.question.choice, side.message.model, self._chat.choice
        if own is None or name == own.model or not name:
            return words
        info = self._models.find(choice) if choice is not None else None
        return fill(self.tr("%1 · %2", "an answer, and its model"), words, info.title if info is not None else name)

    def _on_kept(self, index: int) -> None:
        """Keep an answer, with the way back to the old one; that one is kept by dropping what is new."""
        found = self._found
        if index == 0:
            self._drop()
        elif found is not None and (before := self._chat.shelf.get(found.comparison.sides[0].conversation_id)):
            words = self.tr("It goes on here with the fresh answer. “%1” is kept as it was.")
            self._comparing.say_outcome(
                fill(words, short(title_of(before.title))),
                self.tr("Go back to it"),
                lambda: self._chat.open(before.id),
                found.conversation_id,
            )
        self._forget()

    def _drop(self) -> None:
        """Move the fresh conversation to the bin, with a word about it."""
        found, self._found = self._found, None
        fresh = self._chat.shelf.get(found.conversation_id) if found is not None else None
        if found is not None and self._chat.fresh.drop(found) and fresh is not None:
            self.binned.emit(fresh)

    def _forget(self) -> None:
        self._found = None


class FreshComparisonBar(QWidget):
    """What else can be asked beside a fresh answer: another model, or the same twice more."""

    def __init__(self, theme: Theme, ask: Callable[[Sequence[ModelChoice | None]], object]) -> None:
        """`ask` is called with the models that are wanted; None: the one of the conversation."""
        super().__init__()
        self._theme = theme
        self._ask = ask
        words = self.tr("Ask another model…")
        self._other = MenuButton(theme, hint=self.tr("The same question, in an empty context, to another model"))
        self._other.show_words(words, words)
        self._models = QMenu(self)
        self._models.setAccessibleName(words)
        self._models.setToolTipsVisible(True)
        self._other.setMenu(self._models)
        hint = self.tr("Where answers to the same question do not agree, something may be made up")
        self._again = button(self.tr("Ask twice more"), "quiet", lambda: ask([None] * _TWICE), hint)
        stack(self._other, self._again, across=True, on=self)

    def show_models(self, models: ModelDirectory) -> None:
        """Offer all models that can chat, each with its connection and, where it is not this computer, its place."""
        self._models.clear()
        for listing in models.listings:
            for model in (each for each in listing.models or () if each.can_chat):
                words = fill(self.tr("%1 · %2", "a model, and its connection"), model.title, listing.connection.name)
                action = self._models.addAction("")
                place = place_of(listing.connection, model)
                name_entry(action, self._theme, words, "" if place.is_local else place_name(place))
                action.setEnabled(place.is_local or not models.is_offline)
                choice = ModelChoice(listing.connection.id, model.name)
                action.triggered.connect(lambda _=False, choice=choice: self._ask([choice]))

    def offer(self, *, is_running: bool, answers: int) -> None:
        """Enable what can be asked with so many fresh answers; nothing while one is being written."""
        self.setEnabled(not is_running)
        self._again.setEnabled(answers + _TWICE <= _MOST)
        self._other.setEnabled(answers < _MOST and not self._models.isEmpty())

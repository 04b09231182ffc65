"""The fresh start in the window: its sheet, what was chosen there, and the comparison with a fresh answer.

The sheet is made at its first opening: a start does without it. What a comparison asked and is not kept is cleared up.
Showing answers side by side is the business of `compare.presenter`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.conversation import Conversation
from desktop.core.fresh_start import (
    FreshStart,
    OutgoingDraft,
    answer_below,
    has_become_long,
    question_above,
    usual_start,
)
from desktop.core.message import AttachmentPart, Message, Role, SignKind, TextPart
from desktop.core.model import ModelChoice
from desktop.core.models.place import place_of
from desktop.core.prompts.prompt import Language
from desktop.core.request import outgoing_text
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Side
from desktop.runtime.fresh_start import FreshComparison
from desktop.runtime.generation import Generation
from desktop.runtime.models.directory import ModelDirectory
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.compare.presenter import ComparePresenter
from desktop.ui.look.stylesheet import GAP_PAGE, GAP_TIGHT
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask
from desktop.ui.prompts.dock import SideWords
from desktop.ui.widgets.buttons import ElidedButton, MenuButton, button
from desktop.ui.widgets.labels import ElidedLabel, name_entry
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, number, place_name, prompt_language, short, title_of

if TYPE_CHECKING:
    from desktop.ui.fresh_start.sheet import FreshSheet


_TWICE, _MOST = 2, 5  # more answers to the same question, and all fresh ones that stand beside each other


class FreshComparing(PagePresenter):
    """One comparison at a time. One whose page is left for another conversation goes on, and stays in the list."""

    binned = Signal(object)  # the fresh Conversation, of which nothing was kept

    def __init__(
        self, page: ChatPage, chat: Chat, conversation: ConversationPresenter, comparing: ComparePresenter
    ) -> None:
        super().__init__(page, chat)
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


class FreshPresenter(PagePresenter):
    """The presenter between the page of a conversation and `runtime.fresh_start`."""

    compare_requested = Signal(str, object)  # the id of an answer, or ""; OutgoingDraft: in an empty context
    opening = Signal()  # the sheet: what lies over the page is to go first
    file_wanted = Signal()  # for the message in the box
    binned = Signal(object)  # the Conversation that an undone fresh start has put into the bin

    def __init__(self, page: ChatPage, chat: Chat, conversation: ConversationPresenter) -> None:
        super().__init__(page, chat)
        self._conversation = conversation
        chat.fresh.is_chinese = prompt_language() is Language.CHINESE
        self._asked_at = ""  # the message beside which it was opened
        self._origin, self._continued = OriginLine(self._theme), ContinuedLine(self._theme)
        self._origin.undo.clicked.connect(self._undo)
        page.put_above(self._origin)
        page.put_below(self._continued)
        for line in (self._origin, self._continued):
            line.opened.connect(chat.open)
        self._suggestion = QuietLine(self._theme, closable=True)
        self._suggestion.say(self.tr("This conversation has become long, and models lose the thread in long ones."))
        self._suggestion.offer(self.tr("Start fresh"), do=lambda: self.open(start=FreshStart.CARRY_OVER))
        page.put_below(self._suggestion)
        page.header.fresh.clicked.connect(lambda _: self.open())
        page.reading.register({Ask.START_FRESH: lambda message_id, sign: self.open(message_id, sign=sign)})
        page.reading.of_no_use = self._of_no_use
        chat.opened.connect(lambda *_: self._on_opened())
        chat.conversations_changed.connect(self._show_links)
        chat.generation_started.connect(lambda _: self._show_running())
        chat.generation_ended.connect(self._on_generation_ended)
        chat.settings_changed.connect(self._show_place)
        self._models.changed.connect(self._show_place)

    @cached_property
    def sheet(self) -> FreshSheet:
        """The sheet."""
        from desktop.ui.fresh_start.sheet import FreshSheet

        sheet = FreshSheet(self._theme, self._page, self._page.header)
        sheet.begun.connect(self._begin)
        sheet.file_wanted.connect(self._begin_with_file)
        sheet.stop.clicked.connect(lambda _: self._chat.stop())
        sheet.brief_wanted.connect(self._show_brief)
        sheet.brief.message_wanted.connect(self._show_message)
        return sheet

    @property
    def is_open(self) -> bool:
        """True also while another page lies over it."""
        return "sheet" in self.__dict__ and not self.sheet.isHidden()

    def open(self, message_id: str = "", start: FreshStart | None = None, sign: SignKind | None = None) -> None:
        """Offer to start fresh, with the question that a message replies to, or with the last one.

        `sign`: at which it is asked for.
        """
        path = self._chat.path
        if path.is_empty:
            self._notice.show_text(self.tr("Nothing has been said here yet: this conversation is fresh."))
            self._composer.setFocus()
            return
        self.opening.emit()
        self._asked_at = message_id
        question, answer = question_above(path.entries, message_id), answer_below(path.entries, message_id)
        self.sheet.open(
            start or self._usual_start(question, answer, sign),
            self._possible(),
            about=question,
            is_taught=self._settings.now.fresh_start_explained,
            takes_files=self._chat.attachments.takes_files,
        )
        if not self._settings.now.fresh_start_explained:
            self._settings.change(fresh_start_explained=True)
        self._show_place()
        self._show_running()
        self._show_question(message_id)

    @gui_task
    async def _show_question(self, message_id: str) -> None:
        path, said = self._chat.path, await self._chat.fresh.read_question(message_id)
        if said is not None and path is self._chat.path:
            self.sheet.show_question(said)

    @gui_task
    async def _show_brief(self) -> None:
        path, brief = self._chat.path, await self._chat.fresh.read_brief()
        if path is self._chat.path:
            self.sheet.show_brief(brief)

    def _possible(self) -> set[FreshStart]:
        """Return the ways that there are now; a reply that comes in can't be compared yet."""
        entries, possible = self._chat.path.entries, {FreshStart.BLANK}
        if question_above(entries, self._asked_at):
            possible |= {FreshStart.ASK_AGAIN, FreshStart.CARRY_OVER}
            if answer_below(entries, self._asked_at) and self._chat.generation is None:
                possible.add(FreshStart.COMPARE)
        return possible

    def _usual_start(self, question: str, answer: str, sign: SignKind | None) -> FreshStart:
        """Return the way that is proposed, by what went wrong as far as that is in memory."""
        answered, asked = self._chat.path.message(answer), self._chat.path.message(question)
        return usual_start(
            has_question=bool(question),
            signs=[sign] if sign is not None else [each.kind for each in (answered.signs if answered else ())],
            last_said=asked.text if asked else "",
        )

    def _of_no_use(self) -> frozenset[Ask]:
        """Return what is not offered at messages: a fresh start right after one, before a second question."""
        is_no_use = self._chat.fresh.is_fresh and self._questions() < 2
        return frozenset({Ask.START_FRESH}) if is_no_use else frozenset()

    def _questions(self) -> int:
        return sum(entry.role is Role.USER for entry in self._chat.path.entries)

    def take_escape(self) -> bool:
        """Close the sheet on Escape, and give the focus back. Return False if it is not in sight."""
        if not self.is_open or not self.sheet.isVisible():
            return False
        self.sheet.close_sheet()
        return True

    def _begin(self, start: FreshStart, said: OutgoingDraft) -> None:
        """Start fresh; words that cannot be sent now stand in the input field of the new conversation."""
        if start is FreshStart.COMPARE:
            self.sheet.close_sheet()
            self.compare_requested.emit(self._asked_at, said)
        elif said.is_empty:
            self.sheet.close_sheet()
            self._chat.fresh.start_conversation()
            self._composer.setFocus()
        elif self._conversation.may_send(said.text):
            # It is sent from the message box, where it stays if it cannot go now, or does not fit.
            self._put_in_box(said)
            self._conversation.send_written(said.earlier)

    def _begin_with_file(self, said: OutgoingDraft) -> None:
        """Start fresh with the words in the message box, where a file is added before they are sent."""
        self._put_in_box(said)
        self.file_wanted.emit()

    def _put_in_box(self, said: OutgoingDraft) -> None:
        self.sheet.close_sheet()
        self._chat.fresh.start_conversation(goes_on=True)
        self._conversation.use_text(said.text)
        self._chat.attachments.give_back(said.attachments)

    def _show_message(self, message_id: str) -> None:
        """Close the sheet, and show the message that a claim stands in."""
        index = self._chat.path.index_of(message_id)
        self.sheet.close_sheet()
        if index is not None:
            self._page.transcript.bring(index, 0.0)

    def _on_opened(self) -> None:
        if self.is_open:
            self.sheet.close_sheet()
        self._suggestion.hide()
        self._show_links()

    def _on_generation_ended(self, generation: Generation) -> None:
        self._show_running()
        current, last = self._chat.current, self._chat.path.last
        if generation.conversation.id != current.id or current.settings.fresh_suggested:
            return
        window = self._models.reach_of(self._chat.choice).tokens
        if has_become_long(last.usage if last else None, window, self._questions()):
            self._chat.change_settings(lambda settings: replace(settings, fresh_suggested=True))
            self._suggestion.show()

    def _show_running(self) -> None:
        if self.is_open:
            self.sheet.show_running(self._chat.generation is not None)
            self.sheet.show_possible(self._possible())
        self._show_links()

    def _show_place(self) -> None:
        if self.is_open:
            self.sheet.show_place(self._chat.place, self._models.reach_of(self._chat.choice).tokens)

    def _show_links(self) -> None:
        fresh = self._chat.fresh
        self._origin.show_origin(fresh.origin, is_fresh=fresh.is_fresh, can_undo=fresh.can_undo)
        self._continued.show_continued(fresh.continued_in)

    def _undo(self) -> None:
        new = self._chat.current
        if self._chat.fresh.undo():
            self.binned.emit(new)
        self._composer.setFocus()


class _Link(QWidget):
    """A line with a link to another conversation; hidden until there is one."""

    opened = Signal(str)  # the id of the conversation that is wanted

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._id = ""
        self.link = ElidedButton(theme)
        self.link.clicked.connect(lambda: self.opened.emit(self._id))
        self.hide()

    def lead_to(self, conversation: Conversation, words: str) -> None:
        """Lead there; `words` have a place for its title."""
        self._id = conversation.id
        self.link.show_words(fill(words, title_of(conversation.title)))


class OriginLine(_Link):
    """A line above the messages: it leads back to the old conversation, and undoes the fresh start while possible."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._gone = ElidedLabel(self.tr("Started fresh from a conversation that has been deleted"), "small")
        self.undo = button(self.tr("Undo"), "muted")
        self.undo.setAccessibleDescription(self.tr("Goes back to the earlier conversation and drops this one"))
        margins = (GAP_PAGE, GAP_TIGHT, GAP_PAGE, GAP_TIGHT)
        stack(None, self.link, self._gone, self.undo, None, margins=margins, across=True, on=self)

    def show_origin(self, origin: Conversation | None, *, is_fresh: bool, can_undo: bool) -> None:
        """Show the conversation it was started fresh from; `origin` is None if that does not exist any more."""
        if origin is not None:
            self.lead_to(origin, self.tr("Started fresh from “%1”"))
        self.link.setVisible(origin is not None)
        self._gone.setVisible(origin is None)
        self.undo.setVisible(can_undo)
        self.setVisible(is_fresh)


class ContinuedLine(_Link):
    """A line below the messages that leads to the newest conversation started fresh from here."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        stack(self.link, None, across=True, on=self)

    def show_continued(self, conversations: Sequence[Conversation]) -> None:
        """Show the conversations it was continued in, the newest first; with none, it hides."""
        if conversations:
            self.lead_to(conversations[0], self.tr("Continued in “%1”"))
        self.setVisible(bool(conversations))

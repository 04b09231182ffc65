"""The fresh start in the window: opens the sheet, begins what was chosen there, and shows what is linked to what.

The sheet is loaded and made at its first opening: a start does without it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.fresh_start.ways import (
    FreshStart,
    OutgoingDraft,
    answer_below,
    has_become_long,
    question_above,
    usual_start,
)
from desktop.core.message import Role
from desktop.core.prompts.prompt import Language
from desktop.core.sign import SignKind
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.generation import Generation
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import MessageAction, StartFresh
from desktop.ui.words import prompt_language

if TYPE_CHECKING:
    from desktop.ui.fresh_start.links import ContinuedLine, FreshSuggestion, OriginLine
    from desktop.ui.fresh_start.sheet import FreshSheet
    from desktop.ui.transcript.footer import FooterAction


class FreshPresenter(QObject):
    """The presenter between the page of a conversation and `runtime.fresh_start`."""

    compare_requested = Signal(str, object)  # the id of an answer, or ""; Said: the same question, in an empty context
    opening = Signal()  # the sheet: what lies over the page is to go first
    file_wanted = Signal()  # for the message in the box
    binned = Signal(object)  # the Conversation that an undone fresh start has put into the bin

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        conversation: ConversationPresenter,
        chat: Chat,
    ) -> None:
        super().__init__(page)
        self._preferences = chat.services.settings
        self._theme = theme
        self._page = page
        self._conversation = conversation
        self._chat = chat
        self._models = chat.services.models
        chat.fresh.is_chinese = prompt_language() is Language.CHINESE
        self._sheet: FreshSheet | None = None
        self._asked_at = ""  # the message beside which it was opened
        self._origin: OriginLine | None = None
        self._continued: ContinuedLine | None = None
        self._suggestion: FreshSuggestion | None = None
        self.is_taught: bool = self._preferences.now.fresh_start_explained  # the user has read why it helps
        page.header.fresh_requested.connect(lambda _: self.open())
        page.requests.asked.connect(self._on_asked)
        page.requests.left_out_now = self._of_no_use
        chat.opened.connect(lambda *_: self._on_opened())
        chat.conversations_changed.connect(self._show_links)
        chat.generation_started.connect(lambda _: self._show_running())
        chat.generation_ended.connect(self._on_generation_ended)
        chat.settings_changed.connect(self._show_place)
        chat.services.models.changed.connect(self._show_place)

    @property
    def sheet(self) -> FreshSheet:
        """The sheet, made at its first use."""
        if self._sheet is None:
            from desktop.ui.fresh_start.sheet import FreshSheet

            sheet = self._sheet = FreshSheet(self._theme, self._page, self._page.header)
            sheet.begun.connect(self._begin)
            sheet.file_wanted.connect(self._begin_with_file)
            sheet.stop_requested.connect(self._chat.stop)
            sheet.brief_requested.connect(self._show_brief)
            sheet.message_requested.connect(self._show_message)
            sheet.lesson_read.connect(self._on_lesson_read)
        return self._sheet

    @property
    def is_open(self) -> bool:
        return self._sheet is not None and self._sheet.isVisible()

    def open(self, message_id: str = "", start: FreshStart | None = None, sign: SignKind | None = None) -> None:
        """Offer to start fresh, with the question that a message replies to, or with the last one.

        `sign`: at which it is asked for.
        """
        path = self._chat.path
        if path.is_empty:
            self._page.notice.show_text(self.tr("Nothing has been said here yet: this conversation is fresh."))
            self._page.composer.setFocus()
            return
        self.opening.emit()
        sheet = self.sheet
        self._asked_at = message_id
        self._show_place()
        question = question_above(path.entries, message_id)
        sheet.open(
            has_answer=bool(answer_below(path.entries, message_id)),
            has_question=bool(question),
            is_running=self._chat.generation is not None,
            is_taught=self.is_taught,
            takes_files=self._chat.attachments.takes_files,
            start=start or self._usual_start(message_id, question, sign),
            about=question,
        )
        self._show_question(message_id, sheet)

    @gui_task
    async def _show_question(self, message_id: str, sheet: FreshSheet) -> None:
        path, said = self._chat.path, await self._chat.fresh.read_question(message_id)
        if said is not None and path is self._chat.path:
            sheet.show_question(said)

    @gui_task
    async def _show_brief(self) -> None:
        path, brief = self._chat.path, await self._chat.fresh.read_brief()
        if path is self._chat.path:
            self.sheet.show_brief(brief)

    def _usual_start(self, message_id: str, question: str, sign: SignKind | None) -> FreshStart:
        """Return the way that is proposed, by what went wrong as far as that is in memory."""
        path = self._chat.path
        answer = path.message(answer_below(path.entries, message_id))
        asked = path.message(question) if question else None
        return usual_start(
            has_question=bool(question),
            signs=[sign] if sign is not None else [each.kind for each in (answer.signs if answer else ())],
            last_said=asked.text if asked else "",
        )

    def _on_asked(self, message_id: str, action: MessageAction) -> None:
        if isinstance(action, StartFresh):
            self.open(message_id, sign=action.sign)

    def _of_no_use(self) -> frozenset[FooterAction]:
        """Return what is not offered at messages: a fresh start right after one, before a second question."""
        from desktop.ui.transcript.footer import FooterAction  # a start does without it

        questions = sum(entry.role is Role.USER for entry in self._chat.path.entries)
        is_no_use = self._chat.fresh.is_fresh and questions < 2
        return frozenset({FooterAction.START_FRESH}) if is_no_use else frozenset()

    def close(self) -> None:
        """Close the sheet, and give the focus back."""
        if self._sheet is not None:
            self._sheet.close_sheet()

    def take_escape(self) -> bool:
        """Close the sheet on Escape. Return False if it is closed."""
        if not self.is_open:
            return False
        self.close()
        return True

    def _begin(self, start: FreshStart, said: OutgoingDraft) -> None:
        """Start fresh; words that cannot be sent now stand in the input field of the new conversation."""
        if start is FreshStart.COMPARE:
            self.close()
            self.compare_requested.emit(self._asked_at, said)
            return
        if not said.is_empty and not self._conversation.may_send(said.text):
            return
        self.close()
        if said.is_empty:
            self._chat.fresh.start_conversation()
            self._page.composer.setFocus()
        else:
            # It is sent from the message box, where it stays if it cannot go now, or does not fit.
            self._put_in_box(said)
            self._conversation.send_written(said.earlier)

    def _begin_with_file(self, said: OutgoingDraft) -> None:
        """Start fresh with the words in the message box, where a file is added before they are sent."""
        self.close()
        self._put_in_box(said)
        self.file_wanted.emit()

    def _put_in_box(self, said: OutgoingDraft) -> None:
        self._chat.fresh.start_conversation(goes_on=True)
        self._conversation.use_text(said.text)
        self._chat.attachments.give_back(said.attachments)

    def _show_message(self, message_id: str) -> None:
        """Close the sheet, and show the message that a claim stands in."""
        index = self._chat.path.index_of(message_id)
        self.close()
        if index is not None:
            self._page.transcript.bring(index, 0.0)

    def _on_opened(self) -> None:
        self.close()
        if self._suggestion is not None:
            self._suggestion.hide()
        self._show_links()

    def _on_lesson_read(self) -> None:
        self.is_taught = True
        self._preferences.change(fresh_start_explained=True)

    def _on_generation_ended(self, generation: Generation) -> None:
        self._show_running()
        current, path = self._chat.current, self._chat.path
        if generation.conversation.id != current.id or current.settings.fresh_suggested:
            return
        window, last = self._models.reach_of(current.settings.choice), path.last
        turns = sum(entry.role is Role.USER for entry in path.entries)
        if has_become_long(last.usage if last else None, window.tokens, turns):
            self._chat.change_settings(lambda settings: replace(settings, fresh_suggested=True))
            self._suggest()

    def _suggest(self) -> None:
        if self._suggestion is None:
            from desktop.ui.fresh_start.links import FreshSuggestion

            self._suggestion = FreshSuggestion(self._theme)
            self._suggestion.wanted.connect(lambda: self.open(start=FreshStart.CARRY_OVER))
            self._page.put_below(self._suggestion)
        self._suggestion.show()

    def _show_running(self) -> None:
        if self._sheet is not None:
            self._sheet.show_running(self._chat.generation is not None)
        self._show_links()

    def _show_place(self) -> None:
        if self._sheet is None:
            return
        choice = self._chat.current.settings.choice
        self._sheet.show_place(self._models.place_of(choice), self._models.reach_of(choice).tokens)

    def _show_links(self) -> None:
        fresh = self._chat.fresh
        if fresh.is_fresh or self._origin is not None:
            self._origin_line().show_origin(fresh.origin, is_fresh=fresh.is_fresh, can_undo=fresh.can_undo)
        continued = fresh.continued_in
        if continued or self._continued is not None:
            self._continued_line().show_continued(continued)

    def _origin_line(self) -> OriginLine:
        if self._origin is None:
            from desktop.ui.fresh_start.links import OriginLine

            self._origin = OriginLine(self._theme)
            self._origin.opened.connect(self._chat.open)
            self._origin.undo_requested.connect(self._undo)
            self._page.put_above(self._origin)
        return self._origin

    def _continued_line(self) -> ContinuedLine:
        if self._continued is None:
            from desktop.ui.fresh_start.links import ContinuedLine

            self._continued = ContinuedLine(self._theme)
            self._continued.opened.connect(self._chat.open)
            self._page.put_below(self._continued)
        return self._continued

    def _undo(self) -> None:
        new = self._chat.current
        if self._chat.fresh.undo():
            self.binned.emit(new)
        self._page.composer.setFocus()

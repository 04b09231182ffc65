"""The page of a conversation: its header, its messages or what stands in their place, notices, and the composer.

Only puts the parts together; the window connects them to the conversation.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.models.place import shown_name
from desktop.ui.chat.header import Header
from desktop.ui.composer.card import Composer
from desktop.ui.look.stylesheet import set_look
from desktop.ui.message_actions import Reading
from desktop.ui.start import EmptyConversation
from desktop.ui.widgets.keys import TypingAhead
from desktop.ui.widgets.layout import TextColumn, stack
from desktop.ui.widgets.quiet_line import NoticeBar

if TYPE_CHECKING:
    from desktop.core.model import ModelChoice
    from desktop.runtime.chat import Chat
    from desktop.ui.look.theme import Theme
    from desktop.ui.message_actions import PanelPreference
    from desktop.ui.transcript.view import Transcript
    from desktop.ui.widgets.find_bar import FindBar

_MOST_LINES = 2  # at once above the composer and in it, beside what must be decided


class _Lines(QWidget):
    """A column for lines that come and go; away while none is shown, so that it takes no gap either."""

    wanted_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._has_room = True
        self._column = stack(on=self)
        self.hide()

    def add(self, line: QWidget) -> None:
        self._column.addWidget(line)
        line.installEventFilter(self)
        self._follow()

    @property
    def is_wanted(self) -> bool:
        """True if one of the lines has something to say."""
        return not self._column.isEmpty()  # which takes a hidden line for none, and forgets a deleted one

    def allow(self, has_room: bool) -> None:
        """Set if there is room for these lines beside others; they come back with it."""
        self._has_room = has_room
        self.setVisible(self.is_wanted and has_room)

    def _follow(self) -> None:
        self.allow(self._has_room)
        self.wanted_changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._follow()
        return super().eventFilter(watched, event)


class ChatPage(QWidget):
    """A page whose `transcript` is made when there are messages to show: a start shows none.

    `reading` always exists. While a conversation is awaited, that it is not there yet is not shown as an empty one.
    """

    waiting_ended = Signal()  # the conversation that was awaited is there, or does not come

    def __init__(self, theme: Theme, preference: PanelPreference) -> None:
        super().__init__()
        self.theme = theme
        self.reading = Reading(preference, self)
        self.model_files: tuple[str, ...] = ()  # that were opened; what is said of them follows with the models
        self.header = Header(theme)
        self.empty = EmptyConversation(theme)
        self.notice = NoticeBar(theme)
        self.composer = Composer(theme)
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(1)  # gives way to what is asked below it
        self._stack.addWidget(self.empty)
        self._calm = QWidget()  # in the place of messages that are being read
        self._stack.addWidget(self._calm)
        self.is_awaiting = False  # a conversation is to be shown that has not been read yet
        set_look(self, "page")
        self._above, self._below, self._hints, self._notices = _Lines(), _Lines(), _Lines(), _Lines()
        foot = TextColumn(theme)
        for lines in (self._below, self._hints, self._notices):
            foot.column.addWidget(lines)
            lines.wanted_changed.connect(self._share_room)
        self._notices.add(self.notice)
        foot.column.addWidget(self.composer)
        self.composer.task.task_changed.connect(self._share_room)
        stack(self.header, self._above, (self._stack, 1), foot, gap=0, on=self)

    @cached_property
    def transcript(self) -> Transcript:
        """The page of messages."""
        from desktop.ui.transcript.view import Transcript

        page = Transcript(self.theme, self.reading)
        page.typed.connect(self.composer.type_on)
        TypingAhead(page, lambda: self.composer.focusProxy() or self.composer)
        self._stack.addWidget(page)
        return page

    def prepare(self) -> None:
        """Make the page of messages, so that the first one need not wait for it."""
        assert self.transcript

    @cached_property
    def find_bar(self) -> FindBar:
        """The bar for finding in the messages; made at its first use."""
        from desktop.ui.widgets.find_bar import FindBar

        return FindBar(self.theme, self.transcript)

    @property
    def content(self) -> QWidget:
        """What stands between header and composer now: the messages, or the start page."""
        return self._stack.currentWidget() or self.empty

    @property
    def has_transcript(self) -> bool:
        """True if there have been messages to show."""
        return "transcript" in vars(self)

    def put_above(self, line: QWidget) -> None:
        """Place a quiet line between the header and the messages."""
        self._above.add(line)

    def put_below(self, line: QWidget) -> None:
        """Place a quiet line between the messages and the composer."""
        self._below.add(line)

    def put_hint(self, line: QWidget) -> None:
        """Place a line of advice above the composer, shown where not two other lines are there already."""
        self._hints.add(line)

    def _share_room(self) -> None:
        """Have no more lines at once than can be taken in beside what is written: those that help most."""
        taken = self._below.is_wanted + self._notices.is_wanted + bool(self.composer.task.guide)
        self._hints.allow(taken < _MOST_LINES)

    def show_beginning(self, choice: ModelChoice | None, *, is_offline: bool) -> None:
        """Show an empty conversation before anything is known of models but which one is chosen."""
        self.header.set_title("", is_stored=False)
        self.header.show_models([], choice, is_offline=is_offline)
        self.empty.show_model(None, None, shown_name(choice.model) if choice else "", is_looking=True)
        self.empty.show_trouble(None, is_looking=True)

    def await_conversation(self) -> None:
        """Show the place of a conversation that is being read."""
        self.is_awaiting = True
        self.header.set_title(None, is_stored=False)
        self._stack.setCurrentWidget(self._calm)

    def end_waiting(self) -> None:
        """Await no conversation any more; the current one is shown as it is."""
        if self.is_awaiting:
            self.is_awaiting = False
            if self._stack.currentWidget() is self._calm:
                self._stack.setCurrentWidget(self.empty)
            self.waiting_ended.emit()

    def take_escape(self) -> bool:
        """Clear what is selected on Escape, or else cancel an edit. Return False if there is neither."""
        if self.has_transcript and self.transcript.take_escape():
            return True
        was_editing = self.composer.is_editing
        self.composer.cancel_edit()
        return was_editing

    def close_notice(self) -> bool:
        """Close the notice above the composer. Return False if there is none."""
        was_shown = not self.notice.isHidden()
        self.notice.hide()
        return was_shown

    def show_transcript(self, shown: bool) -> None:
        """Show the messages, or what stands in their place."""
        beside = self._calm if self.is_awaiting else self.empty
        self._stack.setCurrentWidget(self.transcript if shown else beside)


class PagePresenter(QObject):
    """Who does something on the page of the conversation: what all of them are given."""

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._theme = page.theme
        self._page, self._composer, self._notice = page, page.composer, page.notice
        self._chat, self._models, self._settings = chat, chat.services.models, chat.services.settings

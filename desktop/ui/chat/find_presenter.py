"""The search in the current conversation, from the window's side: opens the bar, and tells the search of changes.

The bar and all that it needs are made when it is first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from desktop.core.conversation import Conversation
from desktop.runtime.chat import Chat
from desktop.runtime.path import ConversationPath
from desktop.ui.chat.page import ChatPage, PagePresenter

if TYPE_CHECKING:
    from desktop.ui.find import FindSession


@dataclass(frozen=True, slots=True)
class _Goal:
    """A message that is wanted in sight, with these words marked; without one, its conversation alone.

    `turned_from`: the last message of the version that was in front, where another one has been turned to.
    """

    conversation_id: str
    message_id: str
    words: str
    in_thinking: bool
    turned_from: str = ""


class FindPresenter(PagePresenter):
    """The presenter of the search."""

    opening = Signal()  # the bar: what lies over the page is to go first

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page, chat)
        self._goal: _Goal | None = None
        self._found_in = ("", "")  # a message of another version, and the last one of that which was left for it
        chat.opened.connect(lambda *_: self._on_came())
        chat.path_changed.connect(lambda _: self._on_path_changed())
        chat.generation_started.connect(lambda _: self._withdraw_way_back())  # it goes on here

    def open(self) -> None:
        """Show the bar, if there is something to search."""
        if not self._chat.path.is_empty:
            self.opening.emit()
            self._session.open()

    def go_to(self, conversation_id: str, message_id: str = "", words: str = "", *, in_thinking: bool = False) -> None:
        """Show a conversation, and in it a message with these words marked, as soon as it has been read."""
        self._goal = _Goal(conversation_id, message_id, words, in_thinking)
        if self._chat.current.id == conversation_id:
            self._approach()
        else:
            self._chat.open(conversation_id)

    def close(self) -> None:
        """Hide the bar."""
        if self._is_used:
            self._session.close()

    def take_escape(self) -> bool:
        """Hide the bar on Escape. Return False if it is not shown."""
        is_shown = self._is_used and not self._page.find_bar.isHidden()
        self.close()
        return is_shown

    @property
    def _is_used(self) -> bool:
        """True if the bar has been opened before."""
        return "_session" in vars(self)

    def _on_path_changed(self) -> None:
        found, left = self._found_in
        if self._chat.path.index_of(found) is None or self._chat.path.index_of(left) is not None:
            self._withdraw_way_back()  # another version is in front by now
        self._approach()

    def _on_came(self) -> None:
        self._withdraw_way_back()
        if self._goal is not None and self._goal.conversation_id != self._chat.current.id:
            self._goal = None  # the user went elsewhere
        elif self._goal is not None:
            self._chat.path.outlined.connect(self._approach)
            QTimer.singleShot(0, self, self._approach)  # when all others have heard of it

    def _approach(self) -> None:
        """Go to the message that is wanted, if it is known where it stands; else find that out."""
        goal, path = self._goal, self._chat.path
        if goal is None or goal.conversation_id != path.conversation_id:
            return
        if not goal.message_id or path.is_empty:
            self._goal = None
        elif path.index_of(goal.message_id) is not None:
            self._goal = None
            if goal.turned_from:
                self._offer_way_back(goal.message_id, goal.turned_from)
            if goal.words:
                self.opening.emit()
                self._session.open_at(goal.message_id, goal.words, with_reasoning=goal.in_thinking)
            else:
                self._page.transcript.search.go_to(goal.message_id, goal.in_thinking, 0, 0)
        elif path.is_whole:  # in another version of the conversation
            if goal.turned_from or not self._chat.turn_to(goal.message_id):
                self._goal = None
            else:
                self._goal = replace(goal, turned_from=path.entries[-1].id)
        else:
            path.complete()

    def _offer_way_back(self, found: str, left: str) -> None:
        """Say that a message stands in another version, and offer the one that was left, as long as that is so."""
        self._found_in = (found, left)

        def go_back() -> None:
            self.close()
            self._composer.setFocus()
            self._chat.turn_to(left)

        self._notice.show_text(self._words_of_version(), [(self.tr("Back to the one before"), go_back)], calmly=True)

    def _withdraw_way_back(self) -> None:
        if self._found_in[0]:
            self._found_in = ("", "")
            self._notice.hide_text(self._words_of_version())

    def _words_of_version(self) -> str:
        return self.tr("This stands in another version of the conversation.")

    @cached_property
    def _session(self) -> FindSession:
        from desktop.ui.find import FindSession

        bar, chat = self._page.find_bar, self._chat
        bar.set_with_reasoning(self._settings.now.find_in_thinking)
        bar.with_reasoning_changed.connect(lambda shall: self._settings.change(find_in_thinking=shall))
        session = FindSession(bar, self._page.transcript, chat.search, self)
        chat.opened.connect(self._on_opened)
        for changed in (chat.path_changed, chat.generation_started, chat.generation_ended, chat.path.outlined):
            changed.connect(session.recount)
        return session

    def _on_opened(self, conversation: Conversation, path: ConversationPath, draft: str | None) -> None:
        """Close the bar for another conversation, where the last query is not searched until it is asked for."""
        self.close()
        path.outlined.connect(self._session.recount)

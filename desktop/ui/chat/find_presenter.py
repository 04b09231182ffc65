"""The search in the current conversation, from the window's side: opens the bar, and tells the search of changes.

The bar and all that it needs are made when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation
from desktop.core.preferences import Preferences
from desktop.runtime.chat import Chat
from desktop.runtime.conversation.path import ConversationPath
from desktop.ui.chat.page import ChatPage

if TYPE_CHECKING:
    from desktop.ui.find.session import FindSession


class FindPresenter(QObject):
    """The presenter of the search. `with_reasoning` is True if thinking is searched, too, when the bar is made."""

    def __init__(self, page: ChatPage, chat: Chat, preferences: Preferences) -> None:
        super().__init__(page)
        self.with_reasoning = False
        self._page = page
        self._chat = chat
        self._preferences = preferences
        self._session: FindSession | None = None

    def open(self) -> None:
        """Show the bar, if there is something to search."""
        if not self._chat.path.is_empty:
            self._need_session().open()

    def close(self) -> None:
        """Hide the bar."""
        if self._session is not None:
            self._session.close()

    def take_escape(self) -> bool:
        """Hide the bar on Escape. Return False if there is none."""
        self.close()
        return self._session is not None

    def _need_session(self) -> FindSession:
        if self._session is None:
            from desktop.ui.find.session import FindSession

            bar = self._page.find_bar
            bar.set_with_reasoning(self.with_reasoning)
            bar.with_reasoning_changed.connect(lambda shall: self._preferences.change(find_in_thinking=shall))
            self._session = FindSession(bar, self._page.transcript, self._chat.search, self)
            self._chat.opened.connect(self._on_opened)
            self._chat.path_changed.connect(lambda _: self._recount())
            self._chat.generation_started.connect(lambda _: self._recount())
            self._chat.generation_ended.connect(lambda _: self._recount())
            self._follow(self._chat.path)
        return self._session

    def _on_opened(self, conversation: Conversation, path: ConversationPath, draft: str | None) -> None:
        """Close the bar for another conversation, where the last query is not searched until it is asked for."""
        self.close()
        self._follow(path)

    def _follow(self, path: ConversationPath) -> None:
        path.outlined.connect(lambda _: self._recount())

    def _recount(self) -> None:
        if self._session is not None:
            self._session.recount()

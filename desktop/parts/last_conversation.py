"""The conversation that a start goes on with: the one of the window before this, else the one that was shown last.

Part of the composition root, since it knows the settings and the window.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.core.conversation import is_temporary
from desktop.runtime.chat import Chat
from desktop.settings_keeper import SettingsKeeper
from desktop.ui.window.main_window import MainWindow


class LastConversation(QObject):
    """The mediator between the settings, which remember it, and the conversations. `open` it when those are listed."""

    def __init__(self, window: MainWindow, chat: Chat, keeper: SettingsKeeper, before: str, parent: QObject) -> None:
        """Keep the dependencies. `before` is the conversation of the window before this; empty: there was none."""
        super().__init__(parent)
        self._window = window
        self._chat = chat
        self._keeper = keeper
        self._before = before

    def open(self) -> None:
        """Open it, unless the user has begun something, and remember from now on which one is shown."""
        if self._before and self._before not in {each.id for each in self._chat.conversations}:
            if is_temporary(self._before) and self._is_untouched():  # nothing has been said in it yet
                self._chat.new_temporary()
        elif self._before:
            self._chat.open(self._before)
        elif self._is_untouched() and not self._chat.is_opening:
            self._chat.open(self._keeper.now.last_conversation, self._is_untouched)
        for signal in (self._chat.opened, self._chat.conversations_changed):
            signal.connect(self._remember)

    def _is_untouched(self) -> bool:
        """Return True while the user has begun nothing in the new conversation that a start shows."""
        return self._chat.path.is_empty and not self._window.composer.text() and self._window.is_chat_in_front

    def _remember(self) -> None:
        current = self._chat.current.id
        shown = current if self._chat.is_stored and not is_temporary(current) else ""
        if self._keeper.now.last_conversation != shown:
            self._keeper.change(last_conversation=shown)

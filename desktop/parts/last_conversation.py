"""The conversation that a start goes on with: the one of the window before this, else the one that was shown last.

Part of the composition root, since it knows the settings and the window.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

from desktop.core.conversation import is_temporary
from desktop.runtime.chat import Chat
from desktop.settings_keeper import SettingsKeeper
from desktop.ui.window.main_window import MainWindow

_PATIENCE_MS = 3_000  # for a disk that does not answer, with the window waiting for it


class LastConversation(QObject):
    """The mediator between the settings, which remember it, and the conversations.

    The window may await it from its first paint on: then its place is shown, and `ask` for it when the list is read. In
    any case `open` it when all are listed.
    """

    def __init__(self, window: MainWindow, chat: Chat, keeper: SettingsKeeper, before: str, parent: QObject) -> None:
        """Keep the dependencies. `before` is the conversation of the window before this; empty: there was none."""
        super().__init__(parent)
        self._window = window
        self._page = window.chat_page
        self._chat = chat
        self._keeper = keeper
        self._before = before

    def ask(self) -> None:
        """Have it opened as soon as it is listed, if the window awaits it."""
        if self._page.is_awaiting:
            self._chat.store_failed.connect(self._page.end_waiting)
            self._chat.open(self._keeper.now.last_conversation, self._is_wanted)

    def when_settled(self, then: Callable[[], object]) -> None:
        """Call `then` when nothing is awaited any more, which may be now.

        Not for ever, also where nobody could ask for it: until then the window can't even be closed.
        """
        if self._page.is_awaiting:
            QTimer.singleShot(_PATIENCE_MS, self, self._page.end_waiting)
            self._page.waiting_ended.connect(then, Qt.ConnectionType.SingleShotConnection)
        else:
            then()

    def open(self) -> None:
        """Open it, unless the user has begun something, and remember from now on which one is shown."""
        if self._before and self._before not in {each.id for each in self._chat.conversations}:
            if is_temporary(self._before) and self._is_wanted():  # nothing has been said in it yet
                self._chat.new_temporary()
        elif self._before:
            self._chat.open(self._before)
        elif self._is_wanted() and not self._chat.is_opening:
            self._chat.open(self._keeper.now.last_conversation, self._is_wanted)
        if not self._chat.is_opening:
            self._page.end_waiting()
        for signal in (self._chat.opened, self._chat.conversations_changed):
            signal.connect(self._remember)

    def _is_wanted(self) -> bool:
        """Return True while the window awaits it, or the user has begun nothing in the new one that a start shows."""
        is_untouched = not self._window.composer.text() and self._window.is_chat_in_front
        return self._page.is_awaiting or (self._chat.path.is_empty and is_untouched)

    def _remember(self) -> None:
        current = self._chat.current.id
        shown = current if self._chat.is_stored and not is_temporary(current) else ""
        if self._keeper.now.last_conversation != shown:
            self._keeper.change(last_conversation=shown)

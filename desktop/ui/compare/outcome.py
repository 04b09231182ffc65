"""The line in the conversation on how a comparison ended: which answer goes on, what became of the others, a way back.

Told what to say by whoever has shown the comparison.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine


class ComparisonOutcome(QObject):
    """A line that stays until the conversation goes on, or another one is opened."""

    def __init__(self, theme: Theme, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._chat = chat
        self._line: QuietLine | None = None
        self._conversation_id = ""
        chat.opened.connect(lambda *_: self._hide_elsewhere())
        chat.generation_started.connect(lambda _: self.withdraw())

    def say(self, words: str, way_back: str, go_back: Callable[[], object], conversation_id: str) -> None:
        """Show the line in a conversation, now or as soon as it is opened; `go_back` does what the button says."""
        self._conversation_id = conversation_id
        line = self._made_line()
        line.withdraw_offers()
        button = line.offer(way_back)
        button.clicked.connect(lambda _=False: self._go_back(go_back))
        button.show()
        line.announce(words)

    def withdraw(self) -> None:
        """Hide the line."""
        if self._line is not None:
            self._line.hide()

    def _go_back(self, go_back: Callable[[], object]) -> None:
        self.withdraw()
        go_back()

    def _hide_elsewhere(self) -> None:
        if self._chat.current.id != self._conversation_id:
            self.withdraw()

    def _made_line(self) -> QuietLine:
        if self._line is None:
            self._line = QuietLine(self._theme, PlainLabel("", "small", wraps=True), closable=True)
            self._page.put_below(self._line)
        return self._line

"""The presenter of signs of trouble: shows them at the page's messages, and keeps which kinds of them are wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.core.sign import kinds_off
from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.message_actions import HideSignKind, MessageAction


class SignPresenter(QObject):
    """The link between the signs that are found, the settings, and the messages that show them."""

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._chat = chat
        self._preferences = chat.services.settings
        self.follow_settings()
        chat.signs_found.connect(self._show)
        page.requests.asked.connect(self._on_asked)

    def _on_asked(self, _: str, action: MessageAction) -> None:
        if isinstance(action, HideSignKind):
            self._switch_off(action.kind)

    def _switch_off(self, kind: str) -> None:
        """Switch a kind off at once, and show where it is switched on again, since its line has gone."""
        self._preferences.change(signs_off=tuple(sorted({*self._preferences.now.signs_off, kind})))
        sentence = self.tr("This kind is not shown any more. The switch in the settings brings it back.")
        self._page.notice.show_text(sentence)

    def follow_settings(self) -> None:
        """Show the kinds of signs that are wanted now."""
        self._page.set_signs_off(kinds_off(self._preferences.now.signs_off))

    def _show(self, message_id: str) -> None:
        message = self._chat.path.message(message_id)
        if message is not None and self._page.has_transcript:
            self._page.transcript.show_signs(message_id, message.signs)

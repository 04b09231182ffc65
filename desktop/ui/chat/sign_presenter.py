"""The presenter of signs of trouble: shows them at the page's messages, and keeps which kinds of them are wanted."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.message_actions import ChooseSignKinds, HideSignKind, MessageAction


class SignPresenter(QObject):
    """The link between the signs that are found, the settings, and the messages that show them."""

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._chat = chat
        self._preferences = chat.services.settings
        self._set_off(frozenset(self._preferences.now.signs_off))
        chat.signs_found.connect(self._show)
        page.requests.asked.connect(self._on_asked)

    def choose_kinds(self) -> None:
        """Let the user choose which kinds are shown."""
        from desktop.ui.signs.kinds import SignKindsDialog

        dialog = SignKindsDialog(self._off, self._page)
        dialog.off_changed.connect(self._change)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_asked(self, _: str, action: MessageAction) -> None:
        match action:
            case HideSignKind(kind):
                self._switch_off(kind)
            case ChooseSignKinds():
                self.choose_kinds()

    def _switch_off(self, kind: str) -> None:
        """Switch a kind off at once, and show where it is switched on again, since its line has gone."""
        self._change(self._off | {kind})
        sentence = self.tr("This kind is not shown any more. “Signs of trouble…” in the settings brings it back.")
        self._page.notice.show_text(sentence)

    def _set_off(self, kinds: frozenset[str]) -> None:
        self._off = kinds
        self._page.set_signs_off(kinds)

    def _change(self, off: frozenset[str]) -> None:
        self._set_off(off)
        self._preferences.change(signs_off=tuple(sorted(off)))

    def _show(self, message_id: str) -> None:
        message = self._chat.path.message(message_id)
        if message is not None and self._page.has_transcript:
            self._page.transcript.show_signs(message_id, message.signs)

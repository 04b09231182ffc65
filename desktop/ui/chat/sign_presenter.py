"""Brings signs of trouble to the messages of the page, and keeps which kinds of them are wanted."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal

from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage


class SignPresenter(QObject):
    """`off_changed` says which kinds the person does not want any more."""

    off_changed = Signal(object)  # tuple[str, ...]

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._chat = chat
        self._off: frozenset[str] = frozenset()
        chat.signs_found.connect(self._show)
        page.requests.sign_switched_off.connect(self._switch_off)
        page.requests.sign_kinds_requested.connect(self.choose_kinds)

    def set_off(self, kinds: Collection[str]) -> None:
        """Which kinds are not wanted, as the settings say."""
        self._off = frozenset(kinds)
        self._page.set_signs_off(self._off)

    def choose_kinds(self) -> None:
        """Let the person choose which kinds are shown."""
        from desktop.ui.signs.kinds import SignKindsDialog

        dialog = SignKindsDialog(self._off, self._page)
        dialog.off_changed.connect(self._change)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _switch_off(self, kind: str) -> None:
        """At once; and say where it is switched on again, since the line that says so has gone."""
        self._change(self._off | {kind})
        sentence = self.tr("This kind is not shown any more. “Signs of trouble…” in the settings brings it back.")
        self._page.notice.show_text(sentence)

    def _change(self, off: frozenset[str]) -> None:
        self.set_off(off)
        self.off_changed.emit(tuple(sorted(off)))

    def _show(self, message_id: str) -> None:
        message = self._chat.path.message(message_id)
        if message is not None and self._page.has_transcript:
            self._page.transcript.show_signs(message_id, message.signs)

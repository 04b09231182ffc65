"""Words that the disk did not take: said above the message box, given back to it, and sent once there is room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject

from desktop.core.repository import StoreError
from desktop.runtime.chat import Chat
from desktop.ui.chat.message_edit import MessageEdit
from desktop.ui.chat.page import ChatPage
from desktop.ui.composer.pasted import text_below
from desktop.ui.errors import ErrorAction, describe_store

_LASTING: Final = ("read_only", "damaged")


class DiskRefusals(QObject):
    """The way back from a message that was not saved, and so not sent."""

    def __init__(
        self,
        page: ChatPage,
        chat: Chat,
        edited: MessageEdit,
        send: Callable[[], None],
        try_again: Callable[[], object],
        act: Callable[[ErrorAction], None],
    ) -> None:
        """Keep the dependencies. `send` sends what stands in the box, `try_again` asks for the last reply once more.

        `act` does what a notice offers and is not about the disk.
        """
        super().__init__(page)
        self._composer = page.composer
        self._notice = page.notice
        self._chat = chat
        self._edited = edited
        self._send = send
        self._try_again = try_again
        self._act = act
        self._sent_edit = ""  # the id of the message in whose place was sent what the disk has yet to take
        self._do_again: Callable[[], object] | None = None  # what the disk did not let happen
        self._is_told = False  # the notice says that the disk refused something, and nothing else waits for it
        self._lasting = ""  # the notice that says why nothing of any conversation can be saved
        page.notice.action_chosen.connect(self._act_on_notice)
        chat.not_sent.connect(self._on_not_sent)
        chat.store_failed.connect(self._on_store_failed)
        chat.unsaved.all_saved.connect(self._on_all_saved)

    def note_sent(self, in_place_of: str = "") -> None:
        """Note that a message was sent which the disk has yet to take; `in_place_of`: the id of the one it changes."""
        self._do_again, self._sent_edit = None, in_place_of

    def forget(self) -> None:
        """Have nothing to do again, and hide the notice: another conversation is shown, or this one as it is now.

        What is so of all conversations is still said.
        """
        self._do_again = None
        if not self._lasting or self._notice.accessibleName() != self._lasting:
            self._notice.hide()

    def _act_on_notice(self, action: ErrorAction) -> None:
        if action is not ErrorAction.TRY_AGAIN:
            self._act(action)
            return
        again, self._do_again = self._do_again, None
        self._notice.hide()
        self._chat.unsaved.save_again()
        self._chat.load()
        if again is not None:
            again()

    def _on_not_sent(self, text: str, error: StoreError) -> None:
        self._composer.set_running(self._chat.is_answering)
        if text and self._sent_edit:
            self._edited.begin_edit(self._sent_edit, text)
        elif text:
            written = self._composer.text().strip()
            self._composer.set_text(text_below(text, written) if written else text)
        self._notice.show_error(describe_store(error))
        self._do_again = self._send if text else self._try_again
        self._sent_edit = ""

    def _on_store_failed(self, error: StoreError) -> None:
        self._notice.show_error(describe_store(error))
        self._lasting = self._notice.accessibleName() if error.reason in _LASTING else ""
        self._is_told = self._do_again is None

    def _on_all_saved(self) -> None:
        """Hide the notice of the disk's refusal, unless something else still waits to be done again."""
        if self._is_told and self._do_again is None:
            self._notice.hide()
        self._is_told = False

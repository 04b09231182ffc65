"""The draft of the conversation in front: what stands in the message box, saved as it changes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.composer.pasted import text_below


class BoxDraft(QObject):
    """The keeper of what is written in the message box.

    What is written while a conversation is awaited belongs to that one, if it comes: until then it is nobody's.
    """

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._composer = page.composer
        self._chat = chat
        self._kept = ""  # what the composer held when it was last saved or filled
        self._found = ""  # the draft of the conversation that does not exist yet, while another one is awaited
        for changed in (self._composer.draft_changed, self._composer.draft_overdue):
            changed.connect(self.save)
        chat.leaving.connect(self.save_now)
        chat.draft_found.connect(self._on_found)
        page.waiting_ended.connect(self._on_waiting_ended)

    def save(self, text: str) -> None:
        """Save a text as the draft, unless it is that already."""
        if text != self._kept and not self._page.is_awaiting:
            self._kept = text
            self._chat.keep_draft(text)

    def save_now(self) -> None:
        """Save what is written, the last words of an input method too."""
        self._composer.finish_composing()
        self.save(self._composer.draft)

    def save_again(self) -> None:
        """Save the field's draft again, which sending something else has forgotten."""
        self.note_sent()
        self.save(self._composer.draft)

    def note_sent(self) -> None:
        """Note that nothing is kept any more: it was sent."""
        self._kept = ""

    def show(self, draft: str) -> None:
        """Show the draft of a conversation that has been opened."""
        if self._page.is_awaiting and self._chat.is_stored:  # the one that has been awaited
            self._found = ""
            if self._composer.text():
                self._put_above(draft)
                return
        self._composer.open_draft(draft)
        self._kept = draft

    def _put_above(self, draft: str) -> None:
        """Show a draft from the last time above what has been written since the start."""
        if draft:
            written = self._composer.text()
            self._composer.open_draft(text_below(draft, written) if written else draft)
        self._kept = draft
        self.save(self._composer.draft)

    def _on_found(self, draft: str) -> None:
        if self._page.is_awaiting:
            self._found = draft
        else:
            self._put_above(draft)

    def _on_waiting_ended(self) -> None:
        found, self._found = self._found, ""
        if found:
            self._put_above(found)
        else:
            self.save(self._composer.draft)

"""The message whose words are in the composer to be changed, and the way from one to the next by the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.message import Message, Role
from desktop.runtime.chat import Chat
from desktop.runtime.conversation.path import ConversationPath
from desktop.ui.chat.page import ChatPage


@dataclass(frozen=True, slots=True)
class _Left:
    """A change of a message that the user has left for another conversation; its files wait with the attachments."""

    message: str  # its id
    words: str  # the new ones so far


class MessageEdit(QObject):
    """A message of the user that is being edited, or none."""

    edit_began = Signal(str)  # its id

    def __init__(self, page: ChatPage, chat: Chat, save_draft: Callable[[str], None]) -> None:
        """Keep the dependencies; `save_draft` saves what stood in the composer before."""
        super().__init__(page)
        self._page = page
        self._composer = page.composer
        self._chat = chat
        self._save_draft = save_draft
        self.id = ""  # of the message whose words are in the composer
        self._as_it_was: Message | None = None  # that message; None where only its new words are known
        self._left: dict[str, _Left] = {}  # by conversation
        chat.leaving.connect(self._note_left)
        for erased in (chat.bin.erasing, chat.retention.erased):
            erased.connect(self._forget_left)
        self._composer.earlier_wanted.connect(lambda: self._walk(-1))
        self._composer.later_wanted.connect(lambda: self._walk(1))
        self._composer.edit_cancelled.connect(self.end_edit)

    def edit(self, message_id: str, left: _Left | None = None) -> None:
        """Have a message changed, as soon as its words have been read; `left`: how far its change has come."""
        path = self._chat.path
        message = path.message(message_id)
        if message is not None:
            self._edit_message(message, left)
        else:
            path.read(
                [message_id],
                lambda found: list(found.values()),
                lambda found: self._on_words_read(path, found, left),
            )

    def go_on(self) -> None:
        """Go on with the change of a message in which the user has left this conversation."""
        left = self._left.get(self._chat.current.id)
        if left is not None:
            self.edit(left.message, left)

    def begin_edit(self, message_id: str, text: str) -> None:
        """Have a message changed whose files are shown already; `text` are its new words so far."""
        if self._as_it_was is not None and self._as_it_was.id != message_id:
            self._as_it_was = None
        self._show(message_id, text)

    def _show(self, message_id: str, text: str) -> None:
        self.mark(message_id)
        self._composer.begin_edit(text)
        self.edit_began.emit(message_id)
        self._save_draft(self._composer.draft)  # which may have been typed a moment ago

    def end_edit(self) -> None:
        """Have the draft's files back where those of the message were."""
        self.mark("")
        self._chat.attachments.return_to_draft()

    def mark(self, message_id: str) -> None:
        """Show at a message that it is being edited; "" for none."""
        self.id = message_id
        if self._page.has_transcript:
            self._page.transcript.mark_edited(message_id)

    def _edit_message(self, message: Message, left: _Left | None) -> None:
        attachments = self._chat.attachments
        if left is None or not attachments.take_up_edited(message.id):
            attachments.show_message_files(message.files)
        self._as_it_was = message
        self._show(message.id, message.text)
        if left is not None:
            self._left.pop(self._chat.current.id, None)
            self._composer.set_text(left.words)

    def _on_words_read(self, path: ConversationPath, found: list[Message], left: _Left | None) -> None:
        if path is not self._chat.path or (left is not None and self.id):
            return  # the user is elsewhere, or changes another message by now
        if found:
            self._edit_message(found[0], left)
        else:
            self._forget_left([self._chat.current.id])

    def _note_left(self) -> None:
        """Keep the new words and files of a message that is being changed."""
        before = self._as_it_was
        if not self.id or (before is not None and self._composer.text() == before.text and self._has_same_files()):
            return
        self._forget_left([self._chat.current.id])
        self._chat.attachments.put_edited_aside(self.id)
        self._left[self._chat.current.id] = _Left(self.id, self._composer.text())

    def _has_same_files(self) -> bool:
        """Return True if what is sent with the message is what was sent with it before."""
        sent = () if self._as_it_was is None else self._as_it_was.files
        return [each.to_send for each in self._chat.attachments.items] == list(sent)

    def _forget_left(self, ids: Sequence[str]) -> None:
        """Give up what was left in these conversations."""
        for each in ids:
            if (left := self._left.pop(each, None)) is not None:
                self._chat.attachments.forget_edited(left.message)

    def _walk(self, step: int) -> None:
        """Edit the user's message before or after the one in the composer; after the last comes the draft.

        Not where the files of this one are others by now, which would be lost.
        """
        if self.id and not self._has_same_files():
            return
        mine = [entry.id for entry in self._chat.path.entries if entry.role is Role.USER]
        at = mine.index(self.id) if self.id in mine else len(mine)
        if at + step >= len(mine):
            self._composer.cancel_edit()
        elif at + step >= 0:
            self.edit(mine[at + step])

"""The message whose words are in the composer to be changed, and the way from one to the next by the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.message import FilePart, Message, Role
from desktop.runtime.chat import Chat
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.documents.attachment import Attachment
from desktop.ui.chat.page import ChatPage


@dataclass(frozen=True, slots=True)
class _LeftEdit:
    """A change of a message that the user has left for another conversation."""

    message: str  # its id
    words: str  # the new ones so far
    files: list[Attachment]  # those that it is to have


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
        self._words = ""  # of that message, as they were
        self._files: list[str] = []  # the digests of its files
        self._left: dict[str, _LeftEdit] = {}  # by conversation
        chat.leaving.connect(self._note_left)
        self._composer.earlier_wanted.connect(lambda: self._walk(-1))
        self._composer.later_wanted.connect(lambda: self._walk(1))
        self._composer.edit_cancelled.connect(self.end_edit)

    def edit(self, message_id: str, left: _LeftEdit | None = None) -> None:
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
        left = self._left.pop(self._chat.current.id, None)
        if left is not None:
            self.edit(left.message, left)

    def begin_edit(self, message_id: str, text: str, files: Sequence[FilePart] | None = None) -> None:
        """Have a message changed. `files`: those it has; None: they are shown already."""
        self.mark(message_id)
        if files is not None:
            self._words, self._files = text, [each.digest for each in files]
            self._chat.attachments.show_message_files(files)
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

    def _edit_message(self, message: Message, left: _LeftEdit | None) -> None:
        self.begin_edit(message.id, message.text, message.files)
        if left is not None:
            self._composer.set_text(left.words)
            self._chat.attachments.show_edited(left.files)

    def _note_left(self) -> None:
        """Keep the new words and files of a message that is being changed; what was pasted is a text again."""
        if not self.id:
            return
        given = self._chat.attachments.items
        pasted = [file.pasted for file in given if file.pasted]
        words = "\n\n".join([each for each in (self._composer.text(), *pasted) if each])
        if words != self._words or [each.digest for each in given if not each.pasted] != self._files:
            self._left[self._chat.current.id] = _LeftEdit(self.id, words, self._chat.attachments.keep_edited())

    def _on_words_read(self, path: ConversationPath, found: list[Message], left: _LeftEdit | None) -> None:
        if path is self._chat.path and found:
            self._edit_message(found[0], left)

    def _walk(self, step: int) -> None:
        """Edit the user's message before or after the one in the composer; after the last comes the draft."""
        mine = [entry.id for entry in self._chat.path.entries if entry.role is Role.USER]
        at = mine.index(self.id) if self.id in mine else len(mine)
        if at + step >= len(mine):
            self._composer.cancel_edit()
        elif at + step >= 0:
            self.edit(mine[at + step])

"""The presenter between what the user gives to the message and `runtime.documents.Attachments`.

Attaching, pasting, dropping, removing and moving files. They are sent by `conversation_presenter`, and what of them is
sent is chosen on the page of `documents`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from desktop.core.documents.reading import ReadingError
from desktop.core.message import AttachmentPart
from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.documents.file_actions import FileAction, GivePassword, MoveFile, OpenPreview, RemoveFile
from desktop.ui.documents.preview import PreviewPresenter
from desktop.ui.errors import describe_reading
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.message_actions import MessageAction, OpenFile
from desktop.ui.words import fill, shown_name

_KINDS = (
    "*.pdf *.docx *.doc *.odt *.rtf *.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.pptx *.odp *.eml *.msg *.html *.htm *.mhtml"
    " *.epub *.md *.txt *.log *.json *.xml *.yaml *.toml *.tex *.py *.js *.sql"
)
_PICTURES = "*.png *.jpg *.jpeg *.gif *.webp *.bmp *.tif *.tiff *.heic"


class FilesPresenter(QObject):
    """The presenter of the files that go with the next message."""

    def __init__(self, page: ChatPage, chat: Chat, preview: PreviewPresenter) -> None:
        super().__init__(page)
        self._page = page
        self._chat = chat
        self._attachments = attachments = chat.attachments
        self._preview = preview
        composer = page.composer
        composer.attach_requested.connect(self.pick)
        composer.files_pasted.connect(self.take_given)
        composer.files.asked.connect(self._act)
        attachments.changed.connect(self._show)
        attachments.refused.connect(self._say_refused)
        page.requests.asked.connect(self._act_at)
        self._show()

    def pick(self) -> None:
        """Let the user pick files."""
        documents = self.tr("Documents and texts")
        pictures = self.tr("Pictures")
        everything = self.tr("All files")
        names = f"{everything} (*);;{documents} ({_KINDS});;{pictures} ({_PICTURES})"
        paths, _ = QFileDialog.getOpenFileNames(self._page.window(), self.tr("Attach files"), "", names)
        if paths:
            self.attach([Path(path) for path in paths])

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files to the message that is being written."""
        self._attachments.add_files(paths)
        self._page.composer.setFocus()

    def take_given(self, given: GivenFiles) -> None:
        """Attach what was pasted or dropped."""
        if given.paths:
            self.attach(given.paths)
        elif given.picture:
            self._attachments.add_bytes(given.picture, self.tr("Picture"))
            self._page.composer.setFocus()

    def _show(self) -> None:
        self._page.composer.show_files(self._attachments.items)

    def _say_refused(self, error: ReadingError) -> None:
        said = describe_reading(error)
        words = fill(self.tr("“%1” was not attached. %2"), shown_name(error.name), said.sentence)
        self._page.notice.show_text(words)

    def _act_at(self, message_id: str, action: MessageAction) -> None:
        """Show what was sent of a file of an earlier message."""
        message = self._chat.path.message(message_id)
        if isinstance(action, OpenFile) and message is not None:
            part = message.files[action.index]
            if isinstance(part, AttachmentPart):
                self._preview.open_sent(part)

    def _act(self, file_id: str, action: FileAction) -> None:
        match action:
            case OpenPreview():
                self._preview.open(file_id)
            case RemoveFile():
                self._attachments.remove(file_id)
            case MoveFile(step):
                self._attachments.move(file_id, step)
            case GivePassword(password):
                self._attachments.give_password(file_id, password)
            case _:
                assert_never(action)

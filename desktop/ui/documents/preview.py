"""The presenter of the page with the text of a file: of one that goes with the next message, or of one already sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.selection import Selection
from desktop.core.message import AttachmentPart
from desktop.core.model import Sight
from desktop.runtime.files import Attachments
from desktop.ui.documents.file_chip import can_be_drawn
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.page import PageStack

if TYPE_CHECKING:
    from desktop.ui.documents.preview_page import PreviewPage


class PreviewPresenter(QObject):
    """The presenter. The page is made for one file, and goes with it; a start does without its modules."""

    pictures_wanted = Signal(object, str, object)  # Attachments, the id of a file, pages to send as pictures

    def __init__(self, theme: Theme, stack: PageStack, attachments: Attachments) -> None:
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._attachments = attachments  # those that the file in question belongs to
        self._followed = {attachments}
        self._page: PreviewPage | None = None
        self._file = ""  # the id of the file that is shown
        # Returns the tokens that a file of this name may take, None where that is not known.
        self.room_of: Callable[[str], int | None] = lambda _: None
        self.sight: Callable[[], Sight] = Sight
        attachments.changed.connect(self._on_changed)
        stack.currentChanged.connect(self._drop_if_left)

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._page)

    def open(self, file_id: str, attachments: Attachments | None = None) -> None:
        """Show what is sent of a file, to be chosen from; of one that came with a message, as soon as it is read.

        `attachments`: those that it belongs to, if they are others than those of the last file.
        """
        if attachments is not None:
            self._attachments = attachments
            if attachments not in self._followed:
                self._followed.add(attachments)
                attachments.changed.connect(self._on_changed)
        file = self._attachments.find(file_id)
        if file is None:
            return
        if file.document is None:
            if isinstance(file.part, AttachmentPart):
                self._file = file_id
                self._attachments.reread(file_id)
            return
        page = self._new_page()
        self._file = file_id
        page.show_document(file.document, file.selection)
        page.show_room(self.room_of(file.name))
        page.pictures.setVisible(can_be_drawn(file.document) and not self.sight().is_blind)
        self._stack.show_page(page)
        page.text.setFocus()

    def open_sent(self, part: AttachmentPart, find: str = "") -> None:
        """Show what was sent of a file, with what was searched for marked in it."""
        page = self._new_page()
        page.show_sent(part)
        self._stack.show_page(page)
        if find:
            page.find_bar.open(find)
        page.text.setFocus()  # also where something is found: it is to be read

    def focus_find(self) -> None:
        """Find in the text."""
        if self._page is not None:
            self._page.focus_find()

    def take_escape(self) -> bool:
        """Go back one step; with the last one goes what was chosen meanwhile. Return False if it is not in front."""
        if self._page is None or not self.is_in_front:
            return False
        if not self._page.step_back():
            self._stack.show_home()
        return True

    def _new_page(self) -> PreviewPage:
        from desktop.ui.documents.preview_page import PreviewPage

        self._drop()
        page = self._page = PreviewPage(self._theme)
        page.left.connect(self._stack.show_home)
        page.used.connect(self._use)
        page.pictures_wanted.connect(self._send_as_pictures)
        page.side.encoding_chosen.connect(lambda encoding: self._attachments.reread(self._file, encoding))
        return page

    def _use(self, selection: Selection) -> None:
        file = self._file
        self._stack.show_home()
        self._attachments.select(file, selection)

    def _send_as_pictures(self, numbers: tuple[int, ...]) -> None:
        file = self._file
        self._stack.show_home()
        self.pictures_wanted.emit(self._attachments, file, numbers)

    def _on_changed(self) -> None:
        """Show more of a file that is being read; one that has gone takes its page with it."""
        if not self._file:
            return
        file = self._attachments.find(self._file)
        if file is None:
            if self.is_in_front:
                self._stack.show_home()
            self._file = ""
        elif file.document is not None:
            if self._page is None:
                self.open(file.id)
            elif self.is_in_front:
                self._page.show_document(file.document, self._page.selection)

    def _drop_if_left(self) -> None:
        if self._page is not None and not self.is_in_front:
            self._drop()

    def _drop(self) -> None:
        if self._page is not None:
            self._stack.removeWidget(self._page)
            self._page.deleteLater()
            self._page = None
        self._file = ""

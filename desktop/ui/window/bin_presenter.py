"""The presenter of the page of deleted conversations; made, and its module loaded, when it is first wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.runtime.chat import Chat
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.boxes import QuestionBox
from desktop.ui.widgets.page import PageStack
from desktop.ui.words import say

if TYPE_CHECKING:
    from desktop.ui.window.bin_page import BinPage


class BinPresenter(QObject):
    """The owner of the page of the bin."""

    came_in_front = Signal()

    def __init__(self, theme: Theme, stack: PageStack, chat: Chat) -> None:
        super().__init__(stack)
        self._theme = theme
        self._stack = stack
        self._chat = chat
        self._page: BinPage | None = None
        chat.shelf.bin_found.connect(self._show)

    @property
    def is_in_front(self) -> bool:
        return self._stack.is_in_front(self._page)

    @property
    def page(self) -> BinPage:
        """The page of deleted conversations."""
        if self._page is None:
            from desktop.ui.window.bin_page import BinPage

            self._page = BinPage(self._theme)
            self._page.restore_wanted.connect(self._restore)
            self._page.erase_wanted.connect(self._ask_to_erase)
            self._page.back.clicked.connect(self._stack.show_home)
        return self._page

    def show(self) -> None:
        """Show the page, with what is in the bin as soon as that has been read."""
        self.page.show_days(self._chat.shelf.bin_days)
        self._stack.show_page(self.page)
        self.page.list.setFocus()
        self.came_in_front.emit()
        self._chat.shelf.look_into_bin()

    def take_escape(self) -> bool:
        """Leave the page. Return False if it is not shown."""
        if not self.is_in_front:
            return False
        self._stack.show_home()
        return True

    def _show(self, binned: Sequence[tuple[Conversation, float]]) -> None:
        if self._page is not None:
            self._page.show_binned(binned)

    def _restore(self, ids: Sequence[str]) -> None:
        self._chat.restore(ids)
        if len(ids) == 1:
            self._stack.show_home()

    def _ask_to_erase(self, ids: list[str]) -> None:
        explanation = self.tr(
            "This cannot be undone. Their words and files are erased from this computer; backups of the last seven"
            " days hold them until these backups go."
        )
        asked = say("counts.delete_conversations_for_good", len(ids))
        box = QuestionBox(self.page, asked, explanation, warns=True)
        box.offer(self.tr("Delete for good"), lambda: self._chat.shelf.erase(ids), destroys=True)
        box.ask(self.tr("Cancel"))

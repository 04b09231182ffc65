"""The pages beside the sidebar, one above the other; one of them is shown. Their presenters own them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


class PageStack(QStackedWidget):
    """A stack with the conversation at its bottom; presenters make their pages when they are first wanted."""

    home_shown = Signal()  # the conversation is wanted in front, with the keyboard

    def __init__(self, home: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self.addWidget(home)

    @property
    def is_home_in_front(self) -> bool:
        return self.currentWidget() is self._home

    def is_in_front(self, page: QWidget | None) -> bool:
        """Return True if `page` is the one that is shown."""
        return page is not None and self.currentWidget() is page

    def show_page(self, page: QWidget) -> None:
        """Show a page, which is added to the stack if it is new."""
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self.setCurrentWidget(page)

    def show_home(self) -> None:
        """Show the conversation."""
        self.setCurrentWidget(self._home)
        self.home_shown.emit()

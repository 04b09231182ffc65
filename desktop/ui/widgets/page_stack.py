"""The pages beside the sidebar, one above the other: shows which is in front. What they are, their presenters know."""

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
        """Return True if `page` is there and the one that is shown."""
        return page is not None and self.currentWidget() is page

    def show_page(self, page: QWidget) -> None:
        """Put a page in front, which becomes one of the stack if it is new."""
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self.setCurrentWidget(page)

    def show_home(self) -> None:
        """Put the conversation in front."""
        self.setCurrentWidget(self._home)
        self.home_shown.emit()

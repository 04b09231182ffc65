"""The pages beside the sidebar, one above the other; one of them is shown. Their presenters own them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.ui.widgets.keys import letters_of

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class PageStack(QStackedWidget):
    """A stack with the conversation at its bottom; presenters make their pages when they are first wanted."""

    home_shown = Signal()  # the conversation is wanted in front, with the keyboard
    typed = Signal(str)  # letters that are meant for the message, on a page that nobody has asked for

    def __init__(self, home: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._take_letters: Callable[[str], object] | None = None  # of the page in front, at none of its fields
        self.addWidget(home)

    @property
    def is_home_in_front(self) -> bool:
        return self.currentWidget() is self._home

    def is_in_front(self, page: QWidget | None) -> bool:
        """Return True if `page` is the one that is shown."""
        return page is not None and self.currentWidget() is page

    def show_page(self, page: QWidget, take_letters: Callable[[str], object] | None = None) -> None:
        """Show a page, which is added to the stack if it is new.

        `take_letters` is called with what is typed there at none of its fields.
        """
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self._take_letters = take_letters
        self.setCurrentWidget(page)

    def show_unasked(self, page: QWidget) -> None:
        """Show a page that nobody has asked for: whoever is writing a message goes on with that.

        So does whoever is at work on that page already, which is shown again when servers have been looked for.
        """
        if self.is_in_front(page):
            return
        self.show_page(page, self.typed.emit)
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # at none of its buttons, which a space would press

    def uncover_home(self) -> None:
        """Show the conversation, and leave the keyboard where it is."""
        self._take_letters = None
        self.setCurrentWidget(self._home)

    def show_home(self) -> None:
        """Show the conversation."""
        self.uncover_home()
        self.home_shown.emit()

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letters = letters_of(event)
        if self._take_letters is not None and letters:
            self._take_letters(letters)
        else:
            super().keyPressEvent(event)

"""The frame of a whole page, a centred column of text width, and the stack of the pages of a window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QSpacerItem, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_PAGE, GAP_SECTION
from desktop.ui.widgets.keys import letters_of
from desktop.ui.widgets.layout import scroll_down, stack

_BELOW = 2  # of what is free, for one part above a centred column; lines that come below take it first


class _Column(QWidget):
    """The column of text, as wide as it may be if the window has the room."""

    def __init__(self, theme: Theme, widest_px: int) -> None:
        super().__init__()
        self._theme = theme
        self._widest_px = widest_px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme.changed.connect(self._limit)
        self._limit()

    def _limit(self) -> None:
        self.setMaximumWidth(self._theme.px(self._widest_px))

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), super().sizeHint().height())


class _Ground(QWidget):
    """A ground never wider than the window: its content breaks lines instead of being cut off."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class CenteredPage(QScrollArea):
    """A page for widgets in `column`. `centred` pages stand in the upper middle of the height, others at its top.

    A centred one stays where it is while lines come and go below it: nothing moves under the pointer. One that `fills`
    gives its column all of the height.
    """

    def __init__(
        self,
        theme: Theme,
        widest_px: int,
        centred: bool = False,
        *,
        fills: bool = False,
    ) -> None:
        super().__init__()
        ground = _Ground()
        inner = _Column(theme, widest_px)
        self.column = stack(gap=GAP_SECTION, on=inner)
        row = self._sides = stack(None, (inner, 1000), None, gap=0, margins=GAP_PAGE, across=True)
        frame = self._frame = QVBoxLayout(ground)
        frame.setContentsMargins(0, 0, 0, 0)
        self._is_centred = centred
        self._stands_in = QSize(), 0  # the window and the width of the page for which its column was centred
        self._height = 0  # of the page then
        self._is_held = False  # the column's top, where it was
        self._above = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        frame.addItem(self._above)
        frame.setStretch(0, int(centred))
        frame.addLayout(row, int(fills))
        frame.addStretch(_BELOW if centred else int(not fills))
        scroll_down(self, ground, "page")
        self.verticalScrollBar().rangeChanged.connect(self._stay_in_line)

    def take_step_back(self) -> bool:
        """Undo the last step on the page, as Escape does. Return False where there is none: then the page is left."""
        return False

    def keep_top(self) -> None:
        """Keep the column's top where it is while what is in it grows, as far as there is room.

        Of a centred page; until it is shown anew, or the window has another size.
        """
        if self._is_centred and self.isVisible() and not self._is_held:
            self._hold(QSizePolicy.Policy.Maximum)

    def _hold(self, policy: QSizePolicy.Policy) -> None:
        self._is_held = True
        self._above.changeSize(0, self._above.geometry().height(), QSizePolicy.Policy.Minimum, policy)
        self._frame.setStretch(0, 0)
        self._frame.invalidate()

    def _centre_again(self) -> None:
        self._stands_in, self._height = (self.window().size(), self.width()), self.height()
        if self._is_held:
            self._is_held = False
            self._above.changeSize(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
            self._frame.setStretch(0, 1)
            self._frame.invalidate()

    def _stay_in_line(self, least: int, most: int) -> None:
        """Let the bar stand in the margin: the column stays where it is on pages without one."""
        bar = self.verticalScrollBar().sizeHint().width() if most > least else 0
        self._sides.setContentsMargins(GAP_PAGE, GAP_PAGE, max(0, GAP_PAGE - bar), GAP_PAGE)

    # Qt's own methods

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._centre_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._stands_in != (self.window().size(), self.width()):
            self._centre_again()
        elif self._is_centred and self.isVisible() and (self._is_held or self.height() != self._height):
            self._hold(QSizePolicy.Policy.Fixed if self.height() < self._height else QSizePolicy.Policy.Maximum)
        super().resizeEvent(event)


class PageStack(QStackedWidget):
    """A stack with the conversation at its bottom; presenters make their pages when they are first wanted."""

    home_shown = Signal()  # the conversation is wanted in front, with the keyboard
    came_in_front = Signal()  # another page is
    typed = Signal(str)  # letters that are meant for the message, on a page that nobody has asked for

    def __init__(self, home: QWidget) -> None:
        super().__init__()
        self._home = home
        self._take_letters: Callable[[str], object] | None = None  # of the page in front, at none of its fields
        self._unasked: QWidget | None = None
        self.addWidget(home)

    @property
    def is_home_in_front(self) -> bool:
        return self.currentWidget() is self._home

    def is_in_front(self, page: QWidget | None) -> bool:
        """Return True if `page` is the one that is shown."""
        return page is not None and self.currentWidget() is page

    @property
    def is_unasked_in_front(self) -> bool:
        """True while a page is shown that nobody has asked for."""
        return self.is_in_front(self._unasked)

    def take_escape(self) -> bool:
        """Have the page in front take a step back, or leave it. Return False if the conversation is in front."""
        page = self.currentWidget()
        if not isinstance(page, CenteredPage):
            return False
        if not page.take_step_back():
            self.show_home()
        return True

    def show_page(self, page: QWidget, take_letters: Callable[[str], object] | None = None) -> None:
        """Show a page, which is added to the stack if it is new.

        `take_letters` is called with what is typed there at none of its fields.
        """
        if self.indexOf(page) < 0:
            self.addWidget(page)
        self._take_letters = take_letters
        self._unasked = None
        self.setCurrentWidget(page)
        self.came_in_front.emit()

    def show_unasked(self, page: QWidget) -> None:
        """Show a page that nobody has asked for: whoever is writing a message goes on with that.

        So does whoever is at work on that page already, which is shown again when servers have been looked for.
        """
        if self.is_in_front(page):
            return
        self.show_page(page, self.typed.emit)
        self._unasked = page
        self.setFocus()  # at none of its buttons, which a space would press

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

"""The frame of a whole page, a centred column of text width, the stack of the pages of a window, a panel at an edge.

The panel stands beside its page where there is room, over it in a narrow window, and knows nothing of what is in
either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QSpacerItem, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import GAP_PAGE, GAP_SECTION, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.keys import leave_focus, letters_of
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

    def may_be_left(self) -> bool:
        """Return True if nothing typed here would be lost; otherwise show that, and return True the second time."""
        return True

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

    def may_close(self) -> bool:
        """Return True if nothing typed on a page would be lost with the window; else show it."""
        pages = (self.widget(at) for at in range(self.count()))
        kept = next((each for each in pages if isinstance(each, CenteredPage) and not each.may_be_left()), None)
        if kept is not None:
            self.show_page(kept)
        return kept is None

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


_OVERLAY_BELOW: Final = 800  # window widths at which the panel lies over the page
_LEFT_FREE: Final = 60  # of the page under the panel, so that it can be seen what it lies on
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class PanelShape:
    """Edge, look and widths of a panel, in pixels for text at 100 %."""

    edge: Qt.Edge
    look: str  # of the style sheet; there is one of this name with "over" as well
    width: int  # that it begins with, and the least and the most that it can be dragged to
    narrowest: int
    widest: int = _MOST
    left_to_page: int = 0  # of the width, or the panel lies over the page in a wide window, too
    covers: bool = False  # all of a page that it lies over, since it is read itself


class _Catcher(QWidget):
    """An invisible layer between the page and the panel over it, so that a press beside the panel does nothing else."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pressed.emit()


class SidePanel(QWidget):
    """The page and, if it is wanted, the panel. Widths in signals and settings are pixels for text at 100 %."""

    beside_changed = Signal(bool)  # whether the user wants the panel beside the page
    width_changed = Signal(int)  # after the border was dragged
    shown_changed = Signal(bool)  # whether the panel can be seen
    narrowed = Signal(bool)  # whether the window has become so narrow that the panel lies over the page

    def __init__(
        self, theme: Theme, shape: PanelShape, page: QWidget, panel: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._scale = theme.text_scale
        self._shape = shape
        self.pane = panel
        self._is_beside = False  # as the user wants it where there is room
        self._is_folded = False  # it gives way to something else beside the page, whatever the user wants otherwise
        self._is_over = False  # whether it lies over the page now
        self._is_said_shown = self._is_said_narrow = False  # what `shown_changed` and `narrowed` have said
        self._width = shape.width
        set_look(panel, shape.look)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(page)
        self._splitter.setStretchFactor(0, 1)
        # Stays where it is when the panel leaves it. The splitter would delete the handle of what leaves itself, maybe
        # while Qt walks through all widgets with a new style sheet, whose size it is that leaves no room for the panel.
        self._berth = QWidget()
        stack(panel, gap=0, across=True, on=self._berth)
        self._splitter.insertWidget(self._index, self._berth)
        self._berth.hide()
        self._splitter.splitterMoved.connect(lambda *_: self._take_dragged())
        panel.hide()
        self._catcher = _Catcher(self)
        self._catcher.hide()
        self._catcher.pressed.connect(self.uncover)
        stack(self._splitter, gap=0, across=True, on=self)
        theme.changed.connect(self._take_scale)

    @property
    def is_over(self) -> bool:
        """True if the panel lies over the page."""
        return self._is_over and self.is_narrow

    @property
    def is_shown(self) -> bool:
        return self._is_over if self.is_narrow else self._stands_beside

    def restore(self, is_beside: bool, width: int = 0) -> None:
        """Restore the state of the last time; 0 stands for the width that it begins with."""
        self._is_beside = is_beside
        self._width = max(self._shape.narrowest, min(width or self._shape.width, self._shape.widest))
        self._place()

    def open(self) -> None:
        """Show the panel."""
        if not self.is_shown:
            self.toggle()

    def uncover(self) -> None:
        """Hide the panel if it lies over the page."""
        if self._is_over:
            self._is_over = False
            self._place()

    def take_escape(self) -> bool:
        """Hide a panel that lies over the page on Escape. Return False if it does not."""
        if not self.is_over:
            return False
        self.uncover()
        return True

    def toggle(self) -> None:
        """Show or hide the panel."""
        shown = not self.is_shown
        if self.is_narrow:
            self._is_over = shown
        else:
            self._is_beside = shown
            self.beside_changed.emit(shown)
        self._place()

    @property
    def _stands_beside(self) -> bool:
        return self._is_beside and not self._is_folded

    @property
    def _index(self) -> int:
        return 0 if self._shape.edge is Qt.Edge.LeftEdge else 1

    def _place(self) -> None:
        """Put the panel where it belongs at the present width."""
        if self.is_narrow:
            self._lay_over()
        else:
            self._stand_beside()
        if self.is_shown is not self._is_said_shown:
            self._is_said_shown = self.is_shown
            self.shown_changed.emit(self.is_shown)
        if self.is_narrow is not self._is_said_narrow:
            self._is_said_narrow = self.is_narrow
            self.narrowed.emit(self.is_narrow)

    def _stand_beside(self) -> None:
        pane, berth = self.pane, self._berth
        self._is_over = False
        self._catcher.hide()
        if pane.parent() is not berth:
            self._dress(is_over=False)
            inside = berth.layout()
            assert inside is not None
            inside.addWidget(pane)
        berth.setMinimumWidth(self._least_width())
        berth.setMaximumWidth(self.theme.px(self._shape.widest))
        pane.setVisible(self._stands_beside)
        berth.setVisible(self._stands_beside)
        self._share()

    def _lay_over(self) -> None:
        pane, ground = self.pane, self._ground()
        if pane.parent() is self._berth:
            pane.setParent(ground)
            self._berth.hide()
            self._catcher.setParent(ground)
            self._dress(is_over=True)
        width = ground.width()
        if not self._shape.covers:
            width = min(self.theme.px(self._width) + 20, width - _LEFT_FREE)
        pane.setGeometry(self._index * (ground.width() - width), 0, width, ground.height())
        self._catcher.setGeometry(ground.rect())
        self._catcher.setVisible(self._is_over)
        self._catcher.raise_()
        pane.setVisible(self._is_over)
        pane.raise_()

    def _ground(self) -> QWidget:
        """Return what the panel lies over."""
        return self

    def _dress(self, *, is_over: bool) -> None:
        set_look(self.pane, f"{self._shape.look} over" if is_over else self._shape.look)

    def _share(self) -> None:
        """Give the panel its width and the page the rest."""
        wanted = max(self._least_width(), min(self.theme.px(self._width), self._most_width()))
        rest = max(1, self.width() - wanted - self._splitter.handleWidth())
        self._splitter.setSizes([rest, wanted] if self._index else [wanted, rest])

    def _least_width(self) -> int:
        return min(self.theme.px(self._shape.narrowest), self._most_width())

    def _most_width(self) -> int:
        return self.width() - self.theme.px(self._shape.left_to_page)

    def _take_dragged(self) -> None:
        self._width = round(self.pane.width() / self.theme.text_scale)
        self.width_changed.emit(self._width)

    def _take_scale(self) -> None:
        if self.theme.text_scale != self._scale:
            self._scale = self.theme.text_scale
            self._place()

    @property
    def is_narrow(self) -> bool:
        """True if the panel has no room beside the page."""
        needed = self._shape.left_to_page and self.theme.px(self._shape.left_to_page + self._shape.narrowest)
        return self.width() < needed or self.window().width() < _OVERLAY_BELOW

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()


class PanePlace(SidePanel):
    """A page and a pane at its right, which is put in when it is first wanted."""

    def __init__(self, theme: Theme, page: QWidget, width: int, narrowest: int = 300, *, covers: bool = False) -> None:
        shape = PanelShape(Qt.Edge.RightEdge, "dock", width, narrowest, 720, left_to_page=420, covers=covers)
        ground = QWidget()  # stands there before the pane does: a start does without that
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._filled = QVBoxLayout(ground)
        self._filled.setContentsMargins(0, 0, 0, 0)
        super().__init__(theme, shape, page, ground)

    def put_in(self, pane: QWidget) -> None:
        """Fill the place."""
        self._filled.addWidget(pane)
        pane.show()

    def hide_pane(self) -> None:
        """Hide what is in it, beside the page or over it."""
        if self.is_shown:
            self.toggle()

    def _place(self) -> None:
        if not self.is_shown:
            leave_focus(self.pane)  # else Qt gives it to any button of the page, which then scrolls there
        super()._place()

    def _dress(self, *, is_over: bool) -> None:
        super()._dress(is_over=is_over)
        self._filled.setContentsMargins(1 if is_over else 0, 0, 0, 0)  # for the line at its left

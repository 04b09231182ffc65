"""The place of the sidebar: at the left of the pages, over the whole window if that is narrow."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.keys import leave_focus, tab_stops
from desktop.ui.widgets.side_panel import PanelShape, SidePanel

_SHAPE: Final = PanelShape(Qt.Edge.LeftEdge, "side", 260, narrowest=260)
_LEFT_TO_PAGE: Final = 100
_MOST_FOR_WORDS: Final = 0.45  # of the window
_LEFT_TO_TWO: Final = 840  # pixels for a page and a panel at its right, below which the sidebar gives way


class SidebarPlace(SidePanel):
    """The sidebar and the pages."""

    def __init__(self, theme: Theme, sidebar: QWidget, pages: QWidget) -> None:
        super().__init__(theme, _SHAPE, pages, sidebar)
        self._gives_way = False
        self._came_from: QWidget | None = None  # what had the keyboard before the sidebar lay over it
        theme.changed.connect(lambda: QTimer.singleShot(0, self, self._place))  # when its words have their new size

    def give_way(self, shall: bool) -> None:
        """Fold the sidebar while a panel stands beside the page and there is no room for all three, until it is asked
        for; or have it come back."""
        self._gives_way = shall
        self._place()

    def toggle(self) -> None:
        if self._is_folded:
            self._gives_way = False  # the user wants it all the same
        self._give_keyboard_back()
        super().toggle()
        if self.is_over:  # what had the keyboard may be covered
            self._came_from = self.window().focusWidget()
            for first in tab_stops(self.pane)[:1]:  # none in a window that has not been shown
                first.setFocus()

    def uncover(self) -> None:
        self._give_keyboard_back()
        super().uncover()

    def _give_keyboard_back(self) -> None:
        came_from, self._came_from = self._came_from, None
        if came_from is not None and isValid(came_from):
            leave_focus(self.pane, came_from)

    def _place(self) -> None:
        left = self.width() - self._least_width()
        self._is_folded = self._gives_way and left < self._theme.px(_LEFT_TO_TWO)
        super()._place()

    def _ground(self) -> QWidget:
        return self.window()

    def _least_width(self) -> int:
        """Return the least width in pixels: that grows with the text, to a third of the window or what words need."""
        whole = self.window().width()
        words = min(self.pane.minimumSizeHint().width(), round(whole * _MOST_FOR_WORDS))
        return min(self._theme.px(_SHAPE.narrowest), max(whole // 3, words))

    def _most_width(self) -> int:
        """Return the most width in pixels: no more than the least until the user has dragged the border."""
        is_dragged = self._width != _SHAPE.width
        return self.width() - _LEFT_TO_PAGE if is_dragged else self._least_width()

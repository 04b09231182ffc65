"""The place of the sidebar: beside the page in a wide window, over it in a narrow one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSplitter, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme

_OVERLAY_BELOW = 800  # window widths at which the sidebar lies over the page
_WIDTH = 260
_LEFT_FREE = 60  # of the page under the sidebar, so that it can be seen what it lies on


class _Catcher(QWidget):
    """An invisible layer between the page and the sidebar over it: a press beside the sidebar does nothing else."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pressed.emit()


class SidebarSplitter(QSplitter):
    """The sidebar and the page. The window calls `place_sidebar` when it has another width."""

    beside_changed = Signal(bool)  # whether the user wants the sidebar in a wide window

    def __init__(self, theme: Theme, sidebar: QWidget, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._scale = theme.text_scale
        self._sidebar = sidebar
        self._catcher = _Catcher()  # no child of the splitter, which would make it a third pane
        self._catcher.hide()
        self._catcher.pressed.connect(self.uncover)
        self._is_beside = True  # as the user wants it in a wide window
        self._is_over = False  # whether it lies over the page of a narrow one now
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.addWidget(sidebar)
        self.addWidget(page)
        self.setStretchFactor(1, 1)
        self.setSizes([_WIDTH, 740])
        theme.changed.connect(self._take_scale)

    @property
    def is_over(self) -> bool:
        """True if the sidebar lies over the page."""
        return self._is_narrow() and self._sidebar.isVisible()

    def set_beside(self, is_beside: bool) -> None:
        """Set if it stands beside the page in a wide window."""
        self._is_beside = is_beside
        self.place_sidebar()

    def uncover(self) -> None:
        """Hide it if the window is narrow and it lies over the page."""
        self._is_over = False
        self.place_sidebar()

    def toggle(self) -> None:
        """Show or hide it."""
        shown = not self._sidebar.isVisible()
        if self._is_narrow():
            self._is_over = shown
        else:
            self._is_beside = shown
            self.beside_changed.emit(shown)
        self.place_sidebar()

    def place_sidebar(self) -> None:
        """Put it where it belongs at the window's present width."""
        window, sidebar = self.window(), self._sidebar
        if self._is_narrow():
            if sidebar.parent() is self:
                sidebar.setParent(window)
                self._catcher.setParent(window)
                set_look(sidebar, "side over")
            sidebar.setMinimumWidth(0)
            width = min(self._theme.px(_WIDTH) + 20, window.width() - _LEFT_FREE)
            sidebar.setGeometry(0, 0, width, window.height())
            self._catcher.setGeometry(window.rect())
            self._catcher.setVisible(self._is_over)
            self._catcher.raise_()
            sidebar.setVisible(self._is_over)
            sidebar.raise_()
            return
        self._catcher.hide()
        self._is_over = False
        if sidebar.parent() is not self:
            set_look(sidebar, "side")
            self.insertWidget(0, sidebar)
            self._take_least_width()
        sidebar.setMinimumWidth(self._least_width())
        sidebar.setVisible(self._is_beside)

    def _least_width(self) -> int:
        """Return the least width in pixels: it grows with the text, up to a third of the window."""
        return min(self._theme.px(_WIDTH), self.window().width() // 3)

    def _take_least_width(self) -> None:
        least = self._least_width()
        self.setSizes([least, max(100, self.window().width() - least)])

    def _take_scale(self) -> None:
        if self._theme.text_scale == self._scale:
            return
        self._scale = self._theme.text_scale
        self.place_sidebar()
        if not self._is_narrow():
            self._take_least_width()

    def _is_narrow(self) -> bool:
        return self.window().width() < _OVERLAY_BELOW

"""Where the sidebar stands: beside the page in a wide window, over it in a narrow one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

_OVERLAY_BELOW = 800  # window widths at which the sidebar lies over the page
_WIDTH = 260
_LEFT_FREE = 60  # of the page under the sidebar, so that it can be seen what it lies on


class SidebarSplitter(QSplitter):
    """Sidebar and page. The window calls `place_sidebar` when it has another width."""

    beside_changed = Signal(bool)  # whether the person wants the sidebar in a wide window

    def __init__(self, sidebar: QWidget, page: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._sidebar = sidebar
        self._is_beside = True  # as the person wants it in a wide window
        self._is_over = False  # whether it lies over the page of a narrow one now
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self.addWidget(sidebar)
        self.addWidget(page)
        self.setStretchFactor(1, 1)
        self.setSizes([_WIDTH, 740])

    @property
    def is_over(self) -> bool:
        """Whether the sidebar lies over the page."""
        return self._is_narrow() and self._sidebar.isVisible()

    def set_beside(self, is_beside: bool) -> None:
        """Whether it stands beside the page in a wide window."""
        self._is_beside = is_beside
        self.place_sidebar()

    def uncover(self) -> None:
        """Take it off the page of a narrow window."""
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
            sidebar.setGeometry(0, 0, min(_WIDTH + 20, window.width() - _LEFT_FREE), window.height())
            sidebar.setVisible(self._is_over)
            sidebar.raise_()
            return
        self._is_over = False
        if sidebar.parent() is not self:
            self.insertWidget(0, sidebar)
            self.setSizes([_WIDTH, max(100, window.width() - _WIDTH)])
        sidebar.setVisible(self._is_beside)

    def _is_narrow(self) -> bool:
        return self.window().width() < _OVERLAY_BELOW

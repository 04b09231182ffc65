"""The place of the prompt builder: at the right of the conversation, over it if there is no room for both.

Knows nothing of what is in the panel, which is made at its first opening.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme

_OVERLAY_BELOW: Final = 800  # window widths at which the panel lies over the page
_WIDTH: Final = 340  # that it begins with, and the least and the most that it can be dragged to
_NARROWEST: Final = 280
_WIDEST: Final = 720
_LEFT_TO_PAGE: Final = 420  # of the width, or the panel lies over the page in a wide window, too
_LEFT_FREE: Final = 60  # of the page under the panel, so that it can be seen what it lies on


class _Catcher(QWidget):
    """An invisible layer between the page and the panel over it, so that a press beside the panel does nothing else."""

    pressed = Signal()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pressed.emit()


class PromptPlace(QWidget):
    """The page and, if it is wanted, the panel. Widths in signals and settings are pixels for text at 100 %."""

    beside_changed = Signal(bool)  # whether the user wants the panel beside the page
    width_changed = Signal(int)  # after the border was dragged
    shown_changed = Signal(bool)  # whether the panel can be seen

    def __init__(
        self, theme: Theme, page: QWidget, make_panel: Callable[[], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scale = theme.text_scale
        self._make_panel = make_panel
        self._panel: QWidget | None = None
        self._is_beside = False  # as the user wants it where there is room
        self._is_over = False  # whether it lies over the page now
        self._is_said_shown = False  # what `shown_changed` has said
        self._may_fill = False
        self._width = _WIDTH
        self._pane = QWidget()  # stands there before the panel does, so that nothing jumps when that is made
        self._pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._filled = QVBoxLayout(self._pane)
        self._filled.setContentsMargins(0, 0, 0, 0)
        set_look(self._pane, "dock")
        self._pane.hide()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(page)
        self._splitter.addWidget(self._pane)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.splitterMoved.connect(lambda *_: self._take_dragged())
        self._catcher = _Catcher(self)
        self._catcher.hide()
        self._catcher.pressed.connect(self.uncover)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)
        theme.changed.connect(self._take_scale)

    @property
    def is_over(self) -> bool:
        """True if the panel lies over the page."""
        return self._is_over and self._is_narrow()

    @property
    def is_shown(self) -> bool:
        return self._is_over if self._is_narrow() else self._is_beside

    def restore(self, is_beside: bool, width: int) -> None:
        """Restore the state of the last time. The panel itself is made by `fill`, once there is time for it."""
        self._is_beside = is_beside
        self._width = max(_NARROWEST, min(width or _WIDTH, _WIDEST))
        self._place()

    def fill(self) -> None:
        """Make the panel if it is visible, and from now on as soon as it is."""
        self._may_fill = True
        if self.is_shown and self._panel is None:
            self._panel = self._make_panel()
            self._filled.addWidget(self._panel)
            self._panel.show()  # at once: it is to get the keyboard

    def open(self) -> None:
        """Show the panel."""
        if not self.is_shown:
            self.toggle()

    def uncover(self) -> None:
        """Hide the panel if it lies over the page."""
        if self._is_over:
            self._is_over = False
            self._place()

    def toggle(self) -> None:
        """Show or hide the panel."""
        shown = not self.is_shown
        if self._is_narrow():
            self._is_over = shown
        else:
            self._is_beside = shown
            self.beside_changed.emit(shown)
        self._place()
        self.fill()

    def _place(self) -> None:
        """Put the panel where it belongs at the present width."""
        if self._is_narrow():
            self._lay_over()
        else:
            self._stand_beside()
        if self.is_shown is not self._is_said_shown:
            self._is_said_shown = self.is_shown
            self.shown_changed.emit(self.is_shown)

    def _stand_beside(self) -> None:
        pane = self._pane
        self._is_over = False
        self._catcher.hide()
        if pane.parent() is not self._splitter:
            set_look(pane, "dock")
            self._filled.setContentsMargins(0, 0, 0, 0)
            self._splitter.addWidget(pane)
        pane.setMinimumWidth(self._least_width())
        pane.setMaximumWidth(self._theme.px(_WIDEST))
        pane.setVisible(self._is_beside)
        self._share()

    def _lay_over(self) -> None:
        pane = self._pane
        if pane.parent() is self._splitter:
            pane.setParent(self)
            set_look(pane, "dock over")
            self._filled.setContentsMargins(1, 0, 0, 0)  # for the line at its left
        pane.setMinimumWidth(0)
        width = min(self._theme.px(self._width) + 20, self.width() - _LEFT_FREE)
        pane.setGeometry(self.width() - width, 0, width, self.height())
        self._catcher.setGeometry(self.rect())
        self._catcher.setVisible(self._is_over)
        self._catcher.raise_()
        pane.setVisible(self._is_over)
        pane.raise_()

    def _share(self) -> None:
        """Give the panel its width and the page the rest."""
        wanted = max(self._least_width(), min(self._theme.px(self._width), self._most_width()))
        self._splitter.setSizes([max(1, self.width() - wanted - self._splitter.handleWidth()), wanted])

    def _least_width(self) -> int:
        return min(self._theme.px(_NARROWEST), self._most_width())

    def _most_width(self) -> int:
        return self.width() - self._theme.px(_LEFT_TO_PAGE)

    def _take_dragged(self) -> None:
        self._width = round(self._pane.width() / self._theme.text_scale)
        self.width_changed.emit(self._width)

    def _take_scale(self) -> None:
        if self._theme.text_scale != self._scale:
            self._scale = self._theme.text_scale
            self._place()

    def _is_narrow(self) -> bool:
        no_room = self.width() < self._theme.px(_LEFT_TO_PAGE + _NARROWEST)
        return no_room or self.window().width() < _OVERLAY_BELOW

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        if self._may_fill:
            self.fill()

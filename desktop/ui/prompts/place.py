"""The places of the prompt builder and of the growing prompt of guided mode: at the right of the conversation.

The builder is made at its first opening. In a narrow window the growing prompt is a line above the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.keys import leave_focus
from desktop.ui.widgets.page import PanelShape, PanePlace

_SHAPE_WHEN_GUIDED: Final = PanelShape(Qt.Edge.RightEdge, "dock", 380, narrowest=300, widest=720, left_to_page=420)


class GuidedPlace(PanePlace):
    """The page and the growing prompt."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(theme, _SHAPE_WHEN_GUIDED, page)


_SHAPE: Final = PanelShape(Qt.Edge.RightEdge, "dock", 340, narrowest=280, widest=720, left_to_page=420)


class PromptPlace(PanePlace):
    """The page and the builder, which `fill` makes once there is time for it."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        self.make_panel: Callable[[], QWidget]  # set by whose place it is, before it is filled
        self._is_filled = self._may_fill = False
        super().__init__(theme, _SHAPE, page)

    def fill(self) -> None:
        """Make the builder if it is visible, and from now on as soon as it is."""
        self._may_fill = True
        if self.is_shown:
            self.make_builder()

    def make_builder(self) -> None:
        """Make the builder, in sight or not."""
        if not self._is_filled:
            self._is_filled = True
            self.put_in(self.make_panel())

    def toggle(self) -> None:
        super().toggle()
        self.fill()

    def _place(self) -> None:
        if not self.is_shown:
            leave_focus(self.pane)  # else Qt gives it to any button of the page, which then scrolls there
        super()._place()

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._may_fill:
            self.fill()

"""The places of the prompt builder and of the growing prompt of guided mode: at the right of the conversation.

In a narrow window the growing prompt is a line above the answers.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
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
    """The page and the builder."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(theme, _SHAPE, page)

    def _place(self) -> None:
        if not self.is_shown:
            leave_focus(self.pane)  # else Qt gives it to any button of the page, which then scrolls there
        super()._place()

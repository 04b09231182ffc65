"""The place of the growing prompt: at the right of the conversation, where the prompt builder stands otherwise.

In a narrow window it is not used: there the prompt is a line above the answers.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.side_panel import PanelShape, PanePlace

_SHAPE: Final = PanelShape(Qt.Edge.RightEdge, "dock", 380, narrowest=300, widest=720, left_to_page=420)


class GuidedPlace(PanePlace):
    """The page and the growing prompt."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(theme, _SHAPE, page)

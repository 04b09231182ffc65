"""The place of the growing prompt: at the right of the conversation, where the prompt builder stands otherwise.

In a narrow window it is not used: there the prompt is a line above the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.side_panel import PanelShape, PanePlace

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme

_SHAPE: Final = PanelShape(Qt.Edge.RightEdge, "dock", 380, narrowest=300, widest=720, left_to_page=420)


class GuidedPlace(PanePlace):
    """The page and the growing prompt."""

    room_changed = Signal(bool)  # whether there is room for the prompt beside the page

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(theme, _SHAPE, page)
        self._had_room = True

    @property
    def has_room(self) -> bool:
        return not self._is_narrow()

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.has_room is not self._had_room:
            self._had_room = self.has_room
            self.room_changed.emit(self.has_room)

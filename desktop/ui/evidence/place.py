"""The place of the evidence pane: at the right of the conversation, over it in a narrow window."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.side_panel import PanelShape, SidePanel

_SHAPE: Final = PanelShape(Qt.Edge.RightEdge, "dock", 420, narrowest=300, widest=720, left_to_page=420)


class EvidencePlace(SidePanel):
    """The page and the pane, which is put in when it is first wanted."""

    def __init__(self, theme: Theme, page: QWidget, parent: QWidget | None = None) -> None:
        ground = QWidget()  # stands there before the pane does: a start does without that
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._filled = QVBoxLayout(ground)
        self._filled.setContentsMargins(0, 0, 0, 0)
        super().__init__(theme, _SHAPE, page, ground, parent)

    def put_in(self, pane: QWidget) -> None:
        """Fill the place."""
        self._filled.addWidget(pane)
        pane.show()

    def hide_pane(self) -> None:
        """Hide what is in it, beside the page or over it."""
        if self.is_shown:
            self.toggle()

    def _dress(self, *, is_over: bool) -> None:
        super()._dress(is_over=is_over)
        self._filled.setContentsMargins(1 if is_over else 0, 0, 0, 0)  # for the line at its left

"""The place of the evidence pane: at the right of the conversation, over it in a narrow window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.page import PanelShape, PanePlace

if TYPE_CHECKING:
    from desktop.runtime.chat import Chat
    from desktop.ui.evidence.pane import EvidencePane
    from desktop.ui.look.theme import Theme

_SHAPE: Final = PanelShape(Qt.Edge.RightEdge, "dock", 420, narrowest=300, widest=720, left_to_page=420, covers=True)


class EvidencePlace(PanePlace):
    """The page and the pane, which is put in when it is first wanted."""

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(theme, _SHAPE, page)

    def fill(self, chat: Chat) -> EvidencePane:
        """Put the pane in."""
        from desktop.ui.evidence.pane import pane_of

        pane = pane_of(chat, self._theme)
        self.put_in(pane)
        return pane

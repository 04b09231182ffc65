"""A quiet line below a conversation that has become long, which suggests a fresh start. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel


class FreshSuggestion(QFrame):
    """A line hidden until it is shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        words = PlainLabel(
            self.tr("This conversation has become long, and models lose the thread in long ones."), "small", wraps=True
        )
        start = QPushButton(self.tr("Start fresh"))
        start.setAutoDefault(False)
        set_look(start, "link")
        self.wanted: SignalInstance = start.clicked
        close = IconButton(theme, "close", self.tr("Close this notice"), self, token="muted")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_WIDE, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        row.setSpacing(GAP)
        row.addWidget(words, 1)
        row.addWidget(start)
        row.addWidget(close)
        self.hide()

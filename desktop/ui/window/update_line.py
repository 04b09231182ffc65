"""A quiet line that a newer version is out, which leads to its page through the question for links."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.core.updates import Release
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill


class UpdateLine(QFrame):
    """A line that stays until the user has answered it."""

    opened = Signal(str)  # address of the page

    def __init__(self, theme: Theme, release: Release, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "notice")
        words = PlainLabel(fill(self.tr("Candor %1 is out"), release.version), "small", wraps=True)
        self.setAccessibleName(words.text())
        show = self._button(self.tr("Show"), "link")
        show.clicked.connect(self.hide)
        show.clicked.connect(lambda: self.opened.emit(release.page))
        later = self._button(self.tr("Not now"), "muted")
        later.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP_WIDE, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        row.setSpacing(GAP)
        row.addWidget(words, 1)
        row.addWidget(show)
        row.addWidget(later)

    def _button(self, words: str, look: str) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        set_look(button, look)
        return button

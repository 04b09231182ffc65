"""The page in place of the prompt builder if not one of its files can be read: where they belong."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.resources import resource_path
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill


class PromptMissing(QWidget):
    """A page that can be closed; the files are read again at the next start."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Prompt builder"))
        self.close_button = IconButton(theme, "close", self.tr("Close the prompt builder (Ctrl+B)"))
        self.close_requested: SignalInstance = self.close_button.clicked
        words = self.tr("Its files are missing or spoilt. They belong into the folder %1.")
        self.words = PlainLabel(fill(words, str(resource_path("frameworks"))), wraps=True)
        self.words.make_selectable()
        help_words = self.tr("Installing Candor again brings them back. You can go on writing in the message box.")
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(PlainLabel(self.tr("The prompt builder can't be shown"), "heading", wraps=True), 1)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP, GAP, GAP_WIDE)
        column.setSpacing(GAP_WIDE)
        column.addLayout(top)
        column.addWidget(self.words)
        column.addWidget(PlainLabel(help_words, "small", wraps=True))
        column.addStretch(1)
        self.setFocusProxy(self.close_button)

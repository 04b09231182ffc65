"""The page in place of the prompt builder if not one framework could be read: what is missing, and where."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill


class PromptMissing(QWidget):
    """A page that can be closed; the files are read again at the next start."""

    def __init__(self, theme: Theme, folder: str, problems: Sequence[str], parent: QWidget | None = None) -> None:
        """Build the page.

        `problems`: one for each file that could not be used, with its name; none if there is no file.
        """
        super().__init__(parent)
        self.setAccessibleName(self.tr("Prompt builder"))
        self.close_button = IconButton(theme, "close", self.tr("Close the prompt builder (Ctrl+B)"))
        self.close_requested: SignalInstance = self.close_button.clicked
        if problems:
            words = fill(self.tr("None of its files in the folder %1 can be read:"), folder)
        else:
            words = fill(self.tr("Its files are missing. They belong into the folder %1."), folder)
        self.words = PlainLabel("\n\n".join([words, *problems]), wraps=True)
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

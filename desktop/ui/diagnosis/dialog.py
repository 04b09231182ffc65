"""The dialog of what this copy of the program finds on this computer, to be read and to be copied into a report."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import TINY
from desktop.ui.widgets.boxes import TextDialog

translate = QCoreApplication.translate

_SIZE = (720, 520)


class DiagnosticsDialog(TextDialog):
    """A dialog that is opened empty, says that it is looking, and is given the text when it has been found out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        lead = translate(
            "DiagnosticsDialog",
            "What Candor finds on this computer, for whoever helps you. It holds names of servers and folders, but no"
            " keys and no words of conversations.",
        )
        super().__init__(theme, translate("DiagnosticsDialog", "Diagnostics"), lead, parent, _SIZE)
        self.text.setFont(theme.mono_font(TINY))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setPlainText(self.tr("Looking at this computer…"))
        self.copy = self.offer(self.tr("Copy without secrets"))
        self.copy.setEnabled(False)
        self.copy.clicked.connect(self._copy)

    def show_text(self, text: str) -> None:
        """Show what was found."""
        self.text.setPlainText(text)
        self.copy.setEnabled(True)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText(self.tr("Copied"))

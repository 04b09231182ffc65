"""The dialog of what this copy of the program finds on this computer, to be read and to be copied into a report."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION, TINY
from desktop.ui.widgets.labels import PlainLabel

_WIDTH, _HEIGHT = 720, 520
_MOST_OF_SCREEN = 0.9


class DiagnosticsDialog(QDialog):
    """A dialog that is opened empty, says that it is looking, and is given the text when it has been found out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Diagnostics"))
        self.setModal(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(theme.mono_font(TINY))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.windowTitle())
        self.text.document().setDocumentMargin(GAP)
        set_look(self.text, "framed")
        self.copy = QPushButton(self.tr("Copy without secrets"))
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        self._close = QPushButton(self.tr("Close"))
        self._close.setDefault(True)
        self._close.clicked.connect(self.reject)
        self._lay_out()
        self.copy.setEnabled(False)
        self.text.setPlainText(self.tr("Looking at this computer…"))
        self.finished.connect(self.deleteLater)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self.resize(self.size().boundedTo(self.screen().availableSize() * _MOST_OF_SCREEN))

    def show_text(self, text: str) -> None:
        """Show what was found."""
        self.text.setPlainText(text)
        self.copy.setEnabled(True)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText(self.tr("Copied"))

    def _lay_out(self) -> None:
        lead = self.tr(
            "What Candor finds on this computer, for whoever helps you. It holds names of servers and folders, but no"
            " keys and no words of conversations."
        )
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_PAGE)
        column.setSpacing(GAP_SECTION)
        column.addWidget(PlainLabel(self.windowTitle(), "title"))
        column.addWidget(PlainLabel(lead, "muted", wraps=True))
        column.addWidget(self.text, 1)
        column.addLayout(foot)

"""The dialog of what this copy of the program finds on this computer, and the sheet on a fault of the program itself.

Both are to be read, and to be copied into a report.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, TINY
from desktop.ui.widgets.boxes import Dialog, TextDialog
from desktop.ui.widgets.labels import Paragraph, PlainLabel

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


_WIDTH = 480
_LINES = 7


class FaultSheet(Dialog):
    """A sheet that stands beside the work and keeps nobody from it. A further fault is added to its details."""

    def __init__(self, theme: Theme, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something in Candor went wrong"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.details = QPlainTextEdit(details)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setFont(theme.mono_font(TINY))
        self.details.setAccessibleName(self.tr("Details"))
        self.details.setMinimumHeight(self.details.fontMetrics().lineSpacing() * _LINES + 2 * GAP)
        set_look(self.details, "framed")
        self.copy = QPushButton(self.tr("Copy details"))
        self.copy.clicked.connect(self._copy)
        self.diagnostics = QPushButton(self.tr("Diagnostics…"))
        self.diagnostics_requested: SignalInstance = self.diagnostics.clicked
        self._go_on = QPushButton(self.tr("Go on"))
        self._go_on.clicked.connect(self.reject)
        self._lay_out()
        self.setMinimumWidth(theme.px(_WIDTH))

    def add_details(self, details: str) -> None:
        """Add another fault."""
        self.details.appendPlainText(f"\n{details}")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
        self.copy.setText(self.tr("Copied"))

    def _lay_out(self) -> None:
        words = self.tr(
            "This is a fault of the program's, not of yours. You can go on: what you have written is kept. If something"
            " looks wrong, close Candor and open it again. The details help whoever mends it; they hold no words of"
            " yours."
        )
        self.column.addWidget(PlainLabel(self.windowTitle(), "title", wraps=True))
        self.column.addWidget(Paragraph(words))
        self.column.addWidget(self.details, 1)
        self.add_foot((self.copy, self.diagnostics), (self._go_on,), default=self._go_on)

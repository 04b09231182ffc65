"""A calm sheet about a fault of the program's own: what that means, its details to be copied, and the way on."""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, TINY
from desktop.ui.widgets.boxes import Dialog
from desktop.ui.widgets.labels import Paragraph, PlainLabel

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

"""The dialog of what the next message will take along: every word, before it is sent."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.place import Place
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_SECTION
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, place_sentence

_WIDTH, _HEIGHT = 640, 500
_MOST_OF_SCREEN = 0.9


class OutgoingDialog(QDialog):
    """A dialog that opens empty and is given the text as soon as the earlier messages have been read."""

    def __init__(self, theme: Theme, model: str, place: Place | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What will be sent"))
        self.setModal(True)
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setTabChangesFocus(True)
        self.detail.setPlaceholderText(self.tr("Reading what would be sent…"))
        self.detail.setAccessibleName(self.windowTitle())
        self.detail.document().setDocumentMargin(GAP)
        set_look(self.detail, "framed")
        self.instructions = QPushButton(self.tr("Instructions…"))
        self.instructions.setAutoDefault(False)
        self._close = QPushButton(self.tr("Close"))
        self._close.setDefault(True)
        self._close.clicked.connect(self.reject)
        self._lay_out(self._words(model, place))
        self.finished.connect(self.deleteLater)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self.resize(self.size().boundedTo(self.screen().availableSize() * _MOST_OF_SCREEN))

    def show_detail(self, text: str) -> None:
        """Show all that would be sent."""
        self.detail.setPlainText(text)

    def _words(self, model: str, place: Place | None) -> str:
        if place is None:
            return self.tr("No model is chosen yet. This goes to the one that you choose.")
        return fill(self.tr("This goes to %1 with your next message. %2"), model, place_sentence(place))

    def _lay_out(self, words: str) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(GAP)
        foot.addWidget(self.instructions)
        foot.addStretch(1)
        foot.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_PAGE, GAP_PAGE, GAP_PAGE, GAP_PAGE)
        column.setSpacing(GAP_SECTION)
        column.addWidget(PlainLabel(self.windowTitle(), "title"))
        column.addWidget(PlainLabel(words, "muted", wraps=True))
        column.addWidget(self.detail, 1)
        column.addLayout(foot)

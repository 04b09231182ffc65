"""A quiet bar above the composer for what concerns no single reply: the disk, the keyring, a settings file."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.ui.errors import ErrorAction, ErrorText, action_words
from desktop.ui.look import tokens as measures
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import PlainLabel


class NoticeBar(QFrame):
    """A bar for one notice at a time; the newest wins. Hidden until there is one."""

    action_chosen = Signal(object)  # an ErrorAction

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "warning")
        self._words = PlainLabel(wraps=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._buttons: list[QPushButton] = []
        self._close = IconButton(theme, "close", self.tr("Close this notice"), self, token="muted")
        self._close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(measures.GAP_WIDE, measures.GAP, measures.GAP, measures.GAP)
        self._row.setSpacing(measures.GAP)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._close)
        self.hide()

    def show_error(self, error: ErrorText) -> None:
        """Show a failure with its next steps."""
        self._show(f"{error.title}\n{error.sentence}", error.actions)

    def show_text(self, text: str) -> None:
        """Show a sentence without a next step."""
        self._show(text, ())

    def _show(self, text: str, actions: tuple[ErrorAction, ...]) -> None:
        self._words.setText(text)
        self.setAccessibleName(text)
        for button in self._buttons:
            button.deleteLater()
        self._buttons = [self._button(action) for action in actions]
        for button in self._buttons:
            self._row.insertWidget(self._row.count() - 1, button)
            button.show()
        self.show()

    def _button(self, action: ErrorAction) -> QPushButton:
        button = QPushButton(action_words(action), self)
        button.clicked.connect(lambda: self.action_chosen.emit(action))
        return button

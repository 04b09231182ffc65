"""A failure where it happened: a card with a title, one sentence, and the next steps as buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from desktop.ui.errors import ErrorAction, ErrorText, action_words
from desktop.ui.look import tokens as measures
from desktop.ui.look.stylesheet import set_look
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.layout import stack


class ErrorCard(QFrame):
    """A card for an `ErrorText`; emits the step that was chosen."""

    action_chosen = Signal(object)  # an ErrorAction

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, "card")
        self._title = _label("strong")
        self._sentence = _label("")
        self._detail = _label("small")
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = FlowLayout()
        stack(
            self._title,
            self._sentence,
            self._detail,
            measures.GAP_TIGHT,
            self._buttons,
            gap=measures.GAP_TIGHT,
            margins=(measures.GAP_SECTION, measures.GAP_WIDE, measures.GAP_SECTION, measures.GAP_WIDE),
            on=self,
        )

    def show_error(self, error: ErrorText, offered: frozenset[ErrorAction] | None = None) -> None:
        """Show a failure; of its steps only those in `offered` get a button (None: all)."""
        self._title.setText(error.title)
        self._sentence.setText(error.sentence)
        self._detail.setText(error.detail)
        self._detail.setVisible(bool(error.detail))
        self.setAccessibleName(error.title)
        self.setAccessibleDescription(error.sentence)
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # at once: until it is deleted it would be seen where it was
                widget.deleteLater()
        for action in error.actions:
            if offered is None or action in offered:
                button = self._button(action)
                self._buttons.addWidget(button)
                button.show()  # Qt would do it later, and until then the card would be reckoned without it

    def _button(self, action: ErrorAction) -> QPushButton:
        button = QPushButton(action_words(action))
        button.clicked.connect(lambda: self.action_chosen.emit(action))
        return button


def _label(look: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    if look:
        set_look(label, look)
    return label

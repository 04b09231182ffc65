"""The line on the start page that the chosen model cannot answer now: why, and what can be done, first another one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.ui.failures.entry import ErrorAction
from desktop.ui.failures.shown import ErrorText, action_words
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import Paragraph, set_tooltip


class AwayLine(QWidget):
    """A line told which model is away; nothing else on the page gives way to it."""

    action_chosen = Signal(object)  # an ErrorAction

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Paragraph("", "small")
        self._ways = QWidget()
        self._row = FlowLayout(self._ways)
        self._shown: tuple[str, ErrorText] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addWidget(self._words)
        column.addWidget(self._ways)

    def show_trouble(self, name: str, trouble: ErrorText) -> None:
        """Say of the model of this name what prevents its use."""
        if self._shown == (name, trouble):
            return  # whoever is about to press a button finds it where it was
        self._shown = name, trouble
        said = " · ".join(filter(None, (name, trouble.title, trouble.sentence)))
        self._words.show_dressed(said, bold=[(0, len(name))])
        set_tooltip(self._words, trouble.detail)
        while (item := self._row.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.deleteLater()
        for action in dict.fromkeys((ErrorAction.CHOOSE_MODEL, *trouble.actions)):
            button = QPushButton(action_words(action))
            button.setAutoDefault(False)
            set_look(button, "link")
            button.clicked.connect(lambda _=False, chosen=action: self.action_chosen.emit(chosen))
            self._row.addWidget(button)
            button.show()  # at once: it is to be pressed as soon as the words are there

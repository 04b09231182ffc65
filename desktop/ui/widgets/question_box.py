"""A question in a box over a window, while the program goes on: what is asked, what follows, and the answers to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

_Role = QMessageBox.ButtonRole


class QuestionBox(QMessageBox):
    """A box that deletes itself when it is answered. The last answer is the way out, which Esc takes."""

    def __init__(self, parent: QWidget, text: str, explanation: str, *, warns: bool = False) -> None:
        icon = QMessageBox.Icon.Warning if warns else QMessageBox.Icon.Question
        super().__init__(icon, "Candor", "", QMessageBox.StandardButton.NoButton, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names of files and models are foreign
        self.setText(text)
        self.setInformativeText(explanation)
        self.finished.connect(self.deleteLater)

    def offer(self, words: str, do: Callable[[], object], *, destroys: bool = False) -> QPushButton:
        """Add an answer, and what is done if it is given. Enter takes the first one, unless something is destroyed."""
        button = self.addButton(words, _Role.DestructiveRole if destroys else _Role.AcceptRole)
        button.clicked.connect(lambda: do())
        if len(self.buttons()) == 1:
            self.setDefaultButton(button)
        return button

    def ask(self, way_out: str) -> None:
        """Add the way out, and show the box. Where the first answer destroys something, Enter takes the way out."""
        first = self.buttons()[0]
        stay = self.addButton(way_out, _Role.RejectRole)
        self.setEscapeButton(stay)
        if self.buttonRole(first) is _Role.DestructiveRole:
            self.setDefaultButton(stay)
        self.open()

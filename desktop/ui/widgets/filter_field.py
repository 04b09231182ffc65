"""The line above a list to type a filter in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from desktop.ui.look.icons import icon
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme


class FilterField(QLineEdit):
    """A field for words that must be contained; Esc or the cross empties it, Down goes to the list."""

    left_downwards = Signal()

    def __init__(self, theme: Theme, words: str, parent: QWidget | None = None) -> None:
        """Build the field. `words` name what is found here."""
        super().__init__(parent)
        self._theme = theme
        set_look(self, "filter")
        self.setPlaceholderText(words)
        self.setAccessibleName(words)
        self._glass = QAction(self.placeholderText(), self)
        self._cross = QAction(self.tr("Clear the filter"), self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.addAction(self._cross, QLineEdit.ActionPosition.TrailingPosition)
        self._cross.triggered.connect(self.clear)
        for button in self.findChildren(QToolButton):  # Qt's own, which have no name
            button.setAccessibleName(button.defaultAction().text())
        self._cross.setVisible(False)
        self.textChanged.connect(lambda words: self._cross.setVisible(bool(words)))
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        color = self._theme.tokens.muted
        self._glass.setIcon(icon("search", color))
        self._cross.setIcon(icon("close", color))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

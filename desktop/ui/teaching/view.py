"""The frame of what the help shows: a column, and buttons that are words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_SECTION, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel

_NAMES = 1
_WORDS = 3  # to one of the names, where both are long


class HelpView(QWidget):
    """A column that grows from the top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GAP_WIDE)


def link(words: str, look: str = "link") -> QPushButton:
    """Return a button of words that leads somewhere."""
    button = QPushButton(words)
    button.setAutoDefault(False)
    set_look(button, look)
    return button


def table(rows: Sequence[tuple[str, str]]) -> QFrame:
    """Return a small table: a name in each row, and beside it what is to be known."""
    frame = QFrame()
    set_look(frame, "card")
    grid = QGridLayout(frame)
    grid.setContentsMargins(GAP_SECTION, GAP_WIDE, GAP_SECTION, GAP_WIDE)
    grid.setHorizontalSpacing(GAP_SECTION)
    grid.setVerticalSpacing(GAP)
    grid.setColumnStretch(0, _NAMES)
    grid.setColumnStretch(1, _WORDS)
    for at, (name, words) in enumerate(rows):
        grid.addWidget(PlainLabel(name, "strong", wraps=True), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(PlainLabel(words, wraps=True), at, 1, Qt.AlignmentFlag.AlignTop)
    return frame


def sample(name: str, words: str) -> QWidget:
    """Return a text as it is sent or answered, under its name; it can be selected and copied."""
    text = PlainLabel(words, "mono", wraps=True)
    text.make_selectable()
    text.setAccessibleName(f"{name}: {words}")
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    column.addWidget(PlainLabel(name, "small"))
    column.addWidget(text)
    return block

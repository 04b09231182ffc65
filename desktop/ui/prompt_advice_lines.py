"""What could be better about a prompt, in few lines, each with what helps and a way to be rid of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.prompt_advice import MOST_SHOWN
from desktop.ui.icons import IconButton
from desktop.ui.labels import PlainLabel
from desktop.ui.stylesheet import set_look
from desktop.ui.theme import GAP, GAP_TIGHT, Theme
from desktop.ui.words import fill


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """`fix` names what the button does; empty where there is nothing to press."""

    key: str
    words: str
    fix: str = ""


class AdviceRow(QFrame):
    """One piece of advice; it is filled anew rather than made anew, so that the keyboard stays where it is."""

    fix_pressed = Signal(str)
    dismiss_pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = AdviceLine("", "")
        set_look(self, "advice")
        self.words = PlainLabel("", "small", wraps=True)
        self.fix = QPushButton()
        self.fix.setAutoDefault(False)
        set_look(self.fix, "advice")
        self.dismiss = IconButton(theme, "close", self.tr("Do not show this advice again"), token="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        row.setSpacing(GAP_TIGHT)
        row.addWidget(self.words, 1)
        row.addWidget(self.fix)
        row.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.fix.clicked.connect(lambda: self.fix_pressed.emit(self.line.key))
        self.dismiss.clicked.connect(lambda: self.dismiss_pressed.emit(self.line.key))

    def show_line(self, line: AdviceLine) -> None:
        self.line = line
        self.words.setText(line.words)
        self.setAccessibleName(fill(self.tr("Advice: %1"), line.words))
        self.fix.setText(line.fix)
        self.fix.setAccessibleDescription(line.words)
        self.fix.setVisible(bool(line.fix))
        self.dismiss.setAccessibleDescription(line.words)


class AdviceLines(QWidget):
    """Hidden while there is nothing to say."""

    fix_requested = Signal(str)  # the key of the advice, here and below
    dismissed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[AdviceLine] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        self._lines = [AdviceRow(theme) for _ in range(MOST_SHOWN)]
        for line in self._lines:
            column.addWidget(line)
            line.hide()
            line.fix_pressed.connect(self.fix_requested)
            line.dismiss_pressed.connect(self.dismissed)
        self.hide()

    @property
    def shown(self) -> list[AdviceLine]:
        return list(self._shown)

    def show_advice(self, advice: Sequence[AdviceLine]) -> None:
        """Show the first few, the most useful first."""
        wanted = list(advice[:MOST_SHOWN])
        if wanted == self._shown:
            return
        self._shown = wanted
        for at, line in enumerate(self._lines):
            if at < len(wanted):
                line.show_line(wanted[at])
            line.setVisible(at < len(wanted))
        self.setVisible(bool(wanted))

"""Advice on a prompt in a few lines, each with what helps and a way to dismiss it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.advice.rules import MOST_SHOWN
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """The words of one piece of advice. `fix` names what the button does; empty if there is no button."""

    key: str
    words: str
    fix: str = ""


class AdviceRow(QFrame):
    """A row for one piece of advice; it is refilled rather than replaced, so that the focus stays where it is."""

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
        self._said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._said.setSpacing(GAP_TIGHT)
        self._said.addWidget(self.words, 1)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(GAP_TIGHT)
        self._buttons.addWidget(self.fix, 0, Qt.AlignmentFlag.AlignLeft)
        self._buttons.addStretch(1)
        self._said.addLayout(self._buttons)
        self._second: QPushButton | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        row.setSpacing(GAP_TIGHT)
        row.addLayout(self._said, 1)
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
        self.place_buttons()

    def add_button(self, button: QPushButton) -> None:
        """Have this button after the one that helps."""
        self._second = button
        self._buttons.insertWidget(1, button, 0, Qt.AlignmentFlag.AlignLeft)

    def announce(self) -> None:
        """Have a screen reader say it."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.line.words))

    def place_buttons(self) -> None:
        """Place the buttons beside words of one line, else in a line below them, or in one each."""
        shown = [each for each in (self.fix, self._second) if each is not None and not each.isHidden()]
        taken = sum(each.sizeHint().width() + GAP_TIGHT for each in shown)
        around = self.dismiss.sizeHint().width() + 2 * GAP + 2 * GAP_TIGHT
        fits = self.words.fontMetrics().horizontalAdvance(self.line.words) + taken + around <= self.width()
        directions = QBoxLayout.Direction
        self._said.setDirection(directions.LeftToRight if fits or not shown else directions.TopToBottom)
        is_row = taken + around <= self.width() or len(shown) < 2
        self._buttons.setDirection(directions.LeftToRight if is_row else directions.TopToBottom)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_buttons()


class AdviceLines(QWidget):
    """The rows, hidden while there is nothing to say."""

    fix_requested = Signal(str)  # the key of the advice, here and below
    dismissed = Signal(str)
    wheel_turned = Signal(int)  # over them, in eighths of a degree: what is above is meant

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: list[AdviceLine] = []
        self._shown: list[AdviceLine] = []
        self._most = MOST_SHOWN
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        self._lines = [AdviceRow(theme) for _ in range(MOST_SHOWN)]
        for line in self._lines:
            column.addWidget(line)
            line.hide()
            line.fix_pressed.connect(self.fix_requested)
            line.dismiss_pressed.connect(self.dismissed)
        self.more = QPushButton()
        self.more.setAutoDefault(False)
        set_look(self.more, "muted")
        self.more.clicked.connect(self._show_all)
        self.more.hide()
        self._lines[0].add_button(self.more)  # in a line of its own, it would take room to write
        self._is_unfolded = False
        self.hide()

    @property
    def shown(self) -> list[AdviceLine]:
        return list(self._shown)

    def show_at_most(self, count: int) -> None:
        """Set how many lines there is room for."""
        self._most = count
        self.show_advice(self._all)

    def show_advice(self, advice: Sequence[AdviceLine]) -> None:
        """Show the first few, the most useful first."""
        if list(advice) != self._all:
            self._is_unfolded = False
        self._all = list(advice)
        wanted = self._all[: MOST_SHOWN if self._is_unfolded and self._most else self._most]
        folded = min(MOST_SHOWN, len(self._all)) - len(wanted) if wanted else 0
        self.more.setText(fill(self.tr("%1 more"), number(folded)))
        self.more.setVisible(folded > 0)
        self._lines[0].place_buttons()
        if wanted == self._shown:
            return
        is_news = bool(wanted) and wanted[:1] != self._shown[:1]
        self._shown = wanted
        for at, line in enumerate(self._lines):
            if at < len(wanted):
                line.show_line(wanted[at])
            line.setVisible(at < len(wanted))
        self.setVisible(bool(wanted))
        if is_news:
            self._lines[0].announce()

    def _show_all(self) -> None:
        self._lines[0].dismiss.setFocus()  # before the button under the keyboard goes away
        self._is_unfolded = True
        self.show_advice(self._all)

    # Qt's own methods

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.wheel_turned.emit(event.angleDelta().y())
        event.accept()

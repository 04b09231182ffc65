"""The ways to start fresh as rows to choose from: a key, a name, and a line that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.core.fresh_start.ways import FreshStart
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.buttons import ChoiceRow
from desktop.ui.widgets.layout import stack
from desktop.ui.words import translate


@dataclass(frozen=True, slots=True)
class Choice:
    """The words of a row. Its place in the table is the key that chooses it."""

    start: FreshStart
    words: str
    explained: str


def choices() -> tuple[Choice, ...]:
    """Return all ways to start fresh, in their order on the sheet."""
    return (
        Choice(
            FreshStart.BLANK,
            translate("fresh_choice", "Blank"),
            translate("fresh_choice", "An empty conversation. Nothing is sent until you write."),
        ),
        Choice(
            FreshStart.ASK_AGAIN,
            translate("fresh_choice", "Ask my last question again"),
            translate("fresh_choice", "The same question, without anything that was said above it."),
        ),
        Choice(
            FreshStart.CARRY_OVER,
            translate("fresh_choice", "Carry over what I said"),
            translate("fresh_choice", "Your own questions, facts and files. What the model said stays behind."),
        ),
        Choice(
            FreshStart.COMPARE,
            translate("fresh_choice", "Compare with a fresh answer"),
            translate("fresh_choice", "The same question, both answers side by side, and what differs marked."),
        ),
    )


class _Row(ChoiceRow):
    """A row for one way."""

    def __init__(self, key: int, choice: Choice) -> None:
        super().__init__(key, choice.words, choice.explained)
        self.start = choice.start


class FreshChoices(QWidget):
    """The rows, one of which is chosen: by a click, by its number, or by the arrows. One tab stop."""

    chosen = Signal(object)  # the FreshStart that the user has gone to

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = stack(gap=GAP_TIGHT, on=self)
        self._rows = [_Row(key, choice) for key, choice in enumerate(choices(), start=1)]
        for row in self._rows:
            column.addWidget(row)
            row.toggled.connect(lambda _, start=row.start: self._go_to(start))
        self._is_compact = False
        self.setAccessibleName(self.tr("How to start fresh"))
        self.choose(FreshStart.BLANK)

    @property
    def start(self) -> FreshStart:
        """The chosen way."""
        return next(row.start for row in self._rows if row.isChecked())

    def offer(self, possible: Mapping[FreshStart, bool]) -> None:
        """Enable those that are possible now; one that is not named is."""
        for row in self._rows:
            row.setEnabled(possible.get(row.start, True))

    def choose(self, start: FreshStart) -> None:
        """Choose this one; emits nothing."""
        for row in self._rows:
            is_it = row.start is start
            with QSignalBlocker(row):
                row.setChecked(is_it)
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_it else Qt.FocusPolicy.ClickFocus)
        self._explain()

    def be_compact(self, shall: bool) -> None:
        """Explain only what is chosen, if the content below it would have no room else."""
        if shall is not self._is_compact:
            self._is_compact = shall
            self._explain()

    def focus(self) -> None:
        """Focus the chosen row."""
        next(row for row in self._rows if row.isChecked()).setFocus(Qt.FocusReason.OtherFocusReason)

    def _explain(self) -> None:
        for row in self._rows:
            row.show_explained(row.isChecked() or not self._is_compact, is_compact=self._is_compact)

    def _go_to(self, start: FreshStart) -> None:
        self.choose(start)
        self.focus()
        self.chosen.emit(start)

    def _step(self, by: int) -> None:
        possible = [row.start for row in self._rows if row.isEnabled()]
        at = possible.index(self.start) + by
        if 0 <= at < len(possible):
            self._go_to(possible[at])

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        at = key - Qt.Key.Key_1
        if 0 <= at < len(self._rows) and self._rows[at].isEnabled():
            self._go_to(self._rows[at].start)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

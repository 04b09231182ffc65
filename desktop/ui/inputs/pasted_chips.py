"""The row of pasted texts above the input field, and the order in which taking one out is undone.

The look of a chip is `pasted_text.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.inputs.pasted_text import PastedTextChip
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.flow import FlowLayout


class PastedChips(QWidget):
    """The row of chips, hidden while there is none."""

    remove_requested = Signal(int)  # which one, from 0
    open_requested = Signal(int)  # into the box, as words like any others

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = FlowLayout(self)
        self._row.setContentsMargins(GAP_TIGHT, 0, GAP_TIGHT, 0)  # in line with the words in the box
        self._chips: list[PastedTextChip] = []
        self.hide()

    @property
    def texts(self) -> list[str]:
        return [chip.text for chip in self._chips]

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show a chip for each text; a chip that stays in its place is kept."""
        kept = 0
        while kept < min(len(texts), len(self._chips)) and self._chips[kept].text is texts[kept]:
            kept += 1
        for chip in self._chips[kept:]:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        del self._chips[kept:]
        for text in texts[kept:]:
            self._add(text)
        self.setVisible(bool(self._chips))

    def _add(self, text: str) -> None:
        chip = PastedTextChip(self._theme, text)
        chip.removed.connect(lambda: self.remove_requested.emit(self._chips.index(chip)))
        chip.opened_up.connect(lambda: self.open_requested.emit(self._chips.index(chip)))
        self._chips.append(chip)
        self._row.addWidget(chip)
        chip.show()


@dataclass(frozen=True, slots=True)
class ChipStep:
    """The chips before a change; `with_words` if the words of the box changed in the same step."""

    texts: list[str]
    with_words: bool


class ChipHistory:
    """The changes of chips, in order with the changes of words, which the box keeps by itself.

    A position is where the box stands among its own changes (`MessageInput.undo_steps`).
    """

    def __init__(self) -> None:
        self._steps: list[tuple[int, ChipStep]] = []

    def note(self, before: list[str], position_before: int, position: int) -> None:
        """Record that chips were changed from `before`; the box stands at `position` since."""
        self._steps.append((position, ChipStep(before, position != position_before)))

    def take_back(self, position: int) -> ChipStep | None:
        """Return the change that is undone next, if it was one of chips, else None."""
        while self._steps and self._steps[-1][0] > position:  # the box undid its share of that step by itself
            self._steps.pop()
        return self._steps.pop()[1] if self._steps and self._steps[-1][0] == position else None

    def clear(self) -> None:
        self._steps.clear()

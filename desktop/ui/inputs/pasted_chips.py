"""The pasted texts above the input field, and the order in which taking one out is undone.

The look of a chip is `pasted_text.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.ui.inputs.pasted_text import PastedTextChip

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme
    from desktop.ui.widgets.flow import ChipRow


class PastedChips(QObject):
    """The chips of pasted texts, as one group of a row."""

    def __init__(
        self, theme: Theme, row: ChipRow, group: str, remove: Callable[[int], None], open_up: Callable[[int], None]
    ) -> None:
        """Build the group. `remove` and `open_up` are called with the number of a chip, from 0.

        What `open_up` is called for is to become words in the box, like any others.
        """
        super().__init__(row)
        self._remove = remove
        self._open_up = open_up
        self._theme = theme
        self._row = row
        self._group = group
        self._chips: list[PastedTextChip] = []

    @property
    def texts(self) -> list[str]:
        return [chip.text for chip in self._chips]

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show a chip for each text; a chip that stays in its place is kept."""
        kept = 0
        while kept < min(len(texts), len(self._chips)) and self._chips[kept].text is texts[kept]:
            kept += 1
        self._chips = [*self._chips[:kept], *(self._made(text) for text in texts[kept:])]
        self._row.show_chips(self._group, self._chips)

    def _made(self, text: str) -> PastedTextChip:
        chip = PastedTextChip(self._theme, text)
        chip.removed.connect(lambda: self._remove(self._chips.index(chip)))
        chip.opened_up.connect(lambda: self._open_up(self._chips.index(chip)))
        return chip


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

"""The pasted texts above the input field, as chips. The look of one is `pasted_text.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.ui.inputs.pasted_text import PastedTextChip

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme
    from desktop.ui.widgets.layout import ChipRow


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

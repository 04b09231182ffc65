"""The fold of a long text of the user's, such as one that was pasted: its first lines, and a button for the rest.

Only the height is less: all of the text is there for finding, selecting and copying.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.ui.documents.words import tokens_of_text
from desktop.ui.look.stylesheet import set_look
from desktop.ui.words import amount_of_text, fill

_LINES = 12  # that are shown
_WORTH_IT = 8  # more lines than that are worth a press
_LETTERS = 600  # of a text that may be so long; a shorter one is not looked at


class TextFold(QPushButton):
    """The button below a long text of the user's."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.is_folded = True
        self._size = amount_of_text(round(tokens_of_text(text)))
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_look(self, "muted")
        self._say()
        self.hide()

    def set_folded(self, folded: bool) -> None:
        """Fold the text, or show all of it."""
        self.is_folded = folded
        self._say()

    def shown_height(self, tall: int, line: float, padding: float) -> int:
        """Return the height in pixels that a text of `tall` pixels gets; shows the button if that is less."""
        most = round(_LINES * line + padding / 2)  # without the padding below, in which half a line would show
        is_long = tall > most + _WORTH_IT * line
        self.setVisible(is_long)
        return most if is_long and self.is_folded else tall

    def _say(self) -> None:
        self.setText(fill(self.tr("Show all (%1)"), self._size) if self.is_folded else self.tr("Show less"))
        self.setAccessibleName(self.text())

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + 2, hint.height())


def may_be_long(text: str) -> bool:
    """Return True if a text may take so many lines that it is folded."""
    return len(text) > _LETTERS or text.count("\n") > _LINES

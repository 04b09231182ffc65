"""The arrangement of the composer's lower part: one row while little is written, else the text over the full width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.ui.look.tokens import GAP, GAP_TIGHT

if TYPE_CHECKING:
    from desktop.ui.inputs.message_input import MessageInput
    from desktop.ui.look.theme import Theme

_NARROWEST_BOX_PX = 240
_BOX_COLUMN = 1


class InputRows(QGridLayout):
    """The input field with its controls: beside it in one row, or in a row below it."""

    def __init__(self, theme: Theme, attach: QWidget, box: MessageInput, send: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._box = box
        self._controls = (attach, send)
        self._is_one_row = True
        self.setHorizontalSpacing(GAP)
        self.setVerticalSpacing(GAP_TIGHT)
        self.setColumnStretch(_BOX_COLUMN, 1)
        self._place()

    def fit(self, width: int, *, has_chips: bool) -> None:
        """Choose the arrangement for a width in pixels; `has_chips`: something stands above the text."""
        shown = [part for part in self._controls if not part.isHidden()]
        room = width - sum(part.sizeHint().width() + GAP for part in shown)
        is_roomy = room >= self._theme.px(_NARROWEST_BOX_PX)
        is_one_row = is_roomy and not has_chips and self._box.fits_line(room)
        if is_one_row is not self._is_one_row:
            self._is_one_row = is_one_row
            self._place()

    def _place(self) -> None:
        """Place the field before all that belongs to it, in which order the keyboard walks."""
        for part in (self._box, *self._controls):
            self.removeWidget(part)
        if self._is_one_row:
            self.addWidget(self._box, 1, _BOX_COLUMN, Qt.AlignmentFlag.AlignVCenter)
        else:
            self.addWidget(self._box, 0, 0, 1, _BOX_COLUMN + 2)
        for column, part in zip((0, _BOX_COLUMN + 1), self._controls, strict=True):
            self.addWidget(part, 1, column, Qt.AlignmentFlag.AlignVCenter)

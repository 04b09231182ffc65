"""The text column for widgets outside of the transcript: as wide as there, to the pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.look.tokens import COLUMN_EM, GAP, GAP_PAGE, GAP_SECTION

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme


class TextColumn(QWidget):
    """A column for widgets; they get the width that the transcript gives its messages in the same window."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GAP_PAGE, GAP, GAP_PAGE, GAP_SECTION)
        self.column.setSpacing(GAP)
        theme.changed.connect(self._keep_width)

    def _keep_width(self) -> None:
        width = min(self.width() - 2 * GAP_PAGE, COLUMN_EM * self._theme.text_px)
        left = (self.width() - width) // 2
        self.column.setContentsMargins(left, GAP, self.width() - width - left, GAP_SECTION)

    def minimumSizeHint(self) -> QSize:
        """Return the size with the least margins: those of a wide window must not keep it from narrowing."""
        hint, margins = super().minimumSizeHint(), self.column.contentsMargins()
        return QSize(hint.width() - margins.left() - margins.right() + 2 * GAP_PAGE, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_width()

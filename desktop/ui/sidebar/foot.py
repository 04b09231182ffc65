"""The foot of the sidebar: rows that lead to whole pages, and small buttons beside the last one, or below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme


class SidebarFoot(QWidget):
    """Rows one below the other without a gap; what only has an icon takes no row where the last one has room for it."""

    def __init__(
        self, theme: Theme, rows: Sequence[QWidget], icons: Sequence[QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._last, self._icons = rows[-1], icons
        self._is_beside = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows[:-1]:
            column.addWidget(row)
        self._beside, self._below = QHBoxLayout(), QHBoxLayout()
        for line in (self._beside, self._below):
            line.setSpacing(0)
            column.addLayout(line)
        self._beside.addWidget(self._last, 1)
        self._put_icons(beside=False)
        theme.changed.connect(self._arrange)

    def _arrange(self) -> None:
        needed = sum(each.sizeHint().width() for each in (self._last, *self._icons))
        beside = needed <= self.width()
        if beside is not self._is_beside:
            self._put_icons(beside=beside)

    def _put_icons(self, *, beside: bool) -> None:
        self._is_beside = beside
        line = self._beside if beside else self._below
        for icon in self._icons:
            line.addWidget(icon)  # takes it out of the other one

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

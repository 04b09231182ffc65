"""The foot of the evidence pane: which key does what. It goes where there is no room for it."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel


class PaneFoot(QWidget):
    """A row of keys with their words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[QWidget] = []
        self._is_walking = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_WIDE + GAP_TIGHT)
        for keys, words in (
            (("←", "→"), self.tr("places")),
            (("Enter",), self.tr("to the answer")),
            (("Esc",), self.tr("close")),
        ):
            group = QWidget()
            inside = QHBoxLayout(group)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(GAP_TIGHT)
            for key in keys:
                inside.addWidget(PlainLabel(key, "key"))
            label = PlainLabel(words, "tiny")
            label.setContentsMargins(GAP_TIGHT, 0, 0, 0)
            inside.addWidget(label)
            group.ensurePolished()
            self._groups.append(group)
            row.addWidget(group)
        row.addStretch(1)
        self.setMinimumWidth(GAP)
        self.show_walking(False)

    def show_walking(self, shall: bool) -> None:
        """Show the keys that walk from place to place, or not: there is only one."""
        self._is_walking = shall
        self._make_room()

    def _make_room(self) -> None:
        """Hide from the end what has no room."""
        left = self.width()
        for index, group in enumerate(self._groups):
            if index == 0 and not self._is_walking:
                group.hide()
                continue
            left -= group.sizeHint().width()
            group.setVisible(left >= 0)
            left -= GAP_WIDE + GAP_TIGHT

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

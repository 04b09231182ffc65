"""The foot of the evidence pane: which key does what, as far as there is room for it; and the size of a page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, GAP_WIDE
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack


class PaneFoot(QWidget):
    """A row of keys with their words, and of buttons for larger and smaller pages."""

    zoom_wanted = Signal(int)  # steps; 0 for the size that fills the width

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fit = QPushButton(self.tr("Fit width"))
        self._fit.setToolTip(self.tr("The words of the page fill the width again (Ctrl+0)"))
        self._fit.setAutoDefault(False)
        set_look(self._fit, "advice")
        smaller = IconButton(theme, "minus", self.tr("Smaller page (Ctrl+−)"))
        larger = IconButton(theme, "add", self.tr("Larger page (Ctrl++)"))
        for button, steps in ((self._fit, 0), (smaller, -1), (larger, 1)):
            button.clicked.connect(lambda _=False, by=steps: self.zoom_wanted.emit(by))
        self._zooming = (self._fit, smaller, larger)
        self._groups: list[QWidget] = []
        self._is_walking = False
        row = stack(gap=GAP_WIDE + GAP_TIGHT, across=True, on=self)
        for keys, words in (
            (("←", "→"), self.tr("places")),
            (("Enter",), self.tr("to the answer")),
            (("Esc",), self.tr("close")),
        ):
            group = QWidget()
            inside = stack(gap=GAP_TIGHT, across=True, on=group)
            for key in keys:
                inside.addWidget(PlainLabel(key, "key"))
            label = PlainLabel(words, "tiny")
            label.setContentsMargins(GAP_TIGHT, 0, 0, 0)
            inside.addWidget(label)
            group.ensurePolished()
            self._groups.append(group)
            row.addWidget(group)
        row.addStretch(1)
        buttons = stack(*self._zooming, gap=GAP_TIGHT, across=True)
        row.addLayout(buttons)
        self.show_zooming(False)
        self.show_walking(False)

    def show_walking(self, shall: bool) -> None:
        """Show the keys that walk from place to place, or not: there is only one."""
        self._is_walking = shall
        self._make_room()

    def show_zooming(self, shall: bool, *, is_zoomed: bool = False) -> None:
        """Show the buttons for the size of a page, or not: what is shown has none."""
        for button in self._zooming:
            button.setVisible(shall and (is_zoomed or button is not self._fit))
        self._make_room()

    def _make_room(self) -> None:
        """Hide the keys from the end that have no room."""
        left = self.width() - sum(each.sizeHint().width() + GAP_TIGHT for each in self._zooming if not each.isHidden())
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

"""The parts of forms: a line to type in, a box to choose from, and a field under its label."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QStyle, QStyleOptionComboBox, QWidget

from desktop.ui.look.icons import pixmap
from desktop.ui.look.round_popup import round_corners
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import plain_tooltip

_LONGEST_LINE = 8_192  # letters, and more than any key has; a line lays out all that it holds
_LEAST_CHARACTERS = 12  # that a box to choose from has room for


class ChoiceBox(QComboBox):
    """A combo box that ignores the mouse wheel over a scrolling page."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_CHARACTERS)
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.view().window().setContentsMargins(0, GAP_TIGHT, 0, GAP_TIGHT)  # apart from the box, above it or below
        round_corners(self.view())

    def add_choice(self, words: str, value: object = None) -> None:
        """Add a choice with any name, which the tooltip shows in full."""
        self.addItem(words, value)
        self.setItemData(self.count() - 1, plain_tooltip(words), Qt.ItemDataRole.ToolTipRole)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        edge = self._theme.px(14)
        drawing = pixmap("chevron-down", self._theme.tokens.muted, edge, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - edge - self._theme.px(8), (self.height() - edge) // 2, drawing)


def line_field(name: str) -> QLineEdit:
    """Return a line to type in; `name` is its accessible name."""
    field = QLineEdit()
    field.setMaxLength(_LONGEST_LINE)
    field.setAccessibleName(name)
    return field


def labelled(words: str, field: QWidget, *below: QWidget) -> QWidget:
    """Return a field under its label, with notes below it."""
    group = QWidget()
    column = stack(gap=GAP_TIGHT, on=group)
    label = PlainLabel(words, "strong", wraps=True)
    label.setBuddy(field.focusProxy() or field)  # a group of widgets takes no focus by itself
    column.addWidget(label)
    column.addWidget(field)
    for widget in below:
        column.addWidget(widget)
    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return group

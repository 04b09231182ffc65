"""The box in the sidebar that leads to searching in everything that was said: its words, and its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_TIGHT, TINY
from desktop.ui.widgets.buttons import LabelledButton

if TYPE_CHECKING:
    from desktop.ui.look.theme import Theme

FIND_KEYS = "Ctrl+K"


class FindBox(LabelledButton):
    """A button that looks like a field; letters that are typed on it begin the search."""

    wanted = Signal(str)  # what was typed, empty for a press

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "search", self.tr("Find anything said"), parent=parent)
        self._theme = theme
        self._keys = QKeySequence(FIND_KEYS).toString(QKeySequence.SequenceFormat.NativeText)
        self.drawing.show("search", "muted")
        set_look(self, "find")
        self.setToolTip(self._keys)
        self.clicked.connect(self._begin)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def _begin(self) -> None:
        self.wanted.emit("")

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modified = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.text().strip() and event.text().isprintable() and not modified:
            self.wanted.emit(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.show_words(event.preeditString() or self.tr("Find anything said"))
        if event.commitString():
            self.wanted.emit(event.commitString())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.ui_font(TINY))
        metrics = painter.fontMetrics()
        wide, tall = metrics.horizontalAdvance(self._keys) + 2 * GAP_TIGHT + 2, self._theme.px(18)
        words = self.fontMetrics().horizontalAdvance(self.text()) + self.iconSize().width() + 2 * GAP
        if words + wide + GAP > self.width():
            return  # the words come first
        left, top = self.width() - wide - GAP, (self.height() - tall) // 2
        painter.setPen(self._theme.color("line"))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(left, top, wide, tall, GAP_TIGHT, GAP_TIGHT)
        painter.setPen(self._theme.color("muted"))
        painter.drawText(left, top, wide, tall, Qt.AlignmentFlag.AlignCenter, self._keys)

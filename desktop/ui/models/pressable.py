"""A row that is pressed as a whole, by mouse or keyboard; what stands in it is laid out by its heirs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop.ui.look.stylesheet import set_look


class PressableRow(QFrame):
    """A row reached by Tab; pressed by mouse, Enter or Space."""

    pressed = Signal()

    def __init__(self, name: str, look: str = "model row", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_look(self, look)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

"""How much of the user's attention the window has: in front, beside another program's, or not to be seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget

from desktop.core.text.pace import Attention

_UNSEEN = (QWindow.Visibility.Hidden, QWindow.Visibility.Minimized)


class AttentionWatch(QObject):
    """A watch over a window that has been shown."""

    changed = Signal(object)  # Attention

    def __init__(self, window: QWidget, app: QGuiApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._window = window.windowHandle()
        self.now = Attention.IN_FRONT
        self._window.visibilityChanged.connect(self._look)
        app.applicationStateChanged.connect(self._look)
        self._look()

    def _look(self) -> None:
        attention = Attention.IN_FRONT
        if self._window.visibility() in _UNSEEN:
            attention = Attention.UNSEEN
        elif self._app.applicationState() is Qt.ApplicationState.ApplicationInactive:
            attention = Attention.BESIDE
        if attention is not self.now:
            self.now = attention
            self.changed.emit(attention)

"""How much of the user's attention the window has: in front, beside another program's, or not to be seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
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
        self._window.installEventFilter(self)
        app.applicationStateChanged.connect(self._look)
        self._look()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Expose:  # which no signal tells of
            self._look()
        return False

    def _look(self) -> None:
        attention = Attention.IN_FRONT
        # On another desktop, or wholly covered where the system tells, it is not hidden, but shows nothing either.
        if self._window.visibility() in _UNSEEN or not self._window.isExposed():
            attention = Attention.UNSEEN
        elif self._app.applicationState() is Qt.ApplicationState.ApplicationInactive:
            attention = Attention.BESIDE
        if attention is not self.now:
            self.now = attention
            self.changed.emit(attention)

"""What the user does while the window can be seen, but not everything in it has been made yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow
    from PySide6.QtWidgets import QWidget

    from desktop.ui.composer.card import Composer

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


class EarlyInput(QObject):
    """The keys and clicks that come too early: kept in their order, and given to the window when it is complete.

    Letters go to the message box at once, unless something else waits before them.
    """

    def __init__(self, window: QWidget, composer: Composer) -> None:
        """Keep what comes from now on. The window is shown."""
        super().__init__(window)
        self._window = window
        self._composer = composer
        self._kept: list[QKeyEvent | QMouseEvent] = []
        self._shall_close = False
        self._handle: QWindow | None = window.windowHandle()
        if self._handle is not None:
            self._handle.installEventFilter(self)

    def let_in(self) -> None:
        """Give the window what was kept; from now on all goes there at once."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        handle.removeEventFilter(self)
        for event in self._kept:
            if not (isinstance(event, QKeyEvent) and self._is_shortcut(event)):
                QCoreApplication.sendEvent(handle, event)
        self._kept.clear()
        if self._shall_close:
            self._window.close()

    def _is_shortcut(self, event: QKeyEvent) -> bool:
        """Do what a key is the shortcut for: Qt looks for those before it sends a key to a window."""
        if event.type() is not QEvent.Type.KeyPress:
            return False
        keys = QKeySequence(event.keyCombination())
        action = next((each for each in self._window.actions() if keys in each.shortcuts()), None)
        if action is not None:
            action.trigger()
        return action is not None

    def _is_letter(self, event: QKeyEvent) -> bool:
        is_in_box = self._window.focusWidget() is self._composer.focusProxy()
        return is_in_box and not self._kept and bool(event.text()) and event.text().isprintable()

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in _KEYS:
            if self._is_letter(event):
                return False
            self._kept.append(event.clone())
            return True
        if isinstance(event, QMouseEvent) and event.type() in _PRESSES:
            self._kept.append(event.clone())
            return True
        if event.type() is QEvent.Type.Close:
            self._shall_close = True
            event.ignore()
            return True
        return False

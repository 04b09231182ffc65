"""The blinking of the text cursor, which ends when nobody has written for a while: each blink wakes a processor up."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

_BLINKS_MS = 10_000  # as GNOME has it


class RestingCursor(QObject):
    """A watch over the cursor of the whole program: it stands still until the user writes or moves it again."""

    def __init__(self, app: QApplication, parent: QObject | None = None, *, blinks_ms: int = _BLINKS_MS) -> None:
        super().__init__(parent)
        self._app = app
        self._flash = app.cursorFlashTime()  # 0 where the user wants none that blinks
        self._timer = QTimer(self, singleShot=True, interval=blinks_ms)
        self._timer.timeout.connect(self._rest)
        if self._flash > 0:
            app.inputMethod().cursorRectangleChanged.connect(self._wake)
            app.focusObjectChanged.connect(self._wake)
            self._timer.start()

    def end(self) -> None:
        """Watch no more, and have the cursor blink as it did: what is watched next begins with that."""
        self._timer.stop()
        if self._flash > 0:
            self._app.inputMethod().cursorRectangleChanged.disconnect(self._wake)
            self._app.focusObjectChanged.disconnect(self._wake)
            self._app.setCursorFlashTime(self._flash)

    def _rest(self) -> None:
        self._app.setCursorFlashTime(0)

    def _wake(self) -> None:
        if not self._timer.isActive():
            self._app.setCursorFlashTime(self._flash)
        self._timer.start()

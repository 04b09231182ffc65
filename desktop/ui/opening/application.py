"""Qt's application of this program, and what the system hands over to be opened until the window can take it.

macOS names files and links by events to the application, never as arguments, and sends them as soon as the event loop
runs. What becomes of them is `handed_over`'s. The cursor of its fields blinks only while somebody writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from desktop.core.recipes.link import whole
from desktop.ui.widgets.composing import ComposedLines
from desktop.ui.widgets.keys import EnterKey


class Application(QApplication):
    """The application: it emits what the system hands over, and minds Enter on buttons and what is composed in lines.

    By its own method and not by an event filter, which would see every event of every widget.
    """

    handed_over = Signal(object)  # a path or an address

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        EnterKey(self)
        ComposedLines(self)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.handed_over.emit(_text_of(event))
            return True
        return super().event(event)


class HandedOver(QObject):
    """A queue, which is kept while nobody takes from it, also from one window to the next."""

    def __init__(self, first: str = "", arguments: Sequence[str] = (), parent: QObject | None = None) -> None:
        """Build the queue. `first` is handed over by the command line, whose words are `arguments`."""
        super().__init__(parent)
        self._waiting = [whole(first)] if first else []
        # Cocoa hands over once more what it takes for files on the command line.
        self._said_already = {said for each in arguments for said in (each, whole(each))}
        self._take: Callable[[str], None] | None = None

    def hand_on(self, text: str) -> None:
        """Hand it on, now or when somebody takes it."""
        if self._take is not None:
            self._take(text)
        elif text and text not in self._waiting and text not in self._said_already:
            self._waiting.append(text)

    def hand_on_to(self, take: Callable[[str], None]) -> None:
        """Hand on all that is waiting, and from now on what comes."""
        self._take = take
        self._said_already.clear()
        while self._waiting and self._take is not None:
            self._take(self._waiting.pop(0))

    def pause(self) -> None:
        """Keep what comes for who begins next."""
        self._take = None


def _text_of(event: QFileOpenEvent) -> str:
    """Return what the event names: a path, or an address as it was written, also of a file on another computer."""
    url = event.url()
    is_far = url.isLocalFile() and bool(url.host())
    return event.file() if event.file() and not is_far else url.toString(url.ComponentFormattingOption.FullyEncoded)


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

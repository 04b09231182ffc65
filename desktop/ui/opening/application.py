"""Qt's application of this program, and the opening of what the system, or a second start, hands over.

macOS names files and links by events to the application, never as arguments, and sends them as soon as the event loop
runs: they wait until the window can take them. The cursor of its fields blinks only while somebody writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from desktop.core.recipes.link import GivenFile, LinkFault, LocalPath, RecipeLink, given_file, read_given, whole
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.opening.second_start import FirstInstance
from desktop.ui.widgets.keys import ComposedLines, EnterKey

if TYPE_CHECKING:
    from desktop.ui.window.main_window import MainWindow


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


class Opening(QObject):
    """An opener for files and links.

    `folder` is that of the program's data: second starts with the same one are heard.
    """

    model_given = Signal(str)  # the path of a model file

    def __init__(self, window: MainWindow, handed_over: HandedOver, folder: Path, parent: QObject | None) -> None:
        super().__init__(parent)
        self._window = window
        self._handed_over = handed_over
        self.first_instance = FirstInstance(folder, self)
        self.first_instance.called.connect(self._on_second_start)
        self.first_instance.called_at_length.connect(self._on_too_much)

    def open_waiting(self) -> None:
        """Open what has been waiting for the window, and from now on what comes."""
        self._handed_over.hand_on_to(self._on_second_start)

    def end(self) -> None:
        """Stop listening; what the system hands over waits for the next window."""
        self.first_instance.close()
        self._handed_over.pause()

    def _on_second_start(self, given: str) -> None:
        self._come_in_front()
        if given:
            self._open(given)

    def _on_too_much(self) -> None:
        self._come_in_front()
        self._window.links.refuse(LinkFault.TOO_LONG)

    def _open(self, given: str) -> None:
        match read_given(given):
            case LocalPath(path):
                self._open_file(path)
            case RecipeLink(name):
                self._window.links.follow(name)
            case LinkFault() as fault:
                self._window.links.refuse(fault)

    def _open_file(self, path: str) -> None:
        match given_file(path):
            case GivenFile.MODEL:
                self.model_given.emit(path)
            case GivenFile.RECIPE:
                self._window.look_at_recipe(Path(path))
            case GivenFile.OTHER:
                self._window.give_to_model(GivenFiles((Path(path),)))

    def _come_in_front(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

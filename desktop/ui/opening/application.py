"""Qt's application of this program, and what the system hands over to be opened until the window can take it.

macOS names files and links by events to the application, never as arguments, and sends them as soon as the event loop
runs. What becomes of them is `handed_over`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from desktop.core.recipes.given_file import whole
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

"""One message box at a time over a window: for a search that takes long, or its outcome. The newest wins.

For what others hand over, who must not be able to fill the screen with boxes. It picks no words.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

_BEFORE_SAYING_MS = 300  # a disk of this computer has answered by then, and a box would only flicker


class OneBox(QObject):
    """A message box at most; a newer one replaces it. Searches are numbered to recognise outdated results."""

    given_up = Signal()  # the user waits no longer for what is being looked for

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._box: QMessageBox | None = None
        self._make_looking: Callable[[], QMessageBox] | None = None
        self._count = 0
        self._soon = QTimer(self, singleShot=True, interval=_BEFORE_SAYING_MS)
        self._soon.timeout.connect(self._say_looking)

    def start_search(self, make_looking: Callable[[], QMessageBox]) -> int:
        """Close the present box, and show the box from `make_looking` if the search takes long.

        Return the number of this search.
        """
        self.take_back()
        self._make_looking = make_looking
        self._soon.start()
        return self._count

    def is_awaited(self, number: int) -> bool:
        """Return True if this search is the newest, and has neither ended nor been given up."""
        return number == self._count

    def take_back(self) -> None:
        """Give up the search, and close the box."""
        self._count += 1
        self._soon.stop()
        box, self._box = self._box, None
        if box is not None:
            box.close()

    def say(self, box: QMessageBox) -> None:
        """Show a box in place of the one before; the program goes on meanwhile."""
        self.take_back()
        self._open(box)

    def _say_looking(self) -> None:
        assert self._make_looking is not None
        box = self._make_looking()
        box.rejected.connect(lambda: self._give_up(box))
        self._open(box)

    def _give_up(self, box: QMessageBox) -> None:
        if self._box is box:  # a box that is closed in `take_back` says that it was rejected, too
            self.take_back()
            self.given_up.emit()

    def _open(self, box: QMessageBox) -> None:
        def forget() -> None:
            self._box = None if self._box is box else self._box
            box.deleteLater()

        self._box = box
        box.finished.connect(forget)
        box.open()

"""A watch over the program's own files: another version of them is there while this one still runs.

Packages replace files under a running program. It goes on with what it has in memory, but parts that it loads late are
those of the new version: so the user is told, once.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

_LOOK_EVERY_MS = 60_000


class UpgradeWatch(QObject):
    """Looks once a minute, and when it is told to."""

    upgraded = Signal()

    def __init__(
        self, mark: Callable[[], str], parent: QObject | None = None, *, every_ms: int = _LOOK_EVERY_MS
    ) -> None:
        """Keep the mark of the files as they are now. `mark` returns what tells two versions apart; empty: unknown."""
        super().__init__(parent)
        self._mark = mark
        self._first = mark()
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Say if the files are those of another version. What is being replaced just now is looked at again later."""
        now = self._mark()
        if self._first and now and now != self._first:
            self._timer.stop()
            self._first = ""
            self.upgraded.emit()

"""A box with a text to be read and copied, of any length: a long one comes in portions, and nothing stands still."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

_AT_ONCE = 60_000  # characters of lines: some five milliseconds
_LONGEST_LINE = 2_000  # a line is laid out as a whole, so a longer one goes on in the next


class ReadText(QPlainTextEdit):
    """A box that cannot be written in. `is_whole` tells if all of the text stands in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)  # else all of it would be kept twice
        self._coming: Iterator[str] = iter(())
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._go_on)

    @property
    def is_whole(self) -> bool:
        """True if no portion is still to come."""
        return not self._next.isActive()

    def show_text(self, text: str) -> None:
        """Show a text from its beginning, in place of the one before."""
        self._coming = portions(text)
        self.setPlainText(next(self._coming, ""))
        self._next.start()

    def _go_on(self) -> None:
        portion = next(self._coming, None)
        if portion is None:
            self._next.stop()
            return
        cursor = QTextCursor(self.document())  # not the one of the user, who may be selecting
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(portion)


def portions(text: str) -> Iterator[str]:
    """Yield a text in portions, with a line break within lines that are too long to be laid out as one."""
    for at in range(0, len(text), _AT_ONCE):
        yield "\n".join(map(_broken, text[at : at + _AT_ONCE].split("\n")))


def _broken(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return line
    return "\n".join(line[at : at + _LONGEST_LINE] for at in range(0, len(line), _LONGEST_LINE))

"""A box with a text to be read and copied, of any length: a long one comes in portions, and nothing stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

_AT_ONCE = 60_000  # characters of lines: some five milliseconds
_LONGEST_LINE = 2_000  # a line is laid out as a whole, so a longer one goes on in the next
_GOES_ON = 1  # the state of a line that goes on with the one before


class ReadText(QPlainTextEdit):
    """A box that cannot be written in. `is_whole` tells if all of the text stands in it.

    What is copied is the text as it was given, also where its lines are broken here or a part of it is still to come.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)  # else all of it would be kept twice
        self._text = ""
        self._has_broken_lines = False
        self._coming: Iterator[Portion] = iter(())
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._go_on)

    @property
    def is_whole(self) -> bool:
        """True if no portion is still to come."""
        return not self._next.isActive()

    def show_text(self, text: str) -> None:
        """Show a text from its beginning, in place of the one before."""
        self._text, self._has_broken_lines = text, False
        self._coming = portions(text)
        self.setPlainText("")
        self._go_on()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._next.start()

    def _go_on(self) -> None:
        portion = next(self._coming, None)
        if portion is None:
            self._next.stop()
            return
        first = self.document().blockCount() - 1
        cursor = QTextCursor(self.document())  # not the one of the user, who may be selecting
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(portion.text)
        self._has_broken_lines = self._has_broken_lines or bool(portion.broken)
        for number in portion.broken:
            self.document().findBlockByNumber(first + number).setUserState(_GOES_ON)

    def _selected_as_given(self, cursor: QTextCursor) -> str:
        """Return the selected text without the breaks that were made here."""
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start == 0 and end == self.document().characterCount() - 1:
            return self._text
        pieces: list[str] = []
        block = self.document().findBlock(start)
        while block.isValid() and block.position() <= end:
            if pieces and block.userState() != _GOES_ON:
                pieces.append("\n")
            pieces.append(_within(block, start, end))
            block = block.next()
        return "".join(pieces)

    # Qt's own methods

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor, is_part = self.textCursor(), self._has_broken_lines or not self.is_whole
        if not (is_part and cursor.hasSelection()):
            return super().createMimeDataFromSelection()
        taken = QMimeData()
        taken.setText(self._selected_as_given(cursor))
        return taken


@dataclass(frozen=True, slots=True)
class Portion:
    """Portion of a text as it is shown; `broken` are the numbers of its lines that go on with the one before."""

    text: str
    broken: tuple[int, ...] = ()


def portions(text: str) -> Iterator[Portion]:
    """Yield a text in portions, with a line break within lines that are too long to be laid out as one."""
    for at in range(0, len(text), _AT_ONCE):
        yield _portion(text[at : at + _AT_ONCE])


def _portion(text: str) -> Portion:
    lines: list[str] = []
    broken: list[int] = []
    for line in text.split("\n"):
        lines.append(line[:_LONGEST_LINE])
        for at in range(_LONGEST_LINE, len(line), _LONGEST_LINE):
            broken.append(len(lines))
            lines.append(line[at : at + _LONGEST_LINE])
    return Portion("\n".join(lines), tuple(broken))


def _within(block: QTextBlock, start: int, end: int) -> str:
    """Return what of a line stands between two places of its document, which count as Qt does."""
    cursor = QTextCursor(block)
    cursor.setPosition(max(start, block.position()))
    cursor.setPosition(min(end, block.position() + block.length() - 1), QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()

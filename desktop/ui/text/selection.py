"""Positions in the texts of a conversation, the selection between two of them, its way to the clipboard, and the
scrolling while the mouse selects beyond the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import total_ordering

from PySide6.QtCore import QMimeData, QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractScrollArea

from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.shown_text import END, START, Position, plain_text
from desktop.rendering.written.clipboard import pasted_page, pasted_piece


class Channel(IntEnum):
    """The texts of one message, in the order in which they stand."""

    THINKING = 0
    ANSWER = 1  # or the user's words


@total_ordering
@dataclass(frozen=True, slots=True)
class TextPosition:
    """A character: of the message at an index of the path, in one of its texts."""

    message: int
    channel: Channel
    position: Position

    def __lt__(self, other: TextPosition) -> bool:
        return (self.message, self.channel, self.position) < (other.message, other.channel, other.position)


Range = tuple[Position, Position]


@dataclass(frozen=True, slots=True)
class TextSelection:
    """A selection from its first position to its last, in the direction of the user's movement."""

    anchor: TextPosition
    head: TextPosition

    @property
    def start(self) -> TextPosition:
        return min(self.anchor, self.head)

    @property
    def end(self) -> TextPosition:
        return max(self.anchor, self.head)

    @property
    def is_empty(self) -> bool:
        return self.anchor == self.head

    @property
    def messages(self) -> range:
        """The indices of the messages that it touches."""
        return range(self.start.message, self.end.message + 1)

    def within(self, message: int, channel: Channel) -> Range | None:
        """Return the selected range of one text, or None."""
        here = (message, channel)
        start, end = self.start, self.end
        if self.is_empty or not (start.message, start.channel) <= here <= (end.message, end.channel):
            return None
        first = start.position if here == (start.message, start.channel) else START
        last = end.position if here == (end.message, end.channel) else END
        return (first, last) if first < last else None

    def moved(self, by: int) -> TextSelection:
        """Return the same selection after so many messages were inserted before them."""
        anchor = replace(self.anchor, message=self.anchor.message + by)
        return TextSelection(anchor, replace(self.head, message=self.head.message + by))


class CopyForm(StrEnum):
    """The forms in which a text can be copied."""

    FORMATTED = "formatted"  # with a plain text beside it, for programs that take no other
    MARKDOWN = "markdown"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Copied:
    """A text on its way to the clipboard. `html` is a piece of a page; empty where it has no other form."""

    plain: str
    html: str = ""


def copied_block(block: Leaf) -> Copied:
    """Return a table or a block of code by itself; of code the plain text is exactly what it is."""
    return Copied(plain_text([block]) if block.table is not None else block.text, pasted_piece([block]))


def joined(copies: Iterable[Copied]) -> Copied:
    """Return several texts as one, with a blank line between them."""
    some = [each for each in copies if each.plain]
    return Copied("\n\n".join(each.plain for each in some), "".join(each.html for each in some))


def put_on_clipboard(copied: Copied) -> None:
    """Put a text on the clipboard. Runs on the GUI thread."""
    data = QMimeData()
    data.setText(copied.plain)
    if copied.html:
        data.setHtml(pasted_page([copied.html]))
    QGuiApplication.clipboard().setMimeData(data)


_STEP_MS = 30
_FASTEST_PX = 120  # in a step


class DragScroll(QObject):
    """The pointer of a selection: `reach` is called with its place in the viewport whenever another text is there."""

    def __init__(self, area: QAbstractScrollArea, reach: Callable[[QPoint], object]) -> None:
        super().__init__(area)
        self._area = area
        self._reach = reach
        self._pointer = QPoint()  # on the screen
        self._stepping = QTimer(self, interval=_STEP_MS)
        self._stepping.timeout.connect(self._step)

    def follow(self, pointer: QPoint) -> None:
        """Reach the pointer, whose place is that on the screen."""
        self._pointer = pointer
        self._reach(self._inside)
        if not self._beyond:
            self._stepping.stop()
        elif not self._stepping.isActive():
            self._stepping.start()

    def stop(self) -> None:
        """Scroll no further."""
        self._stepping.stop()

    @property
    def _inside(self) -> QPoint:
        return self._area.viewport().mapFromGlobal(self._pointer)

    @property
    def _beyond(self) -> int:
        """The pixels that the pointer is above (negative) or below the viewport."""
        y = self._inside.y()
        return min(0, y) or max(0, y - self._area.viewport().height())

    def _step(self) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + max(-_FASTEST_PX, min(_FASTEST_PX, self._beyond)))
        self._reach(self._inside)

"""A text, read piece by piece while it grows; positions in it, what is selected, and its way to the clipboard."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import total_ordering
from typing import Protocol

from PySide6.QtCore import QMimeData, QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractScrollArea

from desktop.core.bounds import SHOWN_LETTERS
from desktop.rendering.markdown.document import AT_ONCE, MarkdownDocument, block_around, formula_around
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.stack import Page
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import END, START, Position, excerpt, markdown_text, plain_text
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


_PIECE = 4_000  # characters of a growing text that are read at a time; an answer brings some hundred
_LOOK_MS = 10  # between two looks whether a text has been read


class LeafDocument(Protocol):
    """Text that grows, as leaves."""

    @property
    def leaves(self) -> list[Leaf]: ...
    @property
    def source(self) -> str: ...
    def append(self, text: str) -> int: ...
    def finish(self) -> int: ...


class TextReading(QObject):
    """The reading of one text at a time into a page. `changing` surrounds each change of the page."""

    def __init__(
        self,
        document: LeafDocument,
        page: Page,
        changing: Callable[[], AbstractContextManager[None]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self._page = page
        self._changing = changing
        self._letters = 0  # that have come
        self._beyond: list[str] = []  # pieces of the text that come too late to be shown
        self._reading_aside: Future[list[Leaf]] | None = None
        self._look_timer = QTimer(self, interval=_LOOK_MS)
        self._look_timer.timeout.connect(self._take_what_was_read)
        self._unread = ""  # that came at once at the end of a text that grows
        self._is_ending = False  # with that
        self._piece_timer = QTimer(self)
        self._piece_timer.timeout.connect(self._read_piece)

    @property
    def source(self) -> str:
        """The text as it was written."""
        return self.document.source + self._unread + "".join(self._beyond)

    @property
    def is_going_on(self) -> bool:
        """True while a part of a long text has not been read yet."""
        return self._look_timer.isActive() or self._piece_timer.isActive()

    @property
    def height(self) -> float:
        """The height of the page in pixels; that of a text that has not been read is estimated."""
        if self._page.is_empty and self._look_timer.isActive():
            return self._page.estimate(self.document.source)
        return self._page.height

    def show(self, document: LeafDocument) -> None:
        """Put another text onto the page, in place of all."""
        self._letters, self._beyond = 0, []
        self._unread, self._is_ending = "", False
        self._piece_timer.stop()
        self._look_timer.stop()
        self.document = document
        self._page.show(document.leaves, 0)

    def load(self, text: str) -> None:
        """Read a text that is complete into the document, which is empty."""
        text = self._shown_part(text)
        if not isinstance(self.document, MarkdownDocument):
            self.document.append(text)
            self._show_from(min(0, self.document.finish()))
            return
        self.document.begin_whole(text)
        if len(text) <= AT_ONCE:
            self._show_from(self.document.take_whole(parse(text)))
            return
        with self._changing():
            self._read_aside()

    def append(self, text: str) -> None:
        """Add text at the end of one that grows."""
        text = self._shown_part(text)
        if self._piece_timer.isActive() or (len(text) > _PIECE and isinstance(self.document, MarkdownDocument)):
            self._unread += text
            self._piece_timer.start(0)
        else:
            self._show_from(self.document.append(text))

    def finish(self) -> None:
        """End the text: nothing more is appended."""
        if self._piece_timer.isActive():
            self._is_ending = True
            return
        self._show_from(self.document.finish())
        if isinstance(self.document, MarkdownDocument) and not self.document.is_whole:
            self._read_aside()

    def _shown_part(self, text: str) -> str:
        """Return what of the next piece is shown, and keep the rest."""
        room = max(0, SHOWN_LETTERS - self._letters)
        self._letters += len(text)
        if len(text) > room:
            self._beyond.append(text[room:])
        return text[:room]

    def _show_from(self, first_changed: int) -> None:
        with self._changing():
            self._page.show(self.document.leaves, first_changed)

    def _read_piece(self) -> None:
        piece, self._unread = self._unread[:_PIECE], self._unread[_PIECE:]
        self._show_from(self.document.append(piece))
        if self._unread:
            return
        self._piece_timer.stop()
        if self._is_ending:
            self._is_ending = False
            self.finish()

    def _read_aside(self) -> None:
        self._reading_aside = _reader().submit(parse, self.document.source)
        self._look_timer.start()

    def _take_what_was_read(self) -> None:
        if self._reading_aside is None or not self._reading_aside.done():
            return
        assert isinstance(self.document, MarkdownDocument)
        with self._changing():
            self._look_timer.stop()  # first, so that a fault comes once
            self._page.show(self.document.leaves, self.document.take_whole(self._reading_aside.result()))

    # The words that stand on the page now

    def plain_text(self, start: Position = START, end: Position = END) -> str:
        """Return the visible text between two positions."""
        if isinstance(self.document, PlainDocument):
            return self.document.text_between(start, end)
        return plain_text(self._page.leaves, start, end)

    def markdown_text(self, start: Position = START, end: Position = END) -> str:
        """Return the source between two positions, as it was written."""
        if isinstance(self.document, PlainDocument):
            return self.document.text_between(start, end)
        return markdown_text(self._page.leaves, self.source, start, end)

    def excerpt(self, start: Position = START, end: Position = END) -> list[Leaf]:
        """Return what is between two positions as a text of its own."""
        return excerpt(self._page.leaves, start, end)

    def block_around(self, position: Position) -> Leaf | None:
        """Return the code block or the table at a position."""
        return block_around(self._page.leaves, position)

    def formula_around(self, position: Position) -> str:
        """Return the LaTeX of the formula at a position; empty if there is none."""
        return formula_around(self._page.leaves, position)


@functools.cache
def _reader() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="reader")

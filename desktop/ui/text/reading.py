"""A text on its way onto the page of a surface: one that grows, or a stored one.

A long stored text is read in another thread, and so is all of a long answer once more when it is complete. Much text
that comes at once at the end of one that grows is read a piece at a time, so that nothing stands still.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Protocol

from PySide6.QtCore import QObject, QTimer

from desktop.core.bounds import SHOWN_LETTERS
from desktop.rendering.markdown.document import AT_ONCE, MarkdownDocument, block_around, formula_around
from desktop.rendering.markdown.leaves import parse
from desktop.rendering.page.stack import Page
from desktop.rendering.text.leaves import Leaf
from desktop.rendering.text.plain_document import PlainDocument
from desktop.rendering.text.shown_text import END, START, Position, excerpt, markdown_text, plain_text

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

"""A text on its way onto the page of a surface: one that grows, or a stored one.

Much text at once is read in slices, each for a part of the time between two paints, so that nothing stands still. What
has been read is painted by the surface.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.bounds import SHOWN_LETTERS
from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.page.stack import Page
from desktop.rendering.page.stored_text import LeafDocument, StoredText, stored_text

_SLICE = 500  # characters that are read in one go
_BURST = 3_000  # characters that come at once and are read in slices; an answer brings some hundred at a time
_FIRST_SECONDS = 0.008  # of reading before the first paint
_SLICE_SECONDS = 0.012  # of reading between two looks at what else there is to do
_BURST_SECONDS = 0.008  # the same of a text that grows, beside which its owner has more to do
_READ_BEFORE_SHOWN = 4  # slices of a burst: what is shown in between is out of sight again at once


class TextReading(QObject):
    """The reading of one text at a time into a page. `changing` surrounds each change of the page."""

    grown_above = Signal(int)  # so many leaves stand before those known so far

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
        self._stored: StoredText | None = None  # a text that was complete when it came
        self._letters = 0  # that have come
        self._beyond: list[str] = []  # pieces of the text that come too late to be shown
        self._slice_timer = QTimer(self, interval=0)
        self._slice_timer.timeout.connect(lambda: self._read_on())
        # Much text that came at once at the end of one that grows, and whether that is the end of all.
        self._burst = ""
        self._is_last_burst = False
        self._unshown: int | None = None  # of a burst: the first leaf that has changed since the page was shown
        self._slices = 0  # read since then
        self._burst_timer = QTimer(self, interval=0)
        self._burst_timer.timeout.connect(self._read_burst)

    @property
    def source(self) -> str:
        """The text as it was written."""
        shown = self._stored.source if self._stored is not None else self.document.source + self._burst
        return shown + "".join(self._beyond)

    @property
    def is_going_on(self) -> bool:
        """True while a part of a long text has not been read yet, or not been shown."""
        return self._slice_timer.isActive() or self._burst_timer.isActive()

    @property
    def height(self) -> float:
        """The height of the page in pixels; unread text is estimated."""
        return self._page.height if self._stored is None else self._stored.height

    def settle(self) -> None:
        """Estimate anew what has not been read: the page has another width."""
        if self._stored is not None:
            self._stored.settle()

    def show(self, document: LeafDocument) -> None:
        """Put another text onto the page, in place of all."""
        self._stored = None
        self._slice_timer.stop()
        self._letters, self._beyond = 0, []
        self._burst, self._is_last_burst = "", False
        self._unshown, self._slices = None, 0
        self._burst_timer.stop()
        self.document = document
        self._page.show(document.leaves, 0)

    def load(self, text: str) -> None:
        """Read a text that is complete into the document, which is empty."""
        self._stored = stored_text(self._shown_part(text), self.document, self._page)
        self._read_on(_FIRST_SECONDS)

    def append(self, text: str) -> None:
        """Add text at the end of one that grows."""
        text = self._shown_part(text)
        if self._burst_timer.isActive() or (len(text) > _BURST and isinstance(self.document, MarkdownDocument)):
            self._burst += text
            self._burst_timer.start()
        else:
            self._show_from(self.document.append(text))

    def _shown_part(self, text: str) -> str:
        """Return what of the next piece is shown, and keep the rest."""
        room = max(0, SHOWN_LETTERS - self._letters)
        self._letters += len(text)
        if len(text) > room:
            self._beyond.append(text[room:])
        return text[:room]

    def finish(self) -> None:
        """End the text: nothing more is appended."""
        if self._burst_timer.isActive():
            self._is_last_burst = True
        else:
            self._show_from(self.document.finish())

    def _show_from(self, first_changed: int) -> None:
        with self._changing():
            self._page.show(self.document.leaves, first_changed)

    def _read_on(self, seconds: float = _SLICE_SECONDS) -> None:
        """Read as much as fits into half the time of a paint."""
        assert self._stored is not None
        with self._changing():
            leaves_above = self._stored.read(time.monotonic() + seconds)
            if self._stored.is_whole:
                self._slice_timer.stop()
            elif not self._slice_timer.isActive():
                self._slice_timer.start()
            if leaves_above:
                self.grown_above.emit(leaves_above)

    def _read_burst(self) -> None:
        """Do one of three things for a text that came at once: read a slice of it, end it, or show what was read."""
        if self._burst and self._slices < _READ_BEFORE_SHOWN:
            self._read_slice()
        elif not self._burst and self._is_last_burst:
            self._is_last_burst = False
            self._note_changed(self.document.finish())
        else:
            if not self._burst:
                self._burst_timer.stop()
            first_changed, self._unshown, self._slices = self._unshown, None, 0
            self._show_from(len(self.document.leaves) if first_changed is None else first_changed)

    def _read_slice(self) -> None:
        until = time.monotonic() + _BURST_SECONDS
        read = 0
        while read < len(self._burst) and (read == 0 or time.monotonic() < until):
            piece = self._burst[read : read + _SLICE]
            read += len(piece)
            self._note_changed(self.document.append(piece, read < len(self._burst)))
        self._burst = self._burst[read:]
        self._slices += 1

    def _note_changed(self, first: int) -> None:
        self._unshown = first if self._unshown is None else min(self._unshown, first)

"""A stored text on its way onto a page, a little at a time, so that nothing stands still.

A long answer is read from its end, since that is what a conversation opens with; one that can't be cut, and any other
text, from its beginning. How high the part is that has not been read follows from how high the read part turned out.
"""

from __future__ import annotations

import time
from typing import Protocol

from desktop.rendering.markdown.document import MarkdownDocument
from desktop.rendering.markdown.sections import SHORTEST, section_starts
from desktop.rendering.page.stack import Page
from desktop.rendering.text.leaves import Leaf

_SLICE = 2000  # characters between two looks at the clock
_MANY_LEAVES = 4_000  # that are shown in one go: lines of a letter each may be half a million


class LeafDocument(Protocol):
    """Text that grows, as leaves."""

    @property
    def leaves(self) -> list[Leaf]: ...
    @property
    def source(self) -> str: ...
    def append(self, text: str, more_follows: bool = False) -> int: ...
    def finish(self) -> int: ...


class StoredText(Protocol):
    """Text on its way to a page."""

    source: str

    @property
    def is_whole(self) -> bool:
        """True if all of it has been read."""
        ...

    @property
    def height(self) -> float:
        """The height of the page with what has not been read yet, about."""
        ...

    def read(self, until: float) -> int:
        """Read on until a time of `time.monotonic`; what is shown first is read even when that has passed.

        Returns how many leaves have come to stand above those known so far.
        """
        ...

    def settle(self) -> None:
        """Reckon anew what has not been read: the page has another width."""
        ...


def stored_text(text: str, document: LeafDocument, page: Page) -> StoredText:
    """Return a text that is complete, to be read into an empty document."""
    starts = section_starts(text) if isinstance(document, MarkdownDocument) else [0]
    return _FromEnd(text, starts, page) if len(starts) > 1 else _FromBeginning(text, document, page)


class _FromBeginning:
    def __init__(self, text: str, document: LeafDocument, page: Page) -> None:
        self.source = text
        self._document = document
        self._page = page
        self._at = 0
        self._shown = 0  # so much has been read of it when it was last shown
        self._unshown = 0  # the first leaf that has come or changed since
        self._is_finished = False

    @property
    def is_whole(self) -> bool:
        return self._is_finished

    @property
    def height(self) -> float:
        unread = (len(self.source) - self._shown) / self._shown if self._shown else 0.0
        return self._page.height * (1 + unread)

    def read(self, until: float) -> int:
        while self._at < len(self.source) and (self._at == 0 or time.monotonic() < until):
            piece = self.source[self._at : self._at + _SLICE]
            self._at += len(piece)
            self._unshown = min(self._unshown, self._document.append(piece, more_follows=True))
        if self._at >= len(self.source):
            self._is_finished = True
            self._unshown = min(self._unshown, self._document.finish())
            self.source = self._document.source  # as the leaves count it
        # Who reads its end sees another one each time, which must be laid out: that is rarely worth it.
        many = len(self._document.leaves) - self._unshown >= _MANY_LEAVES
        if self._is_finished or many or self._at >= 2 * self._shown:
            self._page.show(self._document.leaves, self._unshown)
            self._shown, self._unshown = self._at, len(self._document.leaves)
        return 0

    def settle(self) -> None:
        pass


class _FromEnd:
    """Text that is read section by section; each is a document of its own, which the page alone keeps."""

    def __init__(self, text: str, starts: list[int], page: Page) -> None:
        self.source = text
        self._page = page
        self._starts = starts  # of the sections that have not been read
        self._end = len(text)  # of the last of them
        self._section: MarkdownDocument | None = None  # that is being read
        self._at = 0

    @property
    def is_whole(self) -> bool:
        return not self._starts

    @property
    def height(self) -> float:
        return self._page.height

    def read(self, until: float) -> int:
        leaves_above = 0
        while self._starts and (self._owes_the_end() or time.monotonic() < until):
            if self._section is None:
                self._at = self._starts[-1]
                self._section = MarkdownDocument(base=self._at)
            end = min(self._at + _SLICE, self._end)
            self._section.append(self.source[self._at : end], more_follows=True)
            self._at = end
            if end == self._end:
                self._section.finish()
                self._page.splice(0, 0, self._section.leaves)
                leaves_above += len(self._section.leaves)
                self._end = self._starts.pop()
                self._section = None
        self.settle()
        return leaves_above

    def _owes_the_end(self) -> bool:
        """Return True if nothing is shown yet, and no more than a section's common length has been read for it."""
        if self._end < len(self.source):
            return False
        return self._section is None or self._at - self._starts[-1] < SHORTEST

    def settle(self) -> None:
        read = len(self.source) - self._end
        if read:
            self._page.set_lead(self._page.read_height * self._end / read)

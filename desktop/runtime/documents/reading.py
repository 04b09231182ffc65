"""The reading of one file: the loop thread's end, which gathers what the reader yields, and the text made of it."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from desktop.core.documents.document import Document, Remark, Section
from desktop.core.documents.reading import DocumentReader, Opened, ReadingError, ReadingEvent, ReadingProblem

if TYPE_CHECKING:
    from desktop.core.advice.personal_data import PersonalKind

_SECONDS_BETWEEN_LOOKS = 0.1
_LETTERS_SEARCHED = 1_000_000  # for personal data
_PIECE = 8_000  # letters searched in one go: an expression does not let the window's thread run meanwhile


@dataclass(frozen=True, slots=True)
class FileToRead:
    """File that is to be read; `name` is the user's, `path` where it is kept."""

    path: Path
    name: str
    password: str = ""
    encoding: str = ""


class Reading:
    """The reading of one file; `wake` is called on the loop thread when there is more of it, not too often."""

    def __init__(self, file: FileToRead, wake: Callable[[], None]) -> None:
        self._file = file
        self._wake = wake
        self._opened = Opened("")
        self._sections: list[Section] = []
        self._remarks: list[Remark] = []
        self._woken_at = float("-inf")

    @property
    def so_far(self) -> Document:
        """What has been read; may be asked for on any thread."""
        file, opened = self._file, self._opened
        encoding = file.encoding or opened.encoding
        return Document(file.name, opened.media_type, tuple(self._sections), tuple(self._remarks), encoding)

    @property
    def sections_to_come(self) -> int | None:
        """How many sections there are; None where that can't be told yet."""
        return self._opened.sections

    async def read_through(self, reader: DocumentReader) -> Document:
        """Read the file to its end, and return its document. Raises `ReadingError`. Runs on the loop thread."""
        file = self._file
        if not file.path.is_file():
            raise ReadingError(ReadingProblem.GONE)
        events = reader.read(file.path, file.name, password=file.password, encoding=file.encoding)
        # An iterator that is not closed would leave its process running until it is collected.
        async with aclosing(cast(AsyncGenerator[ReadingEvent, None], events)) as events:
            async for event in events:
                self._note(event)
        return self.so_far

    def _note(self, event: ReadingEvent) -> None:
        match event:
            case Opened():
                self._opened = event
            case Section():
                self._sections.append(event)
            case Remark():
                self._remarks.append(event)
        now = time.monotonic()
        is_first = isinstance(event, Section) and len(self._sections) == 1  # which nobody should wait for
        if is_first or now - self._woken_at >= _SECONDS_BETWEEN_LOOKS:
            self._woken_at = now
            self._wake()


@dataclass(frozen=True, slots=True)
class WarningsOfText:
    """What the user should know of a text before it is sent: orders to the model, and kinds of personal data."""

    orders: tuple[str, ...]
    personal: tuple[PersonalKind, ...]


def warnings_of(text: str) -> WarningsOfText:
    """Return what the user should know of a text. Takes seconds for a long one: not for the GUI thread."""
    # A start does without what finds them.
    from desktop.core.advice.personal_data import PersonalKind, find_personal
    from desktop.core.documents.orders import orders_in, pieces_of_text

    found: set[PersonalKind] = set()
    for piece in pieces_of_text(text[:_LETTERS_SEARCHED], _PIECE):
        found |= {each.kind for each in find_personal(piece)}
    return WarningsOfText(orders_in(text), tuple(kind for kind in PersonalKind if kind in found))

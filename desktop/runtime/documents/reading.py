"""The reading of one file: the loop thread's end, which gathers what the reader yields, and the text made of it."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from desktop.core.advice.personal_data import PersonalKind, find_personal
from desktop.core.documents.document import Document, Remark, Section
from desktop.core.documents.reading import DocumentReader, Opened, ReadingError, ReadingEvent, ReadingProblem
from desktop.core.documents.selection import Selection, attachment
from desktop.core.message import AttachmentPart

_SECONDS_BETWEEN_LOOKS = 0.1
_LETTERS_SEARCHED = 400_000  # for what the user should know of; a second of work at most


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
        if now - self._woken_at >= _SECONDS_BETWEEN_LOOKS:
            self._woken_at = now
            self._wake()


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """The text of a file as it is sent, and what its user should know of it."""

    part: AttachmentPart
    orders: tuple[str, ...]
    personal: tuple[PersonalKind, ...]


def outgoing_file(document: Document, selection: Selection, digest: str) -> OutgoingFile:
    """Return what is sent of a document. Takes its time with long ones: not for the GUI thread."""
    return described(attachment(document, selection, digest))


def described(part: AttachmentPart) -> OutgoingFile:
    """Return a part with what its user should know of it."""
    found = {each.kind for each in find_personal(part.text[:_LETTERS_SEARCHED])}
    return OutgoingFile(part, (), tuple(kind for kind in PersonalKind if kind in found))

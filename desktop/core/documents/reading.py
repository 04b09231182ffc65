"""The seam to the reader of files, a process of its own; implemented in `readers/`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from desktop.core.documents.document import Remark, Section

READER_SWITCH = "--candor-reader"  # has the program's own executable read one file; no user types it
LOOK_UP_SWITCH = "--candor-look-ups"  # has it look answers up in what was read


class ReadingProblem(StrEnum):
    """Reason why a file gives no text."""

    NEEDS_PASSWORD = "needs_password"
    WRONG_PASSWORD = "wrong_password"
    PROTECTED = "protected"  # by a password that only the program that wrote the file takes
    EMPTY = "empty"  # 0 bytes
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"  # in bytes, or unpacked, or in memory
    TOO_LONG = "too_long"  # it took longer than the limit
    UNKNOWN_KIND = "unknown_kind"  # `detail` is a media type if that much is known
    OLD_KIND = "old_kind"  # an old format that is not read; `detail` names the program that can save it anew
    NOT_A_FILE = "not_a_file"  # a folder, a device, a pipe
    GONE = "gone"
    FORBIDDEN = "forbidden"
    CHANGED = "changed"  # while it was read
    CRASHED = "crashed"  # the reader ended by itself
    ENDED = "ended"  # by the system: it did what no reader does, as only a file made for that has it do
    DISK_FULL = "disk_full"
    TEMPORARY = "temporary"  # the conversation is, and a file would be kept on the disk
    WITHOUT_TEXT = "without_text"  # it was read, and has no word: a scan
    ONLINE_ONLY = "online_only"  # only its name is on this computer, and opening it would fetch it
    NOT_KEPT = "not_kept"  # the program's own folder does not take it; `detail` says why


LOCKED = frozenset({ReadingProblem.NEEDS_PASSWORD, ReadingProblem.WRONG_PASSWORD})  # until its password is given


class ReadingError(Exception):
    """Failure to read a file; `problem` chooses the sentence, `detail` is for the curious, `name` is the file's."""

    def __init__(self, problem: ReadingProblem, detail: str = "", name: str = "") -> None:
        super().__init__(detail or problem.value)
        self.problem = problem
        self.detail = detail
        self.name = name


@dataclass(frozen=True, slots=True)
class Opened:
    """First event of reading: the kind is known. `sections` that will come; None where it can't be told yet."""

    media_type: str
    sections: int | None = None
    encoding: str = ""


ReadingEvent = Opened | Section | Remark


@dataclass(frozen=True, slots=True)
class WordsOnPage:
    """Words that were read from a page, of which letters `start` to `end` are to be marked on its picture.

    `letter`: the index on the page of about the first of them, by which one of several places is chosen.
    """

    words: str
    start: int
    end: int
    letter: int = 0


PageBox = tuple[float, float, float, float]  # left, top, right, bottom in shares of the picture's width and height


@dataclass(frozen=True, slots=True)
class PagePicture:
    """Picture of a page as a PNG file; `number` from 1 of `count` pages.

    `paragraph` and `place`: where words that were sought stand, and the letters in them; empty where they do not.
    `text`: the box around all words; None where there are none, or no picture was asked for.
    """

    number: int
    png: bytes
    count: int = 0
    paragraph: tuple[PageBox, ...] = ()
    place: tuple[PageBox, ...] = ()
    text: PageBox | None = None


class DocumentReader(Protocol):
    """Reader of one file at a time, each in a process of its own; runs on the loop thread."""

    def read(self, path: Path, name: str, *, password: str = "", encoding: str = "") -> AsyncIterator[ReadingEvent]:
        """Yield `Opened`, then the sections in order as they are read, and remarks.

        `name` is the file's own, whose ending helps where the content does not tell. `encoding` overrides the one
        recognised. Cancelling ends the process. Raises `ReadingError`.
        """
        ...


class PageDrawer(Protocol):
    """Drawer of the pages of PDF files, in a process of its own; runs on the loop thread."""

    def draw_pages(
        self,
        path: Path,
        numbers: Sequence[int],
        *,
        dpi: int = 0,
        width: int = 0,
        password: str = "",
        sought: WordsOnPage | None = None,
    ) -> AsyncIterator[PagePicture]:
        """Yield a picture of each of these pages of a PDF file, from 1: with `dpi` dots an inch, or so that their words
        fill a `width` of so many pixels.

        Pages that are very large are drawn smaller. Where `sought` stands on them is told; without a measure, that
        alone. Raises `ReadingError`.
        """
        ...


class FileReader(DocumentReader, PageDrawer, Protocol):
    """Reader of files that draws pages, too."""

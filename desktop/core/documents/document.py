"""A document: the text of a file that the user gave, in sections, with the place of every piece; the seam to readers.

Values only. The reader of files is a process of its own, implemented in `readers/`; which part of a document is sent,
and its exact text, is `selection`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class SectionKind(StrEnum):
    """Kind of the sections that a format divides a document into; by this its marks are worded."""

    PAGE = "page"
    SHEET = "sheet"
    SLIDE = "slide"
    CHAPTER = "chapter"  # of a text that tells no pages: a heading and what stands below it, a chapter of a book
    MAIL = "mail"  # a mail, or one that is attached to it
    FILE = "file"  # a file inside the file, such as an attachment of a mail
    WHOLE = "whole"  # the only one, which needs no mark


class Aside(StrEnum):
    """Kind of text that stands in a file beside the text itself; each can be left out by a switch."""

    FOOTNOTE = "footnote"  # endnotes, too
    COMMENT = "comment"
    INSERTED = "inserted"  # by a tracked change; left out, the text is as it was before
    DELETED = "deleted"  # by a tracked change; left out, the text is as it is after
    NOTE = "note"  # of the speaker, below a slide
    HIDDEN = "hidden"  # text, rows, sheets or slides that the file hides
    HEADER = "header"  # headers and footers of pages


@dataclass(frozen=True, slots=True)
class Run:
    """Piece of a block of one kind; `aside` is None for the text itself, `by` the author of a comment or change."""

    text: str
    aside: Aside | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Piece of a section that stands by itself: a paragraph, a heading, some rows of a table, a note.

    `place` says where it begins, in the terms of its format: the index of its first letter on a page, the number of a
    paragraph or a shape, the number of the first row of a sheet; empty where unknown. `level`: of a heading, 1 to 6; 0
    otherwise. `is_table`: each line of the text is a row, written by `table_row`.
    """

    runs: tuple[Run, ...]
    place: str = ""
    level: int = 0
    is_table: bool = False

    @property
    def text(self) -> str:
        """All of its words, without marks."""
        if len(self.runs) == 1:
            return self.runs[0].text
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Section:
    """Section of a document: a page, a sheet, a slide. `number` from 1; `title` may be empty.

    `is_hidden`: a hidden sheet or slide.
    """

    kind: SectionKind
    number: int
    title: str = ""
    blocks: tuple[Block, ...] = ()
    is_hidden: bool = False

    @property
    def is_empty(self) -> bool:
        """True if there is no word in it."""
        return not any(run.text.strip() for block in self.blocks for run in block.runs)


class RemarkKind(StrEnum):
    """Kind of what became of a file while it was read, told beside its name; nothing is lost in silence."""

    WITHOUT_TEXT = "without_text"  # sections that are pictures, such as scanned pages; `count` of them
    PICTURES = "pictures"  # pictures inside that were not read; `count` of them
    ROWS_LEFT_OUT = "rows_left_out"  # rows beyond the limit; `count` of them, 0 for unknown
    SECTIONS_LEFT_OUT = "sections_left_out"  # pages beyond the limit; `count` of them, 0 for unknown
    NOT_CALCULATED = "not_calculated"  # cells with a formula and no value; `count` of them
    FILES_INSIDE = "files_inside"  # files inside that were not read; `count` of them, `detail` names them
    ENCODING = "encoding"  # `detail` is the encoding that was recognised, not told by the file
    DAMAGED = "damaged"  # parts that could not be read; `detail` says which
    FORM = "form"  # values of a form are included; `count` of them


@dataclass(frozen=True, slots=True)
class Remark:
    """Remark on how a file was read; see `RemarkKind` for `count` and `detail`."""

    kind: RemarkKind
    count: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """Text of a file. `name` is the file's, `media_type` was told from its content; `encoding` of a plain text."""

    name: str
    media_type: str
    sections: tuple[Section, ...] = ()
    remarks: tuple[Remark, ...] = ()
    encoding: str = ""

    @property
    def is_empty(self) -> bool:
        """True if no section has a word."""
        return all(section.is_empty for section in self.sections)

    @property
    def asides(self) -> dict[Aside, int]:
        """How many runs of each kind of aside there are; kinds that do not occur are left out."""
        found: dict[Aside, int] = {}
        for section in self.sections:
            for block in section.blocks:
                for run in block.runs:
                    if run.aside is not None:
                        found[run.aside] = found.get(run.aside, 0) + 1
        return found


def table_row(cells: list[str]) -> str:
    """Return a row of a table as one line: cells between bars, as Markdown writes them; bars and breaks are escaped."""
    escaped = (cell.replace("\\", "\\\\").replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(' '.join(cell.split()) for cell in escaped)} |"


def row_cells(line: str) -> list[str]:
    """Return the cells of a line that `table_row` wrote."""
    if "\\" not in line:  # most lines, and twenty times as fast
        return [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
    cells, cell, position = [], "", 0
    inner = line.removeprefix("|").removesuffix("|")
    while position < len(inner):
        letter = inner[position]
        if letter == "\\" and position + 1 < len(inner):
            cell += inner[position + 1]
            position += 2
            continue
        if letter == "|":
            cells.append(cell.strip())
            cell = ""
        else:
            cell += letter
        position += 1
    return [*cells, cell.strip()]


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

"""A document: the text of a file that the user gave, in sections, with the place of every piece in the file.

Values only. Reading files is the business of `readers`; which part of a document is sent, and its exact text, is
`selection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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

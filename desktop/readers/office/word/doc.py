"""Word documents of the older kind (.doc): text, tables, notes, comments, tracked changes.

Numbers of lists are not in the file as text and are not counted. What does not come out well is said to be an old file,
which Word can save anew. `place` is the number of the paragraph or table in the body.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from desktop.core.documents.document import Aside, Block, Run
from desktop.core.documents.reading import Opened, ReadingError, ReadingEvent, ReadingProblem
from desktop.readers.office.word import binary
from desktop.readers.office.word.binary import Properties, WordBinary
from desktop.readers.source import BROKEN, Source, ole_damage
from desktop.readers.text.blocks import Cell, Runs, chapters, left_out, margins, table_blocks

MEDIA_TYPE = "application/msword"
_FIELD_BEGINS, _FIELD_GOES_ON, _FIELD_ENDS = "\x13", "\x14", "\x15"
_PICTURE, _CELL_END = "\x01", "\x07"
_ENDS = "\r\x07\x0c"  # of paragraphs, cells, sections
_SIGNS = {"\x0b": "\n", "\x1e": "\u2011", "\x1f": "", "\xa0": "\xa0"}
_FOOTNOTES, _COMMENTS, _HEADERS, _OWNERS, _ENDNOTES, _AUTHORS = 2, 4, 11, 36, 46, 51
_SEPARATORS = 6  # stories before those of the first section
_LAST_HEADING = 9  # styles 1 to 9 are the headings
_HIDES = {1, 0x81}  # by itself, or as its style does not
_TITLE = 62  # the style of the title


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a document. Raises `ReadingError`; OLD_KIND if the text does not come out well."""
    try:
        reader = _Document(_opened(source))
        blocks = list(reader.blocks())
    except (OverflowError, MemoryError, *BROKEN) as error:
        raise ReadingError(ReadingProblem.OLD_KIND, "Word") from error
    yield Opened(MEDIA_TYPE)
    yield from chapters(blocks)
    yield from left_out(reader.pictures)


def _opened(source: Source) -> WordBinary:
    with source.open() as file, ole_damage(), olefile.OleFileIO(file) as container:
        tables = {
            index: container.openstream(f"{index}Table").read() for index in (0, 1) if container.exists(f"{index}Table")
        }
        return WordBinary(container.openstream("WordDocument").read(), tables)


@dataclass(slots=True)
class _Line:
    """Paragraph while it is read."""

    runs: Runs = field(default_factory=Runs)
    beside: list[Block] = field(default_factory=list)


class _Document:
    """Blocks of a document, in order."""

    def __init__(self, file: WordBinary) -> None:
        self._file = file
        self._authors = _authors(file.table(_AUTHORS))
        self._owners = _strings(file.table(_OWNERS))
        self._notes: dict[int, list[Block]] = {}
        self.pictures = 0

    def blocks(self) -> Iterator[Block]:
        """Yield headers, the body with notes and comments behind their paragraphs, and text boxes."""
        yield from margins(self._margins(), "header")
        self._collect(_FOOTNOTES, "footnotes", 2)
        self._collect(_ENDNOTES, "endnotes", 2)
        self._collect(_COMMENTS, "comments", 30)
        yield from self._body(*self._file.stories["text"])
        if boxes := self._plain(*self._file.stories["boxes"]):
            yield Block((Run(boxes),), "boxes")

    def _body(self, start: int, end: int) -> Iterator[Block]:
        count = 0
        rows: list[list[Cell]] = []
        cells: list[Cell] = []
        cell = Runs()
        beside: list[Block] = []
        for line, form, mark in self._lines(start, end):
            is_cell = mark == _CELL_END
            if rows and not form.get(binary.IN_TABLE) and not is_cell:
                count += 1
                yield from table_blocks(rows, str(count))
                yield from beside
                rows, beside = [], []
            if form.get(binary.ROW_END):
                rows.append(cells)
                cells, cell = [], Runs()
            elif form.get(binary.IN_TABLE) or is_cell:
                cell.append(" " if cell.has_words and line.runs.has_words else "")
                cell.extend(line.runs.runs())
                beside.extend(line.beside)
                if is_cell:
                    cells.append(cell.runs())
                    cell = Runs()
            else:
                count += 1
                yield Block(line.runs.runs(), str(count), _level(form))
                yield from (Block(each.runs, str(count)) for each in line.beside)
        if cells:
            rows.append(cells)
        if rows:
            yield from table_blocks(rows, str(count + 1))
            yield from beside

    def _lines(self, start: int, end: int) -> Iterator[tuple[_Line, Properties, str]]:
        """Yield each paragraph with its form and the letter that ends it."""
        line = _Line()
        fields: list[bool] = []  # those that are open: True where the result goes on
        for first, text, properties in self._file.letters(start, end):
            aside, by = self._aside(properties)
            piece: list[str] = []
            for index, letter in enumerate(text, first):
                if letter >= " " and letter != "\xad":
                    if all(fields):
                        piece.append(letter)
                    continue
                line.beside.extend(self._notes.get(index, ()))
                if letter in _ENDS:
                    line.runs.append("".join(piece), aside, by)
                    piece.clear()
                    yield line, self._file.paragraph_at(index), letter
                    line = _Line()
                elif letter == _FIELD_BEGINS:
                    fields.append(False)
                elif letter == _FIELD_GOES_ON and fields:
                    fields[-1] = True
                elif letter == _FIELD_ENDS and fields:
                    fields.pop()
                elif all(fields):
                    self.pictures += letter == _PICTURE
                    piece.append(_SIGNS.get(letter, letter if letter in "\t\n" else ""))
            line.runs.append("".join(piece), aside, by)
        if line.runs.has_words:
            yield line, {}, ""

    def _aside(self, properties: Properties) -> tuple[Aside | None, str]:
        if properties.get(binary.DELETED):
            return Aside.DELETED, self._author(properties.get(binary.AUTHOR_OF_DELETION, 0))
        if properties.get(binary.HIDDEN) in _HIDES:
            return Aside.HIDDEN, ""
        is_inserted = properties.get(binary.INSERTED)
        return (Aside.INSERTED, self._author(properties.get(binary.AUTHOR, 0))) if is_inserted else (None, "")

    def _author(self, number: int) -> str:
        return self._authors[number] if number < len(self._authors) else ""

    def _plain(self, start: int, end: int) -> str:
        lines = (
            "".join(run.text for run in line.runs.runs() if run.aside is not Aside.DELETED)
            for line, _, _ in self._lines(start, end)
        )
        return "\n".join(each.strip() for each in lines if each.strip())

    def _collect(self, pointer: int, part: str, size: int) -> None:
        """Read the notes or comments of a kind, which are kept until the letter that they hang on comes."""
        references, told = self._file.places(pointer, size)
        stories, _ = self._file.places(pointer + 1, 0)
        first = self._file.stories[part][0]
        for reference, each, (start, end) in zip(references, told, itertools.pairwise(stories), strict=False):
            if text := self._plain(first + start, first + end):
                run = Run(text, Aside.FOOTNOTE)
                if pointer == _COMMENTS:
                    (owner,) = struct.unpack_from("<H", each, 20)
                    run = Run(text, Aside.COMMENT, self._owners[owner] if owner < len(self._owners) else "")
                self._notes.setdefault(reference, []).append(Block((run,)))

    def _margins(self) -> Iterator[str]:
        """Yield the headers and footers."""
        stories, _ = self._file.places(_HEADERS, 0)
        first = self._file.stories["headers"][0]
        for start, end in list(itertools.pairwise(stories))[_SEPARATORS:]:
            yield self._plain(first + start, first + end)


def _level(form: Properties) -> int:
    style = form.get(binary.STYLE, 0)
    if style == _TITLE:
        return 1
    level = style if 1 <= style <= _LAST_HEADING else form.get(binary.OUTLINE, _LAST_HEADING) + 1
    return min(level, 6) if 1 <= level <= _LAST_HEADING else 0


def _authors(data: bytes) -> list[str]:
    """Return the strings of a table of them, which says how many bytes follow each."""
    return _strings(data[6:], struct.unpack_from("<H", data, 4)[0]) if len(data) >= 6 else []


def _strings(data: bytes, extra: int = 0) -> list[str]:
    """Return strings that each have their length in front."""
    found, position = [], 0
    while position + 2 <= len(data):
        (length,) = struct.unpack_from("<H", data, position)
        found.append(data[position + 2 : position + 2 + 2 * length].decode("utf-16-le", "replace"))
        position += 2 + 2 * length + extra
    return found

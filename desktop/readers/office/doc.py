"""Word documents of the older kind (.doc): text, tables, notes, comments, tracked changes.

Layouts and numbers are those of Microsoft's [MS-DOC]; only what is needed for the text is followed: its pieces, and the
properties of letters and paragraphs. Numbers of lists are not in the file as text and are not counted. What does not
come out well is said to be an old file, which Word can save anew. `place` is the number of the paragraph or table in
the body.
"""

from __future__ import annotations

import bisect
import itertools
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import olefile

from desktop.core.documents.document import Aside, Block, Opened, ReadingError, ReadingEvent, ReadingProblem, Run
from desktop.readers.source import BROKEN, DamagedError, Source, ole_damage
from desktop.readers.text.blocks import Cell, Runs, accepted, chapters, left_out, margins, table_blocks

DELETED, INSERTED, HIDDEN, _AUTHOR, _AUTHOR_OF_DELETION = 0x0800, 0x0801, 0x083C, 0x4804, 0x4863
_STYLE, _IN_TABLE, _ROW_END, _OUTLINE = 0, 0x2416, 0x2417, 0x2640  # the first is no code of Word's

Properties = dict[int, int]  # values of letters or of a paragraph, by their codes

_SIGNATURE = 0xA5EC
_WORD_97 = 0x00C1
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_POINTERS = 0x9A  # where the list of (offset, length) in the table stream begins
_PAGE = 512  # of properties
_COMPRESSED = 1 << 30
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # of an operand, by the topmost bits of its code
_LONG_OPERAND = 0xD608  # says its own length in two bytes, and others in one
_MOST_PIECES = 1_000_000
_STORIES = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")


class WordBinary:
    """Streams of a file, taken apart. Raises what `BROKEN` lists for what is laid out otherwise."""

    def __init__(self, document: bytes, tables: dict[int, bytes]) -> None:
        signature, version = struct.unpack_from("<HH", document)
        (flags,) = struct.unpack_from("<H", document, 0x0A)
        if signature != _SIGNATURE or version < _WORD_97:
            raise DamagedError
        if flags & _ENCRYPTED:
            raise ReadingError(ReadingProblem.PROTECTED)
        self._document = document
        self._table = tables[1 if flags & _SECOND_TABLE else 0]
        lengths = struct.unpack_from("<8i", document, 0x4C)
        if min(lengths) < 0:
            raise DamagedError
        self._pieces = self._read_pieces()
        self._letters = self._properties(12, _letters_of)
        self._paragraphs = self._properties(13, _paragraph_of)
        self.stories = {name: (sum(lengths[:at]), sum(lengths[: at + 1])) for at, name in enumerate(_STORIES)}

    def letters(self, start: int, end: int) -> Iterator[tuple[int, str, Properties]]:
        """Yield the text between two indexes in pieces that are alike, each with the index of its first letter."""
        starts, properties = self._letters
        for first, last, place, width in self._pieces:
            low, high = max(first, start), min(last, end)
            while low < high:
                at = place + (low - first) * width
                run = bisect.bisect_right(starts, at)
                following = starts[run] if run < len(starts) else at + 2 * (high - low)
                count = min(max((following - at) // width, 1), high - low)
                encoding = "cp1252" if width == 1 else "utf-16-le"
                text = self._document[at : at + count * width].decode(encoding, "replace")
                yield low, text, properties[run - 1] if run else {}
                low += count

    def paragraph_at(self, index: int) -> Properties:
        """Return the properties of the paragraph whose last letter has this index."""
        starts, properties = self._paragraphs
        for first, last, place, width in self._pieces:
            if first <= index < last:
                run = bisect.bisect_right(starts, place + (index - first) * width)
                return properties[run - 1] if run else {}
        return {}

    def table(self, pointer: int) -> bytes:
        """Return a part of the table stream by the number of its pointer."""
        offset, length = struct.unpack_from("<II", self._document, _POINTERS + 8 * pointer)
        return self._table[offset : offset + length]

    def places(self, pointer: int, size: int) -> tuple[list[int], list[bytes]]:
        """Return the indexes of a list of places, and what is said of each in so many bytes."""
        data = self.table(pointer)
        count = max((len(data) - 4) // (4 + size), 0)
        if not data:
            return [], []
        said = 4 * (count + 1)
        indexes = list(struct.unpack_from(f"<{count + 1}i", data))
        return indexes, [data[said + size * each : said + size * (each + 1)] for each in range(count)]

    def _read_pieces(self) -> list[tuple[int, int, int, int]]:
        """Return the pieces of the text: the indexes of their letters, where they stand, the width of a letter."""
        data = self.table(33)
        position = 0
        while position < len(data) and data[position] == 1:
            position += 3 + struct.unpack_from("<H", data, position + 1)[0]
        if position >= len(data) or data[position] != 2:
            raise DamagedError
        (length,) = struct.unpack_from("<I", data, position + 1)
        count = (length - 4) // 12
        if not 0 < count < _MOST_PIECES:
            raise DamagedError
        indexes = struct.unpack_from(f"<{count + 1}I", data, position + 5)
        found = []
        for each in range(count):
            (place,) = struct.unpack_from("<I", data, position + 5 + 4 * (count + 1) + 8 * each + 2)
            width = 1 if place & _COMPRESSED else 2
            place = (place & ~_COMPRESSED) // 2 if width == 1 else place
            if indexes[each + 1] < indexes[each] or place > len(self._document):
                raise DamagedError
            found.append((indexes[each], indexes[each + 1], place, width))
        return found

    def _properties(
        self, pointer: int, read: Callable[[bytes, int, int], Properties]
    ) -> tuple[list[int], list[Properties]]:
        """Return where in the stream runs begin that have properties of their own, and these."""
        starts: list[int] = []
        properties: list[Properties] = []
        for each in self.places(pointer, 4)[1]:
            start = struct.unpack("<I", each)[0] * _PAGE
            page = self._document[start : start + _PAGE]
            if len(page) < _PAGE:
                continue
            places = struct.unpack_from(f"<{min(page[-1] + 1, 127)}I", page)
            for run in range(min(page[-1], 126)):
                if not starts or places[run] > starts[-1]:
                    starts.append(places[run])
                    properties.append(read(page, page[-1], run))
        return starts, properties


def _letters_of(page: bytes, count: int, run: int) -> Properties:
    at = page[4 * (count + 1) + run] * 2
    return _values(page[at + 1 : at + 1 + page[at]]) if at else {}


def _paragraph_of(page: bytes, count: int, run: int) -> Properties:
    at = page[4 * (count + 1) + 13 * run] * 2
    if not at:
        return {}
    data = page[at + 1 : at + 2 * page[at]] if page[at] else page[at + 2 : at + 2 + 2 * page[at + 1]]
    return {_STYLE: int.from_bytes(data[:2], "little"), **_values(data[2:])}


def _values(data: bytes) -> Properties:
    found: Properties = {}
    position = 0
    while position + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, position)
        position += 2
        size = _SIZES.get(code >> 13)
        if size is None:
            width = 2 if code == _LONG_OPERAND else 1
            size = int.from_bytes(data[position : position + width], "little") + 1
        if operand := data[position : position + size]:
            found[code] = int.from_bytes(operand, "little")
        position += size
    return found


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
            if rows and not form.get(_IN_TABLE) and not is_cell:
                count += 1
                yield from table_blocks(rows, str(count))
                yield from beside
                rows, beside = [], []
            if form.get(_ROW_END):
                rows.append(cells)
                cells, cell = [], Runs()
            elif form.get(_IN_TABLE) or is_cell:
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
        if properties.get(DELETED):
            return Aside.DELETED, self._author(properties.get(_AUTHOR_OF_DELETION, 0))
        if properties.get(HIDDEN) in _HIDES:
            return Aside.HIDDEN, ""
        is_inserted = properties.get(INSERTED)
        return (Aside.INSERTED, self._author(properties.get(_AUTHOR, 0))) if is_inserted else (None, "")

    def _author(self, number: int) -> str:
        return self._authors[number] if number < len(self._authors) else ""

    def _plain(self, start: int, end: int) -> str:
        return accepted(Block(line.runs.runs()) for line, _, _ in self._lines(start, end))

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
    style = form.get(_STYLE, 0)
    if style == _TITLE:
        return 1
    level = style if 1 <= style <= _LAST_HEADING else form.get(_OUTLINE, _LAST_HEADING) + 1
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

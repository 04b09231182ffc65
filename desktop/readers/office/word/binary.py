"""The binary files of Word 97 to 2003: their text in pieces, and which letters are deleted, hidden or in a table.

Layouts and numbers are those of Microsoft's [MS-DOC]; only what is needed for the text is followed.
"""

from __future__ import annotations

import bisect
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.readers.source import DamagedError

_SIGNATURE = 0xA5EC
_WORD_97 = 0x00C1
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_POINTERS = 0x9A  # where the list of (offset, length) in the table stream begins
_PAGE = 512  # of properties
_COMPRESSED = 1 << 30
_DELETED, _INSERTED, _HIDDEN, _AUTHOR, _AUTHOR_OF_DELETION = 0x0800, 0x0801, 0x083C, 0x4804, 0x4863
_IN_TABLE, _ROW_END, _OUTLINE = 0x2416, 0x2417, 0x2640
_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # of an operand, by the topmost bits of its code
_MOST_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class LettersAlike:
    """Piece of text whose letters are alike. `start` is the index of the first in the document."""

    start: int
    text: str
    is_deleted: bool = False
    is_inserted: bool = False
    is_hidden: bool = False
    author: int = 0


@dataclass(frozen=True, slots=True)
class ParagraphForm:
    """Form of a paragraph, found by the place of its last letter."""

    style: int = 0
    is_in_table: bool = False
    ends_row: bool = False
    outline: int = 9


@dataclass(slots=True)
class _Runs:
    """Properties of the bytes of the stream, by where they begin."""

    starts: list[int] = field(default_factory=list)
    properties: list[bytes] = field(default_factory=list)

    def at(self, place: int) -> bytes:
        index = bisect.bisect_right(self.starts, place) - 1
        return self.properties[index] if index >= 0 else b""


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
        names = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")
        self.lengths = dict(zip(names, struct.unpack_from("<8i", document, 0x4C), strict=True))
        if min(self.lengths.values()) < 0:
            raise DamagedError
        self._pieces = self._read_pieces()
        self._letters = self._property_runs(12, self._letter_page)
        self._paragraphs = self._property_runs(13, self._paragraph_page)

    def start_of(self, name: str) -> int:
        """Return the index of the first letter of a part of the document, such as "footnotes"."""
        start = 0
        for each, length in self.lengths.items():
            if each == name:
                break
            start += length
        return start

    def letters(self, start: int, end: int) -> Iterator[LettersAlike]:
        """Yield the text between two indexes in pieces that are alike."""
        for first, last, place, is_compressed in self._pieces:
            low, high = max(first, start), min(last, end)
            if low >= high:
                continue
            width = 1 if is_compressed else 2
            while low < high:
                at = place + (low - first) * width
                index = bisect.bisect_right(self._letters.starts, at)
                following = self._letters.starts[index] if index < len(self._letters.starts) else at + 2 * (high - low)
                count = min(max((following - at) // width, 1), high - low)
                data = self._document[at : at + count * width]
                text = data.decode("cp1252", "replace") if is_compressed else data.decode("utf-16-le", "replace")
                yield _with_properties(low, text, self._letters.at(at))
                low += count

    def form_at(self, index: int) -> ParagraphForm:
        """Return the form of the paragraph whose last letter has this index."""
        for first, last, place, is_compressed in self._pieces:
            if first <= index < last:
                return _form(self._paragraphs.at(place + (index - first) * (1 if is_compressed else 2)))
        return ParagraphForm()

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
        indexes = list(struct.unpack_from(f"<{count + 1}i", data))
        told = 4 * (count + 1)
        return indexes, [data[told + size * each : told + size * (each + 1)] for each in range(count)]

    def _read_pieces(self) -> list[tuple[int, int, int, bool]]:
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
            is_compressed = bool(place & _COMPRESSED)
            place = (place & ~_COMPRESSED) // 2 if is_compressed else place
            if indexes[each + 1] < indexes[each] or place > len(self._document):
                raise DamagedError
            found.append((indexes[each], indexes[each + 1], place, is_compressed))
        return found

    def _property_runs(self, pointer: int, read_page: Callable[[bytes, int, int], bytes]) -> _Runs:
        _, pages = self.places(pointer, 4)
        runs = _Runs()
        for each in pages:
            start = struct.unpack("<I", each)[0] * _PAGE
            page = self._document[start : start + _PAGE]
            if len(page) < _PAGE:
                continue
            count = page[-1]
            places = struct.unpack_from(f"<{min(count + 1, 127)}I", page)
            for run in range(min(count, 126)):
                if not runs.starts or places[run] > runs.starts[-1]:
                    runs.starts.append(places[run])
                    runs.properties.append(read_page(page, count, run))
        return runs

    @staticmethod
    def _letter_page(page: bytes, count: int, run: int) -> bytes:
        at = page[4 * (count + 1) + run] * 2
        return page[at + 1 : at + 1 + page[at]] if at else b""

    @staticmethod
    def _paragraph_page(page: bytes, count: int, run: int) -> bytes:
        at = page[4 * (count + 1) + 13 * run] * 2
        if not at:
            return b""
        return page[at + 1 : at + 2 * page[at]] if page[at] else page[at + 2 : at + 2 + 2 * page[at + 1]]


def _operations(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (code, operand) of a list of properties."""
    position = 0
    while position + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, position)
        position += 2
        size = _SIZES.get(code >> 13)
        if size is None:  # the operand says its own length, in two bytes for tables
            if code == 0xD608:
                size = struct.unpack_from("<H", data, position)[0] + 1 if position + 2 <= len(data) else 0
            else:
                size = data[position] + 1 if position < len(data) else 0
        yield code, data[position : position + size]
        position += size


def _with_properties(start: int, text: str, properties: bytes) -> LettersAlike:
    is_deleted = is_inserted = is_hidden = False
    author = 0
    for code, operand in _operations(properties):
        if code in {_DELETED, _INSERTED, _HIDDEN} and operand:
            is_deleted = bool(operand[0]) if code == _DELETED else is_deleted
            is_inserted = bool(operand[0]) if code == _INSERTED else is_inserted
            is_hidden = operand[0] in {1, 0x81} if code == _HIDDEN else is_hidden
        elif code in {_AUTHOR, _AUTHOR_OF_DELETION} and len(operand) == 2:
            (author,) = struct.unpack("<H", operand)
    return LettersAlike(start, text, is_deleted, is_inserted, is_hidden, author)


def _form(properties: bytes) -> ParagraphForm:
    if len(properties) < 2:
        return ParagraphForm()
    (style,) = struct.unpack_from("<H", properties)
    told: dict[int, int] = {}
    for code, operand in _operations(properties[2:]):
        if code in {_IN_TABLE, _ROW_END, _OUTLINE} and operand:
            told[code] = int.from_bytes(operand, "little")
    return ParagraphForm(
        style,
        bool(told.get(_IN_TABLE)),
        bool(told.get(_ROW_END)),
        told.get(_OUTLINE, 9),
    )

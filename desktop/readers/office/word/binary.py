"""The binary files of Word 97 to 2003: their text in pieces, and the properties of its letters and paragraphs.

Layouts and numbers are those of Microsoft's [MS-DOC]; only what is needed for the text is followed.
"""

from __future__ import annotations

import bisect
import struct
from collections.abc import Callable, Iterator

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.readers.source import DamagedError

DELETED, INSERTED, HIDDEN, AUTHOR, AUTHOR_OF_DELETION = 0x0800, 0x0801, 0x083C, 0x4804, 0x4863
STYLE, IN_TABLE, ROW_END, OUTLINE = 0, 0x2416, 0x2417, 0x2640  # the first is no code of Word's

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
    return {STYLE: int.from_bytes(data[:2], "little"), **_values(data[2:])}


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

"""Records of the binary workbooks of Excel 97 to 2003: their strings, numbers and errors.

Layouts and numbers are those of Microsoft's [MS-XLS]; what a record means for a sheet is the business of `xls`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

CONTINUE = 0x003C
ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
    0x2B: "#GETTING_DATA",
}
_WIDE, _EXTENDED, _RICH = 0x01, 0x04, 0x08


@dataclass(frozen=True, slots=True)
class Record:
    """Record of a stream. `more`: the contents of those that continue it."""

    kind: int
    data: bytes
    more: tuple[bytes, ...] = ()


def records(stream: bytes, position: int) -> Iterator[Record]:
    """Yield the records from a position on; what was cut off ends them."""
    kind, data, more = -1, b"", list[bytes]()
    while position + 4 <= len(stream):
        following, length = struct.unpack_from("<HH", stream, position)
        content = stream[position + 4 : position + 4 + length]
        position += 4 + length
        if following == CONTINUE and kind >= 0:
            more.append(content)
            continue
        if kind >= 0:
            yield Record(kind, data, tuple(more))
        kind, data, more = following, content, []
    if kind >= 0:
        yield Record(kind, data, tuple(more))


def text_at(data: bytes, position: int, length_size: int = 2) -> str:
    """Return a string with its length in one or two bytes in front."""
    length = int.from_bytes(data[position : position + length_size], "little")
    flags = data[position + length_size]
    start = position + length_size + 1
    if flags & _WIDE:
        return data[start : start + 2 * length].decode("utf-16-le", "replace")
    return data[start : start + length].decode("latin-1")


def text_of_box(record: Record) -> str:
    """Return the text of a box or a comment, which stands in what continues its record."""
    (length,) = struct.unpack_from("<H", record.data, 10)
    said = ""
    for each in record.more:
        if len(said) >= length or not each:
            break
        said += each[1:].decode("utf-16-le" if each[0] & _WIDE else "latin-1", "replace")
    return said[:length]


def shared_strings(record: Record) -> list[str]:
    """Return the strings that the cells of a workbook share; as many as can be read."""
    pieces = _Pieces((record.data, *record.more))
    found: list[str] = []
    try:
        _, count = struct.unpack("<II", pieces.raw(8))
        while len(found) < count:
            found.append(_shared_string(pieces))
    except (struct.error, EOFError):
        pass
    return found


def number_of(packed: int) -> float:
    """Return a number that is packed into 30 bits (RK)."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value


class _Pieces:
    """Content of a record and of those that continue it."""

    def __init__(self, pieces: tuple[bytes, ...]) -> None:
        self._pieces = pieces
        self._index = 0
        self._position = 0

    def raw(self, count: int) -> bytes:
        """Return the next bytes."""
        found = b""
        while len(found) < count:
            piece = self._piece()
            taken = piece[self._position : self._position + count - len(found)]
            self._position += len(taken)
            found += taken
        return found

    def letters(self, count: int, flags: int) -> str:
        """Return so many letters; each piece says again how wide its own are."""
        said: list[str] = []
        while count > 0:
            index = self._index
            piece = self._piece()
            if self._index != index:
                flags = piece[0]
                self._position = 1
            width = 2 if flags & _WIDE else 1
            taken = piece[self._position : self._position + count * width]
            if len(taken) < width:
                raise EOFError
            self._position += len(taken)
            said.append(taken.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            count -= len(taken) // width
        return "".join(said)

    def _piece(self) -> bytes:
        while self._index < len(self._pieces) and self._position >= len(self._pieces[self._index]):
            self._index += 1
            self._position = 0
        if self._index >= len(self._pieces):
            raise EOFError
        return self._pieces[self._index]


def _shared_string(pieces: _Pieces) -> str:
    length, flags = struct.unpack("<HB", pieces.raw(3))
    formats = struct.unpack("<H", pieces.raw(2))[0] if flags & _RICH else 0
    extended = struct.unpack("<I", pieces.raw(4))[0] if flags & _EXTENDED else 0
    text = pieces.letters(length, flags)
    pieces.raw(4 * formats + extended)
    return text

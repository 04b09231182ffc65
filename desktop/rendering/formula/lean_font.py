"""Keeps the font of formulas small in memory. To be called before ziamath is imported, which reads its font.

ziafont makes an object of Python's of each number of a font's tables, and a class for each table of a kind: seven
megabytes and half of the time that the first formula takes. Private names are replaced; where another version has no
such name, nothing is lost but memory and time.
"""

from __future__ import annotations

import collections
import functools
import mmap
import struct
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import ziafont.font
from ziafont import fontread, gpos, gsub, tables
from ziafont.cmap import Cmap4, Cmap12
from ziafont.fonttypes import AdvanceWidth

if TYPE_CHECKING:
    from collections.abc import Callable

    from ziafont.font import Font


_BY_GLYPHS = 1  # the format of a table of pairs, in which each is told by itself
_PAIR_SETS = 10  # bytes of such a table before the places of its pairs


@functools.cache
def begin() -> None:
    """Have ziafont read fonts into little; once is enough."""
    for module in (ziafont.font, gpos, gsub, tables):
        _replace(module, "namedtuple", _one_class)
    _replace(ziafont.font, "Cmap4", _Characters4)
    _replace(ziafont.font, "Cmap12", _Characters12)
    _replace(ziafont.font.Font, "_readwidths", _read_widths)
    _replace(gpos, "GposLookup", _LateLookup)
    _replace(gpos, "PairAdjustmentSubtable", _Pairs)
    _replace(fontread.FontReader, "readvaluerecord", _shared(fontread.FontReader.readvaluerecord))


def _replace(owner: object, name: str, by: object) -> None:
    if hasattr(owner, name):
        setattr(owner, name, by)


def shrink(font: Font) -> None:
    """Let go of what a font that has been read keeps in vain: maps of characters, and the whole of its file.

    Its outlines are read from the file as they are needed, in the pages that hold them.
    """
    assert font.cmap is not None
    assert font.fname is not None
    font.cmaps = [font.cmap]
    with font.fname.open("rb") as file:
        mapped = _MappedFile(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    whole, font.fontfile = font.fontfile, mapped
    for lookup in font.gpos.lookups if font.gpos else ():
        lookup.fontfile = mapped
    whole.close()  # the other tables have read what they need


@functools.cache
def _class_of(name: str, fields: tuple[str, ...]) -> type:
    return collections.namedtuple(name, fields)


def _one_class(name: str, fields: list[str]) -> type:
    """Return one and the same class for equal tables; ziafont makes one for each anchor of an accent."""
    return _class_of(name, tuple(fields))


def _shared(read: Callable[[Any, int], dict[str, int]]) -> Callable[[Any, int], dict[str, int]]:
    """Return a reader of the room between two letters that keeps equal ones once: most are nothing at all."""
    known: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}

    def read_shared(self: Any, kind: int) -> dict[str, int]:
        record = read(self, kind)
        return known.setdefault(tuple(record.items()), record)

    return read_shared


class _LateLookup(gpos.GposLookup):
    """Table of the room between letters and the places of accents, which is read with the first words in a formula."""

    def __init__(self, offset: int, file: fontread.FontReader) -> None:
        self.ofst, self.fontfile = offset, file
        self._is_read = False

    def adjust(self, *glyphids: int, **how: Any) -> list[gpos.PositionDelta]:
        """Return by how much glyphs are to be moved."""
        if not self._is_read:
            self._is_read = True
            super().__init__(self.ofst, self.fontfile)
        moved: list[gpos.PositionDelta] = super().adjust(*glyphids, **how)
        return moved


class _Pairs(gpos.PairAdjustmentSubtable):
    """Table of the room between two letters. Pairs by their glyphs, of which there are thousands, stay in the file."""

    def __init__(self, offset: int, file: fontread.FontReader) -> None:
        before = file.tell()
        self.posformat = file.readuint16(offset)
        if self.posformat == _BY_GLYPHS:
            self.ofst, self.fontfile = offset, file
            self.covofst, self.valueformat1, self.valueformat2, _ = (file.readuint16() for _ in range(4))
            vars(self)["pairsets"] = _PairSets(self)
            self.coverage = tables.Coverage(self.covofst + offset, file)
            file.seek(before)
        else:
            file.seek(before)
            super().__init__(offset, file)
            known: dict[tuple[int, int], Any] = {}  # equal records are the same ones already
            for row in self.classrecords:
                row[:] = [known.setdefault((id(pair[0]), id(pair[1])), pair) for pair in row]


class _PairSets:
    """Pairs that begin with a glyph, by its place in the table; read when they are asked for."""

    def __init__(self, table: _Pairs) -> None:
        self._table = table

    def __getitem__(self, place: int) -> list[Any]:
        table = self._table
        file, before = table.fontfile, table.fontfile.tell()
        start = table.ofst + file.readuint16(table.ofst + _PAIR_SETS + 2 * place)
        pair = _class_of("PairValue", ("secondglyph", "value1", "value2"))
        pairs = [
            pair(file.readuint16(), file.readvaluerecord(table.valueformat1), file.readvaluerecord(table.valueformat2))
            for _ in range(file.readuint16(start))
        ]
        file.seek(before)
        return pairs


class _Characters:
    """Glyphs by their characters, in two arrays; a class beside it makes the dictionary that these come from."""

    glyphmap: dict[int, int]

    def _shrink(self) -> None:
        pairs = sorted(self.glyphmap.items())
        self._codes = array("I", (code for code, _ in pairs))
        self._glyphs = array("H", (glyph & 0xFFFF for _, glyph in pairs))
        for name in ("startcodes", "endcodes", "glyphstarts", "idrangeoffset", "iddeltas", "glyphidarray"):
            vars(self).pop(name, None)
        self.glyphmap = {}

    def glyphid(self, char: str) -> int:
        """Return the number of a character's glyph; 0 where there is none."""
        code = ord(char)
        at = bisect_left(self._codes, code)
        return self._glyphs[at] if at < len(self._codes) and self._codes[at] == code else 0

    def char(self, glyphid: int) -> set[str]:
        """Return the characters that a glyph is for."""
        return {chr(code) for code, glyph in zip(self._codes, self._glyphs, strict=True) if glyph == glyphid}


class _Characters4(_Characters, Cmap4):
    """Map of characters of the older format."""

    def __init__(self, *of: Any) -> None:
        Cmap4.__init__(self, *of)
        self._shrink()


class _Characters12(_Characters, Cmap12):
    """Map of characters of the newer format."""

    def __init__(self, *of: Any) -> None:
        Cmap12.__init__(self, *of)
        self._shrink()


class _Widths:
    """Advance widths and side bearings by the number of the glyph, as they lie in the file."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def __len__(self) -> int:
        return len(self._raw) // 4

    def __getitem__(self, glyph: int) -> AdvanceWidth:
        if not 0 <= glyph < len(self):
            raise IndexError(glyph)
        return AdvanceWidth(*struct.unpack_from(">Hh", self._raw, 4 * glyph))


def _read_widths(font: Font, count: int) -> _Widths:
    font.fontfile.seek(font.tables["hmtx"].offset)
    return _Widths(font.fontfile.read(4 * count))


class _MappedFile(fontread.FontReader):
    """File of a font that the system reads as it is needed, and can forget again."""

    def __init__(self, content: mmap.mmap) -> None:
        super().__init__()
        self._content = content

    def read(self, size: int | None = -1, /) -> bytes:
        return self._content.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if whence != 0:
            raise ValueError(whence)  # ziafont knows where in a file it is
        self._content.seek(min(offset, len(self._content)))
        return self._content.tell()

    def tell(self) -> int:
        return self._content.tell()

"""A zip file of XML parts, as office programs and books are, read with care.

Nothing is unpacked to the disk. Sizes are limited by what the directory says, beyond which `zipfile` reads nothing; XML
with a DOCTYPE, which no office format has, is turned away before its first element.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Literal, cast
from xml.etree import ElementTree
from xml.parsers import expat

from desktop.core.bounds import GROWTH, GROWTH_FROM_BYTES, PACKED_PARTS, PART_BYTES, UNPACKED_BYTES
from desktop.core.documents.document import ReadingError, ReadingProblem
from desktop.readers.source import DamagedError, Source

Event = Literal["start", "end"]

_CHUNK = 1 << 16


class Package:
    """Parts of a zip file by their names, whose case and slashes don't matter. To be used in a `with` statement."""

    def __init__(self, source: Source) -> None:
        """Open the package. Raises `ReadingError` for one that is too large, or what `BROKEN` lists."""
        self._file = source.open()
        self._zip = zipfile.ZipFile(self._file)
        self._parts = {_folded(each.filename): each for each in self._zip.infolist() if not each.is_dir()}
        # Parts that are stored as they are don't grow.
        packed = [each for each in self._parts.values() if each.compress_type != zipfile.ZIP_STORED]
        unpacked = sum(each.file_size for each in packed)
        grows = unpacked > GROWTH_FROM_BYTES and unpacked > GROWTH * sum(each.compress_size for each in packed)
        if grows or unpacked > UNPACKED_BYTES or len(self._parts) > PACKED_PARTS:
            raise ReadingError(ReadingProblem.TOO_LARGE, f"{len(self._parts)} parts, {unpacked} bytes when unpacked")

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._parts

    @property
    def names(self) -> list[str]:
        """The names of all parts, as the directory has them, with slashes between folders and none in front."""
        return [_slashed(each.filename) for each in self._parts.values()]

    def open(self, name: str, most: int = UNPACKED_BYTES) -> BinaryIO:
        """Return a part as a stream. Raises `ReadingError` if it is locked or has more than `most` bytes."""
        part = self._parts.get(_folded(name))
        if part is None:
            raise DamagedError(f"{name} is missing")
        if part.flag_bits & 1:
            raise ReadingError(ReadingProblem.PROTECTED, name)
        if part.file_size > most:
            raise ReadingError(ReadingProblem.TOO_LARGE, name)
        return cast(BinaryIO, self._zip.open(part))

    def read(self, name: str) -> bytes:
        """Return a part."""
        with self.open(name, PART_BYTES) as stream:
            return stream.read()

    def iterparse(self, name: str, events: tuple[Event, ...] = ("end",)) -> Iterator[tuple[str, ElementTree.Element]]:
        """Yield (event, element) of an XML part while it is read, for callers that `clear()` what is done with."""
        with self.open(name) as stream:
            yield from iterparse_xml(stream, name, events)


def iterparse_xml(
    stream: BinaryIO, name: str, events: tuple[Event, ...] = ("end",)
) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield (event, element) of an XML text while it is read; `name` is told in errors."""
    seen = _turn_away_doctype(stream, name)
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(events)
    while seen:
        parser.feed(seen)
        yield from cast(Iterator[tuple[str, ElementTree.Element]], parser.read_events())
        seen = stream.read(_CHUNK)
    parser.close()


class _FirstElement(Exception):
    pass


def _turn_away_doctype(stream: BinaryIO, name: str) -> bytes:
    """Read a text up to its first element and return what was read. Raises `DamagedError` if there is a DOCTYPE.

    That keeps out entities of any kind, whatever the encoding they are written in.
    """
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise DamagedError(f"{name} has a DOCTYPE")

    def stop(*_: object) -> None:
        raise _FirstElement

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    seen = bytearray()
    try:
        while data := stream.read(_CHUNK):
            seen += data
            if len(seen) > PART_BYTES:
                raise ReadingError(ReadingProblem.TOO_LARGE, name)
            parser.Parse(data, False)
        parser.Parse(b"", True)  # a newer expat puts off what it has read in part until it knows that no more comes
    except (_FirstElement, expat.ExpatError):  # an error is found again, and told, by the parser that follows
        pass
    return bytes(seen)


def _slashed(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _folded(name: str) -> str:
    return _slashed(name).lower()

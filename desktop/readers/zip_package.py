"""A zip file of XML parts, as office programs and books are, read with care.

Nothing is unpacked to the disk. Sizes are limited by what the directory says and counted again while reading, since the
directory can lie; XML with a DOCTYPE, which no office format has, is turned away before its first element.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Literal, cast
from xml.etree import ElementTree
from xml.parsers import expat

from desktop.core.documents.reading import ReadingError, ReadingProblem
from desktop.readers.source import Source

Event = Literal["start", "end"]

_MOST_PARTS = 50_000
_MOST_UNPACKED = 1 << 30  # bytes of all packed parts together; parts that are stored as they are don't grow
_MOST_OF_A_PART = 200 << 20  # bytes that are held at once
_RATIO = 100  # times that all of it may grow; seen in real files: tables 10 to 30
_SMALL = 64 << 20  # bytes below which the ratio does not matter
_CHUNK = 1 << 16


class Package:
    """Parts of a zip file by their names, whose case and slashes don't matter. To be used in a `with` statement."""

    def __init__(self, source: Source) -> None:
        """Open the package. Raises `ReadingError`."""
        self._file = source.open()
        try:
            self._zip = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
            self._file.close()
            raise ReadingError(ReadingProblem.DAMAGED, str(error)) from error
        self._parts = {_folded(each.filename): each for each in self._zip.infolist() if not each.is_dir()}
        try:
            self._check_sizes()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._parts

    @property
    def names(self) -> list[str]:
        """The names of all parts, as the directory has them, with slashes between folders and none in front."""
        return [_slashed(each.filename) for each in self._parts.values()]

    def open(self, name: str, most: int = _MOST_UNPACKED) -> BinaryIO:
        """Return a part as a stream that ends with an error after `most` bytes. Raises `ReadingError`.

        So does the stream, whatever it meets.
        """
        part = self._parts.get(_folded(name))
        if part is None:
            raise ReadingError(ReadingProblem.DAMAGED, f"{name} is missing")
        if part.flag_bits & 1:
            raise ReadingError(ReadingProblem.PROTECTED, name)
        if part.file_size > most:
            raise ReadingError(ReadingProblem.TOO_LARGE, name)
        try:
            return io.BufferedReader(_Counted(self._zip.open(part), name, most), _CHUNK)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
            raise ReadingError(ReadingProblem.DAMAGED, f"{name}: {error}") from error

    def read(self, name: str) -> bytes:
        """Return a part. Raises `ReadingError`."""
        with self.open(name, _MOST_OF_A_PART) as stream:
            return stream.read()

    def parse(self, name: str) -> ElementTree.Element:
        """Return the root of an XML part, all of it at once. Raises `ReadingError`."""
        return parse_xml(self.read(name), name)

    def iterparse(self, name: str, events: tuple[Event, ...] = ("end",)) -> Iterator[tuple[str, ElementTree.Element]]:
        """Yield (event, element) of an XML part while it is read, for callers that `clear()` what is done with.

        Raises `ReadingError`.
        """
        with self.open(name) as stream:
            yield from iterparse_xml(stream, name, events)

    def feed(self, name: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Have a parser read an XML part, and yield after each piece. Raises `ReadingError`.

        Also after the last piece of one that is damaged: what stands before the damage is worth having.
        """
        with self.open(name) as stream:
            try:
                seen = _turn_away_doctype(stream, name)
                while seen:
                    parser.Parse(seen, False)
                    yield
                    seen = stream.read(_CHUNK)
                parser.Parse(b"", True)
            except (expat.ExpatError, ValueError, LookupError) as error:
                yield
                raise ReadingError(ReadingProblem.DAMAGED, f"{name}: {error}") from error

    def _check_sizes(self) -> None:
        parts = self._parts.values()
        if len(parts) > _MOST_PARTS:
            raise ReadingError(ReadingProblem.TOO_LARGE, f"{len(parts)} parts")
        packed = [each for each in parts if each.compress_type != zipfile.ZIP_STORED]
        unpacked = sum(each.file_size for each in packed)
        if unpacked > _MOST_UNPACKED:
            raise ReadingError(ReadingProblem.TOO_LARGE, f"{unpacked} bytes when unpacked")
        if unpacked > _SMALL and unpacked > _RATIO * sum(each.compress_size for each in packed):
            raise ReadingError(ReadingProblem.TOO_LARGE, f"{unpacked} bytes when unpacked, out of next to nothing")


def parse_xml(data: bytes, name: str) -> ElementTree.Element:
    """Return the root of an XML text; `name` is told in errors. Raises `ReadingError`."""
    try:
        _turn_away_doctype(io.BytesIO(data), name)
        return ElementTree.fromstring(data)  # noqa: S314 - it has no DOCTYPE
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ReadingError(ReadingProblem.DAMAGED, f"{name}: {error}") from error


def iterparse_xml(
    stream: BinaryIO, name: str, events: tuple[Event, ...] = ("end",)
) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield (event, element) of an XML text while it is read. Raises `ReadingError`."""
    seen = _turn_away_doctype(stream, name)
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(events)
    try:
        while seen:
            parser.feed(seen)
            yield from cast(Iterator[tuple[str, ElementTree.Element]], parser.read_events())
            seen = stream.read(_CHUNK)
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ReadingError(ReadingProblem.DAMAGED, f"{name}: {error}") from error


class _Counted(io.RawIOBase):
    """Stream of a part that counts what comes, and turns whatever goes wrong into a `ReadingError`."""

    def __init__(self, stream: object, name: str, most: int) -> None:
        super().__init__()
        self._stream = stream
        self._name = name
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data: bytes = self._stream.read(len(view))  # type: ignore[attr-defined]
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError) as error:
            raise ReadingError(ReadingProblem.DAMAGED, f"{self._name}: {error}") from error
        self._left -= len(data)
        if self._left < 0:
            raise ReadingError(ReadingProblem.TOO_LARGE, self._name)
        view[: len(data)] = data
        return len(data)


class _FirstElement(Exception):
    pass


def _turn_away_doctype(stream: BinaryIO, name: str) -> bytes:
    """Read a text up to its first element and return what was read. Raises `ReadingError` if there is a DOCTYPE.

    That keeps out entities of any kind, whatever the encoding they are written in.
    """
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ReadingError(ReadingProblem.DAMAGED, f"{name} has a DOCTYPE")

    def stop(*_: object) -> None:
        raise _FirstElement

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    seen = bytearray()
    try:
        while data := stream.read(_CHUNK):
            seen += data
            if len(seen) > _MOST_OF_A_PART:
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

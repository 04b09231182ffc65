"""The file that a reader reads, as its format modules get it, and the one place that judges what goes wrong with it.

Each format module has `read(source) -> Iterator[Opened | Section | Remark]`: synchronous, with no effect but reading.
It runs in a process of its own that may be ended at any moment, and may fail at whatever it meets.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from desktop.core.documents.document import ReadingError, ReadingProblem


class DamagedError(Exception):
    """File, or part of one, that is not what its format demands."""


BROKEN = (
    DamagedError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ParseError,
    ExpatError,
    EOFError,
    ValueError,
    LookupError,
    RecursionError,
    NotImplementedError,
)
"""What is raised where a file is cut off or damaged; a part that a file can do without is left out then."""


@contextmanager
def ole_damage() -> Iterator[None]:
    """Make a `DamagedError` of all that olefile raises for a container that is damaged."""
    try:
        yield
    except (OSError, TypeError, AttributeError) as error:  # it looks entries up that are not there
        raise DamagedError(type(error).__name__) from error


_OF_LIBRARIES = {
    "PdfiumError",
    "CalamineError",
    "ZipError",
    "XmlError",
    "PanicException",
}  # loaded when they are wanted


def failure_of(error: BaseException) -> ReadingError:
    """Return what is said of whatever went wrong while a file was read.

    The words of an error that nobody has foreseen are not told, since they may be the file's.
    """
    match error:
        case ReadingError():
            return error
        case MemoryError():
            return ReadingError(ReadingProblem.TOO_LARGE, "memory")
        case FileNotFoundError() | NotADirectoryError():
            return ReadingError(ReadingProblem.GONE)
        case PermissionError():
            return ReadingError(ReadingProblem.FORBIDDEN)
        case IsADirectoryError():
            return ReadingError(ReadingProblem.NOT_A_FILE)
        case OSError():
            return ReadingError(ReadingProblem.DAMAGED, error.strerror or type(error).__name__)
        case DamagedError():
            return ReadingError(ReadingProblem.DAMAGED, str(error))
    is_broken = isinstance(error, BROKEN) or type(error).__name__ in _OF_LIBRARIES
    return ReadingError(ReadingProblem.DAMAGED if is_broken else ReadingProblem.CRASHED, type(error).__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """File to read. `name` is the file's own; `encoding` overrides what would be recognised.

    `inside` is the content of a file that lies in another one, such as an attachment of a mail; `path` is that one's.
    """

    path: Path
    name: str
    password: str = field(default="", repr=False)
    encoding: str = ""
    inside: bytes | None = field(default=None, repr=False)

    @property
    def ending(self) -> str:
        """The ending of its name with the dot, in small letters; empty if it has none."""
        return Path(self.name).suffix.lower()

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.inside) if self.inside is not None else self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Return its content from the beginning."""
        return io.BytesIO(self.inside) if self.inside is not None else self.path.open("rb")

    def content(self) -> bytes:
        """Return all of it."""
        with self.open() as file:
            return file.read()

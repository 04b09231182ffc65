"""The file that a reader reads, as its format modules get it.

Each format module has `read(source) -> Iterator[Opened | Section | Remark]`: synchronous, with no effect but reading,
raising `ReadingError`. It runs in a process of its own that may be ended at any moment.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO


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

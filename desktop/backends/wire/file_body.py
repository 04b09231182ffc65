"""The body of a request that is a file: read and sent in pieces, off the loop's thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

_PIECE = 1 << 20


class FileBody:
    """The bytes of a file; may be sent several times. `on_sent` is told how many have been handed over."""

    content_type = "application/octet-stream"

    def __init__(self, file: Path, size: int, on_sent: Callable[[int], None]) -> None:
        self._file = file
        self._on_sent = on_sent
        self.size = size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self.size
        with self._file.open("rb") as stream:
            while left:
                piece = await asyncio.to_thread(stream.read, min(_PIECE, left))
                if not piece:
                    raise OSError(f"{self._file.name} has become shorter")
                yield piece
                left -= len(piece)
                self._on_sent(self.size - left)

    def joined(self) -> bytes:
        """Return words for a log, in which a model has no place."""
        return f"({self.size} bytes of a file)".encode()

    def release(self) -> None:
        """Do nothing: nothing of it is held."""

"""The body of a request as JSON, written and sent in pieces.

A conversation can be twenty megabytes long. The standard library writes that in one call, which holds the interpreter's
lock, and with it the window, for a fifth of a second; in pieces, nobody waits, and the pieces are freed once sent.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

_PIECE = 1 << 16  # characters


class JsonBody:
    """The bytes of a JSON value; may be sent several times, until it is `released`."""

    content_type = "application/json"

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self.size = sum(map(len, pieces))

    @staticmethod
    async def of(value: Any) -> JsonBody:
        """Return the written `value`; yields to the loop in between."""
        pieces: list[bytes] = []
        for piece in _in_pieces(_written(value)):
            pieces.append(piece.encode("utf-8"))
            await asyncio.sleep(0)
        return JsonBody(pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece

    def joined(self) -> bytes:
        """Return all bytes in one piece, for a log."""
        return b"".join(self._pieces)

    def release(self) -> None:
        """Free the bytes, which are not needed any more."""
        self._pieces = []


def _in_pieces(texts: Iterator[str]) -> Iterator[str]:
    gathered: list[str] = []
    size = 0
    for text in texts:
        gathered.append(text)
        size += len(text)
        if size >= _PIECE:
            yield "".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield "".join(gathered)


def _written(value: Any) -> Iterator[str]:
    """Yield the same text as `json.dumps` writes, without blanks, in short pieces."""
    match value:
        case str() if len(value) > _PIECE:
            yield '"'
            for start in range(0, len(value), _PIECE):
                yield _dumped(value[start : start + _PIECE])[1:-1]
            yield '"'
        case Mapping():
            before = "{"
            for name, each in value.items():
                yield f"{before}{_dumped(name)}:"
                yield from _written(each)
                before = ","
            yield "}" if value else "{}"
        case list() | tuple():
            before = "["
            for each in value:
                yield before
                yield from _written(each)
                before = ","
            yield "]" if value else "[]"
        case _:
            yield _dumped(value)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

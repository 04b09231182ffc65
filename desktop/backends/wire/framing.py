"""The framing of byte streams: lines, server-sent events and JSON lines.

Works on bytes and decodes whole lines only: text decoders that see pieces break characters in two, and the usual line
iterators also split at U+2028 and U+0085, which stand unescaped inside JSON strings. It knows nothing of HTTP and
nothing of what the JSON means.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from desktop.core.bounds import LINE_BYTES
from desktop.core.errors import ProtocolError
from desktop.core.text.clean_text import encodable

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Comment:
    """A sign of life without content (`: keep-alive`)."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event of a server-sent stream; `name` is empty where the server gave none."""

    data: str
    name: str = ""


class LineSplitter:
    r"""A splitter of byte chunks into lines at `\n`, dropping a `\r` before it and a BOM at the start.

    `feed` costs time in proportion to the chunk, however long the unfinished line already is.
    """

    def __init__(self, limit: int = LINE_BYTES) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._first = True

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that `chunk` completes. Raises `ProtocolError` (garbled) if a line exceeds the limit."""
        *ends, rest = chunk.split(b"\n")
        lines = []
        for end in ends:
            self._hold(end)
            lines.append(self._taken())
        self._hold(rest)
        return lines

    def close(self) -> list[str]:
        """Return the last line, if the stream ended without a line break."""
        return [self._taken()] if self._size else []

    def _hold(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise ProtocolError(f"a line of more than {self._limit} bytes", reason="garbled")
        if piece:
            self._pieces.append(piece)

    def _taken(self) -> str:
        line = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        if self._first:
            self._first = False
            line = line.removeprefix(_BOM)
        return line.removesuffix(b"\r").decode("utf-8", errors="replace")


class SseDecoder:
    """Server-sent events from chunks of bytes, as lenient as servers are careless.

    An event still pending at the end of the stream is delivered; the field `error:` of old llama-server builds
    counts as data; a bare line of JSON is an event of its own (errors written past the framing).
    """

    def __init__(self, limit: int = LINE_BYTES) -> None:
        self._lines = LineSplitter(limit)
        self._limit = limit
        self._data: list[str] = []
        self._size = 0
        self._name = ""

    def feed(self, chunk: bytes) -> list[ServerEvent | Comment]:
        """Return the events and comments that `chunk` completes."""
        return [event for line in self._lines.feed(chunk) for event in self._events(line)]

    def close(self) -> list[ServerEvent | Comment]:
        """Return what was still pending when the stream ended."""
        return [event for line in (*self._lines.close(), "") for event in self._events(line)]

    def _events(self, line: str) -> Iterator[ServerEvent | Comment]:
        if line.startswith(":"):
            yield Comment(line[1:].strip())
        elif not line or line.startswith("{"):
            if self._data:
                yield ServerEvent("\n".join(self._data), self._name)
            self._data, self._size, self._name = [], 0, ""
            if line:
                yield ServerEvent(line)
        else:
            # Others, id and retry, are for reconnecting, which a chat never does.
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                self._name = value
            elif field in ("data", "error"):
                self._size += len(value)
                if self._size > self._limit:
                    raise ProtocolError(f"an event of more than {self._limit} characters", reason="garbled")
                self._data.append(value)


class NdjsonDecoder(LineSplitter):
    """JSON lines from chunks of bytes; blank lines are skipped. `parse_json` says what is wrong with one."""

    def feed(self, chunk: bytes) -> list[str]:
        return [line for line in super().feed(chunk) if line.strip()]

    def close(self) -> list[str]:
        return [line for line in super().close() if line.strip()]


def parse_json(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises `ValueError` for anything else, also for nesting too deep to read."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


_BROKEN = re.compile("[\0\ud800-\udfff]")


class TextMender:
    """A filter that makes incoming text storable.

    Joins surrogate pairs that a server cut in two, and replaces what stays broken.
    """

    def __init__(self) -> None:
        self._high = ""

    def feed(self, text: str) -> str:
        """Return `text` with the first half of a pair held back until the next call."""
        if not self._high and not _BROKEN.search(text):
            return text
        text = self._high + text
        self._high = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._high, text = text[-1], text[:-1]
        return encodable(text)

    def close(self) -> str:
        """Return a replacement character if half a pair was left."""
        held, self._high = self._high, ""
        return "\ufffd" if held else ""

"""The framing of byte streams: lines, server-sent events and JSON lines.

Works on bytes and decodes whole lines only: text decoders that see pieces break characters in two, and the usual line
iterators also split at U+2028 and U+0085, which stand unescaped inside JSON strings. It knows nothing of HTTP and
nothing of what the JSON means.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop.core.bounds import LINE_BYTES
from desktop.core.errors import ProtocolError
from desktop.core.text.clean_text import encodable
from desktop.core.text.late_regex import late_regex

_BOM = b"\xef\xbb\xbf"
_BETWEEN_EVENTS = b"\n\n"
_DATA, _BETWEEN_OBJECTS, _LAST = b"data: ", b"}\n\ndata: {", b"}\n\n"


@dataclass(frozen=True, slots=True)
class Comment:
    """A sign of life without content (`: keep-alive`)."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event of a server-sent stream; `name` is empty where the server gave none."""

    data: str
    name: str = ""


def messages_in(chunk: bytes) -> int:
    """Return about how many events, or lines of JSON, a piece of a stream has: with nearly all servers its tokens."""
    return chunk.count(_BETWEEN_EVENTS) or chunk.count(b"\n\r\n") or max(chunk.count(b"\n"), 1)


class LineSplitter:
    r"""A splitter of byte chunks into lines at `\n`, dropping a `\r` before it and a BOM at the start.

    `feed` costs time in proportion to the chunk, however long the unfinished line already is.
    """

    def __init__(self, limit: int = LINE_BYTES) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._first = True

    @property
    def is_between_lines(self) -> bool:
        """Return True if nothing of the next line has come, and this is not the first."""
        return not self._size and not self._first

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that `chunk` completes. Raises `ProtocolError` (garbled) if a line exceeds the limit."""
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        if first < 0:
            self._hold(chunk)
            return []
        self._hold(chunk[:first])
        lines = [self._take()]
        if first < last:
            # No character has a line break in it, so all lines can be decoded together.
            more = chunk[first + 1 : last].decode("utf-8", errors="replace").split("\n")
            lines += [line.removesuffix("\r") for line in more] if b"\r" in chunk else more
        self._hold(chunk[last + 1 :])
        return lines

    def close(self) -> list[str]:
        """Return the last line, if the stream ended without a line break."""
        return [self._take()] if self._size else []

    def _hold(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise ProtocolError(f"a line of more than {self._limit} bytes", reason="garbled")
        if piece:
            self._pieces.append(piece)

    def _take(self) -> str:
        line = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return self._decode(line)

    def _decode(self, line: bytes) -> str:
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

    def read_objects(self, chunk: bytes) -> tuple[list[dict[str, Any]], bytes]:
        """Return the objects of the whole events that `chunk` begins with, and the rest of it, which is to be fed.

        It comes to the same as feeding all of it, at a fraction of the cost, where each of these events is one object
        in one line and nothing else, as with nearly all servers. Where one is anything else, all is rest.
        """
        whole = chunk[: chunk.rfind(_BETWEEN_EVENTS) + len(_BETWEEN_EVENTS)]
        count = whole.count(_BETWEEN_OBJECTS) + 1
        is_pending = self._data or self._name or not self._lines.is_between_lines
        is_usual = whole.startswith(_DATA + b"{") and whole.endswith(_LAST) and whole.count(b"\n") == 2 * count
        if is_pending or not is_usual or b"\r" in whole or len(whole) > self._limit:
            return [], chunk
        joined = whole[len(_DATA) : -len(_BETWEEN_EVENTS)].replace(_BETWEEN_OBJECTS, b"},{")
        objects = _objects_in(joined.decode("utf-8", errors="replace"), count)
        return ([], chunk) if objects is None else (objects, chunk[len(whole) :])

    def feed(self, chunk: bytes) -> list[ServerEvent | Comment]:
        """Return the events and comments that `chunk` completes."""
        events: list[ServerEvent | Comment] = []
        for line in self._lines.feed(chunk):
            self._line(line, events)
        return events

    def close(self) -> list[ServerEvent | Comment]:
        """Return what was still pending when the stream ended."""
        events: list[ServerEvent | Comment] = []
        for line in self._lines.close():
            self._line(line, events)
        self._dispatch(events)
        return events

    def _line(self, line: str, events: list[ServerEvent | Comment]) -> None:
        if not line:
            self._dispatch(events)
        elif line[0] == ":":
            events.append(Comment(line[1:].strip()))
        elif line[0] == "{":
            self._dispatch(events)
            events.append(ServerEvent(line))
        else:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            match field:
                case "data" | "error":
                    self._add(value)
                case "event":
                    self._name = value
                case _:
                    pass  # id and retry are for reconnecting, which a chat never does

    def _add(self, value: str) -> None:
        self._size += len(value)
        if self._size > self._limit:
            raise ProtocolError(f"an event of more than {self._limit} characters", reason="garbled")
        self._data.append(value)

    def _dispatch(self, events: list[ServerEvent | Comment]) -> None:
        if self._data:
            events.append(ServerEvent("\n".join(self._data), self._name))
        self._data.clear()
        self._size = 0
        self._name = ""


class NdjsonDecoder:
    """JSON lines from chunks of bytes; blank lines are skipped."""

    def __init__(self, limit: int = LINE_BYTES) -> None:
        self._lines = LineSplitter(limit)

    def feed(self, chunk: bytes) -> list[str]:
        """Return the lines that `chunk` completes, still as text: `parse_json` says what is wrong with one."""
        return [line for line in self._lines.feed(chunk) if line.strip()]

    def close(self) -> list[str]:
        """Return the last line, if the stream ended without a line break."""
        return [line for line in self._lines.close() if line.strip()]


def parse_json(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises `ValueError` for anything else, also for nesting too deep to read."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_objects(texts: Sequence[str]) -> list[dict[str, Any]] | None:
    """Return the objects that several JSON texts are, read in one go; None where one of them may be something else."""
    if len(texts) < 2 or not all(text[:1] == "{" and text[-1:] == "}" for text in texts):
        return None
    return _objects_in(",".join(texts), len(texts))


def _objects_in(joined: str, count: int) -> list[dict[str, Any]] | None:
    try:
        values = parse_json(f"[{joined}]")
    except ValueError:
        return None
    return values if len(values) == count and set(map(type, values)) == {dict} else None


_BROKEN = late_regex("[\0\ud800-\udfff]")


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

"""The bodies of requests, which may be sent several times: a JSON value, or a file; and the values in those of replies.

Which messages are in a request has been decided when it was made. What a protocol adds to a message, and the beginning
of a reply that is continued, is its own business. A conversation can be twenty megabytes long. Written in one call it
would hold the interpreter's lock, and with it the window, for a fifth of a second; a file may lie on a disk that is far
away.

Replies come as server-sent events, lines of JSON, or one value. Only whole lines of bytes are decoded: text decoders
that see pieces break characters in two, and the usual line iterators also split at U+2028 and U+0085, which stand
unescaped inside JSON strings. What the values mean is not known here.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from desktop.core.bounds import LINE_BYTES
from desktop.core.converting import converted
from desktop.core.errors import ProtocolError, RequestRejected
from desktop.core.request import ChatRequest, outgoing_text
from desktop.core.text.clean_text import encodable

T = TypeVar("T")
_PIECE = 1 << 16  # characters
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=dict)
_FILE_PIECE = 1 << 20
# What every server takes. Others are never sent, nor is an address, which a server would fetch.
_TYPES = {"image/jpeg", "image/png"}

# Adds pictures (media type, base64) to the message whose text is in its field "content".
AddPictures = Callable[[dict[str, Any], list[tuple[str, str]]], None]


async def from_disk(read: Callable[..., T], *given: Any) -> T:
    """Return what is read of a disk, which may not answer at all: nothing waits for its thread, not even the end."""
    found: Future[T] = Future()

    def run() -> None:
        if found.set_running_or_notify_cancel():
            try:
                found.set_result(read(*given))
            except Exception as error:
                found.set_exception(error)

    threading.Thread(target=run, name="disk", daemon=True).start()
    return await asyncio.wrap_future(found)


class JsonBody:
    """The bytes of a JSON value."""

    content_type = "application/json"

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self.size = sum(map(len, pieces))

    @staticmethod
    async def of(value: Any) -> JsonBody:
        """Return the written `value`; yields to the loop in between."""
        pieces: list[bytes] = []
        texts: list[str] = []
        size = 0
        for text in _JSON.iterencode(value):
            texts.append(text)
            size += len(text)
            if size >= _PIECE:
                pieces.append("".join(texts).encode())
                texts, size = [], 0
                await asyncio.sleep(0)
        return JsonBody([*pieces, "".join(texts).encode()])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece

    def joined(self) -> bytes:
        """Return all bytes in one piece, for a log."""
        return b"".join(self._pieces)

    def release(self) -> None:
        """Free the bytes, which are not needed any more: whoever waits for the reply still holds the request."""
        self._pieces.clear()


class FileBody:
    """The bytes of a file, read off the loop's thread. `on_sent` is told how many have been handed over."""

    content_type = "application/octet-stream"

    def __init__(self, file: Path, size: int, on_sent: Callable[[int], None]) -> None:
        self._file = file
        self._on_sent = on_sent
        self.size = size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self.size
        with await from_disk(lambda: self._file.open("rb")) as stream:
            while left:
                piece = await from_disk(stream.read, min(_FILE_PIECE, left))
                if not piece:
                    raise OSError(f"{self._file.name} has become shorter")
                yield piece
                left -= len(piece)
                self._on_sent(self.size - left)

    def joined(self) -> bytes:
        """Return words for a log, in which a model has no place."""
        return f"({self.size} bytes of a file)".encode()


def sent_messages(request: ChatRequest, add_pictures: AddPictures | None = None) -> list[dict[str, Any]]:
    """Return role and content of each message. Thinking of earlier replies is never in them.

    Without `add_pictures`, for a protocol that has no pictures, raises `RequestRejected` where there are some.
    """
    messages = []
    for each in request.messages:
        message: dict[str, Any] = {"role": each.role.value, "content": encodable(outgoing_text(each))}
        pictures = [
            (part.media_type, base64.b64encode(content).decode("ascii"))
            for part in each.pictures
            if part.media_type in _TYPES and (content := request.pictures.get(part.digest))
        ]
        if pictures:
            if add_pictures is None:
                raise RequestRejected(reason="pictures")
            add_pictures(message, pictures)
        messages.append(message)
    return messages


def data_url(media_type: str, content: str) -> str:
    """Return a picture as the address that holds all of it."""
    return f"data:{media_type};base64,{content}"


# --- Replies ---------------------------------------------------------------------------------------------------------


class StreamMark(Enum):
    """The marks in a stream that are no JSON value."""

    DONE = "[DONE]"
    ALIVE = "alive"  # a comment: the server is there, and has nothing to say yet


class ValueDecoder:
    """The values of a body that comes in pieces, as lenient as servers are careless.

    An event still pending at the end is delivered; the field `error:` of old llama-server builds counts as data; a bare
    line of JSON is an event of its own; the words of an event named error become `{"error": words}`. What begins as
    JSON and is none comes as a `ProtocolError` (garbled), behind the values before it.
    """

    def __init__(self, limit: int = LINE_BYTES) -> None:
        """`limit`: the most bytes of one event or line, beyond which `ProtocolError` (garbled) is raised."""
        self._limit = limit
        self._held = 0  # bytes
        self._line: list[bytes] = []  # the pieces of the one that has not ended
        self._data: list[bytes] = []
        self._is_error = False  # by the name of the event
        self._is_first = True
        self._is_stream = False
        self._found = 0
        self._is_whole = False
        self.unread: list[bytes] = []  # the lines of a body that is one value or a page, or the first that is neither

    def feed(self, piece: bytes) -> list[Any]:
        """Return the values that a piece completes, in time that goes by the piece."""
        *ends, rest = piece.split(b"\n")
        values: list[Any] = []
        for end in ends:
            self._end_line(end, values)
        if rest:
            self._hold(self._line, rest)
        return values

    def close(self) -> list[Any]:
        """Return what was still pending when the body ended; behind the only value of a body stands a mark."""
        values: list[Any] = []
        self._end_line(b"", values)
        self._end_event(values)
        if self._is_whole:
            self._add(b"\n".join(self.unread), values)
        if self._found == 1 and not self._is_stream:
            values.append(StreamMark.DONE)
        return values

    def _hold(self, held: list[bytes], piece: bytes) -> None:
        self._held += len(piece)
        if self._held > self._limit:
            raise ProtocolError(f"an event of more than {self._limit} bytes", reason="garbled")
        held.append(piece)

    def _end_line(self, line: bytes, values: list[Any]) -> None:
        if self._line:
            self._held -= sum(map(len, self._line))
            line = b"".join([*self._line, line])
            self._line.clear()
        if self._is_first:
            self._is_first = False
            line = line.removeprefix(b"\xef\xbb\xbf")
        line = line.strip()
        field, colon, rest = line.partition(b":")
        if self._is_whole:
            self._hold(self.unread, line)
        elif field in (b"data", b"error"):
            self._is_stream = True
            self._hold(self._data, rest)
        elif not line:
            self._end_event(values)
        elif line.startswith(b"{"):
            self._end_event(values)
            self._add(line, values)
        elif field == b"event":
            self._is_error = rest.strip() == b"error"
        elif colon and not field:
            self._is_stream = True
            values.append(StreamMark.ALIVE)
        elif not (self._is_stream or self._found or self.unread):
            self._is_whole = line.startswith((b"[", b'"', b"<"))
            self._hold(self.unread, line)

    def _end_event(self, values: list[Any]) -> None:
        if self._data:
            self._add(b"\n".join(self._data), values)
            self._data.clear()
        self._held, self._is_error = 0, False

    def _add(self, content: bytes, values: list[Any]) -> None:
        """Add the value of an event, a line or a whole body; none for data that is neither JSON nor an error."""
        text = content.decode("utf-8", "replace").strip()
        value: Any = None
        try:
            value = StreamMark.DONE if text == StreamMark.DONE.value else parse_json(text)
        except ValueError:
            if text.startswith("{"):
                if not (self._is_stream or self._found or self._is_whole):
                    self._is_whole = True  # one value may be written on several lines
                    self._hold(self.unread, content)
                    return
                value = ProtocolError(text, reason="garbled")
            elif self._is_error:
                value = {"error": text}
        if isinstance(value, str):
            value = {"error": value} if self._is_whole or self._is_error else None
        if value is not None:
            values.append(value)
            self._found += 1


def parse_json(text: str | bytes) -> Any:
    """Return the value of a JSON text. Raises `ValueError` for anything else, also for nesting too deep to read."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def record_in(kind: type[T], answer: object) -> T:
    """Return what a server told as a dataclass, as far as it can be used; all defaults for what is no record."""
    return converted(kind, answer if isinstance(answer, dict) else {})


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

"""The bodies of requests, which may be sent several times: a JSON value, or a file; and the messages in them.

Which messages those are has been decided when the request was made. What a protocol adds to a message, and the
beginning of a reply that is continued, is its own business.

A conversation can be twenty megabytes long. Written in one call it would hold the interpreter's lock, and with it the
window, for a fifth of a second; a file may lie on a disk that is far away.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from desktop.core.errors import RequestRejected
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

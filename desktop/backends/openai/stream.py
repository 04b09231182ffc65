"""The JSON values of a `/chat/completions` reply, whatever it is wrapped in: events, JSON lines, or one object.

Content types are not believed; the first byte that is not blank tells. What the values mean is `chunks.py`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from enum import Enum
from typing import Any

from desktop.backends.wire.error_bodies import ServerSaid, said_in_body, shortened
from desktop.backends.wire.framing import Comment, ServerEvent, SseDecoder, parse_json
from desktop.backends.wire.http import HttpClient
from desktop.backends.wire.http_reply import HttpReply
from desktop.core.bounds import LINE_BYTES
from desktop.core.errors import ProtocolError


class StreamMark(Enum):
    """The marks in a stream that are no JSON value."""

    DONE = "[DONE]"
    ALIVE = "alive"  # a comment: the server is there, and has nothing to say yet


async def batches(http: HttpClient, reply: HttpReply) -> AsyncGenerator[list[Any], None]:
    """Yield decoded JSON values and `StreamMark`s until the end of the body, together what came together.

    An event named error gives a `ServerSaid`. Raises `ProtocolError` (html, garbled, empty) and what `HttpReply.chunks`
    raises.
    """
    head = b""
    async with aclosing(reply.chunks()) as chunks:
        async for chunk in chunks:
            head = (head + chunk).removeprefix(b"\xef\xbb\xbf").lstrip()
            if head:
                break
        if head[:1] in (b"{", b"[", b'"', b"<"):
            body = await _whole(http, head, chunks)
            yield _whole_values(http, reply, body)
            return
        decoder = SseDecoder()
        found = False
        for batch in _batches(http, decoder.feed(head)):
            found = True
            yield batch
        async for chunk in chunks:
            for batch in _batches(http, decoder.feed(chunk)):
                found = True
                yield batch
        for batch in _batches(http, decoder.close()):
            found = True
            yield batch
    if not found:
        words = shortened(http.without_key(head.decode(errors="replace")))
        raise ProtocolError(words, host=http.host, reason="garbled" if words else "empty")


def _batches(http: HttpClient, events: list[ServerEvent | Comment]) -> Iterator[list[Any]]:
    """Yield the values of events, if there are any; those before one that cannot be read come before the error."""
    batch: list[Any] = []
    try:
        for event in events:
            if (value := _value(http, event)) is not None:
                batch.append(value)
    except ProtocolError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


async def _whole(http: HttpClient, head: bytes, chunks: AsyncGenerator[bytes, None]) -> bytes:
    pieces = [head]
    size = len(head)
    async for chunk in chunks:
        pieces.append(chunk)
        size += len(chunk)
        if size > LINE_BYTES:
            raise ProtocolError(f"an answer of more than {LINE_BYTES} bytes", host=http.host, reason="garbled")
    return b"".join(pieces)


def _whole_values(http: HttpClient, reply: HttpReply, body: bytes) -> list[Any]:
    """Return the values of a body that is no event stream: one value, or a value a line.

    A page of HTML is raised as an error.
    """
    if body.startswith(b"<"):
        raise http.error(said_in_body(body), reply.status)
    try:
        value = parse_json(body)
    except ValueError:
        value = None
    if isinstance(value, str):
        return [ServerSaid(message=value)]
    if value is not None:
        return [value, StreamMark.DONE]
    decoder = SseDecoder()
    return [value for event in (*decoder.feed(body), *decoder.close()) if (value := _value(http, event)) is not None]


def _value(http: HttpClient, event: ServerEvent | Comment) -> Any:
    """Return the event's JSON value; None for data that is neither JSON nor an error."""
    if isinstance(event, Comment):
        return StreamMark.ALIVE
    text = event.data.strip()
    if not text:
        return None
    if text == StreamMark.DONE.value:
        return StreamMark.DONE
    try:
        value = parse_json(text)
    except ValueError:
        if text.startswith("{"):
            raise ProtocolError(shortened(http.without_key(text)), host=http.host, reason="garbled") from None
        value = text
    if isinstance(value, dict):
        return value
    return ServerSaid(message=str(value)) if event.name == "error" else None

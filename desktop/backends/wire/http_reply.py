"""The reply to one request: its head is there, its body is still coming.

The client that made the request is in `http.py`, and names the failures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from contextlib import aclosing, nullcontext, suppress
from typing import TYPE_CHECKING, Any, cast

from desktop.backends.wire.error_bodies import RefusedError, ServerSaid, retry_after_in, said_in_body, shortened
from desktop.backends.wire.exchange import Exchange, Looks
from desktop.backends.wire.framing import ValueDecoder
from desktop.core.bounds import BODY_BYTES, LINE_BYTES
from desktop.core.errors import BackendError, ProtocolError, StreamBroken
from desktop.core.trust.ledger import Ending

if TYPE_CHECKING:
    import httpcore

    from desktop.backends.wire.http import HttpClient
    from desktop.backends.wire.way import SilenceWatch

# What servers also write there, such as "utf-8", changes nothing.
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"})
_REFUSAL_BYTES = 1024 * 1024
_HELD_BYTES = 1024 * 1024  # that wait for a slow reader; the server waits with the rest


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers with their names in lower case, several of one name in one line."""
    headers: dict[str, str] = {}
    for name, value in ((name.decode("latin-1").lower(), value.decode("utf-8", "replace")) for name, value in raw):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


class HttpReply:
    """The reply to one request: its head is there, its body is still coming.

    `patience` is set when what was wanted of the body has come: after so many seconds of silence, or when the
    connection breaks, the body counts as ended. A body read to its end leaves its connection for the next request.
    """

    def __init__(
        self, client: HttpClient, response: httpcore.Response, exchange: Exchange, watch: SilenceWatch | None
    ) -> None:
        """Read nothing yet; `watch` looks after a server that falls silent."""
        self._client = client
        self._response = response
        self._exchange = exchange
        self._watch = watch
        self.status = response.status
        self.headers = headers_of(response.headers)
        exchange.answer(self.status, self.headers)
        self.patience: float | None = None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives, with a rest before each look at the network: whoever reads along needs no more.

        Raises `StreamBroken` (reset, timeout, stopped) or `ProtocolError` (garbled).
        """
        self._exchange.looks = Looks()
        pieces: list[bytes] = []
        has_come, has_room = asyncio.Event(), asyncio.Event()
        has_room.set()

        def take(piece: bytes) -> bool:
            pieces.append(piece)
            has_come.set()
            if sum(map(len, pieces)) > _HELD_BYTES:
                has_room.clear()
            return True

        # In a task of its own, so that what comes together is handed on together.
        reading = asyncio.create_task(self._read_into(take, has_room))
        reading.add_done_callback(lambda _: has_come.set())
        try:
            while pieces or not reading.done():
                if self.patience is None:
                    await has_come.wait()
                else:
                    self._exchange.looks = None
                    try:
                        async with asyncio.timeout(self.patience):
                            await has_come.wait()
                    except TimeoutError:
                        return
                has_come.clear()
                if pieces:
                    chunk = b"".join(pieces)
                    pieces.clear()
                    has_room.set()
                    yield chunk
            error = reading.exception()
            if error is not None and not (isinstance(error, StreamBroken) and self.patience is not None):
                raise error
        finally:
            reading.cancel()
            await asyncio.wait([reading])

    async def values(self) -> AsyncGenerator[list[Any], None]:
        """Yield JSON values, `StreamMark`s and what broke them (see `ValueDecoder`), together what came together.

        Raises `ProtocolError` (html with the page's title, garbled, empty) for a body without any, and like `chunks`.
        """
        decoder = ValueDecoder()
        has_values = False
        async with aclosing(self.chunks()) as chunks:
            async for chunk in chunks:
                if values := decoder.feed(chunk):
                    has_values = True
                    yield self._masked(values)
        if values := decoder.close():
            yield self._masked(values)
        elif not has_values:
            body = b"\n".join(decoder.unread)
            if body.startswith(b"<"):
                raise self._client.error(said_in_body(body), self.status)
            words = shortened(self._client.without_key(body.decode(errors="replace")))
            raise ProtocolError(words, host=self._client.host, reason="garbled" if words else "empty")

    async def read(self, limit: int = LINE_BYTES) -> bytes:
        """Return the whole body. Raises like `chunks`, and `ProtocolError` (garbled) for more than `limit` bytes."""
        content = bytearray()

        def take(piece: bytes) -> bool:
            content.extend(piece)
            return len(content) <= limit

        await self._read_into(take)
        if len(content) > limit:
            raise ProtocolError(f"an answer of more than {limit} bytes", host=self._client.host, reason="garbled")
        return bytes(content)

    async def first_line(self, limit: int = LINE_BYTES) -> bytes:
        """Return the body up to its first line break, or to its end, and at most about `limit` bytes of it."""
        content = bytearray()

        def take(piece: bytes) -> bool:
            content.extend(piece)
            return b"\n" not in piece and len(content) <= limit

        await self._read_into(take)
        return bytes(content).partition(b"\n")[0]

    async def refusal(self) -> RefusedError:
        """Read the body of a status of 400 and above; return the server's words, if it has any, and what they mean."""
        try:
            said = said_in_body(await self.read(_REFUSAL_BYTES))
        except BackendError:
            said = ServerSaid()
        return RefusedError(said, self._client.error(said, self.status, retry_after_in(self.headers)))

    async def aclose(self) -> None:
        """Close the reply; a body that has not ended closes its connection. Safe to call twice."""
        self._exchange.end(Ending.DONE, "closed")
        with suppress(Exception):  # what goes wrong while closing a broken connection tells nobody anything
            await self._response.aclose()

    async def _read_into(self, take: Callable[[bytes], bool], has_room: asyncio.Event | None = None) -> None:
        """Give the body to `take`, in the pieces that it was sent in, until that wants no more; wait for `has_room`."""
        size = 0
        try:
            codings = self.headers.get("content-encoding", "").lower().replace(" ", "").split(",")
            if not _COMPRESSED.isdisjoint(codings):
                # A few bytes can be made to swell to gigabytes; and it was asked for as it is.
                raise ProtocolError(host=self._client.host, reason="encoded")
            async with nullcontext() if self._watch is None else self._watch.waiting():
                async for piece in cast(AsyncIterable[bytes], self._response.stream):
                    size += len(piece)
                    if size > BODY_BYTES:
                        raise ProtocolError(host=self._client.host, reason="too_long")
                    if self._watch is not None:
                        self._watch.heard()
                    self._exchange.receive(piece)
                    if not take(piece):
                        return
                    if has_room is not None:
                        await has_room.wait()
            self._exchange.end(Ending.DONE)
        except Exception as error:
            self._exchange.end(Ending.BROKEN, f"broke off ({type(error).__name__})")
            raise self._client.failure(error) from None

    def _masked(self, values: list[Any]) -> list[Any]:
        for value in values:
            if isinstance(value, ProtocolError):
                value.detail, value.host = shortened(self._client.without_key(value.detail)), self._client.host
        return values

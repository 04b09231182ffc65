"""The reply to one request: its head is there, its body is still coming.

The client that made the request is in `http.py`, and names the failures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Protocol

from desktop.backends.wire.crossing import Crossing
from desktop.backends.wire.error_bodies import ServerSaid, retry_after_in, said_in_body
from desktop.backends.wire.exchange_log import LoggedExchange
from desktop.backends.wire.framing import MAX_LINE
from desktop.backends.wire.silence import SilenceWatch
from desktop.core.errors import BackendError, ProtocolError, StreamBroken
from desktop.core.text.pace import StreamPace
from desktop.core.trust.ledger import Ending

if TYPE_CHECKING:
    import httpx

_AT_ONCE = 0.0003  # seconds; a chunk that was there already comes sooner
# How long the end of a body may lag behind the end of the reply in it.
END_LAG = 0.05


class _Client(Protocol):
    """The client that made the request, as far as its reply needs it."""

    host: str

    def error(self, said: ServerSaid, status: int | None = None, retry_after: float | None = None) -> BackendError: ...

    def failure(self, error: Exception) -> BackendError: ...


class HttpReply:
    """The reply to one request: its head is there, its body is still coming.

    `patience` is set when what was wanted of the body has come: after so many seconds of silence, or when the
    connection breaks, the body counts as ended. A body read to its end leaves its connection for the next request.
    """

    def __init__(
        self,
        client: _Client,
        response: httpx.Response,
        exchange: LoggedExchange | None,
        crossing: Crossing,
        watch: SilenceWatch | None = None,
    ) -> None:
        """Read nothing yet; `watch` looks after a server that falls silent."""
        self._client = client
        self._watch = watch
        self._exchange = exchange
        self._crossing = crossing
        self._response = response
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.patience: float | None = None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives. Raises `StreamBroken` (reset, timeout) or `ProtocolError` (garbled).

        Waking up for each token is most of the cost of a stream. So after a read that had to wait, the next one leaves
        the server time to send several; the first byte of all is never held back.
        """
        clock = asyncio.get_running_loop().time
        pace, pieces, began = StreamPace(), 0, clock()
        async with aclosing(self._chunks()) as chunks:
            while True:
                asked = clock()
                try:
                    if self.patience is None:
                        chunk = await anext(chunks)
                    else:
                        async with asyncio.timeout(self.patience):
                            chunk = await anext(chunks)
                except (StopAsyncIteration, TimeoutError):
                    return
                except StreamBroken:
                    if self.patience is None:
                        raise
                    return  # what was wanted is here; how the connection ends is nobody's concern
                waited = clock() - asked > _AT_ONCE
                pieces += 1
                yield chunk
                if waited:
                    pace.note(pieces, clock() - began)  # a piece is a token, with nearly all servers
                    pieces, began = 0, clock()
                    await asyncio.sleep(pace.pause())

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        try:
            # Nothing was to be encoded; only where a server did so all the same does a decoder have to look at it.
            encoded = "content-encoding" in self._response.headers
            pieces = self._response.aiter_bytes() if encoded else self._response.aiter_raw()
            while chunk := await self._next_of(pieces):
                if self._exchange is not None:
                    self._exchange.receive(chunk)
                yield chunk
            self._end("ended", Ending.DONE)
        except Exception as error:
            self._end(f"broke off ({type(error).__name__})", Ending.BROKEN)
            raise self._client.failure(error) from None

    async def _next_of(self, pieces: AsyncIterator[bytes]) -> bytes:
        """Return the next piece, empty at the end."""
        if self._watch is None:
            return await anext(pieces, b"")
        async with self._watch.over():
            return await anext(pieces, b"")

    async def read(self, limit: int = MAX_LINE) -> bytes:
        """Return the whole body. Raises like `chunks`, and `ProtocolError` (garbled) for more than `limit` bytes."""
        pieces: list[bytes] = []
        size = 0
        async with aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                pieces.append(chunk)
                size += len(chunk)
                if size > limit:
                    raise ProtocolError(
                        f"an answer of more than {limit} bytes", host=self._client.host, reason="garbled"
                    )
        return b"".join(pieces)

    async def first_line(self, limit: int = MAX_LINE) -> bytes:
        """Return the body up to its first line break, or to its end, and at most about `limit` bytes of it."""
        pieces: list[bytes] = []
        size = 0
        async with aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                pieces.append(chunk)
                size += len(chunk)
                if b"\n" in chunk or size > limit:
                    break
        return b"".join(pieces).partition(b"\n")[0]

    async def error(self) -> BackendError:
        """Read the body of a status of 400 and above, and return the reason of the refusal."""
        return self.error_for(await self.said())

    def error_for(self, said: ServerSaid) -> BackendError:
        """Return the error of the class that fits the server's words and this reply's status."""
        return self._client.error(said, self.status, retry_after_in(self.headers))

    async def said(self) -> ServerSaid:
        """Return the server's own words about its refusal; empty if the body broke off."""
        try:
            return said_in_body(await self.read(1024 * 1024))
        except BackendError:
            return ServerSaid()

    async def aclose(self) -> None:
        """Close the reply; a body that has not ended closes its connection. Safe to call twice."""
        self._end("closed", Ending.DONE)
        with suppress(Exception):  # what goes wrong while closing a broken connection tells nobody anything
            await self._response.aclose()

    def _end(self, how: str, ending: Ending) -> None:
        self._crossing.end(ending)
        if self._exchange is not None:
            self._exchange.end(how)

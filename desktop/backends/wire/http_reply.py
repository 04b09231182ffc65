"""The reply to one request: its head is there, its body is still coming.

The client that made the request is in `http.py`, and names the failures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Protocol

from desktop.backends.wire.crossing import Crossing
from desktop.backends.wire.error_bodies import ServerSaid, retry_after_in, said_in_body
from desktop.backends.wire.exchange_log import LoggedExchange
from desktop.backends.wire.framing import messages_in
from desktop.backends.wire.silence import ServerStopped, SilenceWatch
from desktop.core.bounds import BODY_BYTES, LINE_BYTES
from desktop.core.errors import BackendError, ProtocolError, StreamBroken
from desktop.core.text.pace import StreamPace
from desktop.core.trust.ledger import Ending

if TYPE_CHECKING:
    import httpx

# What servers also write there, such as "utf-8", changes nothing.
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"})
# How long the end of a body may lag behind the end of the reply in it.
END_LAG = 0.05


class _Client(Protocol):
    """The client that made the request, as far as its reply needs it."""

    host: str

    def error(self, said: ServerSaid, status: int | None = None, retry_after: float | None = None) -> BackendError: ...

    def failure(self, error: Exception) -> BackendError: ...


class BodyReader:
    """A reader of a body that hands over in one piece what has come by the time that it is asked for.

    Waking up for each token is most of the cost of a stream. So all that is there is handed over, and what comes next
    is left some time to come together; what is waited for is never held back. It reads in a task of its own, so that
    what it waits for stays its own as well.
    """

    def __init__(self, pieces: AsyncGenerator[bytes, None], stream: Any) -> None:
        """Begin to read. `stream` is the network below, whose `before_read` is called where it can be told."""
        self._pieces = pieces
        self._stream = stream if hasattr(stream, "before_read") else None
        self._arrived: list[bytes] = []
        self._is_there = asyncio.Event()
        self._is_fetched = asyncio.Event()
        self._clock = asyncio.get_running_loop().time
        self._pace = StreamPace()
        self._since: float | None = None  # the beginning of the latest pause
        self._tokens = 0
        self._rested_at = self._clock()
        if self._stream is not None:
            self._stream.before_read = self._before_read
        self._task = asyncio.create_task(self._read())

    async def arrived(self) -> bytes:
        """Wait for what comes next and return it; empty at the end. Raises what the pieces raise."""
        await self._is_there.wait()
        if not self._arrived:
            await self._task
            return b""
        chunk = b"".join(self._arrived)
        self._arrived.clear()
        if not self._task.done():
            self._is_there.clear()
        self._is_fetched.set()
        return chunk

    async def aclose(self) -> None:
        """End the reading, and the pieces with it. What goes wrong meanwhile tells nobody anything."""
        self._task.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.exception()  # looked at, or the loop would complain
        await self._pieces.aclose()

    async def _read(self) -> None:
        try:
            async for piece in self._pieces:
                self._arrived.append(piece)
                self._tokens += messages_in(piece)
                if self._stream is None:
                    self._is_there.set()
        finally:
            if self._stream is not None:
                self._stream.before_read = None  # the connection may serve other requests
            self._hand_over()
            self._is_there.set()

    async def _before_read(self, *, has_more: bool) -> None:
        """Hand over what was read, and give the server time to send more, unless there is more already."""
        if not self._arrived:
            return
        self._hand_over()
        if not has_more:
            await self._pause()
        await self._is_fetched.wait()  # no more is kept than one hand holds

    def _hand_over(self) -> None:
        if self._arrived:
            self._is_fetched.clear()
            self._is_there.set()

    async def _pause(self) -> None:
        now = self._clock()
        if self._since is not None:  # what came with the head tells nothing of the pace
            self._pace.note(self._tokens, now - self._since)
        self._since, self._tokens = now, 0
        rest = self._pace.pause(spent=now - self._rested_at)
        self._rested_at = now + rest  # and not when it has its turn: being late counts for the next time
        await asyncio.sleep(rest)


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
        self._stream: Any = response.extensions.get("network_stream")
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.patience: float | None = None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives, in as few pieces as can be read along with.

        Raises `StreamBroken` (reset, timeout, stopped) or `ProtocolError` (garbled).
        """
        reader = BodyReader(self._pieces(), self._stream)
        try:
            while chunk := await self._next_of(reader):
                yield chunk
        except StreamBroken:
            if self.patience is None:
                raise
            # else what was wanted is here; how the connection ends is nobody's concern
        finally:
            await reader.aclose()

    async def _next_of(self, reader: BodyReader) -> bytes:
        """Return what has arrived, empty at the end."""
        if self.patience is None:
            return await self._watched(reader.arrived())
        try:
            async with asyncio.timeout(self.patience):
                return await self._watched(reader.arrived())
        except TimeoutError:
            return b""

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the body in the pieces that it was sent in."""
        try:
            codings = self.headers.get("content-encoding", "").lower().replace(" ", "").split(",")
            if not _COMPRESSED.isdisjoint(codings):
                # A few bytes can be made to swell to gigabytes; and it was asked for as it is.
                raise ProtocolError(host=self._client.host, reason="encoded")
            size = 0
            async for piece in self._response.aiter_raw():
                size += len(piece)
                if size > BODY_BYTES:
                    raise ProtocolError(host=self._client.host, reason="too_long")
                if self._exchange is not None:
                    self._exchange.receive(piece)
                yield piece
            self._end("ended", Ending.DONE)
        except Exception as error:
            raise self._broken_by(error) from None

    async def _as_sent(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as quickly as it can be had. Raises like `chunks`."""
        async with aclosing(self._pieces()) as pieces:
            while piece := await self._watched(anext(pieces, b"")):
                yield piece

    async def _watched(self, awaited: Awaitable[bytes]) -> bytes:
        """Return what is awaited from the server, unless that was shut down meanwhile."""
        if self._watch is None:
            return await awaited
        try:
            return await self._watch.over(awaited)
        except ServerStopped as stopped:
            raise self._broken_by(stopped) from None

    def _broken_by(self, error: Exception) -> BackendError:
        self._end(f"broke off ({type(error).__name__})", Ending.BROKEN)
        return self._client.failure(error)

    async def read(self, limit: int = LINE_BYTES) -> bytes:
        """Return the whole body. Raises like `chunks`, and `ProtocolError` (garbled) for more than `limit` bytes."""
        pieces: list[bytes] = []
        size = 0
        async with aclosing(self._as_sent()) as chunks:
            async for chunk in chunks:
                pieces.append(chunk)
                size += len(chunk)
                if size > limit:
                    raise ProtocolError(
                        f"an answer of more than {limit} bytes", host=self._client.host, reason="garbled"
                    )
        return b"".join(pieces)

    async def first_line(self, limit: int = LINE_BYTES) -> bytes:
        """Return the body up to its first line break, or to its end, and at most about `limit` bytes of it."""
        pieces: list[bytes] = []
        size = 0
        async with aclosing(self._as_sent()) as chunks:
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
        if self._watch is not None:
            self._watch.close()
        with suppress(Exception):  # what goes wrong while closing a broken connection tells nobody anything
            await self._response.aclose()

    def _end(self, how: str, ending: Ending) -> None:
        self._crossing.end(ending)
        if self._exchange is not None:
            self._exchange.end(how)

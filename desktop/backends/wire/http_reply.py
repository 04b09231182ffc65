"""The reply to one request: its head is there, its body is still coming.

The client that made the request is in `http.py`, and names the failures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.backends.wire.crossing import Crossing, Looks
from desktop.backends.wire.error_bodies import ServerSaid, retry_after_in, said_in_body, shortened
from desktop.backends.wire.exchange_log import LoggedExchange
from desktop.backends.wire.framing import ValueDecoder
from desktop.core.bounds import BODY_BYTES, LINE_BYTES
from desktop.core.errors import BackendError, ProtocolError, StreamBroken
from desktop.core.trust.ledger import Ending

if TYPE_CHECKING:
    import httpx

    from desktop.backends.wire.http import HttpClient

# What servers also write there, such as "utf-8", changes nothing.
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"})
_MOST_HELD = 1000  # pieces that have been read and not yet fetched

T = TypeVar("T")


def headers_in(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers with their names in lower case; several of one name in one line."""
    found: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


class ServerStopped(Exception):
    """The end of waiting for a server at whose address nothing listens any more."""


class SilenceWatch:
    """A look at a server that has long said nothing: does anything still listen where it was?

    Some that are shut down in the middle of a reply keep its connection open and never say another word. Nothing is
    sent; a connection beside the silent one is opened, and closed again.
    """

    def __init__(self, listens: Callable[[], Awaitable[bool]], pause: float) -> None:
        """`listens` is asked after `pause` seconds of silence, and once more soon: a server may be starting again."""
        self._listens = listens
        self._pause = pause

    async def over(self, awaited: Awaitable[T]) -> T:
        """Return what is awaited from the server. Raises `ServerStopped`."""
        waiting = asyncio.timeout(None)
        looking = asyncio.create_task(self._look(waiting))
        try:
            async with waiting:
                return await awaited
        except TimeoutError:
            if waiting.expired():
                raise ServerStopped from None
            raise
        finally:
            looking.cancel()

    async def _look(self, waiting: asyncio.Timeout) -> None:
        await asyncio.sleep(self._pause)
        refused = 0
        while refused < 2:
            refused = 0 if await self._listens() else refused + 1
            await asyncio.sleep(self._pause / 3 if refused else self._pause)
        waiting.reschedule(asyncio.get_running_loop().time())


class HttpReply:
    """The reply to one request: its head is there, its body is still coming.

    `patience` is set when what was wanted of the body has come: after so many seconds of silence, or when the
    connection breaks, the body counts as ended. A body read to its end leaves its connection for the next request.
    """

    def __init__(
        self,
        client: HttpClient,
        response: httpx.Response,
        exchange: LoggedExchange,
        crossing: Crossing,
        watch: SilenceWatch | None = None,
    ) -> None:
        """Read nothing yet; `watch` looks after a server that falls silent."""
        self._client = client
        self._watch = watch
        self._exchange = exchange
        self._crossing = crossing
        self._response = response
        self.status = response.status_code
        self.headers = headers_in(response.headers.raw)
        exchange.answer(self.status, self.headers)
        self.patience: float | None = None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives, with a rest before each look at the network: whoever reads along needs no more.

        Raises `StreamBroken` (reset, timeout, stopped) or `ProtocolError` (garbled).
        """
        self._crossing.looks = Looks()
        arrived: asyncio.Queue[bytes | Exception] = asyncio.Queue(_MOST_HELD)
        reading = asyncio.create_task(self._read_into(arrived))
        try:
            while piece := await self._next_of(arrived):
                pieces = [piece]
                while not arrived.empty():
                    pieces.append(arrived.get_nowait())
                if words := b"".join(each for each in pieces if isinstance(each, bytes)):
                    yield words
                if isinstance(pieces[-1], StreamBroken) and self.patience is not None:
                    return  # what was wanted is here; how the connection ends is nobody's concern
                if isinstance(pieces[-1], Exception):
                    raise pieces[-1]
                if not pieces[-1]:
                    return
        finally:
            reading.cancel()
            await asyncio.wait([reading])

    async def values(self) -> AsyncGenerator[list[Any], None]:
        """Yield JSON values, `StreamMark`s and what broke them (see `ValueDecoder`), together what came together.

        Raises `ProtocolError` (html with the page's title, garbled, empty) for a body without any, and like `chunks`.
        """
        decoder = ValueDecoder()
        found = False
        async with aclosing(self.chunks()) as chunks:
            async for chunk in chunks:
                if values := self._masked(decoder.feed(chunk)):
                    found = True
                    yield values
        if values := self._masked(decoder.close()):
            yield values
        elif not found:
            body = b"\n".join(decoder.unread)
            if body.startswith(b"<"):
                raise self._client.error(said_in_body(body), self.status)
            words = shortened(self._client.without_key(body.decode(errors="replace")))
            raise ProtocolError(words, host=self._client.host, reason="garbled" if words else "empty")

    def _masked(self, values: list[Any]) -> list[Any]:
        for value in values:
            if isinstance(value, ProtocolError):
                value.detail, value.host = shortened(self._client.without_key(value.detail)), self._client.host
        return values

    async def _read_into(self, arrived: asyncio.Queue[bytes | Exception]) -> None:
        """Read the body in a task of its own: what comes together is then handed on together."""
        try:
            async with aclosing(self._pieces()) as pieces:
                async for piece in pieces:
                    await arrived.put(piece)
            await arrived.put(b"")
        except Exception as error:  # also a fault of ours: whoever waits is to hear of it
            await arrived.put(error)

    async def _next_of(self, arrived: asyncio.Queue[bytes | Exception]) -> bytes | Exception:
        """Return the next piece, empty at the end."""
        if self.patience is None:
            return await self._watched(arrived.get())
        self._crossing.looks = None
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                return await self._watched(arrived.get())
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
                self._exchange.receive(piece)
                yield piece
            self._end("ended", Ending.DONE)
        except Exception as error:
            raise self._broken_by(error) from None

    async def _watched(self, awaited: Awaitable[T]) -> T:
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
        content = bytearray()
        async with aclosing(self._pieces()) as pieces:
            while piece := await self._watched(anext(pieces, b"")):
                content += piece
                if len(content) > limit:
                    words = f"an answer of more than {limit} bytes"
                    raise ProtocolError(words, host=self._client.host, reason="garbled")
        return bytes(content)

    async def first_line(self, limit: int = LINE_BYTES) -> bytes:
        """Return the body up to its first line break, or to its end, and at most about `limit` bytes of it."""
        content, piece = bytearray(), b"-"
        async with aclosing(self._pieces()) as pieces:
            while piece and b"\n" not in piece and len(content) <= limit:
                piece = await self._watched(anext(pieces, b""))
                content += piece
        return bytes(content).partition(b"\n")[0]

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
        self._exchange.end(how)

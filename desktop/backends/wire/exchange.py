"""One request and its reply, as the ledger and the log have them.

The ledger's entry is begun before the first byte and finished after the last. The bytes are counted where they pass, in
`network.py`, by the exchange that is under way in this task.

The log is for those who find out why a server and the program misunderstand each other. Nothing is logged unless this
module's logger is asked for INFO (addresses, headers, times, sizes: no word of a message) or DEBUG (the bodies as
well). No key stands in it, nor what looks like one; only a model that was told one in a message could spell it out,
token by token.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from desktop.backends.wire.bodies import FileBody, JsonBody, ValueDecoder
from desktop.backends.wire.error_bodies import RefusedError, ServerSaid, retry_after_in, said_in_body, shortened
from desktop.backends.wire.redaction import safe_headers, without_likely_secrets
from desktop.core.bounds import BODY_BYTES, LINE_BYTES
from desktop.core.errors import BackendError, ProtocolError, StreamBroken
from desktop.core.text.pace import StreamPace
from desktop.core.trust import Ending, Entry, Peer

if TYPE_CHECKING:
    import httpx

    from desktop.backends.wire.http import HttpClient
    from desktop.backends.wire.way import Way

Record = Callable[[Entry], None]  # called on the loop thread, so it must not wait

_log = logging.getLogger(__name__)
_numbers = itertools.count(1)
_LONGEST = 10_000  # characters shown of one line
_MOST_HELD = 1 << 20  # bytes of a line; what is longer is left out, since a key may stand across its middle


class Looks:
    """The looks at the network for more of a reply, with a rest before each: waking up for a token costs most of it."""

    def __init__(self) -> None:
        self._pace = StreamPace()
        self._tokens = 0
        self._is_all = False
        self._since: float | None = None  # the beginning of the latest rest

    async def rest(self) -> None:
        """Rest once all that was there has been read, and else for one turn of the loop."""
        if not self._is_all:
            await asyncio.sleep(0)
            return
        now = time.monotonic()
        if self._since is not None:  # what came with the head tells nothing of the pace
            self._pace.note(self._tokens, now - self._since)
        self._since, self._tokens = now, 0
        await asyncio.sleep(self._pace.pause())

    def note(self, content: bytes, *, is_all: bool) -> None:
        """Note what was read; `is_all` unless more may be there already."""
        self._tokens += content.count(b"\n\n") or content.count(b"\n\r\n") or max(content.count(b"\n"), 1)
        self._is_all = is_all


@dataclass(eq=False)
class Exchange:
    """One request and its reply. What never reached a server, and was not held back by Candor, leaves no entry.

    `without_key` takes the one out of a text that must not be seen in the log.
    """

    record: Record
    entry: Entry
    without_key: Callable[[str], str] = str
    sent: int = 0
    received: int = 0
    has_connected: bool = False  # or tried to, where there was no idle connection
    in_handshake: bool = False  # while encryption is being agreed upon, or since that failed
    looks: Looks | None = None  # at the network, for a reply that somebody reads along
    _since: float = field(default_factory=time.monotonic)
    _has_begun: bool = False
    _has_ended: bool = False
    _number: int = 0  # in the log, if that is asked for it
    _shows_bodies: bool = False
    _line: bytearray = field(default_factory=bytearray)
    _is_too_long: bool = False

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Have what is written in this task count as its bytes."""
        before = _current.set(self)
        try:
            yield
        finally:
            _current.reset(before)

    def begin_with(self, peer: Peer) -> None:
        """Record that bytes are about to go to `peer`; again where it is sent once more on a new connection."""
        self._has_begun = True
        self.entry = replace(self.entry, peer=peer)
        self.record(self.entry)

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: JsonBody | FileBody | None) -> None:
        """Log a request as it goes out."""
        if not _log.isEnabledFor(logging.INFO):
            return
        self._number, self._shows_bodies = next(_numbers), _log.isEnabledFor(logging.DEBUG)
        self._write(logging.INFO, f"→ {method} {url} {safe_headers(headers)}")
        if body is not None and self._shows_bodies:
            self._write(logging.DEBUG, f"→ {body.joined().decode('utf-8', 'replace')}")

    def answer(self, status: int, headers: Mapping[str, str]) -> None:
        """Log the head of the reply."""
        if self._number:
            self._write(logging.INFO, f"← {status} after {self._seconds:.3f} s {safe_headers(headers)}")

    def receive(self, piece: bytes) -> None:
        """Log the lines of the body that are whole: a key that comes in two pieces is one."""
        if not self._shows_bodies:
            return
        *ends, rest = piece.split(b"\n")
        for end in ends:
            self._hold(end)
            self._write_line()
        self._hold(rest)

    def end(self, ending: Ending, how: str = "ended") -> None:
        """Record, and log, how it ended: once."""
        if self._has_ended:
            return
        self._has_ended = True
        if self._number:
            self._write_line()
            self._write(logging.INFO, f"{how} after {self._seconds:.3f} s, {self.received} bytes")
        if self._has_begun or ending in (Ending.LOCKED, Ending.FORBIDDEN, Ending.ELSEWHERE):
            sent, received, seconds = self.sent, self.received, self._seconds
            self.record(replace(self.entry, sent=sent, received=received, seconds=seconds, ending=ending))

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._since

    def _hold(self, piece: bytes) -> None:
        self._is_too_long = self._is_too_long or len(self._line) + len(piece) > _MOST_HELD
        if not self._is_too_long:
            self._line += piece

    def _write_line(self) -> None:
        if self._is_too_long:
            self._write(logging.DEBUG, f"← a line of more than {_MOST_HELD} bytes")
        elif line := self._line.strip():
            self._write(logging.DEBUG, f"← {line.decode('utf-8', 'replace')}")
        self._line.clear()
        self._is_too_long = False

    def _write(self, level: int, text: str) -> None:
        text = without_likely_secrets(self.without_key(text))
        _log.log(level, "#%d %s", self._number, text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def exchange_under_way() -> Exchange | None:
    """Return the exchange whose bytes this task writes; None for a test of a port, in which no words go."""
    return _current.get()


# What servers also write there, such as "utf-8", changes nothing.
_COMPRESSED = frozenset({"gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd"})
_REFUSAL_BYTES = 1024 * 1024
_HELD_BYTES = 1024 * 1024  # that wait for a slow reader; the server waits with the rest


@dataclass(eq=False)
class HttpReply:
    """The reply to one request: its head is there, its body is still coming.

    `is_watched`: a server that falls silent is looked after. `patience` is set when what was wanted of the body has
    come: after so many seconds of silence, or when the connection breaks, the body counts as ended. A body read to its
    end leaves its connection for the next request.
    """

    client: HttpClient
    way: Way
    response: httpx.Response
    exchange: Exchange
    is_watched: bool
    patience: float | None = None

    def __post_init__(self) -> None:
        self.status = self.response.status_code
        self.headers = dict(self.response.headers.items())  # names in lower case, several of one name in one line
        self.exchange.answer(self.status, self.headers)

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives, with a rest before each look at the network: whoever reads along needs no more.

        Raises `StreamBroken` (reset, timeout, stopped) or `ProtocolError` (garbled).
        """
        self.exchange.looks = Looks()
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
                if self.patience is not None:
                    self.exchange.looks = None
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
            raise self.client.unreadable(b"\n".join(decoder.unread), self.status)

    async def read(self, limit: int = LINE_BYTES) -> bytes:
        """Return the whole body. Raises like `chunks`, and `ProtocolError` (garbled) for more than `limit` bytes."""
        content = bytearray()

        def take(piece: bytes) -> bool:
            content.extend(piece)
            return len(content) <= limit

        await self._read_into(take)
        if len(content) > limit:
            raise ProtocolError(f"an answer of more than {limit} bytes", host=self.client.host, reason="garbled")
        return bytes(content)

    async def refusal(self) -> RefusedError:
        """Read the body of a status of 400 and above; return the server's words, if it has any, and what they mean."""
        try:
            said = said_in_body(await self.read(_REFUSAL_BYTES))
        except BackendError:
            said = ServerSaid()
        return RefusedError(said, self.client.error(said, self.status, retry_after_in(self.headers)))

    async def aclose(self) -> None:
        """Close the reply; a body that has not ended closes its connection. Safe to call twice."""
        self.exchange.end(Ending.DONE, "closed")
        with suppress(Exception):  # what goes wrong while closing a broken connection tells nobody anything
            await self.response.aclose()

    async def _read_into(self, take: Callable[[bytes], bool], has_room: asyncio.Event | None = None) -> None:
        """Give the body to `take`, in the pieces that it was sent in, until that wants no more; wait for `has_room`."""
        size = 0
        try:
            codings = self.headers.get("content-encoding", "").lower().replace(" ", "").split(",")
            if not _COMPRESSED.isdisjoint(codings):
                # A few bytes can be made to swell to gigabytes; and it was asked for as it is.
                raise ProtocolError(host=self.client.host, reason="encoded")
            async with self.way.waiting(is_watched=self.is_watched) as hear:
                async for piece in cast(AsyncIterable[bytes], self.response.stream):
                    size += len(piece)
                    if size > BODY_BYTES:
                        raise ProtocolError(host=self.client.host, reason="too_long")
                    hear()
                    self.exchange.receive(piece)
                    if not take(piece):
                        return
                    if has_room is not None:
                        await has_room.wait()
            self.exchange.end(Ending.DONE)
        except Exception as error:
            self.exchange.end(Ending.BROKEN, f"broke off ({type(error).__name__})")
            raise self.way.failure(error) from None

    def _masked(self, values: list[Any]) -> list[Any]:
        for value in values:
            if isinstance(value, ProtocolError):
                value.detail, value.host = shortened(self.client.without_key(value.detail)), self.client.host
        return values

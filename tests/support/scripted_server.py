"""A server on loopback that plays scripts, byte by byte, and keeps a record of what clients do.

Nothing here knows a protocol of models; `scripts.py` builds their replies. One script is a table of routes; each route
has a list of replies, of which the last is repeated. A reply is a status, headers and steps: bytes, pauses, faults.

    async with ScriptedServer({"POST /api/chat": [Reply([b"..."])]}) as server: ...      # on the test's own loop
    with running_server(script) as server: ...                                           # on a thread, for Qt tests
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.support.waiting import PATIENCE

# --- Steps of a reply --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pause:
    """Send nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Send nothing until the client closes, or `ScriptedServer.release` is called."""


@dataclass(frozen=True, slots=True)
class Fed:
    """Send what `ScriptedServer.feed` is given meanwhile, piece by piece, until that is None."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Break the connection with a TCP reset."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Close the connection in the middle of the body: no end of the chunked encoding."""


@dataclass(frozen=True, slots=True)
class Drip:
    """`content` in pieces of `size` bytes, `seconds` apart (0: as fast as they are sent)."""

    content: bytes
    size: int = 1
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they are, past HTTP: as a first step they replace status and headers, too."""

    content: bytes


Step = bytes | str | Pause | Hold | Fed | Reset | Cut | Drip | Raw


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. `before_head` steps are played before the status line, `steps` as the body.

    The body is sent chunked, or with `is_plain` as one block with its length.
    """

    steps: Sequence[Step] = ()
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    before_head: Sequence[Step] = ()
    is_plain: bool = False


Answer = Reply | Callable[["Recorded"], Reply]
Script = Mapping[str, Sequence[Answer]]


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A whole JSON body."""
    return Reply([json.dumps(value, ensure_ascii=False)], status=status, headers=headers or {}, is_plain=True)


def text_reply(text: str, status: int = 200, content_type: str = "text/plain") -> Reply:
    """A whole body of text."""
    return Reply([text], status=status, content_type=content_type, is_plain=True)


SHOWS_PROMPT = b'"_debug_render_only"'  # in a request that is for no reply

# --- What clients did --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Recorded:
    """One request; `closed_at` (of `time.monotonic()`) only where the client closed before the reply's end."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    closed_at: float | None = None
    is_over: bool = False
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ScriptedServer:
    """Plays `script`; an async context manager on the running loop. Unknown routes get 404.

    What is not HTTP is answered with 400, or with `waits_for_lines` not at all.

    A route that ends with `*` holds for all paths that begin so. `url` is its address; `requests` what came so far
    (`chats` without the questions about models and load).
    """

    def __init__(
        self,
        script: Script,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        waits_for_lines: bool = False,
    ) -> None:
        self.script = {route: list(answers) for route, answers in script.items()}
        self.requests: list[Recorded] = []
        self.connections = 0
        self._host, self._port, self._tls = host, port, tls
        self.waits_for_lines = waits_for_lines
        self.refuses_early: Callable[[str, str], bool] | None = None
        self._server: asyncio.Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._release = asyncio.Event()
        self._fed: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._open: set[_Connection] = set()
        self._news = asyncio.Event()
        self._arrived = threading.Condition()

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._tls else 'http'}://{host}:{self._port}"

    @property
    def chats(self) -> list[Recorded]:
        ends = ("/api/chat", "/api/generate", "/chat/completions", "/responses")
        return [one for one in self.requests if one.path.endswith(ends) and SHOWS_PROMPT not in one.body]

    async def __aenter__(self) -> ScriptedServer:
        self._loop = loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), self._host, self._port, ssl=self._tls)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        for connection in list(self._open):
            connection.abort()
        await self._server.wait_closed()

    def stop_listening(self) -> None:
        """Take no further connection, and keep those that there are: as servers do that are shut down in mid-stream."""
        assert self._server is not None
        self._server.close()

    def release(self) -> None:
        """Let every `Hold` go on. From any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._release.set)

    def feed(self, piece: bytes | None) -> None:
        """Have the reply that is `Fed` send one more piece, or none any more. From any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._fed.put_nowait, piece)

    async def requested(self) -> Recorded:
        """Wait until a chat has come, on the server's loop."""
        async with asyncio.timeout(PATIENCE):
            while not self.chats:
                self._news.clear()
                await self._news.wait()
        return self.chats[0]

    async def client_closed(self, request: Recorded) -> None:
        """Wait until the client closes during the reply to `request`, on the server's loop."""
        async with asyncio.timeout(PATIENCE):
            while request.closed_at is None:
                self._news.clear()
                await self._news.wait()

    def wait_for_requests(self, count: int, seconds: float = PATIENCE, suffix: str = "") -> list[Recorded]:
        """Block until `count` requests (whose path ends with `suffix`) have come. From another thread."""

        def found() -> list[Recorded]:
            return [one for one in self.requests if one.path.endswith(suffix)]

        with self._arrived:
            assert self._arrived.wait_for(lambda: len(found()) >= count, seconds), f"only {len(found())} requests came"
        return found()

    def answer_for(self, request: Recorded) -> Reply:
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        self._news.set()
        path = urlsplit(request.path).path
        answers = (
            self.script.get(f"{request.method} {path}") or self.script.get(path) or self._answers_below(request, path)
        )
        if not answers:
            return text_reply("404 page not found", 404)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Reply) else answer(request)

    def _answers_below(self, request: Recorded, path: str) -> list[Answer] | None:
        """The answers of a route that ends with `*`, for all paths that begin so."""
        routes = (route for route in self.script if route.endswith("*"))
        asked = f"{request.method} {path}"
        return next((self.script[route] for route in routes if asked.startswith(route[:-1])), None)

    def answers_early(self, method: str, path: str) -> bool:
        """True for a request that is answered, and its connection reset, before its body has come."""
        return self.refuses_early is not None and self.refuses_early(method, path)


class _Connection(asyncio.Protocol):
    """One client connection: reads requests, plays their replies, notices at once when the client goes."""

    def __init__(self, server: ScriptedServer) -> None:
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._playing: asyncio.Task[None] | None = None
        self._current: Recorded | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.connections += 1
        self._server._open.add(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._buffer[:1] == b"\x16" and not self._server.waits_for_lines:  # a TLS handshake
            self._write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            if self._transport is not None:
                self._transport.close()
            return
        self._next()

    def eof_received(self) -> bool:
        self._gone()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._server._open.discard(self)
        self._gone()

    def abort(self) -> None:
        if self._playing is not None:
            self._playing.cancel()
        if self._transport is not None:
            self._transport.abort()

    def _gone(self) -> None:
        current = self._current
        if current is not None and not current.is_over and current.closed_at is None:
            current.closed_at = time.monotonic()
            current.closed.set()
            self._server._news.set()
        if self._playing is not None:
            self._playing.cancel()

    def _next(self) -> None:
        if self._playing is not None and not self._playing.done():
            return
        request = self._taken()
        if request is not None:
            self._current = request
            self._playing = asyncio.get_running_loop().create_task(self._play(request))

    def _taken(self) -> Recorded | None:
        """The first whole request of the buffer."""
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        method, path, *_ = first.split(" ")
        if len(rest) < length and not self._server.answers_early(method, path):
            return None
        self._buffer = rest[length:]
        return Recorded(method, path, headers, rest[:length])

    async def _play(self, request: Recorded) -> None:
        reply = self._server.answer_for(request)
        assert self._transport is not None
        for step in reply.before_head:
            if not await self._step(step, chunked=False):
                return
        if reply.is_plain:
            body = b"".join(_encoded(step) for step in reply.steps if isinstance(step, str | bytes))
            self._write(_head(reply, {"Content-Length": str(len(body))}) + body)
        else:
            self._write(_head(reply, {"Transfer-Encoding": "chunked"}))
            for step in reply.steps:
                if not await self._step(step, chunked=True):
                    return
            self._write(b"0\r\n\r\n")
        request.is_over = True
        if reply.headers.get("Connection", "").lower() == "close":
            self._transport.close()
        else:
            asyncio.get_running_loop().call_soon(self._next)

    async def _step(self, step: Step, *, chunked: bool) -> bool:
        """Play one step; False when the connection is over."""
        match step:
            case str() | bytes():
                self._chunk(_encoded(step), chunked)
            case Raw(content):
                self._write(content)
            case Pause(seconds):
                await asyncio.sleep(seconds)
            case Hold():
                await self._server._release.wait()
            case Fed():
                while (piece := await self._server._fed.get()) is not None:
                    self._chunk(piece, chunked)
            case Drip(content, size, seconds):
                for start in range(0, len(content), size):
                    self._chunk(content[start : start + size], chunked)
                    await asyncio.sleep(seconds)
            case Reset() | Cut():
                self._break_off(resets=isinstance(step, Reset))
                return False
        return True

    def _chunk(self, content: bytes, chunked: bool) -> None:
        self._write(b"%x\r\n%b\r\n" % (len(content), content) if chunked else content)

    def _write(self, content: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(content)

    def _break_off(self, *, resets: bool) -> None:
        assert self._transport is not None
        if self._current is not None:
            self._current.is_over = True
        if resets:
            sock = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()


def _encoded(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _head(reply: Reply, framing: Mapping[str, str]) -> bytes:
    headers = {"Content-Type": reply.content_type, **framing, **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


@contextlib.contextmanager
def running_server(script: Script, **options: Any) -> Iterator[ScriptedServer]:
    """The same server on a thread of its own, for tests whose thread belongs to Qt."""
    started = threading.Event()
    holder: list[ScriptedServer] = []
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with ScriptedServer(script, **options) as server:
            holder.append(server)
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="scripted-server", daemon=True)
    thread.start()
    try:
        assert started.wait(PATIENCE), "the scripted server did not start"
        yield holder[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE)
        loop.close()

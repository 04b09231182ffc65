"""The network: the one way out of the program, on which every byte that it sends or receives passes.

Looks names up itself, holds the address that it reached against the place that the user was told, and counts. It is
imported with the first request, since it loads the HTTP library.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import sys
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import zip_longest
from typing import Any, cast

import httpcore
import httpx

from desktop.backends.wire.exchange import Exchange, exchange_under_way
from desktop.backends.wire.http import Dial, HttpSettings
from desktop.backends.wire.tls import Stream
from desktop.core.errors import Unreachable
from desktop.core.place import Place, PlaceKind, is_loopback_name, place_of_host
from desktop.core.policy.fixed import Reach
from desktop.core.trust import Peer

_LOOPBACK = ("127.0.0.1", "::1")
# Seconds until the next address of a name is tried beside the last one (RFC 8305, 5).
_NEXT_ADDRESS = 0.25
# The system asks a silent other end whether it is still there: a computer that slept, or changed its network, may have
# lost a connection without a word, and a server that thinks for long looks just the same to whoever only waits.
_SIGNS_OF_LIFE = {
    "TCP_KEEPALIVE" if sys.platform == "darwin" else "TCP_KEEPIDLE": 15,  # seconds
    "TCP_KEEPINTVL": 5,  # seconds
    "TCP_KEEPCNT": 4,  # that may stay unanswered
}
_TURNS = 3  # of the loop, in which it hears of the end of a connection, and then whoever waits for it


class Transport(httpx.AsyncBaseTransport):
    """The HTTP library's requests over connections of our own making."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises what the connections raise: the errors of httpcore, and `Unreachable`."""
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=cast(httpx.AsyncByteStream, request.stream),
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(cast(AsyncIterable[bytes], self._response.stream))

    async def aclose(self) -> None:
        await self._response.aclose()


class NetworkBackend(httpcore.AsyncNetworkBackend):
    """The backend of the HTTP library's connections to one server, or to the proxy in front of it."""

    def __init__(
        self, settings: HttpSettings, told: Place, *, reach: Reach | None = None, dial: Dial | None = None
    ) -> None:
        """Open nothing yet. `told` is where the user was told that the server is.

        `reach` is another one than that of the settings for a proxy: it is no server that words are meant for. `dial`
        goes another way than that of the settings.
        """
        self._settings = settings
        self._told = told
        self._reach = reach or settings.reach
        self._dial = dial or settings.dial or self._connected

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        if (exchange := exchange_under_way()) is not None:
            exchange.has_connected = True
        stream = await self._dial(host, port, self._told, timeout)
        peer, reason = peer_of(stream), ""
        host = stream.get_extra_info("server_name") or host  # inside a tunnel: that of the computer at its end
        # Once more, whatever the dial has looked at: this is the address that the first byte goes to.
        if peer.address and self._reach.kind_of(peer.address).is_farther_than(self._told.kind):
            reason = "elsewhere"
        elif peer.address and self._reach.refusal_of_peer(host, peer.address) is not None:
            reason = "policy"
        if reason:
            await stream.aclose()
            raise Unreachable(peer.address, host=host, reason=reason)
        # One that comes through a proxy is counted already, from the first word to that on.
        return stream if isinstance(stream, _CountedStream) else _CountedStream(stream, peer)

    async def _connected(self, host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        """Connect to one of the host's addresses, straight over the network."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await addresses_of(host, port, told, self._settings, self._reach)
                return await _first_that_connects(addresses, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(eq=False)
class _CountedStream(httpcore.AsyncNetworkStream):
    """A stream that counts its bytes for the exchange that wrote last: requests on a connection follow each other."""

    stream: httpcore.AsyncNetworkStream
    peer: Peer
    exchange: Exchange | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        exchange = self.exchange
        if exchange is None:
            return await self.stream.read(max_bytes, timeout)
        looks = exchange.looks
        # A server that sends without end leaves others their turn.
        await (looks.rest() if looks is not None else asyncio.sleep(0))
        content = await self.stream.read(max_bytes, timeout)
        exchange.received += len(content)
        if looks is not None:
            looks.note(content, is_all=len(content) < max_bytes)
        return content

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        exchange = exchange_under_way()
        if exchange is not None and exchange is not self.exchange:
            exchange.begin_with(self.peer)
            self.exchange = exchange
        if self.exchange is not None:
            self.exchange.sent += len(buffer)
        await self.stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self.stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        exchange = exchange_under_way()
        if exchange is not None:
            exchange.in_handshake = True
        inner = await self.stream.start_tls(ssl_context, server_hostname, timeout)
        if exchange is not None:
            exchange.in_handshake = False
        return _CountedStream(inner, _with_certificate(self.peer, inner))

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def peer_of(stream: httpcore.AsyncNetworkStream) -> Peer:
    """Return the other end of a stream; of one inside a tunnel what that says, the computer at its end."""
    if isinstance(known := stream.get_extra_info("peer"), Peer):
        return known
    match stream.get_extra_info("server_addr"):
        case (str() as address, int() as port, *_):
            return Peer(address=address, port=port)
        case _:
            return Peer()


def _with_certificate(peer: Peer, stream: httpcore.AsyncNetworkStream) -> Peer:
    inner = stream.get_extra_info("ssl_object")
    content = inner.getpeercert(binary_form=True) if inner is not None else None
    if not content:
        return peer
    told = inner.getpeercert() or {}
    issuer = {name: value for each in told.get("issuer", ()) for name, value in each}
    by = issuer.get("organizationName") or issuer.get("commonName") or ""
    return replace(peer, certificate=sha256(content).hexdigest(), issuer=by)


async def addresses_of(host: str, port: int, told: Place, settings: HttpSettings, reach: Reach) -> list[str]:
    """Return the addresses of a host that may be connected to; `told` is where the user was told that it is.

    A name of this computer is never looked up, and under the offline lock none is. Raises `Unreachable` (offline, or
    elsewhere or policy with the address that the name leads to), and what the look-up raises.
    """
    if is_loopback_name(host):
        found: Sequence[str] = _LOOPBACK
    elif literal := _literal(host):
        found = [literal]
    elif settings.may_resolve():
        found = await (settings.resolve or resolved_by_system)(host, port)
    else:
        raise Unreachable(host=host, reason="offline")
    near = [each for each in found if not reach.kind_of(each).is_farther_than(told.kind)]
    if not near:
        raise Unreachable(", ".join(found), host=host, reason="elsewhere")
    near = [each for each in near if reach.refusal_of_peer(host, each) is None]
    if not near:
        raise Unreachable(", ".join(found), host=host, reason="policy")
    # The place that was told may be further than the address: a provider's name that leads to a relay on this computer.
    if told.kind is not PlaceKind.INTERNET:
        near = [each for each in near if settings.allow_host(place_of_host(each))]
    if not near:
        raise Unreachable(host=host, reason="offline")
    return near


async def resolved_by_system(host: str, port: int) -> Sequence[str]:
    """Return the addresses that the system's resolver gives for a name, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _literal(host: str) -> str:
    """Return the address that a host is written as; that of loopback for one that stands for every address."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return ""
    return _LOOPBACK[address.version == 6] if address.is_unspecified else str(address)


async def _first_that_connects(addresses: Sequence[str], port: int) -> httpcore.AsyncNetworkStream:
    """Return a stream to the first address that takes one; the next is tried when one fails, or lets wait."""
    # Old and new ones in turn, so that a kind that leads nowhere costs one pause.
    kinds = [each for each in addresses if ":" in each], [each for each in addresses if ":" not in each]
    in_turn = zip_longest(*(kinds if ":" in addresses[0] else kinds[::-1]))
    waiting = [each for pair in in_turn for each in pair if each is not None]
    running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    errors: list[BaseException] = []
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.create_task(_connected(waiting.pop(0), port)))
            pause = _NEXT_ADDRESS if waiting else None
            done, _ = await asyncio.wait(running, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                running.discard(task)
                if (error := task.exception()) is None:
                    return task.result()
                errors.append(error)
    finally:
        for task in running:
            task.cancel()
        for ended in await asyncio.gather(*running, return_exceptions=True):
            if not isinstance(ended, BaseException):
                await ended.aclose()
    raise httpcore.ConnectError(str(errors[0])) from BaseExceptionGroup("no address", errors)


async def _connected(address: str, port: int) -> _SocketStream:
    loop = asyncio.get_running_loop()
    # As the system writes it: on Windows a pair would be taken for an address of the old kind.
    literal, kind = socket.AI_NUMERICHOST, socket.SOCK_STREAM
    family, *_, whole = (await loop.getaddrinfo(address, port, type=kind, flags=literal))[0]
    made = socket.socket(family, kind)
    try:
        made.setblocking(False)
        await loop.sock_connect(made, whole)
        options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        for name, value in _SIGNS_OF_LIFE.items():
            if hasattr(socket, name):
                options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
        for option in options:
            with suppress(OSError):  # a system may know the name alone; the connection is worth more than its option
                made.setsockopt(*option)
    except BaseException:
        made.close()
        raise
    return _SocketStream(made, (address, port))


@dataclass(eq=False)
class _SocketStream(Stream):
    """A connection over the network. What came while nobody looked is taken at once, without a turn of the loop."""

    connected: socket.socket
    server: tuple[str, int]  # which the socket forgets once it is reset
    waiting: int = 0  # reads and writes

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.waiting += 1
        try:
            async with asyncio.timeout(timeout):
                return await self._received(max_bytes)
        except OSError as error:
            raise (httpcore.ReadTimeout if _is_late(error) else httpcore.ReadError)(str(error)) from error
        finally:
            self.waiting -= 1

    async def _received(self, max_bytes: int) -> bytes:
        with suppress(BlockingIOError):
            return self.connected.recv(max_bytes)
        return await asyncio.get_running_loop().sock_recv(self.connected, max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.waiting += 1
        try:
            async with asyncio.timeout(timeout):
                await asyncio.get_running_loop().sock_sendall(self.connected, buffer)
        except OSError as error:
            raise (httpcore.WriteTimeout if _is_late(error) else httpcore.WriteError)(str(error)) from error
        finally:
            self.waiting -= 1

    async def aclose(self) -> None:
        with suppress(OSError):  # where the other side was quicker
            self.connected.shutdown(socket.SHUT_RDWR)
        try:
            # Whoever waits learns of the end first: the loop would go on to look at the number of a closed socket.
            for _ in range(_TURNS if self.waiting else 0):
                await asyncio.sleep(0)
        finally:
            self.connected.close()

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "socket":
                return self.connected
            case "server_addr":
                return self.server
            case "client_addr":
                return self.connected.getsockname()
            case "is_readable":  # of an idle one: it has ended
                try:
                    self.connected.recv(1, socket.MSG_PEEK)
                except BlockingIOError:
                    return False
                except OSError:
                    return True
                return True
        return None


def _is_late(error: OSError) -> bool:
    """Return True for the end of a time limit of ours, and not of the system's, which has lost the connection."""
    return isinstance(error, TimeoutError) and error.errno is None


# By the codes of OpenSSL, of Windows and (the negative ones) of macOS, since texts are in the user's language there.
_CERTIFICATE_FAULTS = {
    **{-67818 & 0xFFFFFFFF: "tls_expired", -67602 & 0xFFFFFFFF: "tls_name", -67843 & 0xFFFFFFFF: "tls_unknown"},
    **dict.fromkeys((10, 0x800B0101), "tls_expired"),
    9: "tls_not_yet",
    **dict.fromkeys((62, 63, 64, 0x800B010F), "tls_name"),
    18: "tls_self_signed",
    **dict.fromkeys((2, 19, 20, 21, 0x800B0109, 0x800B010A), "tls_unknown"),
}
# By what OpenSSL says. The first: the first bytes are not TLS, so that the other side speaks plain http.
_TLS_ALERTS = (
    *((mark, "not_tls") for mark in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER")),
    *((mark, "tls_old") for mark in ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE")),
    *((mark, "tls_client") for mark in ("CERTIFICATE_REQUIRED", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA")),
    ("HANDSHAKE_FAILURE", "tls_handshake"),
)


def reason_of(error: BaseException) -> str:
    """Return the reason, as of `Unreachable`, for which a connection could not be opened or was lost."""
    for cause in causes_of(error):
        match cause:
            case socket.gaierror() | UnicodeError():
                return "dns"
            case ssl.SSLCertVerificationError():
                return _CERTIFICATE_FAULTS.get(cause.verify_code & 0xFFFFFFFF, "tls")
            case ssl.SSLError():
                return next((reason for mark, reason in _TLS_ALERTS if mark in str(cause)), "tls")
            case ConnectionRefusedError():
                return "refused"
            case TimeoutError():
                return "timeout"
            case ConnectionResetError() | BrokenPipeError() | ConnectionAbortedError():
                return "reset"
    words = str(error)
    is_lost = "disconnected" in words or "closed connection" in words
    return "refused" if "connect" in words.lower() and not is_lost else "reset"


def causes_of(error: BaseException) -> list[BaseException]:
    """Return the exception and all that it came from, also the members of groups (one for each address tried)."""
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo and len(found) < 50:
        current = todo.pop(0)
        if current is None or current in found:
            continue
        found.append(current)
        if isinstance(current, BaseExceptionGroup):
            todo.extend(current.exceptions)
        todo.extend((current.__cause__, current.__context__))
    return found

"""The way from this computer to one server: through which proxy, with which certificates, and its open connections.

Tells what of a failure, or of a reply, comes from the way and not from the server. It is imported with the first
request, since it loads the HTTP library. Loopback and private hosts never use a proxy: a system proxy cannot reach
them, and would see the key. Nothing for the server is written before the proxy has agreed.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import httpcore
import httpx

from desktop.backends.wire.bodies import FileBody, JsonBody, from_disk
from desktop.backends.wire.error_bodies import said_in_body, shortened
from desktop.backends.wire.exchange import Exchange
from desktop.backends.wire.http import HttpSettings
from desktop.backends.wire.network import NetworkBackend, Transport, causes_of, reason_of
from desktop.backends.wire.tls import TrustFiles, is_unclear, look_at, named, read_files, same_owner, tls_context
from desktop.core.connection import ProxyMode, Route, origin_of
from desktop.core.errors import BackendError, ProtocolError, RequestRejected, StreamBroken, Unreachable
from desktop.core.place import Place, PlaceKind, place_of_host
from desktop.core.policy.fixed import Reach

# By the scheme of a proxy's address, its usual port. With `socks5h` the proxy looks names up, as it always does here.
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Proxy:
    """Proxy to go through: `scheme` is http, https or socks5; `user` is empty where it wants no login."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Host and port, as they are told to the user."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def login(self) -> dict[str, str]:
        """The header by which it is told who asks."""
        if not self.user:
            return {}
        login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Proxy-Authorization": f"Basic {login}"}

    @property
    def is_socks(self) -> bool:
        return self.scheme == "socks5"


def proxy_for(url: str, route: Route, password: str) -> Proxy | None:
    """Return the proxy for requests to `url`, or None for a direct connection.

    Raises `Unreachable` (proxy_setting) for one that cannot be used: going around it in silence would send words on a
    way that the user, or the administrator, did not choose.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if place_of_host(host).kind is not PlaceKind.INTERNET:
        return None
    match route.proxy:
        case ProxyMode.NONE:
            return None
        case ProxyMode.MANUAL:
            return _read(route.proxy_address.strip(), route.proxy_user, password)
        case ProxyMode.SYSTEM:
            from urllib import request  # loads another HTTP library

            proxies = request.getproxies()
            found = (proxies.get(parts.scheme) or proxies.get("all") or "").strip()
            if not found or request.proxy_bypass(host):
                return None
            return _read(found)


def _read(address: str, user: str = "", password: str = "") -> Proxy:
    address = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _PORTS or not host:
        shown = f"{scheme}://{host}" + (f":{port}" if port else "") if scheme and host else ""
        raise Unreachable(host=shown, reason="proxy_setting")
    scheme, usual = scheme.removesuffix("h") if scheme == "socks5h" else scheme, _PORTS[scheme]
    if parts.username is not None:
        user, password = unquote(parts.username), unquote(parts.password or "")
    return Proxy(scheme, host, port or usual, user, password)


_PAGE_SECONDS = 1.0
_LARGEST_PAGE = 4_096  # of the page that comes with a refusal, for its title
_WINDOWS_SCHEMES = frozenset({"ntlm", "negotiate", "kerberos"})
# What a SOCKS server says of a connection (RFC 1928, 6) and has to do with itself, not with the server behind it.
_SOCKS_REFUSALS = {2: "proxy_blocked", 7: "proxy_blocked"}
# What goes wrong on the way to any server, as it is called where that is a proxy. Certificates have the same names.
_OF_THE_PROXY = {
    "refused": "proxy_refused",
    "dns": "proxy_dns",
    "timeout": "proxy_timeout",
    "reset": "proxy_other",
    "not_tls": "proxy_other",
}


@dataclass(frozen=True, slots=True)
class ProxyDial:
    """A dial through a proxy: the stream that it returns ends at the server, or, for plain http, at the proxy.

    Without a tunnel, a request is handed to the proxy as it is, for it to pass on.
    """

    proxy: Proxy
    backend: NetworkBackend  # which connects to the proxy
    context: ssl.SSLContext  # for a proxy that speaks https itself
    is_tunnel: bool

    async def __call__(self, host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        """Return a stream through the proxy. Raises `Unreachable` (proxy_…), with the host that failed."""
        proxy, stream = self.proxy, None
        try:
            stream = await self.backend.connect_tcp(proxy.host, proxy.port, timeout)
            if proxy.scheme == "https":
                stream = await stream.start_tls(self.context, proxy.host, timeout)
            if self.is_tunnel and proxy.is_socks:
                await self._ask_socks(stream, host, port, timeout)
            elif self.is_tunnel:
                await self._ask_http(stream, host, port, timeout)
        except BaseException as error:
            if stream is not None:
                await stream.aclose()
            if isinstance(error, BackendError) or not isinstance(error, Exception):
                raise
            reason = reason_of(error)
            raise Unreachable(host=proxy.name, reason=_OF_THE_PROXY.get(reason, reason)) from error
        return stream

    def _refused(self, reason: str, detail: str = "", host: str = "") -> Unreachable:
        return Unreachable(detail, host=host or self.proxy.name, reason=reason)

    async def _ask_http(self, stream: httpcore.AsyncNetworkStream, host: str, port: int, timeout: float | None) -> None:
        """Ask for a way to the server (RFC 9110, 9.3.6)."""
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        url = httpcore.URL(scheme="http", host=self.proxy.host, port=self.proxy.port, target=target)
        headers = {"Host": target, "Accept": "*/*", "User-Agent": "Candor"} | self.proxy.login
        timeouts = {"timeout": {"read": timeout, "write": timeout}}
        asked = httpcore.AsyncHTTP11Connection(url.origin, stream)
        try:
            answer = await asked.handle_async_request(
                httpcore.Request("CONNECT", url, headers=list(headers.items()), extensions=timeouts)
            )
        except httpcore.RemoteProtocolError:
            raise self._refused("proxy_other") from None
        code, told = answer.status, httpx.Headers(answer.headers)
        if 200 <= code < 300:
            if told.get("content-type", "").lower().startswith("text/html"):
                raise self._refused("proxy_page")
            return
        if code == 407:
            raise refusal_of_login(self.proxy, told)
        page = b""
        with suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
            async with asyncio.timeout(_PAGE_SECONDS):  # the status alone says enough
                async for piece in answer.aiter_stream():
                    page += piece
                    if len(page) >= _LARGEST_PAGE:
                        break
        said = said_in_body(page[:_LARGEST_PAGE])
        words = shortened(said.html_title or said.message, 200)
        if 300 <= code < 400 or code == 511:
            raise self._refused("proxy_page", words)
        if code in (502, 503, 504):
            raise self._refused("proxy_far", words, host)
        raise self._refused("proxy_blocked" if code in (403, 451) else "proxy", words or str(code))

    async def _ask_socks(
        self, stream: httpcore.AsyncNetworkStream, host: str, port: int, timeout: float | None
    ) -> None:
        """Ask for a way to the server (RFC 1928; the login of RFC 1929). The proxy looks the name up."""
        proxy = self.proxy
        await stream.write(b"\x05\x02\x00\x02" if proxy.user else b"\x05\x01\x00", timeout)
        version, method = await self._exactly(stream, 2, timeout)
        if version != 5:
            raise self._refused("proxy_other")
        if method == 2 and proxy.user:
            user, password = proxy.user.encode()[:255], proxy.password.encode()[:255]
            await stream.write(b"\x01%c%b%c%b" % (len(user), user, len(password), password), timeout)
            if (await self._exactly(stream, 2, timeout))[1] != 0:
                raise self._refused("proxy_login_wrong")
        elif method != 0:
            raise self._refused("proxy_login_wrong" if proxy.user else "proxy_login")
        await stream.write(b"\x05\x01\x00" + _socks_address(host) + port.to_bytes(2, "big"), timeout)
        _, reply, _, kind = await self._exactly(stream, 4, timeout)
        if reply:
            reason = _SOCKS_REFUSALS.get(reply, "proxy_far")
            raise self._refused(reason, "", host if reason == "proxy_far" else "")
        length = {1: 4, 4: 16}.get(kind) or (await self._exactly(stream, 1, timeout))[0]
        await self._exactly(stream, length + 2, timeout)

    async def _exactly(self, stream: httpcore.AsyncNetworkStream, count: int, timeout: float | None) -> bytes:
        received = b""
        while len(received) < count:
            piece = await stream.read(count - len(received), timeout)
            if not piece:
                raise self._refused("proxy_other")
            received += piece
        return received


def refusal_of_login(proxy: Proxy, headers: Mapping[str, str]) -> Unreachable:
    """Return why a proxy wants a login, by the ways that it offers in `Proxy-Authenticate` (status 407)."""
    ways = [way.split() for way in headers.get("proxy-authenticate", "").split(",")]
    schemes = {words[0].lower() for words in ways if words}
    if "basic" in schemes or not schemes:
        return Unreachable(host=proxy.name, reason="proxy_login_wrong" if proxy.user else "proxy_login")
    reason = "proxy_windows" if schemes & _WINDOWS_SCHEMES else "proxy_scheme"
    return Unreachable(host=proxy.name, reason=reason)


def _socks_address(host: str) -> bytes:
    """Return a host as SOCKS writes it: an address, or a name with its length."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("idna") if not host.isascii() else host.encode()
        return b"\x03%c%b" % (len(name), name)
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


# A proxy that compresses a stream holds tokens back.
_HEADERS = {"Accept-Encoding": "identity", "Connection": "keep-alive", "User-Agent": "Candor"}
_SECONDS = 2.0  # for the question if a server that hung up on plain http expects https
# What the HTTP library says of a reply that begins with a control character, as each record of TLS does.
_NOT_HTTP = re.compile(r"illegal request line|illegal status line.*\\x1[4-7]\\x03")


class ServerStopped(Exception):
    """The end of waiting for a server at whose address nothing listens any more."""


@dataclass(eq=False)
class Way:
    """The way to the server at an address. `proxy` is known once it has been opened."""

    base_url: str
    host: str
    place: Place
    settings: HttpSettings
    proxy: Proxy | None = None
    _trust: TrustFiles | None = None
    _transports: list[Transport] = field(default_factory=list)  # the last is the present one; others end what they do
    _closings: int = 0
    _speaks_no_tls: bool = False  # as far as could be found out, which need not be waited for again

    def __post_init__(self) -> None:
        self._is_encrypted = self.base_url.lower().startswith("https:")
        # For plain http one that trusts nobody: it spares the reading of certificates.
        self._server_context = self._proxy_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    async def open(self) -> None:
        """Make ready to send, with new connections where a file of certificates has changed.

        Raises `Unreachable` for a proxy or a certificate that cannot be used as it is set.
        """
        closings = self._closings
        if not self._transports:
            self.proxy = self._proxy_to_use()
        encrypts_to_proxy = self.proxy is not None and self.proxy.scheme == "https"
        trust = TrustFiles()
        try:
            if self._is_encrypted or encrypts_to_proxy:
                trust = await self._files_read()
            if trust == self._trust:
                return
            if self._is_encrypted:
                self._server_context = await asyncio.to_thread(tls_context, trust)
            if encrypts_to_proxy:
                self._proxy_context = await asyncio.to_thread(tls_context, replace(trust, own=None))
        except Unreachable as error:
            error.host = self.host
            raise
        if self._closings != closings:  # meanwhile: this way may be one that is not to be gone any more
            raise Unreachable(host=self.host, reason="reset")
        self._trust = trust
        # Servers close idle connections after 5 s; keeping them for less avoids meeting that moment.
        pool = httpcore.AsyncConnectionPool(
            self._server_context,
            network_backend=self._backend(),
            max_connections=20,
            max_keepalive_connections=4,
            keepalive_expiry=2.0,
        )
        self._transports.append(Transport(pool))

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: JsonBody | FileBody | None,
        limit: float | None,
    ) -> httpx.Request:
        """Return a request as it is sent. Raises `Unreachable` for an address that the library cannot read.

        `limit` in seconds bounds each silence.
        """
        own, proxy = self.settings, self.proxy
        if limit is None and self.place.kind is PlaceKind.INTERNET:
            limit = own.idle_limit
        connect = own.connect_timeout if limit is None else min(own.connect_timeout, limit)
        timeout = httpx.Timeout(connect=connect, read=limit, write=own.write_timeout, pool=own.connect_timeout)
        extensions = {"timeout": timeout.as_dict()}
        try:
            request = httpx.Request(
                method, url, headers={**_HEADERS, **headers}, content=content, extensions=extensions
            )
        except httpx.InvalidURL:
            raise Unreachable("not a usable address", host=self.host, reason="address") from None
        if request.url.userinfo and "Authorization" not in request.headers:
            login = base64.b64encode(unquote_to_bytes(request.url.userinfo)).decode()
            request.headers["Authorization"] = f"Basic {login}"
        if proxy is not None and not self._is_tunnel:
            request.headers.update(proxy.login)
            # It is told the whole address, without a name and password that stand in it.
            server = f"{request.url.scheme}://{request.headers['Host']}"
            request.extensions["target"] = server.encode("ascii") + request.url.raw_path
        return request

    async def send(self, request: httpx.Request, exchange: Exchange) -> httpx.Response:
        """Return the reply to a request once its head has come. Raises what connections raise, see `failure`."""
        if not self._transports:  # closed meanwhile
            raise Unreachable(host=self.host, reason="reset")
        transport = self._transports[-1]
        try:
            return await transport.handle_async_request(request)
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            # A server closes an idle connection in the moment in which it is used again: once more on a new one.
            if exchange.has_connected:
                raise
            return await transport.handle_async_request(request)

    def failure(self, error: Exception, exchange: Exchange | None = None) -> BackendError:
        """Return the error for an exception of the HTTP library; what is no failure of the network is raised again.

        Without `exchange` the reply's head had already arrived.
        """
        made = self._meaning(error, has_begun=exchange is None)
        is_far = self.place.kind is PlaceKind.INTERNET
        if isinstance(made, Unreachable) and made.reason == "refused":
            made.detail = ": ".join(filter(None, (self.settings.name, origin_of(self.base_url))))
        silent = isinstance(made, Unreachable) and made.reason in ("timeout", "reset")
        if silent and exchange is not None and exchange.in_handshake and not is_far:
            # A server of one's own that hangs up on a handshake, or waits for more, does not speak TLS.
            made.reason = "not_tls"
        # A server of one's own that refuses is not running; asking again only delays the sentence.
        made.retryable = made.reason == "reset" or (made.reason == "refused" and is_far)
        if isinstance(made, StreamBroken) and made.reason == "reset" and self.settings.rented:
            made.reason = "ssh_lost"
        return made

    async def explained(self, error: Exception, exchange: Exchange) -> BackendError:
        """Return `failure`, told more exactly where a look at what the server shows can."""
        made = self.failure(error, exchange)
        # One that was silent would be so once more.
        was_silent = isinstance(error, httpcore.TimeoutException)
        if isinstance(made, Unreachable) and exchange.has_connected and made.host == self.host and not was_silent:
            await self._tell_more(made, in_handshake=exchange.in_handshake)
        return made

    def refusal_in(
        self, status: int, headers: Mapping[str, str], without_key: Callable[[str], str]
    ) -> BackendError | None:
        """Return why a reply is none of the server's: a proxy wants a login, or it leads elsewhere; else None.

        `without_key` takes the key out of an address, which may repeat it.
        """
        if status == 407 and self.proxy is not None:
            return refusal_of_login(self.proxy, headers)
        target = headers.get("location", "")
        is_protected = self._is_encrypted or self.settings.behind is not None
        is_open = self.place.kind is PlaceKind.INTERNET and not is_protected  # anybody on the way can answer
        other = origin_of(target).rpartition("://")[2].rpartition(":")[0] if "://" in target else ""
        leads_away = 300 <= status < 400 and bool(other) and not same_owner(self.host, other)
        if is_open and (leads_away or status == 511):  # RFC 6585, 6
            return Unreachable(host=self.host, reason="portal")
        if 300 <= status < 400:  # with no address in it, such as 304, it leads nowhere and is no answer either
            reason = "redirect" if target else ""
            return ProtocolError(shortened(without_key(target)), host=self.host, status=status, reason=reason)
        return None

    @asynccontextmanager
    async def waiting(self, *, is_watched: bool) -> AsyncIterator[Callable[[], None]]:
        """Wait for the server in what is inside, which is given what to call when it is heard. Raises `ServerStopped`.

        One that has long said nothing is looked at, and once more soon, since it may be starting again: does anything
        still listen where it was? Some that are shut down in the middle of a reply keep its connection open and never
        say another word. Nothing is sent; a connection beside the silent one is opened, and closed again.
        """
        clock = asyncio.get_running_loop().time
        heard_at, limit = clock(), asyncio.timeout(None)

        def hear() -> None:
            nonlocal heard_at
            heard_at = clock()

        async def look() -> None:
            pause, refused = self.settings.silence, 0
            while refused < 2:
                if (silent := clock() - heard_at) < pause:
                    refused = 0
                    await asyncio.sleep(pause - silent)
                    continue
                refused = 0 if await self.is_open() else refused + 1
                await asyncio.sleep(pause / 3 if refused else pause)
            limit.reschedule(clock())

        looking = asyncio.create_task(look()) if is_watched else None
        try:
            async with limit:
                yield hear
        except TimeoutError:
            if limit.expired():
                raise ServerStopped from None
            raise
        finally:
            if looking is not None:
                looking.cancel()

    async def is_open(self) -> bool:
        """Return False if a connection is refused at the server's address; nothing is sent over one that is not."""
        if not self.settings.allow_host(self.place):
            return True  # the offline lock, closed meanwhile: then it is not known
        try:
            stream = await self._connected()
        except Exception as error:  # of any other kind: then it is not known
            if isinstance(error, Unreachable):
                return error.reason not in ("refused", "ssh_port")
            return not any(isinstance(cause, ConnectionRefusedError) for cause in causes_of(error))
        await stream.aclose()
        return True

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        self._closings += 1
        transports, self._transports, self._trust = self._transports, [], None
        for transport in transports:
            await transport.aclose()

    @property
    def _is_tunnel(self) -> bool:
        """True if a proxy lets a connection through, False if it is handed requests of plain http."""
        return self._is_encrypted or (self.proxy is not None and self.proxy.is_socks)

    async def _files_read(self) -> TrustFiles:
        """Read the files of certificates, within the time that a connection may take.

        Their disk may not answer at all: a thread that waits for it is not joined by others.
        """
        own = self.settings
        try:
            async with asyncio.timeout(own.connect_timeout):
                return await from_disk(read_files, own)
        except TimeoutError:
            files = ", ".join(filter(None, (*own.ca_files, own.extra_ca_file)))
            raise Unreachable(files, reason="ca_file") from None

    def _proxy_to_use(self) -> Proxy | None:
        """Return the proxy to go through; None for what is, or has to be, nearby: its address is checked here.

        Raises `Unreachable` (policy) where an address must decide that only the proxy would get to know.
        """
        own = self.settings
        is_near = self.place.kind is not PlaceKind.INTERNET or own.reach.farthest is not PlaceKind.INTERNET
        if own.behind is not None or is_near:
            return None
        proxy = proxy_for(self.base_url, own.route, own.secrets.proxy_password)
        if proxy is not None and own.reach.is_decided_by_address(self.host):
            raise Unreachable(host=self.host, reason="policy")
        return proxy

    def _backend(self) -> NetworkBackend:
        own = self.settings
        if self.proxy is None:
            return NetworkBackend(own, self.place)
        # The limits of what is connected to: a proxy is no server that words are meant for.
        to_proxy = NetworkBackend(own, self.place, reach=Reach())
        through = ProxyDial(self.proxy, to_proxy, self._proxy_context, self._is_tunnel)
        return NetworkBackend(own, self.place, reach=Reach(), dial=through)

    async def _connected(self) -> httpcore.AsyncNetworkStream:
        parts = urlsplit(self.base_url)
        host, port = parts.hostname or "", parts.port or (443 if self._is_encrypted else 80)
        return await self._backend().connect_tcp(host, port, self.settings.connect_timeout)

    async def _tell_more(self, made: Unreachable, *, in_handshake: bool) -> None:
        """Make a failure more exact by a look at what the server shows: nothing but the handshake is sent.

        `in_handshake`: it failed before the first word. It is `not_tls` if a server that hung up on the first words of
        plain http expects TLS.
        """
        if not self.settings.allow_host(self.place):
            return  # the offline lock, closed meanwhile
        if self._is_encrypted and is_unclear(made.reason):
            shown = await look_at(self._connected, self.host)
            if shown is not None:
                has_own = bool(self.settings.route.certificate)
                made.reason, made.detail = named(
                    made.reason, self.host, shown, has_own=has_own, in_handshake=in_handshake
                )
        elif made.reason == "reset" and not self._is_encrypted and self.proxy is None and not self._speaks_no_tls:
            # With whatever certificate. It is tried once.
            shown = await look_at(self._connected, self.host, _SECONDS)
            self._speaks_no_tls = shown is None or not shown.version
            made.reason = made.reason if self._speaks_no_tls else "not_tls"
        made.retryable = made.retryable and made.reason in ("reset", "refused")

    def _meaning(self, error: Exception, *, has_begun: bool) -> BackendError:
        host = self.host
        words = shortened(str(error), 200)
        match error:
            case BackendError():
                return error
            case ServerStopped() if has_begun:
                return StreamBroken(host=host, reason="stopped")
            case ServerStopped():
                return Unreachable(host=host, reason="refused")
            case httpcore.TimeoutException() if has_begun:
                return StreamBroken(words, host=host, reason="timeout")
            case httpcore.TimeoutException():
                return Unreachable(words, host=host, reason="timeout")
            case httpcore.LocalProtocolError():
                return RequestRejected("the request could not be written", host=host)  # its text may hold a header
            case httpcore.NetworkError() | httpcore.RemoteProtocolError() | OSError() if has_begun:
                return StreamBroken(words, host=host, reason="reset")  # also of TLS, as it comes
            case httpcore.RemoteProtocolError() if _NOT_HTTP.search(str(error)):
                return Unreachable("", host=host, reason="not_tls")
            case httpcore.RemoteProtocolError() if "disconnected" not in str(error):
                return ProtocolError(words, host=host, reason="garbled")
            case httpcore.NetworkError() | httpcore.RemoteProtocolError() | OSError():
                reason = reason_of(error)
                # What is told of a certificate is found out by a look at it.
                return Unreachable("" if reason.startswith("tls_") else words, host=host, reason=reason)
            case httpcore.UnsupportedProtocol() | ValueError():
                return Unreachable("not a usable address", host=host, reason="address")
            case _:
                raise error

"""The proxy for a request, what is said to it before it lets a connection through, and its refusals told apart.

Loopback and private hosts never use one: a system proxy cannot reach them, and would see the key. Nothing for the
server is written before the proxy has agreed. Opens no connection itself: that is done by `network.py`.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from desktop.backends.wire.error_bodies import said_in_body, shortened
from desktop.backends.wire.network import NetworkBackend, reason_of
from desktop.core.connection import ProxyMode, Route
from desktop.core.errors import BackendError, Unreachable
from desktop.core.place import Place, PlaceKind, place_of_host

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

"""The way through a proxy: what is said to it before it lets a connection through, and each of its refusals told apart.

Nothing for the server is written before the proxy has agreed. Opens no connection itself: that is done by `network.py`.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.backends.wire.error_bodies import said_in_body, shortened
from desktop.backends.wire.failures import reason_of
from desktop.backends.wire.proxies import Proxy
from desktop.core.errors import BackendError, Unreachable
from desktop.core.text.late_regex import late_regex

if TYPE_CHECKING:
    import ssl

    import httpcore

    from desktop.backends.wire.network import NetworkBackend
    from desktop.core.place import Place

_LARGEST_HEAD = 65_536
_LARGEST_PAGE = 4_096  # of the page that comes with a refusal, for its title
_STATUS = late_regex(rb"HTTP/1\.[01] (\d{3})")
_WINDOWS_SCHEMES = frozenset({"ntlm", "negotiate", "kerberos"})
# What a SOCKS server says of a connection (RFC 1928, 6) and has to do with itself, not with the server behind it.
_SOCKS_REFUSALS = {2: "proxy_blocked", 7: "proxy_blocked"}


class ProxyDial:
    """A dial through a proxy: the stream that it returns ends at the server, or, for plain http, at the proxy."""

    def __init__(
        self, proxy: Proxy, backend: NetworkBackend, context: Callable[[], ssl.SSLContext], *, is_tunnel: bool
    ) -> None:
        """Open nothing yet. `backend` connects to the proxy; `context` is for one that speaks https itself.

        Without a tunnel, a request is handed to the proxy as it is, for it to pass on.
        """
        self._proxy = proxy
        self._backend = backend
        self._context = context
        self._is_tunnel = is_tunnel

    async def __call__(self, host: str, port: int, told: Place, timeout: float | None) -> httpcore.AsyncNetworkStream:
        """Return a stream through the proxy. Raises `Unreachable` (proxy_…), with the host that failed."""
        stream = await self._connected(timeout)
        if not self._is_tunnel:
            return stream
        try:
            if self._proxy.is_socks:
                await self._ask_socks(stream, host, port, timeout)
            else:
                await self._ask_http(stream, host, port, timeout)
        except BaseException as error:
            await stream.aclose()
            if not isinstance(error, Exception):
                raise
            raise self._named(error) from error
        return stream

    async def _connected(self, timeout: float | None) -> httpcore.AsyncNetworkStream:
        proxy = self._proxy
        try:
            stream = await self._backend.connect_tcp(proxy.host, proxy.port, timeout)
            if proxy.scheme == "https":
                stream = await stream.start_tls(self._context(), proxy.host, timeout)
        except Exception as error:
            raise self._named(error) from error
        return stream

    def _named(self, error: Exception) -> BackendError:
        """Return the failure of the way to the proxy, or of the talk with it, under the proxy's name."""
        if isinstance(error, BackendError):
            return error
        reason = reason_of(error)
        return Unreachable(host=self._proxy.name, reason=_OF_THE_PROXY.get(reason, reason))

    def _refused(self, reason: str, detail: str = "", host: str = "") -> Unreachable:
        return Unreachable(detail, host=host or self._proxy.name, reason=reason)

    async def _ask_http(self, stream: httpcore.AsyncNetworkStream, host: str, port: int, timeout: float | None) -> None:
        """Ask for a way to the server (RFC 9110, 9.3.6)."""
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", "Accept: */*", "User-Agent: Candor"]
        await stream.write("\r\n".join([*lines, *_login_lines(self._proxy), "\r\n"]).encode("latin-1"), timeout)
        head, rest = await self._head(stream, timeout)
        status = _STATUS.match(head)
        if status is None:
            raise self._refused("proxy_other")
        code = int(status[1])
        headers = _headers(head)
        if 200 <= code < 300:
            if any(value.lower().startswith("text/html") for name, value in headers if name == "content-type"):
                raise self._refused("proxy_page")
            return
        if code == 407:
            raise refusal_of_login(self._proxy, [value for name, value in headers if name == "proxy-authenticate"])
        page = said_in_body(rest[:_LARGEST_PAGE]) if rest else None
        words = shortened((page.html_title or page.message) if page is not None else "", 200)
        if 300 <= code < 400 or code == 511:
            raise self._refused("proxy_page", words)
        if code in (502, 503, 504):
            raise self._refused("proxy_far", words, host)
        raise self._refused("proxy_blocked" if code in (403, 451) else "proxy", words or str(code))

    async def _head(self, stream: httpcore.AsyncNetworkStream, timeout: float | None) -> tuple[bytes, bytes]:
        """Return the head of what the proxy says, and what of the body came with it."""
        received = b""
        while b"\r\n\r\n" not in received and len(received) < _LARGEST_HEAD:
            piece = await stream.read(_LARGEST_HEAD, timeout)
            if not piece:
                break
            received += piece
            if not b"HTTP/".startswith(received[:5]):
                raise self._refused("proxy_other")
        head, _, rest = received.partition(b"\r\n\r\n")
        return head, rest

    async def _ask_socks(
        self, stream: httpcore.AsyncNetworkStream, host: str, port: int, timeout: float | None
    ) -> None:
        """Ask for a way to the server (RFC 1928; the login of RFC 1929). The proxy looks the name up."""
        proxy = self._proxy
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


def refusal_of_login(proxy: Proxy, offers: list[str]) -> Unreachable:
    """Return why a proxy wants a login, by the ways that it offers in `Proxy-Authenticate` (status 407)."""
    each_way = [way.split() for offer in offers for way in offer.split(",")]
    schemes = {words[0].lower() for words in each_way if words}
    if "basic" in schemes or not schemes:
        return Unreachable(host=proxy.name, reason="proxy_login_wrong" if proxy.user else "proxy_login")
    reason = "proxy_windows" if schemes & _WINDOWS_SCHEMES else "proxy_scheme"
    return Unreachable(host=proxy.name, reason=reason)


def _login_lines(proxy: Proxy) -> list[str]:
    if not proxy.user:
        return []
    login = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
    return [f"Proxy-Authorization: Basic {login}"]


def _headers(head: bytes) -> list[tuple[str, str]]:
    """Return the header lines, their names in lower case."""
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return [(name.strip().lower(), value.strip()) for name, _, value in lines]


def _socks_address(host: str) -> bytes:
    """Return a host as SOCKS writes it: an address, or a name with its length."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("idna") if not host.isascii() else host.encode()
        return b"\x03%c%b" % (len(name), name)
    return (b"\x01" if address.version == 4 else b"\x04") + address.packed


# What goes wrong on the way to any server, as it is called where that is a proxy. Certificates have the same names.
_OF_THE_PROXY = {
    "refused": "proxy_refused",
    "dns": "proxy_dns",
    "timeout": "proxy_timeout",
    "reset": "proxy_other",
    "not_tls": "proxy_other",
}

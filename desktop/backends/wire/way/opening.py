"""The way from this computer to one server: through which proxy, and with which certificates.

Tells what of a failure, or of a reply, comes from the way and not from the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.backends.wire.certificates import (
    context_showing,
    no_tls_context,
    stamped,
    tls_context,
    unchecked_context,
)
from desktop.backends.wire.error_bodies import shortened
from desktop.backends.wire.failures import is_refusal
from desktop.backends.wire.proxies import Proxy, proxy_for
from desktop.backends.wire.settings import HttpSettings
from desktop.backends.wire.way.proxy_dial import ProxyDial, refusal_of_login
from desktop.backends.wire.way.second_handshake import is_unclear, look_at, named, same_owner
from desktop.core.connection import origin_of
from desktop.core.errors import BackendError, ProtocolError, Unreachable
from desktop.core.place import Place, PlaceKind
from desktop.core.policy.reach import Reach

if TYPE_CHECKING:
    import ssl

    import httpx

    from desktop.backends.wire.network import NetworkBackend

_SECONDS = 2.0  # for the question if a server that hung up on plain http expects https


class Way:
    """The way to the server at an address. `proxy` is known once a client has been made."""

    def __init__(self, base_url: str, host: str, place: Place, settings: HttpSettings) -> None:
        self.is_encrypted = base_url.lower().startswith("https:")
        self.is_protected = self.is_encrypted or settings.behind is not None  # from whoever listens on the way
        self.proxy: Proxy | None = None
        self._base_url = base_url
        self._host = host
        self._place = place
        self._settings = settings
        self._speaks_no_tls = False  # as far as could be found out, which need not be waited for again

    def client(self, **of_client: Any) -> httpx.AsyncClient:
        """Return a new client whose connections go this way.

        Raises `Unreachable` for a proxy or a certificate that cannot be used as it is set.
        """
        from desktop.backends.wire.network import client_over

        self.proxy = self._proxy_to_use()
        context = self._context() if self.is_encrypted else no_tls_context()
        forward_to = None if self.proxy is None or self._is_tunnel else self.proxy.forward_address
        return client_over(self._backend(), context, forward_to, **of_client)

    def _proxy_to_use(self) -> Proxy | None:
        """Return the proxy to go through; None for what is, or has to be, nearby: its address is checked here.

        Raises `Unreachable` (policy) where an address must decide that only the proxy would get to know.
        """
        own = self._settings
        is_near = self._place.kind is not PlaceKind.INTERNET or own.reach.farthest is not PlaceKind.INTERNET
        if own.behind is not None or is_near:
            return None
        proxy = proxy_for(self._base_url, own.proxy)
        if proxy is not None and own.reach.is_decided_by_address(self._host):
            raise Unreachable(host=self._host, reason="policy")
        return proxy

    def refusal_in(self, response: httpx.Response, without_key: Callable[[str], str]) -> BackendError | None:
        """Return why a reply is none of the server's: a proxy wants a login, or it leads elsewhere; else None.

        `without_key` takes the key out of an address, which may repeat it.
        """
        status, headers = response.status_code, response.headers
        if status == 407 and self.proxy is not None:
            return refusal_of_login(self.proxy, headers.get_list("proxy-authenticate"))
        target = headers.get("location", "")
        is_open = self._place.kind is PlaceKind.INTERNET and not self.is_protected  # anybody on the way can answer
        other = origin_of(target).rpartition("://")[2].rpartition(":")[0] if "://" in target else ""
        leads_away = 300 <= status < 400 and bool(other) and not same_owner(self._host, other)
        if is_open and (leads_away or status == 511):  # RFC 6585, 6
            return Unreachable(host=self._host, reason="portal")
        if 300 <= status < 400:  # with no address in it, such as 304, it leads nowhere and is no answer either
            reason = "redirect" if target else ""
            return ProtocolError(shortened(without_key(target)), host=self._host, status=status, reason=reason)
        return None

    async def tell_more(self, made: Unreachable, *, in_handshake: bool) -> None:
        """Make a failure more exact by a look at what the server shows: nothing but the handshake is sent.

        `in_handshake`: it failed before the first word. It is `not_tls` if a server that hung up on the first words of
        plain http expects TLS.
        """
        if not self._settings.allow_host(self._place):
            return  # the offline lock, closed meanwhile
        if self.is_encrypted and is_unclear(made.reason):
            shown = await look_at(self._connected, self._host)
            if shown is not None:
                has_own = self._settings.own_certificate is not None
                made.reason, made.detail = named(
                    made.reason, self._host, shown, has_own=has_own, in_handshake=in_handshake
                )
        elif made.reason == "reset" and not self.is_encrypted and self.proxy is None and await self._speaks_tls():
            made.reason = "not_tls"
        made.retryable = made.retryable and made.reason in ("reset", "refused")

    async def is_open(self) -> bool:
        """Return False if a connection is refused at the server's address; nothing is sent over one that is not."""
        if not self._settings.allow_host(self._place):
            return True  # the offline lock, closed meanwhile: then it is not known
        try:
            stream = await self._connected()
        except Exception as error:  # of any other kind: then it is not known
            return not is_refusal(error)
        await stream.aclose()
        return True

    async def _speaks_tls(self) -> bool:
        """Return True if a handshake succeeds, with whatever certificate; nothing is sent inside. It is tried once."""
        if self._speaks_no_tls:
            return False
        try:
            async with asyncio.timeout(_SECONDS):
                stream = await self._connected()
                try:
                    await stream.start_tls(unchecked_context(), self._host)
                finally:
                    await stream.aclose()
        except Exception:  # of any kind: then it is not known
            self._speaks_no_tls = True
            return False
        return True

    async def _connected(self) -> Any:
        parts = urlsplit(self._base_url)
        host, port = parts.hostname or "", parts.port or (443 if self.is_encrypted else 80)
        return await self._backend().connect_tcp(host, port, self._settings.connect_timeout)

    def _backend(self) -> NetworkBackend:
        from desktop.backends.wire.network import DirectDial, NetworkBackend

        own = self._settings
        # The limits of what is connected to: a proxy is no server that words are meant for.
        reach = Reach() if self.proxy is not None else own.reach
        dial = own.dial or DirectDial(own.allow_host, own.may_resolve, own.resolve, reach)
        backend = NetworkBackend(dial, self._place, reach)
        if self.proxy is None:
            return backend
        through = ProxyDial(self.proxy, backend, self._context_of_proxy, is_tunnel=self._is_tunnel)
        return NetworkBackend(through, self._place, reach)

    @property
    def _is_tunnel(self) -> bool:
        """True if a proxy lets a connection through, False if it is handed requests of plain http."""
        return self.is_encrypted or (self.proxy is not None and self.proxy.is_socks)

    def _context(self) -> ssl.SSLContext:
        """Return the certificates to trust, and the user's own. Raises `Unreachable` where a file cannot be used."""
        own = self._settings.own_certificate
        try:
            if own is None:
                return tls_context(*self._trusted)
            return context_showing(own, *self._trusted)
        except Unreachable as error:
            error.host = self._host
            raise

    def _context_of_proxy(self) -> ssl.SSLContext:
        return tls_context(*self._trusted)

    @property
    def _trusted(self) -> tuple[str, tuple[tuple[str, int], ...]]:
        return self._settings.extra_ca_file, stamped(*self._settings.ca_files)

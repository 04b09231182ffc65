"""The way from this computer to one server: through which proxy, with which certificates, and its open connections.

Tells what of a failure, or of a reply, comes from the way and not from the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop.backends.wire.bodies import from_disk
from desktop.backends.wire.error_bodies import shortened
from desktop.backends.wire.failures import is_refusal
from desktop.backends.wire.proxies import Proxy, ProxyDial, proxy_for, refusal_of_login
from desktop.backends.wire.settings import HttpSettings
from desktop.backends.wire.tls import (
    TrustFiles,
    is_unclear,
    look_at,
    named,
    no_tls_context,
    read_files,
    same_owner,
    tls_context,
)
from desktop.core.connection import origin_of
from desktop.core.errors import BackendError, ProtocolError, Unreachable
from desktop.core.place import Place, PlaceKind
from desktop.core.policy.reach import Reach

if TYPE_CHECKING:
    import httpcore
    import httpx

    from desktop.backends.wire.network import NetworkBackend

_SECONDS = 2.0  # for the question if a server that hung up on plain http expects https


class Way:
    """The way to the server at an address. `proxy` is known once it has been opened."""

    def __init__(self, base_url: str, host: str, place: Place, settings: HttpSettings) -> None:
        self.is_encrypted = base_url.lower().startswith("https:")
        self.is_protected = self.is_encrypted or settings.behind is not None  # from whoever listens on the way
        self.proxy: Proxy | None = None
        self._base_url = base_url
        self._host = host
        self._place = place
        self._settings = settings
        self._trust: TrustFiles | None = None
        self._reading: asyncio.Task[TrustFiles] | None = None
        self._server_context = self._proxy_context = no_tls_context()
        self._clients: list[httpx.AsyncClient] = []  # the last is the present one; others may end what they do
        self._closings = 0
        self._speaks_no_tls = False  # as far as could be found out, which need not be waited for again

    async def opened(self) -> httpx.AsyncClient:
        """Return the client whose connections go this way; a new one where a file of certificates has changed.

        Raises `Unreachable` for a proxy or a certificate that cannot be used as it is set.
        """
        import httpcore
        import httpx

        from desktop.backends.wire.network import Transport

        closings = self._closings
        if not self._clients:
            self.proxy = self._proxy_to_use()
        encrypts_to_proxy = self.proxy is not None and self.proxy.scheme == "https"
        trust = TrustFiles()
        try:
            if self.is_encrypted or encrypts_to_proxy:
                trust = await self._files_read()
            if trust == self._trust:
                return self._clients[-1]
            if self.is_encrypted:
                self._server_context = await asyncio.to_thread(tls_context, trust)
            if encrypts_to_proxy:
                self._proxy_context = await asyncio.to_thread(tls_context, replace(trust, own=None))
        except Unreachable as error:
            error.host = self._host
            raise
        if self._closings != closings:  # meanwhile: this way may be one that is not to be gone any more
            raise Unreachable(host=self._host, reason="reset")
        self._trust = trust
        # Servers close idle connections after 5 s; keeping them for less avoids meeting that moment.
        pool = httpcore.AsyncConnectionPool(
            self._server_context,
            network_backend=self._backend(),
            max_connections=20,
            max_keepalive_connections=4,
            keepalive_expiry=2.0,
        )
        cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        # A proxy that compresses a stream holds tokens back.
        headers = {"Accept-Encoding": "identity", "User-Agent": "Candor"}
        self._clients.append(
            httpx.AsyncClient(transport=Transport(pool), headers=headers, cookies=cookies, trust_env=False)
        )
        return self._clients[-1]

    async def _files_read(self) -> TrustFiles:
        """Read the files of certificates, within the time that a connection may take.

        Their disk may not answer at all: a thread that waits for it is not joined by others.
        """
        own = self._settings
        if self._reading is None or self._reading.done():
            reading = from_disk(read_files, own.extra_ca_file, own.ca_files, own.own_certificate)
            self._reading = asyncio.create_task(reading)
            self._reading.add_done_callback(lambda done: done.cancelled() or done.exception())  # if nobody waits
        try:
            async with asyncio.timeout(own.connect_timeout):
                return await asyncio.shield(self._reading)
        except TimeoutError:
            files = ", ".join(filter(None, (*own.ca_files, own.extra_ca_file)))
            raise Unreachable(files, reason="ca_file") from None

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        self._closings += 1
        clients, self._clients, self._trust = self._clients, [], None
        for client in clients:
            await client.aclose()

    @property
    def is_forwarded(self) -> bool:
        """True if requests are handed to a proxy as they are, for it to pass on."""
        return self.proxy is not None and not self._is_tunnel

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

    def refusal_in(
        self, status: int, headers: Mapping[str, str], without_key: Callable[[str], str]
    ) -> BackendError | None:
        """Return why a reply is none of the server's: a proxy wants a login, or it leads elsewhere; else None.

        `without_key` takes the key out of an address, which may repeat it.
        """
        if status == 407 and self.proxy is not None:
            return refusal_of_login(self.proxy, headers)
        from desktop.backends.wire.network import MOVED_TO

        target = headers.get(MOVED_TO, "")
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
        """Return True if a handshake succeeds, with whatever certificate. It is tried once."""
        if self._speaks_no_tls:
            return False
        shown = await look_at(self._connected, self._host, _SECONDS)
        self._speaks_no_tls = shown is None or not shown.version
        return not self._speaks_no_tls

    async def _connected(self) -> httpcore.AsyncNetworkStream:
        parts = urlsplit(self._base_url)
        host, port = parts.hostname or "", parts.port or (443 if self.is_encrypted else 80)
        return await self._backend().connect_tcp(host, port, self._settings.connect_timeout)

    def _backend(self) -> NetworkBackend:
        from desktop.backends.wire.network import DirectDial, NetworkBackend

        own = self._settings
        # The limits of what is connected to: a proxy is no server that words are meant for.
        reach = Reach() if self.proxy is not None else own.reach
        dial = own.dial or DirectDial(own, reach)
        backend = NetworkBackend(dial, self._place, reach)
        if self.proxy is None:
            return backend
        through = ProxyDial(self.proxy, backend, self._proxy_context, is_tunnel=self._is_tunnel)
        return NetworkBackend(through, self._place, reach)

    @property
    def _is_tunnel(self) -> bool:
        """True if a proxy lets a connection through, False if it is handed requests of plain http."""
        return self.is_encrypted or (self.proxy is not None and self.proxy.is_socks)

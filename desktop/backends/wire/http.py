"""HTTP for all protocols: one client a server, its time limits, proxies and certificates, and its failures.

With `failures.py` the only module that knows the HTTP library, which is imported at the first request. Every failure
leaves as a `BackendError`. A reply's bytes leave as they come; `framing.py` cuts them, and the adapters know their
meaning.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.backends.wire.certificates import no_tls_context, speaks_tls, tls_context
from desktop.backends.wire.error_bodies import ServerSaid, error_for, retry_after_in, said_in_body, shortened
from desktop.backends.wire.exchange_log import LoggedExchange, logged
from desktop.backends.wire.failures import Steps, is_idle_race, meaning
from desktop.backends.wire.file_body import FileBody
from desktop.backends.wire.framing import MAX_LINE, parse_json
from desktop.backends.wire.json_body import JsonBody
from desktop.backends.wire.proxies import ProxyChoice, proxy_for
from desktop.backends.wire.redaction import pattern_of, redacted
from desktop.core.connection import origin_of
from desktop.core.connections.typed_address import is_host
from desktop.core.errors import AuthRejected, BackendError, ProtocolError, StreamBroken, Unreachable
from desktop.core.place import Place, PlaceKind, place_of_url

if TYPE_CHECKING:
    import httpx

# Seconds; about one paint of the window.
_SIP = 1 / 25
_AT_ONCE = 0.0003  # seconds; a chunk that was there already comes sooner
# How long the end of a body may lag behind the end of the reply in it.
END_LAG = 0.05


def _any_place(place: Place) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """The settings of the user and the tests, the same for all servers. Times in seconds.

    `allow_host` is asked before every request; False ends it as `Unreachable` (offline). `idle_limit` is how long a
    remote server may send no byte at all (keep-alive comments count); local servers may take any time, since a large
    model on a slow computer does.
    """

    allow_host: Callable[[Place], bool] = _any_place
    proxy: ProxyChoice = field(default_factory=ProxyChoice)
    connect_timeout: float = 10.0
    write_timeout: float = 60.0
    idle_limit: float = 600.0


def warm_up() -> None:
    """Import the HTTP library and read the certificates, so that the first request does not wait for it."""
    import httpx  # noqa: F401

    tls_context()


class HttpClient:
    """A client of one origin. The key is sent in the header `Authorization`, and to this origin only."""

    def __init__(self, base_url: str, key: str = "", settings: HttpSettings | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        self.settings = settings or HttpSettings()
        self._key = key.strip()
        self._client: httpx.AsyncClient | None = None
        self._proxied = False
        try:
            self.host = urlsplit(self.base_url).hostname or ""
            self.place = place_of_url(self.base_url)
            self._origin = origin_of(self.base_url)
        except ValueError:  # a port or an IPv6 address that cannot be read: every request will say so
            self.host, self.place, self._origin = "", Place(PlaceKind.INTERNET), ""

    async def open(
        self, method: str, path: str, body: Any = None, *, accept: str = "application/json", limit: float | None = None
    ) -> HttpReply:
        """Send a request and return its reply once the head has come, whatever its status. The caller closes it.

        `path` is appended to the base address, or a whole address of the same origin; `body` is a JSON value or a file.
        `limit` in seconds bounds each silence; None takes the rule of `HttpSettings`. Cancelling closes the connection
        at once. Raises `Unreachable`, `ProtocolError` (redirect, garbled), `AuthRejected` (a key that no header can
        carry).
        """
        url = path if "://" in path else self.base_url + path
        self._check(url)
        client = self._opened(url)
        headers = {"Accept": accept}
        content: JsonBody | FileBody | None = body if isinstance(body, FileBody) else None
        if content is None and body is not None:
            content = await JsonBody.of(body)
        if content is not None:
            headers |= {"Content-Type": content.content_type, "Content-Length": str(content.size)}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        response, exchange = await self._sent(client, method, url, headers, content, limit)
        if content is not None:
            content.release()
        reply = HttpReply(self, response, exchange)
        if 300 <= reply.status < 400:
            await reply.aclose()
            target = response.headers.get("location", "")
            raise ProtocolError(
                shortened(self.without_key(target)), host=self.host, status=reply.status, reason="redirect"
            )
        return reply

    async def json(self, method: str, path: str, body: Any = None, *, limit: float | None = 30.0) -> Any:
        """Return the JSON value of a request's reply. Raises `BackendError` for everything else.

        `limit` in seconds bounds each silence.
        """
        reply = await self.open(method, path, body, limit=limit)
        try:
            if reply.status >= 400:
                raise await reply.error()
            content = await reply.read()
        finally:
            await reply.aclose()
        return self.parsed(content, reply.status)

    def parsed(self, content: bytes, status: int | None = None) -> Any:
        """Return the value of a JSON body. Raises `ProtocolError` (html with the page's title, empty, or garbled)."""
        text = content.decode("utf-8-sig", errors="replace").strip()
        if text.startswith("<"):
            raise self.error(said_in_body(content), status)
        try:
            return parse_json(text)
        except ValueError:
            reason = "garbled" if text else "empty"
            detail = shortened(self.without_key(text))
            raise ProtocolError(detail, host=self.host, status=status, reason=reason) from None

    def error(self, said: ServerSaid, status: int | None = None, retry_after: float | None = None) -> BackendError:
        """Return the error of the class that fits this server's words, without the key."""
        title = None if said.html_title is None else self.without_key(said.html_title)
        said = replace(said, message=self.without_key(said.message), html_title=title)
        return error_for(said, status=status, host=self.host, local=self.place.is_local, retry_after=retry_after)

    @cached_property
    def _key_pattern(self) -> re.Pattern[str] | None:
        return pattern_of(self._key)

    def without_key(self, text: str) -> str:
        """Return a server's words without the key, which some repeat."""
        return redacted(text, self._key_pattern)

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _check(self, url: str) -> None:
        try:
            same_origin = bool(self._origin) and origin_of(url) == self._origin
        except ValueError:
            same_origin = False
        if not same_origin or not is_host(self.host) or urlsplit(url).scheme not in ("http", "https"):
            raise Unreachable("not a usable address", host=self.host, reason="address")
        if not self.settings.allow_host(self.place):
            raise Unreachable(host=self.host, reason="offline")
        if self._key and not (self._key.isascii() and self._key.isprintable()):
            raise AuthRejected(host=self.host, reason="letters")

    def _opened(self, url: str) -> httpx.AsyncClient:
        if self._client is None:
            import httpx

            proxy = proxy_for(url, self.settings.proxy)
            self._proxied = proxy is not None
            for name in ("httpx", "httpcore"):  # at INFO they write every address into the log
                logging.getLogger(name).setLevel(logging.WARNING)
            self._client = httpx.AsyncClient(
                trust_env=False,
                proxy=proxy,
                verify=tls_context() if self.base_url.lower().startswith("https:") or proxy else no_tls_context(),
                follow_redirects=False,
                # Servers close idle connections after 5 s; keeping them for less avoids meeting that moment.
                limits=httpx.Limits(max_connections=20, max_keepalive_connections=4, keepalive_expiry=2.0),
                # A proxy that compresses a stream holds tokens back.
                headers={"Accept-Encoding": "identity", "User-Agent": "Candor"},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            )
        return self._client

    async def _sent(
        self,
        client: httpx.AsyncClient,
        method: str,
        url: str,
        headers: dict[str, str],
        content: JsonBody | FileBody | None,
        limit: float | None,
    ) -> tuple[httpx.Response, LoggedExchange | None]:
        """Send a request; return the head of its reply, and its place in the log where there is one."""
        steps, exchange = Steps(), logged(self._key_pattern)
        try:
            request = client.build_request(
                method, url, content=content, headers=headers, timeout=self._timeout(limit), extensions={"trace": steps}
            )
            if exchange is not None:
                exchange.ask(method, url, request.headers, content)
            try:
                response = await client.send(request, stream=True)
            except Exception as error:
                # A server closes an idle connection in the moment in which it is used again: once more on a new one.
                if steps.opened or not is_idle_race(error):
                    raise
                response = await client.send(request, stream=True)
        except BaseException as error:
            if exchange is not None:
                exchange.end(f"failed ({type(error).__name__})")
            if not isinstance(error, Exception):
                raise
            raise await self._explained(error, steps) from None
        if exchange is not None:
            exchange.answer(response.status_code, response.headers)
        return response, exchange

    def _timeout(self, limit: float | None) -> httpx.Timeout:
        import httpx

        if limit is None and self.place.kind is PlaceKind.INTERNET:
            limit = self.settings.idle_limit
        connect = self.settings.connect_timeout
        return httpx.Timeout(
            connect=connect if limit is None else min(connect, limit),
            read=limit,
            write=self.settings.write_timeout,
            pool=connect,
        )

    async def _explained(self, error: Exception, steps: Steps) -> BackendError:
        """Return `_failure`, made `not_tls` if a server that hung up on the first words expects TLS."""
        made = self._failure(error, steps)
        parts = urlsplit(self.base_url)
        hung_up = made.reason == "reset" and steps.opened and parts.scheme == "http" and not self._proxied
        if hung_up and await speaks_tls(self.host, parts.port or 80):
            return Unreachable(host=self.host, reason="not_tls")
        return made

    def _failure(self, error: Exception, steps: Steps | None = None) -> BackendError:
        """Return the error for an exception of the HTTP library.

        Without `steps` the reply's head had already arrived.
        """
        made = meaning(error, started=steps is None, proxied=self._proxied, host=self.host)
        silent = isinstance(made, Unreachable) and made.reason in ("timeout", "reset")
        if silent and steps is not None and steps.in_handshake and self.place.kind is not PlaceKind.INTERNET:
            # A server of one's own that hangs up on a handshake, or waits for more, does not speak TLS.
            made.reason = "not_tls"
        made.retryable = made.reason == "reset" or (
            # A server of one's own that refuses is not running; asking again only delays the sentence.
            made.reason == "refused" and self.place.kind is PlaceKind.INTERNET
        )
        return made


class HttpReply:
    """The reply to one request: its head is there, its body is still coming.

    `patience` is set when what was wanted of the body has come: after so many seconds of silence, or when the
    connection breaks, the body counts as ended. A body read to its end leaves its connection for the next request.
    """

    def __init__(self, client: HttpClient, response: httpx.Response, exchange: LoggedExchange | None) -> None:
        self._client = client
        self._exchange = exchange
        self._response = response
        self.status: int = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.patience: float | None = None

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body as it arrives. Raises `StreamBroken` (reset, timeout) or `ProtocolError` (garbled).

        Waking up for each token is most of the cost of a stream. So after a read that had to wait, the next one leaves
        the server time to send several; the first byte of all is never held back.
        """
        clock = asyncio.get_running_loop().time
        async with aclosing(self._chunks()) as chunks:
            while True:
                asked = clock()
                try:
                    if self.patience is None:
                        chunk = await anext(chunks)
                    else:
                        async with asyncio.timeout(self.patience):
                            chunk = await anext(chunks)
                except (StopAsyncIteration, TimeoutError):
                    return
                except StreamBroken:
                    if self.patience is None:
                        raise
                    return  # what was wanted is here; how the connection ends is nobody's concern
                waited = clock() - asked > _AT_ONCE
                yield chunk
                if waited:
                    await asyncio.sleep(_SIP)

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        try:
            # Nothing was to be encoded; only where a server did so all the same does a decoder have to look at it.
            encoded = "content-encoding" in self._response.headers
            async for chunk in self._response.aiter_bytes() if encoded else self._response.aiter_raw():
                if self._exchange is not None:
                    self._exchange.receive(chunk)
                yield chunk
            self._end_log("ended")
        except Exception as error:
            self._end_log(f"broke off ({type(error).__name__})")
            raise self._client._failure(error) from None

    async def read(self, limit: int = MAX_LINE) -> bytes:
        """Return the whole body. Raises like `chunks`, and `ProtocolError` (garbled) for more than `limit` bytes."""
        pieces: list[bytes] = []
        size = 0
        async with aclosing(self._chunks()) as chunks:
            async for chunk in chunks:
                pieces.append(chunk)
                size += len(chunk)
                if size > limit:
                    raise ProtocolError(
                        f"an answer of more than {limit} bytes", host=self._client.host, reason="garbled"
                    )
        return b"".join(pieces)

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
        self._end_log("closed")
        with suppress(Exception):  # what goes wrong while closing a broken connection tells nobody anything
            await self._response.aclose()

    def _end_log(self, how: str) -> None:
        if self._exchange is not None:
            self._exchange.end(how)

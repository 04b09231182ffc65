"""HTTP for all protocols: one client a server, its time limits, and its failures.

Every failure leaves as a `BackendError`. A reply's bytes leave as they come (`http_reply.py`); `framing.py` cuts them,
and the adapters know their meaning. The HTTP library is imported at the first request.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.backends.wire.bodies import FileBody, JsonBody
from desktop.backends.wire.crossing import Crossing
from desktop.backends.wire.error_bodies import ServerSaid, error_for, said_in_body, shortened
from desktop.backends.wire.exchange_log import LoggedExchange
from desktop.backends.wire.failures import Steps, is_idle_race, is_silence, meaning
from desktop.backends.wire.framing import parse_json
from desktop.backends.wire.http_reply import HttpReply, ServerStopped, SilenceWatch
from desktop.backends.wire.redaction import pattern_of, redacted
from desktop.backends.wire.settings import HttpSettings
from desktop.backends.wire.way import Way
from desktop.core.connection import origin_of
from desktop.core.connections.typed_address import is_host
from desktop.core.errors import AuthRejected, BackendError, ProtocolError, RequestRejected, StreamBroken, Unreachable
from desktop.core.place import Place, PlaceKind, place_of_url
from desktop.core.trust.ledger import Ending, Purpose

if TYPE_CHECKING:
    import httpx

__all__ = ["HttpClient", "HttpSettings", "warm_up"]

# All that some servers say when they fail; LiteLLM fails so where a key is missing.
_NOTHING_SAID = "Internal Server Error"
# What Candor itself held back, by the reason of the error.
_HELD_BACK = {"offline": Ending.LOCKED, "policy": Ending.FORBIDDEN, "elsewhere": Ending.ELSEWHERE}


def warm_up() -> None:
    """Import the HTTP library, so that the first request does not wait for it."""
    import desktop.backends.wire.network  # noqa: F401

    for name in ("httpx", "httpcore"):  # which write addresses and headers into the log
        logging.getLogger(name).setLevel(logging.WARNING)


class HttpClient:
    """A client of one origin. The key is sent in the header `Authorization`, and to this origin only."""

    def __init__(
        self, base_url: str, key: str = "", settings: HttpSettings | None = None, purpose: Purpose | None = None
    ) -> None:
        """Open nothing yet. `purpose` is that of all requests which do not name another."""
        self.base_url = base_url.rstrip("/")
        self.settings = settings or HttpSettings()
        self._purpose = purpose or Purpose()
        self._key = key.strip()
        try:
            self.place = self.settings.behind or self.settings.reach.seen(place_of_url(self.base_url))
            self.host = self.settings.rented or urlsplit(self.base_url).hostname or ""
            self._origin = origin_of(self.base_url)
        except ValueError:  # a port or an IPv6 address that cannot be read: every request will say so
            self.host, self.place, self._origin = "", Place(PlaceKind.INTERNET), ""
        self._way = Way(self.base_url, self.host, self.place, self.settings)

    async def open(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        accept: str = "application/json",
        limit: float | None = None,
        purpose: Purpose | None = None,
    ) -> HttpReply:
        """Send a request and return its reply once the head has come, whatever its status. The caller closes it.

        `path` is appended to the base address, or a whole address of the same origin; `body` is a JSON value or a file.
        `limit` in seconds bounds each silence; None takes the rule of `HttpSettings`. Cancelling closes the connection
        at once. Raises `Unreachable`, `ProtocolError` (redirect, garbled), `AuthRejected` (a key that no header can
        carry).
        """
        url = path if "://" in path else self.base_url + path
        self._check(url)
        self.check_place(self.place, purpose, is_encrypted=self._way.is_protected)
        warm_up()
        client = await self._way.opened()
        content = body if body is None or isinstance(body, FileBody) else await JsonBody.of(body)
        # Once more: a disk with certificates may have let wait.
        self.check_place(self.place, purpose, is_encrypted=self._way.is_protected)
        crossing = self._crossing(purpose)
        # Beside a proxy there is nothing to look at; where silence has a limit, that is enough.
        is_watched = limit is None and self._way.proxy is None
        watch = SilenceWatch(self._way.is_open, self.settings.silence) if is_watched else None
        exchange = LoggedExchange(self._key_pattern)
        request = self._request(client, method, url, accept, content, limit)
        exchange.ask(method, url, request.headers, content)
        with crossing.under_way():
            try:
                sent = self._sent(client, request, crossing, exchange)
                response = await (sent if watch is None else watch.over(sent))
            except ServerStopped as stopped:
                raise self.failure(stopped, Steps()) from None
        if isinstance(content, JsonBody):
            content.release()
        reply = HttpReply(self, response, exchange, crossing, watch)
        if (refusal := self._way.refusal_in(reply.status, reply.headers, self.without_key)) is not None:
            await reply.aclose()
            raise refusal
        return reply

    async def json(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        limit: float | None = 30.0,
        purpose: Purpose | None = None,
    ) -> Any:
        """Return the JSON value of a request's reply. Raises `BackendError` for everything else.

        `limit` in seconds bounds each silence.
        """
        reply = await self.open(method, path, body, limit=limit, purpose=purpose)
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
        if status == 500 and not self._key and said.message == _NOTHING_SAID:
            return RequestRejected(host=self.host, status=status, reason="no_key")
        return error_for(said, status=status, host=self.host, local=self.place.is_local, retry_after=retry_after)

    @cached_property
    def _key_pattern(self) -> re.Pattern[str] | None:
        return pattern_of(self._key)

    def without_key(self, text: str) -> str:
        """Return a server's words without the key, which some repeat."""
        return redacted(text, self._key_pattern)

    def check_place(self, place: Place, purpose: Purpose | None, *, is_encrypted: bool = True) -> None:
        """Raise `Unreachable` (policy, offline) where nothing may be sent to a place, and record that."""
        if self.settings.reach.refusal(place, is_encrypted=is_encrypted) is not None:
            ending, reason = Ending.FORBIDDEN, "policy"
        elif not self.settings.allow_host(place):
            ending, reason = Ending.LOCKED, "offline"
        else:
            return
        self.record_held_back(ending, purpose)
        raise Unreachable(host=place.host or self.host, reason=reason)

    def record_held_back(self, ending: Ending, purpose: Purpose | None) -> None:
        """Record a request that is not made: under the lock, or as its words would go further than was told."""
        self._crossing(purpose).end(ending)

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        await self._way.aclose()
        if self.settings.close_dial is not None:
            await self.settings.close_dial()

    def _check(self, url: str) -> None:
        try:
            url.encode()
            same_origin = bool(self._origin) and origin_of(url) == self._origin
        except ValueError:  # half of a letter is an error of this kind, too
            same_origin = False
        if not same_origin or not is_host(self.host) or urlsplit(url).scheme not in ("http", "https"):
            raise Unreachable("not a usable address", host=self.host, reason="address")
        if self._key and not (self._key.isascii() and self._key.isprintable()):
            raise AuthRejected(host=self.host, reason="letters")

    def _crossing(self, purpose: Purpose | None) -> Crossing:
        purpose = purpose or self._purpose
        place = purpose.place or self.place
        return Crossing(self.settings.record, purpose, self.host, place, is_through_proxy=self._way.proxy is not None)

    def _request(
        self,
        client: httpx.AsyncClient,
        method: str,
        url: str,
        accept: str,
        content: JsonBody | FileBody | None,
        limit: float | None,
    ) -> httpx.Request:
        """Return a request as it is sent. Raises `Unreachable` for an address that the library cannot read."""
        import httpx

        headers = {"Accept": accept}
        if content is not None:
            headers |= {"Content-Type": content.content_type, "Content-Length": str(content.size)}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        if self._way.is_forwarded and self._way.proxy is not None:
            headers |= self._way.proxy.login
        try:
            request = client.build_request(
                method,
                url,
                headers=headers,
                content=content,
                timeout=self._timeout(limit),
                extensions={"trace": Steps()},
            )
        except httpx.InvalidURL:
            raise Unreachable("not a usable address", host=self.host, reason="address") from None
        if self._way.is_forwarded:  # which a proxy is told whole
            server = f"{request.url.scheme}://{request.headers['Host']}"  # without a name and password that stand in it
            request.extensions["target"] = server.encode("ascii") + request.url.raw_path
        return request

    async def _sent(
        self,
        client: httpx.AsyncClient,
        request: httpx.Request,
        crossing: Crossing,
        exchange: LoggedExchange,
    ) -> httpx.Response:
        """Send a request; return the head of its reply."""
        steps: Steps = request.extensions["trace"]
        try:
            try:
                response = await client.send(request, stream=True)
            except Exception as error:
                # A server closes an idle connection in the moment in which it is used again: once more on a new one.
                if steps.opened or not is_idle_race(error):
                    raise
                response = await client.send(request, stream=True)
        except BaseException as error:
            exchange.end(f"failed ({type(error).__name__})")
            if not isinstance(error, Exception):
                crossing.end(Ending.BROKEN)
                raise
            try:
                explained = await self._explained(error, steps)
            except BaseException:
                crossing.end(Ending.BROKEN)
                raise
            crossing.end(_HELD_BACK.get(explained.reason, Ending.BROKEN))
            raise explained from None
        return response

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
        """Return `failure`, told more exactly where a look at what the server shows can."""
        made = self.failure(error, steps)
        # One that was silent would be so once more.
        if isinstance(made, Unreachable) and steps.opened and made.host == self.host and not is_silence(error):
            await self._way.tell_more(made, in_handshake=steps.in_handshake)
        return made

    def failure(self, error: Exception, steps: Steps | None = None) -> BackendError:
        """Return the error for an exception of the HTTP library.

        Without `steps` the reply's head had already arrived.
        """
        made = meaning(error, started=steps is None, host=self.host)
        if isinstance(made, Unreachable) and made.reason == "refused":
            made.detail = ": ".join(filter(None, (self.settings.name, self._origin)))
        silent = isinstance(made, Unreachable) and made.reason in ("timeout", "reset")
        if silent and steps is not None and steps.in_handshake and self.place.kind is not PlaceKind.INTERNET:
            # A server of one's own that hangs up on a handshake, or waits for more, does not speak TLS.
            made.reason = "not_tls"
        made.retryable = made.reason == "reset" or (
            # A server of one's own that refuses is not running; asking again only delays the sentence.
            made.reason == "refused" and self.place.kind is PlaceKind.INTERNET
        )
        if isinstance(made, StreamBroken) and made.reason == "reset" and self.settings.rented:
            made.reason = "ssh_lost"
        return made

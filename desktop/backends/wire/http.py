"""HTTP for all protocols: one client a server, what may be sent to it, and its failures.

Every failure leaves as a `BackendError`. A reply's bytes leave as they come (`exchange.py`); `bodies.py` finds the
values in them, and the adapters know their meaning. The HTTP library is imported at the first request, with `way.py`.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.backends.wire.bodies import FileBody, JsonBody, parse_json
from desktop.backends.wire.error_bodies import ServerSaid, error_for, said_in_body, shortened
from desktop.backends.wire.exchange import Exchange, HttpReply, Record
from desktop.backends.wire.redaction import pattern_of, redacted
from desktop.core.connection import Route, Secrets, origin_of
from desktop.core.connections import is_host
from desktop.core.errors import AuthRejected, BackendError, ProtocolError, RequestRejected, Unreachable
from desktop.core.model import ModelInfo
from desktop.core.models.place import place_behind
from desktop.core.place import Place, PlaceKind, place_of_url
from desktop.core.policy.fixed import Reach
from desktop.core.request import ChatRequest
from desktop.core.trust import Ending, Entry, Purpose, purpose_of

if TYPE_CHECKING:
    import httpcore

    from desktop.backends.wire.way import Way

# Opens a stream to host and port, a server at the place that was told, within a time limit, not straight over the
# network: inside a proxy's or a tunnel. A tunnel opens its own connection, to the computer at its far end, with a
# `NetworkBackend` of its own, so that this is checked and counted like any other, and then returns a stream inside it;
# what is told of a server behind it is the place of that computer. Raises `Unreachable`, `OSError`, or what the HTTP
# library raises.
Dial = Callable[[str, int, Place, float | None], Awaitable["httpcore.AsyncNetworkStream"]]
# Returns the IP addresses of a name; `socket.gaierror` for an unknown one.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
# All that some servers say when they fail; LiteLLM fails so where a key is missing.
_NOTHING_SAID = "Internal Server Error"
# What Candor itself held back, by the reason of the error.
_HELD_BACK = {"offline": Ending.LOCKED, "policy": Ending.FORBIDDEN, "elsewhere": Ending.ELSEWHERE}


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """The settings of the user and the tests, the same for all servers. Times in seconds.

    `allow_host` is asked before every request; False ends it as `Unreachable` (offline). `may_resolve` is asked before
    a name is looked up, with `resolve` or by the system. `dial` opens connections in another way than straight over the
    network; `close_dial` is called when the client closes, and `behind` is the place that such a way leads to, whatever
    the server's address is there, and `rented` the name of the computer that it leads through.
    `record` is given an entry of the ledger when a request begins and when it ends. `reach` is what the policy of this
    computer allows, `extra_ca_file` holds certificates that are trusted beside the system's, as the policy says, and
    `trusted_file` those that the user trusts at all connections; `route` is the way to this server, with its `secrets`.
    `idle_limit` is how long a remote server may send no byte at all (keep-alive comments count); local servers may take
    any time, since a large model on a slow computer does. After `silence` it is looked if such a server is still there.
    `name` is what the user calls the server.
    """

    allow_host: Callable[[Place], bool] = lambda place: True
    may_resolve: Callable[[], bool] = lambda: True
    resolve: Resolve | None = None
    dial: Dial | None = None
    close_dial: Callable[[], Awaitable[None]] | None = None
    behind: Place | None = None
    rented: str = ""
    record: Record = lambda entry: None
    reach: Reach = field(default_factory=Reach)
    extra_ca_file: str = ""
    trusted_file: str = ""
    route: Route = field(default_factory=Route)
    secrets: Secrets = field(default_factory=Secrets)
    connect_timeout: float = 10.0
    write_timeout: float = 60.0
    idle_limit: float = 600.0
    silence: float = 6.0
    name: str = ""

    @property
    def ca_files(self) -> tuple[str, ...]:
        """The files with certificates that the user trusts."""
        return tuple(filter(None, (self.trusted_file, self.route.ca_file)))


def load_way() -> type[Way]:
    """Import the HTTP library, for which the first request would wait, and return what it is used by."""
    from desktop.backends.wire.way import Way

    for name in ("httpx", "httpcore"):  # which write addresses and headers into the log
        logging.getLogger(name).setLevel(logging.WARNING)
    return Way


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
        # From whoever listens on the way.
        self._is_protected = self._origin.startswith("https:") or self.settings.behind is not None
        self._way: Way | None = None  # to the server

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
        self.check_place(self.place, purpose, is_encrypted=self._is_protected)
        if self._way is None:
            self._way = load_way()(self.base_url, self.host, self.place, self.settings)
        way = self._way
        await way.open()
        content = body if body is None or isinstance(body, FileBody) else await JsonBody.of(body)
        # Once more: a disk with certificates may have let wait.
        self.check_place(self.place, purpose, is_encrypted=self._is_protected)
        headers = {"Accept": accept}
        if content is not None:
            headers |= {"Content-Type": content.content_type, "Content-Length": str(content.size)}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = way.request(method, url, headers, content, limit)
        # Beside a proxy there is nothing to look at; where silence has a limit, that is enough.
        is_watched = limit is None and way.proxy is None
        exchange = self._exchange(purpose, is_through_proxy=way.proxy is not None)
        exchange.ask(method, url, request.headers, content)
        try:
            async with way.waiting(is_watched=is_watched):
                with exchange.under_way():
                    response = await way.send(request, exchange)
        except BaseException as error:
            told: BaseException = error
            try:
                if isinstance(error, Exception):
                    told = await way.explained(error, exchange)
            finally:
                reason = told.reason if isinstance(told, BackendError) else ""
                exchange.end(_HELD_BACK.get(reason, Ending.BROKEN), f"failed ({type(error).__name__})")
            raise told from None
        if isinstance(content, JsonBody):
            content.release()
        reply = HttpReply(self, way, response, exchange, is_watched)
        if (refusal := way.refusal_in(reply.status, reply.headers, self.without_key)) is not None:
            await reply.aclose()
            raise refusal
        return reply

    async def json(
        self, method: str, path: str, body: Any = None, *, limit: float | None = 30.0, purpose: Purpose | None = None
    ) -> Any:
        """Return the JSON value of a request's reply. Raises `BackendError` for everything else.

        `limit` in seconds bounds each silence.
        """
        async with aclosing(await self.open(method, path, body, limit=limit, purpose=purpose)) as reply:
            if reply.status >= 400:
                raise (await reply.refusal()).error
            content = await reply.read()
        try:
            return parse_json(content.decode("utf-8-sig", errors="replace"))
        except ValueError:
            raise self.unreadable(content, reply.status) from None

    def unreadable(self, body: bytes, status: int | None = None) -> BackendError:
        """Return the error for a body that is not what was asked for: a page, other words, or nothing."""
        text = body.decode("utf-8-sig", errors="replace")
        if text.lstrip().startswith("<"):
            return self.error(said_in_body(text.encode()), status)
        words = shortened(self.without_key(text))
        return ProtocolError(words, host=self.host, status=status, reason="garbled" if words else "empty")

    def error(self, said: ServerSaid, status: int | None = None, retry_after: float | None = None) -> BackendError:
        """Return the error of the class that fits this server's words, without the key."""
        title = None if said.html_title is None else self.without_key(said.html_title)
        said = replace(said, message=self.without_key(said.message), html_title=title)
        if status == 500 and not self._key and said.message == _NOTHING_SAID:
            return RequestRejected(host=self.host, status=status, reason="no_key")
        return error_for(said, status=status, host=self.host, local=self.place.is_local, retry_after=retry_after)

    def without_key(self, text: str) -> str:
        """Return a server's words without the key, which some repeat."""
        return redacted(text, self._key_pattern)

    def check_place(self, place: Place, purpose: Purpose | None, *, is_encrypted: bool = True) -> None:
        """Raise `Unreachable` (policy, offline) where nothing may be sent to a place, and record that."""
        if self.settings.reach.refusal(place, is_encrypted=is_encrypted) is not None:
            reason = "policy"
        elif not self.settings.allow_host(place):
            reason = "offline"
        else:
            return
        self._exchange(purpose).end(_HELD_BACK[reason])  # it is not made, and recorded all the same
        raise Unreachable(host=place.host or self.host, reason=reason)

    def check_forwarding(self, model: ModelInfo, request: ChatRequest | None = None) -> None:
        """Refuse a model whose server sends on what it is asked, as Ollama may, where that must not be.

        `request` says where the user was told that the words go; None: nothing of theirs is sent. Raises `Unreachable`
        (offline) under the offline lock, or (policy) where this computer's policy does not allow the place, and
        `RequestRejected` (forwarded) where a nearer place was told. The rule for where a model is stands in
        `core.place`.
        """
        place = place_behind(self.place, model)
        told = request.place if request is not None else None
        if told is not None and told.kind.is_farther_than(place.kind):
            place = told  # of a gateway, which only the user knows to send words on
        purpose = replace(purpose_of(request) if request is not None else Purpose(model=model.name), place=place)
        self.check_place(place, purpose)
        if told is not None and place.kind.is_farther_than(told.kind):
            self._exchange(purpose).end(Ending.ELSEWHERE)
            raise RequestRejected(host=place.host, reason="forwarded")

    async def aclose(self) -> None:
        """Close all connections; safe to call twice."""
        if self._way is not None:
            await self._way.aclose()
        if self.settings.close_dial is not None:
            await self.settings.close_dial()

    @cached_property
    def _key_pattern(self) -> re.Pattern[str] | None:
        return pattern_of(self._key)

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

    def _exchange(self, purpose: Purpose | None, *, is_through_proxy: bool = False) -> Exchange:
        purpose = purpose or self._purpose
        place = purpose.place or self.place
        entry = Entry(at=time.time(), purpose=purpose, host=self.host, place=place, is_through_proxy=is_through_proxy)
        return Exchange(self.settings.record, entry, self.without_key)

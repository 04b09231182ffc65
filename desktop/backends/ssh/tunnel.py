"""The ways through rented computers: one login for all that goes through it, made again when it is next wanted.

HTTP runs in channels of it; no port is opened on this computer. The place of what is behind is that of the computer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from weakref import WeakSet

import asyncssh

from desktop.backends.ssh.login import HostKeyRefused, digest_of, log_in, offer_of
from desktop.backends.ssh.streams import ChannelStream
from desktop.backends.wire.crossing import Crossing, Record
from desktop.backends.wire.failures import reason_of
from desktop.backends.wire.network import Dial, DirectDial, NetworkBackend, peer_of
from desktop.backends.wire.settings import HttpSettings
from desktop.core.connection import SshLogin
from desktop.core.connections.tunnel import LoginKeeper, TunnelState
from desktop.core.errors import AuthRejected, BackendError, Unreachable
from desktop.core.place import Place
from desktop.core.policy.reach import Reach
from desktop.core.trust.ledger import Ending, Errand, Peer, Purpose

_CONNECT_SECONDS = 10.0
_NOTHING_LISTENS = 2  # the code of a channel (RFC 4254, 5.1); all others: the computer makes none, whatever is there


def through(
    login: SshLogin, secret: str, place: Place, settings: HttpSettings, keeper: LoginKeeper
) -> tuple[Tunnel, HttpSettings]:
    """Return a tunnel, in which nothing is open yet, and the settings of a client that goes through it."""
    tunnel = Tunnel(
        login,
        secret,
        place,
        DirectDial(settings.allow_host, settings.may_resolve, settings.resolve, settings.reach),
        keeper,
        allows=settings.allow_host,
        reach=settings.reach,
        record=settings.record,
    )
    return tunnel, replace(settings, dial=tunnel, close_dial=tunnel.aclose, behind=place, rented=login.host)


class Tunnel:
    """A dial through one rented computer. `direct` is the one over the network, to that computer itself.

    Lives on the loop thread. Everything raises `BackendError`.
    """

    def __init__(
        self,
        login: SshLogin,
        secret: str,
        told: Place,
        direct: Dial,
        keeper: LoginKeeper,
        *,
        allows: Callable[[Place], bool],
        reach: Reach,
        record: Record,
    ) -> None:
        self.login = login
        self._secret = secret
        self._told = told
        self._direct = direct
        self._keeper = keeper
        self._allows = allows
        self._reach = reach
        self._record = record
        self._connection: asyncssh.SSHClientConnection | None = None
        self._peer = Peer()
        self._dialling = asyncio.Lock()
        self._logins = self._closings = 0  # how many there were
        self._streams: WeakSet[ChannelStream] = WeakSet()

    async def __call__(self, host: str, port: int, told: Place, timeout: float | None) -> ChannelStream:
        """Return a channel to a server at the other end, logging in first where there is no login."""
        before = self._connection
        connection = await self._opened()
        try:
            return await self._channel(connection, host, port, timeout)
        except Unreachable as error:
            if error.reason != "ssh_lost" or connection is not before:
                raise
        # A login that had been lost without a word, as while a computer sleeps; nothing of this request was sent.
        return await self._channel(await self._opened(), host, port, timeout)

    async def aclose(self) -> None:
        """End the login, also one that is under way; safe to call twice. What goes through it breaks off."""
        self._closings += 1
        self._end()

    def _end(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.abort()
            self._keeper.note_state(self.login, TunnelState.CLOSED)

    async def _channel(
        self, connection: asyncssh.SSHClientConnection, host: str, port: int, timeout: float | None
    ) -> ChannelStream:
        try:
            async with asyncio.timeout(timeout):
                reader, writer = await connection.open_connection(host, port)
        except asyncssh.ChannelOpenError as error:
            if not connection.is_closed():
                reason = "ssh_port" if error.code == _NOTHING_LISTENS else "ssh_forwarding"
                raise Unreachable(host=self.login.host, reason=reason) from None
        except (asyncssh.Error, OSError, TimeoutError):
            if all(
                each.has_ended for each in self._streams
            ):  # else the look for signs of life decides, which may take longer
                connection.abort()
                await connection.wait_closed()
        else:
            stream = ChannelStream(reader, writer, self.login.host, self._peer, connection.is_closed)
            self._streams.add(stream)
            return stream
        raise Unreachable(host=self.login.host, reason="ssh_lost")

    async def _opened(self) -> asyncssh.SSHClientConnection:
        """Return the login, made now if there is none: once, however many wait for it."""
        closings = self._closings
        async with self._dialling:
            if closings != self._closings:
                raise Unreachable(host=self.login.host, reason="ssh_lost")
            if self._connection is not None and not self._connection.is_closed():
                return self._connection
            if not self._allows(self._told):
                raise Unreachable(host=self.login.host, reason="offline")
            self._keeper.gate.check(self.login, self._secret)
            self._keeper.note_state(self.login, TunnelState.CONNECTING)
            try:
                self._connection = await self._logged_in()
            except BaseException as error:
                self._keeper.note_state(self.login, TunnelState.CLOSED)
                self._take_note(error)
                raise
            is_allowed = self._allows(self._told)
            if not is_allowed or closings != self._closings:  # the lock was put on meanwhile, or nobody waits any more
                self._end()
                raise Unreachable(host=self.login.host, reason="ssh_lost" if is_allowed else "offline")
            self._keeper.note_state(self.login, TunnelState.CONNECTED)
            return self._connection

    async def _logged_in(self) -> asyncssh.SSHClientConnection:
        host, port = self.login.host, self.login.port
        self._logins += 1
        on_lost = partial(self._on_lost, self._logins)
        known = await asyncio.to_thread(self._keeper.known_keys, self.login)
        offer = await offer_of(self.login, self._secret)
        crossing = Crossing(self._record, Purpose(errand=Errand.LOGIN), host, self._told, is_through_proxy=False)
        ending = Ending.BROKEN
        try:
            with crossing.under_way():
                network = NetworkBackend(self._direct, self._told, self._reach)
                try:
                    stream = await network.connect_tcp(host, port, _CONNECT_SECONDS)
                except Exception as error:
                    raise _not_reached(error, host) from None
                self._peer = peer_of(stream)
                try:
                    connection = await log_in(self.login, offer, known, stream, on_lost)
                except BaseException:
                    await stream.aclose()
                    raise
            self._peer = replace(self._peer, certificate=digest_of(connection), issuer="SSH")
            ending = Ending.DONE
        finally:
            crossing.end(ending)
            offer.close()
        return connection

    def _take_note(self, error: BaseException) -> None:
        match error:
            case HostKeyRefused():
                self._keeper.note_key(self.login, error.key, error.detail)
            case AuthRejected():
                self._keeper.gate.note_refused(self.login, self._secret, error.reason)
            case BackendError() if error.reason == "ssh_reset":
                self._keeper.gate.note_cut_off(self.login)

    def _on_lost(self, number: int) -> None:
        """Tell of the end of a login, unless it was ended here or there is a newer one."""
        if self._connection is not None and number == self._logins:
            self._keeper.note_state(self.login, TunnelState.LOST)


def _not_reached(error: Exception, host: str) -> BackendError:
    """Return why a computer was not reached; that it refuses is another matter than that a model server does."""
    if isinstance(error, BackendError):
        return error
    reason = reason_of(error)
    return Unreachable(host=host, reason="ssh_refused" if reason == "refused" else reason)

"""The ways through rented computers: one login for all that goes through it, made again when it is next wanted.

SSH runs in a stream of the network, where its bytes are checked and counted like any others, and HTTP in channels of
it; no port is opened on this computer. The place of what is behind is that of the computer. Nothing of the user's own
SSH settings is read: no file of hosts, no configuration, and no key but the one that was chosen, for each would tell a
stranger's computer who is there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import WeakSet

import asyncssh
import httpcore

from desktop.backends.wire.crossing import Crossing
from desktop.backends.wire.failures import reason_of
from desktop.backends.wire.network import DirectDial, NetworkBackend, peer_of
from desktop.backends.wire.settings import HttpSettings
from desktop.core.connection import SshLogin, SshProof
from desktop.core.connections.tunnel import LoginKeeper, TunnelState
from desktop.core.errors import AuthRejected, BackendError, Unreachable
from desktop.core.place import Place
from desktop.core.trust.ledger import Ending, Errand, Peer, Purpose

_CONNECT_SECONDS = 10.0
_NOTHING_LISTENS = 2  # the code of a channel (RFC 4254, 5.1); all others: the computer makes none, whatever is there
# Strong ones, the shortest first. Without a list the library takes what the server likes, an outdated kind among it.
_KEY_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256")
_LOGIN_SECONDS = 20
_BANNER_SECONDS = 8.0  # for the first word of a server, which every SSH server says unasked
_KEEP_ALIVE = {"keepalive_interval": 5, "keepalive_count_max": 3}  # seconds, and how many may stay unanswered
_WAYS = {
    SshProof.PASSWORD: "password,keyboard-interactive",
    SshProof.KEY_FILE: "publickey,keyboard-interactive",
    SshProof.AGENT: "publickey,keyboard-interactive",
}
_REFUSALS = {SshProof.PASSWORD: "ssh_password", SshProof.KEY_FILE: "ssh_key", SshProof.AGENT: "ssh_agent"}
# What a server says in place of its name while it takes nobody.
_CUT_OFF = (b"Not allowed at this time", b"Exceeded MaxStartups")
_PIECE = 64 * 1024  # bytes
_MOST_KEPT = 200  # bytes of what came first


def through(
    login: SshLogin, secret: str, place: Place, settings: HttpSettings, keeper: LoginKeeper, live: set[Tunnel]
) -> HttpSettings:
    """Return the settings of a client that goes through a rented computer. Nothing is open yet.

    `live` has the tunnels that are logged in or about to be, and is changed on the loop thread alone.
    """
    tunnel = Tunnel(login, secret, place, settings, keeper, live)
    return replace(settings, dial=tunnel, close_dial=tunnel.aclose, behind=place, rented=login.host)


class Tunnel:
    """A dial through one rented computer. Lives on the loop thread. Everything raises `BackendError`."""

    def __init__(
        self,
        login: SshLogin,
        secret: str,
        told: Place,
        settings: HttpSettings,
        keeper: LoginKeeper,
        live: set[Tunnel],
    ) -> None:
        self.login = login
        self._secret = secret
        self._told = told
        self._settings = settings
        self._keeper = keeper
        self._live = live
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
        self._live.discard(self)
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
            if not self._settings.allow_host(self._told):
                raise Unreachable(host=self.login.host, reason="offline")
            self._keeper.gate.check(self.login, self._secret)
            self._live.add(self)
            self._keeper.note_state(self.login, TunnelState.CONNECTING)
            try:
                self._connection = await self._logged_in()
            except BaseException as error:
                self._live.discard(self)
                self._keeper.note_state(self.login, TunnelState.CLOSED)
                self._take_note(error)
                raise
            is_allowed = self._settings.allow_host(self._told)
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
        crossing = Crossing(
            self._settings.record, Purpose(errand=Errand.LOGIN), host, self._told, is_through_proxy=False
        )
        ending = Ending.BROKEN
        try:
            with crossing.under_way():
                own = self._settings
                direct = DirectDial(own)
                network = NetworkBackend(direct, self._told, own.reach)
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


class ChannelStream(httpcore.AsyncNetworkStream):
    """A stream of the HTTP library inside an SSH connection. Its peer is the computer at the other end of that."""

    def __init__(
        self,
        reader: asyncssh.SSHReader[bytes],
        writer: asyncssh.SSHWriter[bytes],
        named: str,
        peer: Peer,
        is_gone: Callable[[], bool],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._is_gone = is_gone
        self._known = {"peer": peer, "server_name": named}

    @property
    def has_ended(self) -> bool:
        return self._writer.is_closing() or self._is_gone()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            async with asyncio.timeout(timeout):
                return await self._reader.read(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except (asyncssh.Error, OSError) as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            async with asyncio.timeout(timeout):
                self._writer.write(buffer)
                await self._writer.drain()
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except (asyncssh.Error, OSError) as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self._writer.channel.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("what comes out of a tunnel is not encrypted once more")

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # of an idle one: it has ended
            return self.has_ended or self._reader.at_eof()
        return self._known.get(info)


class HostKeyRefused(Unreachable):
    """Computer that is not known by the key that it showed: `key` in the form of OpenSSH, its fingerprint in `detail`.

    `reason` is ssh_new, or ssh_changed where it is known by another one.
    """

    def __init__(self, host: str, key: str, fingerprint: str, *, is_changed: bool) -> None:
        super().__init__(fingerprint, host=host, reason="ssh_changed" if is_changed else "ssh_new")
        self.key = key


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered to a computer: a password, or keys; without keys none at all is shown to it.

    `agent` signs with its keys, and is connected until `close` is called.
    """

    password: str = field(default="", repr=False)
    keys: list[Any] | None = None
    agent: asyncssh.SSHAgentClient | None = None

    def close(self) -> None:
        """Let the agent go, once nothing is to be signed any more."""
        if self.agent is not None:
            self.agent.close()


class _Client(asyncssh.SSHClient):
    """The side of a login that answers: says which key is right, gives the password once, hears of the end."""

    def __init__(self, password: str, known: Sequence[str], on_lost: Callable[[], None]) -> None:
        self.shown: asyncssh.SSHKey | None = None  # the computer's key, where it is not known
        self.was_asked_for_code = False
        self._password = password
        self._known = [" ".join(each.split()[:2]) for each in known]
        self._on_lost = on_lost

    def connection_lost(self, exc: Exception | None) -> None:
        self._on_lost()

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Return True for a key that is known. No question can be asked here: the library waits for nobody."""
        if _line(key) in self._known:
            return True
        self.shown = key
        return False

    def password_auth_requested(self) -> str | None:
        """Return the password, once: a refused one is not said again."""
        password, self._password = self._password, ""
        return password or None

    def kbdint_auth_requested(self) -> str | None:
        return ""

    def kbdint_challenge_received(
        self, name: str, instructions: str, lang: str, prompts: Sequence[tuple[str, bool]]
    ) -> Sequence[str] | None:
        """Return the password where that alone is asked for, without showing it; None for a code, or whatever else."""
        if not prompts:
            return []
        is_password = len(prompts) == 1 and not prompts[0][1] and _asks_for_password(prompts[0][0])
        if not is_password:
            self.was_asked_for_code = True
            return None
        password = self.password_auth_requested()
        return [password] if password is not None else None


class _Transport(asyncio.Transport):
    """A transport of asyncio over a stream of the network.

    It stands where the library takes a connection that another one is tunnelled through, and makes that one: itself.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        names = {"peername": "server_addr", "sockname": "client_addr"}
        super().__init__({name: stream.get_extra_info(here) for name, here in names.items()})
        self._stream = stream
        self._to_write: asyncio.Queue[bytes] = asyncio.Queue()
        self._aborted = asyncio.Event()
        self._is_closing = False
        self._first_bytes = b""
        self._was_silent = False

    async def create_connection(self, factory: Callable[[], Any], host: str, port: int) -> tuple[Any, Any]:
        """Return the transport and the protocol of the one connection."""
        self._protocol = factory()
        self._protocol.connection_made(self)
        self._running = asyncio.create_task(self._run())
        asyncio.get_running_loop().call_later(_BANNER_SECONDS, self._end_if_silent)
        return self, self._protocol

    @property
    def speaks_otherwise(self) -> bool:
        """True if the other side has not the manners of an SSH server, which says its name first."""
        says_no = any(each in self._first_bytes for each in _CUT_OFF)
        return self._was_silent or (bool(self._first_bytes) and b"SSH-" not in self._first_bytes and not says_no)

    def write(self, data: Any) -> None:
        self._to_write.put_nowait(bytes(data))

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        """Close once all is written."""
        self._is_closing = True
        self.write(b"")

    def abort(self) -> None:
        """Close at once."""
        self._is_closing = True
        self._aborted.set()

    async def _run(self) -> None:
        """Read and write until either ends, then close the stream and say so."""
        tasks = [asyncio.create_task(each) for each in (self._read(), self._write(), self._aborted.wait())]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self._is_closing = True
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(Exception):  # a broken stream has nothing more to say
            await self._stream.aclose()
        self._protocol.connection_lost(next((each for each in ends if isinstance(each, Exception)), None))

    async def _read(self) -> None:
        while content := await self._stream.read(_PIECE):
            if len(self._first_bytes) < _MOST_KEPT:
                self._first_bytes += content[:_MOST_KEPT]
            self._protocol.data_received(content)

    async def _write(self) -> None:
        while content := await self._to_write.get():
            await self._stream.write(content)

    def _end_if_silent(self) -> None:
        if not self._first_bytes and not self._is_closing:
            self._was_silent = True
            self.abort()


async def log_in(
    login: SshLogin, offer: Offer, known: Sequence[str], stream: Any, on_lost: Callable[[], None]
) -> asyncssh.SSHClientConnection:
    """Return the connection of a login, made inside `stream`; `on_lost` is called when that ends.

    Raises `HostKeyRefused`, `AuthRejected` and `Unreachable`.
    """
    logging.getLogger("asyncssh").setLevel(logging.WARNING)  # below, it writes addresses and names into the log
    client, way = _Client(offer.password, known, on_lost), _Transport(stream)
    try:
        connection = await asyncssh.connect(
            login.host,
            login.port,
            tunnel=way,
            username=login.user,
            client_keys=offer.keys,
            known_hosts=([], [], []),  # the client says which key is right
            server_host_key_algs=_kinds_in_order(known),
            preferred_auth=_WAYS[login.proof],
            client_factory=lambda: client,
            config=None,
            agent_path=None,
            host_based_auth=False,
            gss_auth=False,
            gss_kex=False,
            x509_trusted_certs=None,
            login_timeout=_LOGIN_SECONDS,
            **_KEEP_ALIVE,
        )
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise _explained(error, login, client, way, is_known=bool(known)) from None
    except Exception as error:  # what the stream of the network raises
        raise _cut_off(login, way) from error
    return connection


def fingerprint_of(key: asyncssh.SSHKey) -> str:
    """Return a key's fingerprint as providers show it, with its kind."""
    return f"{key.get_fingerprint()} ({key.get_algorithm().removeprefix('ssh-').partition('-')[0].upper()})"


def digest_of(connection: asyncssh.SSHClientConnection) -> str:
    """Return the SHA-256 of the key that a computer has shown, in hexadecimal digits."""
    key = connection.get_server_host_key()
    return sha256(key.public_data).hexdigest() if key is not None else ""


async def offer_of(login: SshLogin, secret: str) -> Offer:
    """Return what is offered to the computer. Raises `AuthRejected` where there is nothing, and nothing is sent."""
    match login.proof:
        case SshProof.PASSWORD:
            if not secret:
                raise AuthRejected(host=login.host, reason="ssh_no_password")
            return Offer(password=secret)
        case SshProof.KEY_FILE:
            return Offer(keys=[await asyncio.to_thread(_key_in, login, secret)])  # a passphrase takes its time
        case SshProof.AGENT:
            return await _offer_of_agent(login)


def _key_in(login: SshLogin, passphrase: str) -> asyncssh.SSHKey:
    try:
        content = Path(login.key_file).expanduser().read_bytes()
        return asyncssh.import_private_key(content, passphrase or None)
    except asyncssh.KeyEncryptionError:
        reason = "ssh_passphrase"
    except asyncssh.KeyImportError as error:
        reason = "ssh_passphrase" if "assphrase" in str(error) else "ssh_key_file"
    except (OSError, ValueError):
        reason = "ssh_key_file"
    raise AuthRejected(host=login.host, reason=reason)


async def _offer_of_agent(login: SshLogin) -> Offer:
    """Return the keys of the program that holds some; it stays connected, since it has to sign with them."""
    agent = None
    try:
        agent = await asyncssh.connect_agent(os.environ.get("SSH_AUTH_SOCK", ""))
        keys = list(await agent.get_keys())
    except (OSError, ValueError, asyncssh.Error):
        keys = []
    if not keys:
        if agent is not None:
            agent.close()
        raise AuthRejected(host=login.host, reason="ssh_no_agent")
    return Offer(keys=keys, agent=agent)


def _kinds_in_order(known: Sequence[str]) -> list[str]:
    """Return the kinds of keys to ask a computer for, first those that it is known by."""
    recorded = {line.split()[0] for line in known if line.split()}
    return sorted(_KEY_KINDS, key=lambda kind: kind.replace("rsa-sha2-512", "ssh-rsa") not in recorded)


def _line(key: asyncssh.SSHKey) -> str:
    return " ".join(key.export_public_key("openssh").decode("ascii").split()[:2])


def _asks_for_password(prompt: str) -> bool:
    words = prompt.lower()
    return "password" in words or "密码" in words or not words.strip(" :：")


def _explained(error: Exception, login: SshLogin, client: _Client, way: _Transport, *, is_known: bool) -> BackendError:
    """Return what a failed login means."""
    host = login.host
    if client.shown is not None:
        return HostKeyRefused(host, _line(client.shown), fingerprint_of(client.shown), is_changed=is_known)
    match error:
        case asyncssh.PermissionDenied():
            reason = "ssh_code" if client.was_asked_for_code else _REFUSALS[login.proof]
            return AuthRejected(host=host, reason=reason)
        case asyncssh.DisconnectError() if "oo many authentication" in str(error):
            return AuthRejected(host=host, reason="ssh_too_many")
        case asyncssh.KeyExchangeFailed() | asyncssh.ProtocolNotSupported():
            return Unreachable(host=host, reason="ssh_old")
        case _:
            return _cut_off(login, way)


def _cut_off(login: SshLogin, way: _Transport) -> BackendError:
    """Return what it means that a server hung up, by what it had said until then."""
    return Unreachable(host=login.host, reason="ssh_not_ssh" if way.speaks_otherwise else "ssh_reset")

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
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import WeakSet

import asyncssh
import httpcore

from desktop.backends.wire.exchange import Exchange
from desktop.backends.wire.http import HttpSettings
from desktop.backends.wire.network import NetworkBackend, peer_of, reason_of
from desktop.core.connection import SshLogin, SshProof
from desktop.core.connections import LoginKeeper, TunnelState
from desktop.core.errors import AuthRejected, BackendError, Unreachable
from desktop.core.place import Place
from desktop.core.request import Errand
from desktop.core.trust import Ending, Entry, Peer, Purpose

_CONNECT_SECONDS = 10.0
_NOTHING_LISTENS = 2  # the code of a channel (RFC 4254, 5.1); all others: the computer makes none, whatever is there
# Strong ones, the shortest first. Without a list the library takes what the server likes, an outdated kind among it.
_KEY_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256")
_LOGIN_SECONDS = 20
BANNER_SECONDS = 8.0  # for the first word of a server, which every SSH server says unasked
KEEP_ALIVE = {"keepalive_interval": 5, "keepalive_count_max": 3}  # seconds, and how many may stay unanswered
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


@dataclass(eq=False)
class Tunnel:
    """A dial through one rented computer. Lives on the loop thread. Everything raises `BackendError`.

    `told` is the computer's place; `live` has the tunnels that are logged in or about to be.
    """

    login: SshLogin
    secret: str = field(repr=False)
    told: Place
    settings: HttpSettings
    keeper: LoginKeeper
    live: set[Tunnel]

    def __post_init__(self) -> None:
        self._connection: asyncssh.SSHClientConnection | None = None
        self._peer = Peer()
        self._dialling = asyncio.Lock()
        self._closings = 0  # how many there were
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
        self.live.discard(self)
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.abort()
            self.keeper.note_state(self.login, TunnelState.CLOSED)

    async def _channel(
        self, connection: asyncssh.SSHClientConnection, host: str, port: int, timeout: float | None
    ) -> ChannelStream:
        try:
            async with asyncio.timeout(timeout):
                reader, writer = await connection.open_connection(host, port)
        except asyncssh.ChannelOpenError as error:
            if not connection.is_closed():
                raise self._unreachable("ssh_port" if error.code == _NOTHING_LISTENS else "ssh_forwarding") from None
        except (asyncssh.Error, OSError, TimeoutError):
            # Where others still go through it, the look for signs of life decides, which may take longer.
            if all(each.has_ended for each in self._streams):
                connection.abort()
                await connection.wait_closed()
        else:
            stream = ChannelStream(reader, writer, connection, self.login.host, self._peer)
            self._streams.add(stream)
            return stream
        raise self._unreachable("ssh_lost")

    async def _opened(self) -> asyncssh.SSHClientConnection:
        """Return the login, made now if there is none: once, however many wait for it."""
        closings = self._closings
        async with self._dialling:
            if closings != self._closings:
                raise self._unreachable("ssh_lost")
            if self._connection is not None and not self._connection.is_closed():
                return self._connection
            if not self.settings.allow_host(self.told):
                raise self._unreachable("offline")
            self.keeper.gate.check(self.login, self.secret)
            self.live.add(self)
            self.keeper.note_state(self.login, TunnelState.CONNECTING)
            try:
                connection = await self._logged_in()
            except BaseException as error:
                self.live.discard(self)
                self.keeper.note_state(self.login, TunnelState.CLOSED)
                if isinstance(error, AuthRejected):
                    self.keeper.gate.note_refused(self.login, self.secret, error.reason)
                elif isinstance(error, BackendError) and error.reason == "ssh_reset":
                    self.keeper.gate.note_cut_off(self.login)
                raise
            self._connection = connection
            is_allowed = self.settings.allow_host(self.told)
            if not is_allowed or closings != self._closings:  # the lock was put on meanwhile, or nobody waits any more
                self._end()
                raise self._unreachable("ssh_lost" if is_allowed else "offline")
            self.keeper.note_state(self.login, TunnelState.CONNECTED)
            return connection

    async def _logged_in(self) -> asyncssh.SSHClientConnection:
        login, own = self.login, self.settings
        known = await asyncio.to_thread(self.keeper.known_keys, login)
        async with _offered(login, self.secret) as (password, keys):
            purpose = Purpose(errand=Errand.LOGIN)
            exchange = Exchange(own.record, Entry(at=time.time(), purpose=purpose, host=login.host, place=self.told))
            ending = Ending.BROKEN
            try:
                with exchange.under_way():
                    network = NetworkBackend(own, self.told)
                    try:
                        stream = await network.connect_tcp(login.host, login.port, _CONNECT_SECONDS)
                    except BackendError:
                        raise
                    except Exception as error:
                        # That it refuses is another matter than that a model server does.
                        reason = reason_of(error)
                        raise self._unreachable("ssh_refused" if reason == "refused" else reason) from None
                    try:
                        connection = await self._shaken_hands(stream, password, keys, known)
                    except BaseException:
                        await stream.aclose()
                        raise
                ending = Ending.DONE
            finally:
                exchange.end(ending)
        key = connection.get_server_host_key()
        digest = sha256(key.public_data).hexdigest() if key is not None else ""
        self._peer = replace(peer_of(stream), certificate=digest, issuer="SSH")
        return connection

    async def _shaken_hands(
        self, stream: httpcore.AsyncNetworkStream, password: str, keys: list[Any] | None, known: Sequence[str]
    ) -> asyncssh.SSHClientConnection:
        """Return the connection of a login, made inside `stream`; without keys none at all is shown."""
        logging.getLogger("asyncssh").setLevel(logging.WARNING)  # below, it writes addresses and names into the log
        client, way = _Client(password, known, self._on_lost), _Transport(stream)
        recorded = {line.split()[0] for line in known if line.split()}  # these kinds are asked for first
        first = "password" if self.login.proof is SshProof.PASSWORD else "publickey"
        try:
            return await asyncssh.connect(
                self.login.host,
                self.login.port,
                tunnel=way,
                username=self.login.user,
                client_keys=keys,
                known_hosts=([], [], []),  # the client says which key is right
                server_host_key_algs=sorted(
                    _KEY_KINDS, key=lambda kind: kind.replace("rsa-sha2-512", "ssh-rsa") not in recorded
                ),
                preferred_auth=f"{first},keyboard-interactive",
                client_factory=lambda: client,
                config=None,
                agent_path=None,
                host_based_auth=False,
                gss_auth=False,
                gss_kex=False,
                x509_trusted_certs=None,
                login_timeout=_LOGIN_SECONDS,
                **KEEP_ALIVE,
            )
        except Exception as error:  # of the library, of the system, and of the stream of the network
            raise self._explained(error, client, way, is_known=bool(known)) from None

    def _explained(self, error: Exception, client: _Client, way: _Transport, *, is_known: bool) -> BackendError:
        """Return what a failed login means; a computer that is not known, or not by the key that it showed, is told."""
        if (key := client.shown) is not None:
            kind = key.get_algorithm().removeprefix("ssh-").partition("-")[0].upper()
            fingerprint = f"{key.get_fingerprint()} ({kind})"  # as providers show it
            self.keeper.note_key(self.login, _line(key), fingerprint)
            return self._unreachable("ssh_changed" if is_known else "ssh_new", fingerprint)
        match error:
            case asyncssh.PermissionDenied():
                reason = "ssh_code" if client.was_asked_for_code else _REFUSALS[self.login.proof]
                return AuthRejected(host=self.login.host, reason=reason)
            case asyncssh.DisconnectError() if "oo many authentication" in str(error):
                return AuthRejected(host=self.login.host, reason="ssh_too_many")
            case asyncssh.KeyExchangeFailed() | asyncssh.ProtocolNotSupported():
                return self._unreachable("ssh_old")
            case _:  # it hung up
                return self._unreachable("ssh_not_ssh" if way.speaks_otherwise else "ssh_reset")

    def _unreachable(self, reason: str, detail: str = "") -> Unreachable:
        return Unreachable(detail, host=self.login.host, reason=reason)

    def _on_lost(self, connection: asyncssh.SSHClientConnection | None) -> None:
        """Tell of the end of a login, unless it was ended here or there is a newer one."""
        if connection is not None and connection is self._connection:
            self.keeper.note_state(self.login, TunnelState.LOST)


@dataclass(eq=False)
class ChannelStream(httpcore.AsyncNetworkStream):
    """A stream of the HTTP library inside an SSH connection. Its peer is the computer at the other end of that."""

    reader: asyncssh.SSHReader[bytes]
    writer: asyncssh.SSHWriter[bytes]
    connection: asyncssh.SSHClientConnection
    host: str
    peer: Peer

    @property
    def has_ended(self) -> bool:
        return self.writer.is_closing() or self.connection.is_closed()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            async with asyncio.timeout(timeout):
                return await self.reader.read(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except (asyncssh.Error, OSError) as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            async with asyncio.timeout(timeout):
                self.writer.write(buffer)
                await self.writer.drain()
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except (asyncssh.Error, OSError) as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        self.writer.channel.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("what comes out of a tunnel is not encrypted once more")

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # of an idle one: it has ended
            return self.has_ended or self.reader.at_eof()
        return {"peer": self.peer, "server_name": self.host}.get(info)


class _Client(asyncssh.SSHClient):
    """The side of a login that answers: says which key is right, gives the password once, hears of the end."""

    def __init__(
        self, password: str, known: Sequence[str], on_lost: Callable[[asyncssh.SSHClientConnection | None], None]
    ) -> None:
        self.shown: asyncssh.SSHKey | None = None  # the computer's key, where it is not known
        self.was_asked_for_code = False
        self._password = password
        self._known = [" ".join(each.split()[:2]) for each in known]
        self._on_lost = on_lost
        self._connection: asyncssh.SSHClientConnection | None = None

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:
        self._on_lost(self._connection)

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
        match prompts:
            case []:
                return []
            case [(question, False)] if _asks_for_password(question):
                password = self.password_auth_requested()
                return [password] if password is not None else None
            case _:
                self.was_asked_for_code = True
                return None


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
        self.speaks_otherwise = False  # than an SSH server does, which says its name first

    async def create_connection(self, factory: Callable[[], Any], host: str, port: int) -> tuple[Any, Any]:
        """Return the transport and the protocol of the one connection."""
        self._protocol = factory()
        self._protocol.connection_made(self)
        self._running = asyncio.create_task(self._run())
        return self, self._protocol

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
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:  # also at the end of the program
            self._is_closing = True
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(Exception):  # a broken stream has nothing more to say
                await self._stream.aclose()
            self._protocol.connection_lost(next((each for each in ends if isinstance(each, Exception)), None))

    async def _read(self) -> None:
        first = b""
        try:
            while content := await self._stream.read(_PIECE, None if first else BANNER_SECONDS):
                if len(first) < _MOST_KEPT:
                    first += content[:_MOST_KEPT]
                    says_no = any(each in first for each in _CUT_OFF)
                    self.speaks_otherwise = b"SSH-" not in first and not says_no
                self._protocol.data_received(content)
        except httpcore.ReadTimeout:
            self.speaks_otherwise = True

    async def _write(self) -> None:
        while content := await self._to_write.get():
            await self._stream.write(content)


@asynccontextmanager
async def _offered(login: SshLogin, secret: str) -> AsyncIterator[tuple[str, list[Any] | None]]:
    """Give what is offered to the computer: a password, or keys, which an agent has to be there for to sign with.

    Raises `AuthRejected` where there is nothing, and nothing is sent.
    """
    match login.proof:
        case SshProof.PASSWORD:
            if not secret:
                raise AuthRejected(host=login.host, reason="ssh_no_password")
            yield secret, None
        case SshProof.KEY_FILE:
            yield "", [await asyncio.to_thread(_key_in, login, secret)]  # a passphrase takes its time
        case SshProof.AGENT:
            agent, keys = None, []
            with suppress(OSError, ValueError, asyncssh.Error):
                agent = await asyncssh.connect_agent(os.environ.get("SSH_AUTH_SOCK", ""))
                keys = list(await agent.get_keys())
            try:
                if not keys:
                    raise AuthRejected(host=login.host, reason="ssh_no_agent")
                yield "", keys
            finally:
                if agent is not None:
                    agent.close()


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


def _line(key: asyncssh.SSHKey) -> str:
    return " ".join(key.export_public_key("openssh").decode("ascii").split()[:2])


def _asks_for_password(prompt: str) -> bool:
    words = prompt.lower()
    return "password" in words or "密码" in words or not words.strip(" :：")

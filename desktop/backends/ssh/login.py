"""One login at a rented computer: what is offered to it, by what it is known, and what its refusals mean.

Nothing of the user's own SSH settings is read: no file of hosts, no configuration, and no key but the one that was
chosen, for each would tell a stranger's computer who is there.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncssh

from desktop.backends.ssh.streams import StreamTransport
from desktop.core.connection import SshLogin, SshProof
from desktop.core.errors import AuthRejected, BackendError, Unreachable

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


class _Way:
    """The stream that SSH runs in, in the form of the library's connection that another one is tunnelled through."""

    def __init__(self, stream: Any) -> None:
        self.was_silent = False
        self._transport: StreamTransport | None = None
        self._stream = stream

    async def create_connection(self, factory: Callable[[], Any], host: str, port: int) -> tuple[Any, Any]:
        """Return the transport and the protocol of the one connection."""
        protocol = factory()
        self._transport = StreamTransport(self._stream, protocol)
        asyncio.get_running_loop().call_later(_BANNER_SECONDS, self._end_if_silent)
        return self._transport, protocol

    def _end_if_silent(self) -> None:
        if self._transport is not None and not self.first_bytes and not self._transport.is_closing():
            self.was_silent = True
            self._transport.abort()

    @property
    def first_bytes(self) -> bytes:
        return self._transport.first_bytes if self._transport is not None else b""

    @property
    def speaks_otherwise(self) -> bool:
        """True if the other side has not the manners of an SSH server, which says its name first."""
        says_no = any(each in self.first_bytes for each in _CUT_OFF)
        return self.was_silent or (bool(self.first_bytes) and b"SSH-" not in self.first_bytes and not says_no)


async def log_in(
    login: SshLogin, offer: Offer, known: Sequence[str], stream: Any, on_lost: Callable[[], None]
) -> asyncssh.SSHClientConnection:
    """Return the connection of a login, made inside `stream`; `on_lost` is called when that ends.

    Raises `HostKeyRefused`, `AuthRejected` and `Unreachable`.
    """
    logging.getLogger("asyncssh").setLevel(logging.WARNING)  # below, it writes addresses and names into the log
    client, way = _Client(offer.password, known, on_lost), _Way(stream)
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


def _explained(error: Exception, login: SshLogin, client: _Client, way: _Way, *, is_known: bool) -> BackendError:
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


def _cut_off(login: SshLogin, way: _Way) -> BackendError:
    """Return what it means that a server hung up, by what it had said until then."""
    return Unreachable(host=login.host, reason="ssh_not_ssh" if way.speaks_otherwise else "ssh_reset")

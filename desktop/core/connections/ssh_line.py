"""The line with which one signs in at a rented computer, as its provider shows it: read, and written anew.

The way through that computer is a `Tunnel`. Text only. Nothing of it is ever handed to a shell or to another
program: what is not a login is refused by name.
"""

from __future__ import annotations

import os
import re
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from getopt import GetoptError, gnu_getopt
from hashlib import blake2b
from typing import Protocol

from desktop.core.connection import SshLogin
from desktop.core.connections.addresses import MOST_LETTERS, is_host, plain_form, port_of
from desktop.core.errors import AuthRejected, Unreachable
from desktop.core.place import is_loopback_name

USUAL_PORT = 22
_USUAL_USER = "root"  # of computers that are rented by the hour
_DASHES = str.maketrans(dict.fromkeys("–—−‐‑", "-"))
_PROMPT = re.compile(r"^(?:PS )?(?:[\w@:~\\/.-]*)[$#%>]\s+")
_OF_SHELLS = re.compile(r"[;|&$`<>(){}\n]")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+@\\-]*")
_WITH_VALUE = "BbcDEeFIiJLlmOopQRSWw"  # of ssh's own options
_WITHOUT = "46AaCfGgKkMNnqsTtVvXxYy"
_QUIET = "46aCfgkNnqTtvx"  # which mean nothing where there is no terminal and no port on this computer


class SshLineFault(StrEnum):
    """What keeps a line from being a login."""

    EMPTY = "empty"
    JUMP = "jump"
    COMMAND = "command"
    SHELL = "shell"
    PASSWORD = "password"
    HOST = "host"
    USER = "user"
    PORT = "port"
    OPTION = "option"


class SshLineError(ValueError):
    """Fault of a line; the text is that of an `SshLineFault`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SshLine:
    """Login as a line tells it. `far_port` is that of the server behind, 0 where the line names none.

    `ignored` are options that have no effect here; `password` stood alone in a second line.
    """

    host: str = ""
    user: str = ""
    port: int = 0
    key_file: str = ""
    far_host: str = "localhost"
    far_port: int = 0
    ignored: tuple[str, ...] = ()
    password: str = ""

    @property
    def shown(self) -> str:
        """The line as one would write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"ssh -p {self.port} {self.user}@{host}"


def ssh_line(text: str) -> SshLine:
    """Return what a pasted line says. Raises `SshLineError`."""
    lines = [line for line in text.splitlines() if line.strip()]
    password = lines.pop().strip() if len(lines) == 2 and len(lines[1].split()) == 1 else ""
    if not lines:
        raise SshLineError(SshLineFault.EMPTY)
    line = plain_form(_PROMPT.sub("", "\n".join(lines).strip().translate(_DASHES)))
    if not line:
        raise SshLineError(SshLineFault.EMPTY)
    if "sshpass" in line.split():
        raise SshLineError(SshLineFault.PASSWORD)
    if _OF_SHELLS.search(line) or not line.isprintable() or len(line) > MOST_LETTERS:
        raise SshLineError(SshLineFault.SHELL)
    words = _words_of(line)
    if re.fullmatch(r"(.*[\\/])?ssh(\.exe)?", words[0]):
        del words[0]
    return replace(_read(words), password=password)


def line_of(login: SshLogin) -> str:
    """Return the line of a login that is known."""
    return SshLine(host=login.host, user=login.user, port=login.port).shown


def _words_of(line: str) -> list[str]:
    try:  # where a backslash belongs to a path
        return [word.replace("\0", "\\") for word in shlex.split(line.replace("\\", "\0"))]
    except ValueError:  # a quotation mark without its other
        raise SshLineError(SshLineFault.SHELL) from None


def _read(words: list[str]) -> SshLine:
    """Return what the words say, options before and behind the name of the computer."""
    try:
        options, targets = gnu_getopt(words, f"{':'.join(_WITH_VALUE)}:{_WITHOUT}")
    except GetoptError:
        raise SshLineError(SshLineFault.OPTION) from None
    found = SshLine()
    for name, value in options:
        found = _with_option(found, name, value.strip())
    return _completed(_with_target(found, targets))


def _with_option(found: SshLine, option: str, value: str) -> SshLine:
    name = option
    if option == "-o":
        name, _, value = re.sub(r"\s*=\s*|\s+", "=", value, count=1).partition("=")
    match name.lower() if option == "-o" else name:
        case "-p" | "port":
            return replace(found, port=_port(value))
        case "-l" | "user":
            return replace(found, user=value)
        case "-i" | "identityfile":
            return replace(found, key_file=value)
        case "hostname":
            return replace(found, host=value)
        case "-L" | "localforward":
            return _with_forward(found, value.replace(" ", ":"))
        case "-J" | "-W" | "proxyjump" | "proxycommand":
            raise SshLineError(SshLineFault.JUMP)
        case "remotecommand" | "localcommand":
            raise SshLineError(SshLineFault.COMMAND)
        case _ if option[1] in _QUIET:
            return found
        case _:
            said = f"{option} {name}={value}" if option == "-o" else f"{option} {value}".rstrip()
            return replace(found, ignored=(*found.ignored, said))


def _with_forward(found: SshLine, value: str) -> SshLine:
    """Take the server that a forward leads to as the one that is wanted."""
    match = re.search(r"(?:^|:)(\[[^\]]+\]|[^:\[\]]+):([0-9]+)$", value)
    if match is None:
        return replace(found, ignored=(*found.ignored, f"-L {value}"))
    host = match[1].strip("[]")
    is_own = is_loopback_name(host) or host in ("127.0.0.1", "::1", "0.0.0.0", "*")
    return replace(found, far_host="localhost" if is_own else host, far_port=_port(match[2]))


def _with_target(found: SshLine, targets: list[str]) -> SshLine:
    """Take the name of the computer, and what stands beside it: a port, and nothing else."""
    if not targets:
        raise SshLineError(SshLineFault.HOST)
    target, *rest = targets
    if rest and rest[0].isdecimal() and len(rest) == 1 and not found.port:
        found = replace(found, port=_port(rest[0]))
    elif rest:
        raise SshLineError(SshLineFault.COMMAND)
    target = target.removeprefix("ssh://").rstrip("/")
    user, at, place = target.rpartition("@")
    match = re.fullmatch(r"\[([^\]]+)\](?::([^:]*))?", place) or re.fullmatch(r"([^:]*)(?::([^:]*))?", place)
    host, port = (match[1], match[2]) if match is not None else (place, None)  # an IPv6 address without brackets
    if ":" in user:
        raise SshLineError(SshLineFault.PASSWORD)
    if at and not user:
        raise SshLineError(SshLineFault.USER)
    if port is not None:
        found = replace(found, port=_port(port))
    return replace(found, host=found.host or host, user=user or found.user)


def _completed(found: SshLine) -> SshLine:
    """Return the line with what is usual where it says nothing."""
    host = found.host.lower()
    if host.startswith("-") or not is_host(host) or not is_host(found.far_host):
        raise SshLineError(SshLineFault.HOST)
    user = found.user or _USUAL_USER
    if _USER.fullmatch(user) is None:
        raise SshLineError(SshLineFault.USER)
    return replace(found, host=host, user=user, port=found.port or USUAL_PORT)


def _port(text: str) -> int:
    if (port := port_of(text)) is None:
        raise SshLineError(SshLineFault.PORT)
    return port


# Where model servers mostly listen; the first is the one that providers of rented computers open.
FAR_PORTS = (6006, 8000, 11434, 1234)
# A computer that has cut somebody off for too many wrong passwords counts each new attempt.
_PAUSE = 30.0  # seconds


class TunnelState(StrEnum):
    """State of the way through a rented computer."""

    CLOSED = "closed"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"


class LoginGate:
    """A gate before each login: what was refused is not tried again by itself, and a pause is kept.

    For computers lock out those who try often. Safe to use from several threads, since each step is one of a dict.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused: dict[SshLogin, tuple[bytes, str]] = {}  # by `_means`: what tells the secret, and the reason
        self._salt = os.urandom(16)
        self._cut_off: dict[tuple[str, int], float] = {}

    def check(self, login: SshLogin, secret: str) -> None:
        """Raise the refusal of before, where the same secret was refused, or `Unreachable` (ssh_wait) in the pause."""
        refused = self._refused.get(_means(login))
        if refused is not None and refused[0] == self._digest(secret):
            raise AuthRejected(host=login.host, reason=refused[1])
        since = self._cut_off.get((login.host, login.port))
        if since is not None and self._clock() - since < _PAUSE:
            raise Unreachable(host=login.host, reason="ssh_wait")

    def note_refused(self, login: SshLogin, secret: str, reason: str) -> None:
        """Remember that a login was refused, until the user tries it again."""
        self._refused[_means(login)] = (self._digest(secret), reason)

    def note_cut_off(self, login: SshLogin) -> None:
        """Remember that the computer hung up before it said who it is."""
        self._cut_off[(login.host, login.port)] = self._clock()

    def forget(self, login: SshLogin) -> None:
        """Let a refused login be tried once more; the pause is kept."""
        self._refused.pop(_means(login), None)

    def _digest(self, secret: str) -> bytes:
        return blake2b(secret.encode("utf-8", "surrogatepass"), salt=self._salt).digest()


def _means(login: SshLogin) -> SshLogin:
    """Return a login as it is offered to the computer, whether its secret is kept or not."""
    return replace(login, has_secret=False)


class LoginKeeper(Protocol):
    """Keeper of what is known of rented computers: what a login asks, and whom it tells. Used from the loop thread."""

    gate: LoginGate

    def known_keys(self, login: SshLogin) -> Sequence[str]:
        """Return the keys by which the computer is known. It may wait for the disk."""
        ...

    def note_key(self, login: SshLogin, key: str, fingerprint: str) -> None:
        """Take note of the key that a computer showed which is not known, or not by this one."""
        ...

    def note_state(self, login: SshLogin, state: TunnelState) -> None:
        """Take note of how the way to it stands."""
        ...

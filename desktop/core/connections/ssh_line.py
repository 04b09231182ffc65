"""The line with which one signs in at a rented computer, as its provider shows it: read, and written anew.

Text only. Nothing of it is ever handed to a shell or to another program: what is not a login is refused by name.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from enum import StrEnum
from getopt import GetoptError, gnu_getopt

from desktop.core.connection import SshLogin
from desktop.core.connections.addresses import MOST_LETTERS, is_host, plain_form, port_of
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

"""Addresses as they are typed and pasted, the line with which one signs in at a rented computer, and the test of both.

They may come in an input method's full-width signs, with a comma behind, of any letters. Text only: nothing is
resolved or contacted; the test itself is made in `runtime/models/connections.py`. An address is made the base address
of an OpenAI-compatible server, or of an Ollama, in every form that this itself reads (the variable `OLLAMA_HOST`). The
line is read as its provider shows it, and written anew; nothing of it is ever handed to a shell or to another program.
"""

from __future__ import annotations

import ipaddress
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
from urllib.parse import unquote, urlsplit

from desktop.core.connection import Connection, SshLogin
from desktop.core.errors import AuthRejected, Unreachable
from desktop.core.message import Failure
from desktop.core.model import ModelInfo
from desktop.core.outgoing import cannot_reason
from desktop.core.place import PlaceKind, is_loopback_name, place_of_host

MOST_LETTERS = 2_000  # of an address; servers refuse longer ones
_MOST_OF_HOST, _MOST_OF_LABEL = 253, 63  # octets (RFC 1035, 2.3.4)
# Full-width forms (U+FF01 to U+FF5E) are ASCII, moved; the full stops part the labels of a name, too (RFC 3490, 3.1).
_USUAL = {0xFF01 + at: 0x21 + at for at in range(0x5E)} | {ord(stop): "." for stop in "。｡"} | {0x3000: " "}
# What cannot be seen, and comes along when an address is copied out of a page.
_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])
_AROUND = " \t\r\n\"'`“”‘’„«»‹›「」『』《》〈〉<>（）()"
_BEHIND = _AROUND + ".,;!．，；！、。｡　"
_ENDING = f"/{_BEHIND}"  # of a path, also in front of a question mark
_LABEL = re.compile(r"[A-Za-z0-9_-]+")
_ZONE = re.compile(r"[\w.-]+")
_MISTYPED_SCHEME = re.compile(  # a colon, a stroke or a letter was left out, or typed twice
    r"http(s?)(?://|:/(?!/))|(?:htp|ttp|htpp|httpp|hhtp|htttp)(s?)(?:://|:/|//)", re.IGNORECASE
)


def plain_form(typed: str) -> str:
    """Return the address with its full-width letters, digits and signs in their usual form, and nothing around it.

    Quotes and brackets around it go, and so does the comma or full stop of the sentence that it was copied from. A
    colon that was left out of `http://` is put in, and what else is often mistyped in it is put right.
    """
    address = typed.translate(_UNSEEN).strip().lstrip(_AROUND).rstrip(_BEHIND)
    address = address.translate(_USUAL).lstrip(_AROUND).rstrip(_BEHIND)
    mistyped = _MISTYPED_SCHEME.match(address)
    if mistyped is None:
        return address
    return f"http{(mistyped[1] or mistyped[2] or '').lower()}://{address[mistyped.end() :]}"


def parted_from_login(address: str) -> tuple[str, str, str]:
    """Return the address of a proxy without the login in it, and its name and password; empty where there is none."""
    before, stroke, rest = address.partition("://") if "://" in address else ("", "", address)
    login, _, host = rest.rpartition("@")
    name, _, password = login.partition(":")
    return f"{before}{stroke}{host}", unquote(name), unquote(password)


def is_host(host: str) -> bool:
    """Return True if a server can have this name, or this IP address without brackets."""
    if ":" in host:
        address, _, zone = host.partition("%")
        try:
            ipaddress.IPv6Address(address)
        except ValueError:
            return False
        return "%" not in host or _ZONE.fullmatch(zone) is not None
    labels = host.removesuffix(".").split(".")
    return len(host) <= _MOST_OF_HOST and all(map(_is_label, labels))


def strange_letter(host: str) -> str:
    """Return the first letter that no name of a server has; empty where there is none."""
    return next((letter for letter in host if not (letter.isalnum() or letter in ".-_:%[]")), "")


def _is_label(label: str) -> bool:
    if label.isascii() and not label.lower().startswith("xn--"):
        return _LABEL.fullmatch(label) is not None and len(label) <= _MOST_OF_LABEL
    if label[:1].isdigit() and not label[0].isascii():  # RFC 5893, 2
        return False
    try:
        encoded = label.encode("idna")
        encoded.decode("idna")
    except UnicodeError:
        return False
    return not strange_letter(label) and 0 < len(encoded) <= _MOST_OF_LABEL


# What users paste from documentation is often the address of one route.
_ROUTES = ("/chat/completions", "/completions", "/responses", "/embeddings", "/models")


class AddressError(ValueError):
    """Fault of an address; the text says which: empty | spaces | letters | scheme | host | port | password."""


def api_address(text: str) -> str:
    """Return `scheme://host[:port]/path` without a slash at the end; the same again for its own result.

    Without a scheme: http for this computer and private networks, https for the internet. `/v1` is added only where
    there is no path: other paths (`/api/v3`) are meant as they stand. Raises `AddressError`.
    """
    address = plain_form(text)
    if not address:
        raise AddressError("empty")
    if any(character.isspace() for character in address):
        raise AddressError("spaces")
    if len(address) > MOST_LETTERS or not address.isprintable():
        raise AddressError("letters")
    given_scheme, separator, rest = address.partition("://")
    if not separator:
        given_scheme, rest = "", address
    try:
        parts = urlsplit(f"http://{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressError("port") from None
    if not host:
        raise AddressError("host")
    if parts.username is not None:
        raise AddressError("password")
    if not is_host(host):
        raise AddressError("letters")
    scheme = given_scheme.lower() or ("https" if place_of_host(host).kind is PlaceKind.INTERNET else "http")
    if scheme not in ("http", "https"):
        raise AddressError("scheme")
    shown_host = f"[{host}]" if ":" in host else host
    shown_port = f":{port}" if port is not None else ""
    return f"{scheme}://{shown_host}{shown_port}{_base_path(parts.path)}"


def _base_path(path: str) -> str:
    path = path.rstrip(_ENDING)
    for route in _ROUTES:
        if path.endswith(route):
            path = path.removesuffix(route).rstrip(_ENDING)
            break
    return path or "/v1"


DEFAULT_PORT = 11434
_PORTS = {"http": 80, "https": 443}  # a scheme that is written down brings its own port
_CLOUD = "ollama.com"  # the one host that Ollama reads as https without being told


def normalise_ollama_host(value: str) -> str:
    """Return `scheme://host:port[/path]` without a slash at the end; the port is always written.

    Spaces and quotes around the value are ignored; without a scheme it is http and port 11434; an unknown scheme
    counts as none, an invalid port as not given. Nothing is refused: the empty value is this computer.
    """
    text = plain_form(value)
    scheme, separator, rest = text.partition("://")
    scheme = scheme.lower()
    if not separator:
        scheme, rest = "http", text
        default = DEFAULT_PORT
        if re.fullmatch(rf"{re.escape(_CLOUD)}/?", rest, re.IGNORECASE):
            scheme, default = "https", _PORTS["https"]
    elif scheme in _PORTS:
        default = _PORTS[scheme]
    else:
        scheme, default = "http", DEFAULT_PORT
    rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    authority, _, path = rest.partition("/")
    host, port = _split_port(authority.strip())
    host = connectable(host)
    shown = f"[{host}]" if ":" in host else host
    path = path.strip("/")
    return f"{scheme}://{shown}:{port_of(port) or default}" + (f"/{path}" if path else "")


def connectable(host: str) -> str:
    """Return the host to connect to for one that a server listens on, without brackets.

    The wildcards `0.0.0.0`, `::`, `*` and the empty one become loopback.
    """
    name = host.strip().strip("[]")
    if name in ("", "*"):
        return "127.0.0.1"
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name
    if address.is_unspecified:
        return "127.0.0.1" if address.version == 4 else "::1"
    return str(address)


def _split_port(authority: str) -> tuple[str, str]:
    """Return host and port of `host`, `host:port`, `:port`, `[v6]`, `[v6]:port` and a bare IPv6 address."""
    if match := re.fullmatch(r"\[([^\]]*)\](?::(.*))?", authority):
        return match[1], match[2] or ""
    if authority.count(":") > 1:
        return authority, ""
    host, _, port = authority.partition(":")
    return host, port


def port_of(text: str) -> int | None:
    """Return a port that one can connect to; 0 is "any free port" to a server, and none to a client."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) <= 65535 else None


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


class CheckStep(StrEnum):
    """Step of a test."""

    ADDRESS = "address"
    NAME = "name"
    ANSWER = "answer"
    CERTIFICATE = "certificate"
    FINGERPRINT = "fingerprint"  # of a rented computer, as the two that follow
    LOGIN = "login"
    BEHIND = "behind"
    KEY = "key"
    MODELS = "models"
    STREAMING = "streaming"
    THINKING = "thinking"
    LENGTH = "length"


class StepState(StrEnum):
    """State of a step."""

    PASSED = "passed"
    FAILED = "failed"
    NOTED = "noted"  # no failure, and nothing to be pleased about
    PENDING = "pending"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedModel:
    """What one model of a server showed: `failure` if it gave no answer, `is_slow` if none came in time."""

    model: ModelInfo
    failure: Failure | None = None
    is_slow: bool = False
    showed_thinking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionCheck:
    """Test of a connection as far as it has come; `models` is None until they are listed."""

    connection: Connection
    has_key: bool = False
    models: Sequence[ModelInfo] | None = None
    failure: Failure | None = None
    checked: CheckedModel | None = None

    @property
    def is_encrypted(self) -> bool:
        return self.connection.address.lower().startswith("https:")

    @property
    def has_name(self) -> bool:
        """False for an address in numbers, which is not looked up."""
        ssh = self.connection.ssh
        host = ssh.host if ssh is not None else urlsplit(self.connection.address).hostname or ""
        return any(letter.isalpha() for letter in host) and ":" not in host

    @property
    def talking(self) -> list[ModelInfo]:
        return [each for each in self.models or () if each.can_chat]

    def state_of(self, step: CheckStep) -> StepState:
        """Return how a step went."""
        failed = step_of(self.failure) if self.failure is not None else None
        order = list(CheckStep)
        if failed is not None:
            if step is failed:
                return StepState.FAILED
            if step is CheckStep.NAME and self.failure is not None and _is_not_looked_up(self.failure):
                return StepState.NOT_REACHED
            if step in _AT_THE_COMPUTER and self.failure is not None and self.failure.reason in _BEFORE_ANY_LOGIN:
                return StepState.NOT_REACHED
            return StepState.PASSED if order.index(step) < order.index(failed) else StepState.NOT_REACHED
        if order.index(step) <= order.index(CheckStep.MODELS):
            if self.models is None:
                return StepState.PENDING
            return StepState.FAILED if step is CheckStep.MODELS and not self.talking else StepState.PASSED
        return self._state_of_answer(step)

    def _state_of_answer(self, step: CheckStep) -> StepState:
        if self.models is not None and not self.talking:
            return StepState.NOT_REACHED
        known = self.checked
        if known is None:
            return StepState.PENDING
        match step:
            case CheckStep.STREAMING:
                if known.failure is not None:
                    return StepState.FAILED
                return StepState.NOTED if known.is_slow else StepState.PASSED
            case CheckStep.THINKING:
                can_think = known.model.thinking_modes and not cannot_reason(known.model)
                return StepState.PASSED if known.showed_thinking or can_think else StepState.NOTED
            case _:
                return StepState.PASSED if longest_text(known.model) else StepState.NOTED


# Where what a login needs is not there, the rented computer is not even asked.
_BEFORE_ANY_LOGIN = (
    "ssh_no_password",
    "ssh_no_agent",
    "ssh_key_file",
    "ssh_passphrase",
    "ssh_wait",
)
_AT_THE_COMPUTER = (CheckStep.NAME, CheckStep.ANSWER, CheckStep.CERTIFICATE, CheckStep.FINGERPRINT)


def longest_text(model: ModelInfo) -> int | None:
    """Return how many tokens a model can read at once, as its server tells; None where it does not."""
    return model.loaded_context or model.served_context or model.context_length


def _is_not_looked_up(failure: Failure) -> bool:
    """Return True if the server's name was not looked up: Candor may not reach it, or a proxy was to do it."""
    return failure.reason in ("offline", "policy") or failure.reason.startswith("proxy")


def step_of(failure: Failure) -> CheckStep:
    """Return the step at which a list of models failed."""
    match failure.kind, failure.reason:
        case "unreachable", "address":
            return CheckStep.ADDRESS
        case "unreachable", "dns" | "elsewhere":
            return CheckStep.NAME
        case "unreachable", reason if reason.startswith(("tls", "ca_", "own_")) or reason == "not_tls":
            return CheckStep.CERTIFICATE
        case "unreachable", "ssh_new" | "ssh_changed":
            return CheckStep.FINGERPRINT
        case "unreachable", "ssh_forwarding" | "ssh_port" | "ssh_no_server" | "ssh_lost":
            return CheckStep.BEHIND
        case "unreachable", _:
            return CheckStep.ANSWER
        case "auth_rejected", reason if reason.startswith("ssh_"):
            return CheckStep.LOGIN
        case "auth_rejected", _:
            return CheckStep.KEY
        case _:
            return CheckStep.MODELS

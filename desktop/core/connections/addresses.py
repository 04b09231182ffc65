"""Addresses as they are typed and pasted: in an input method's full-width signs, with a comma behind, of any letters.

Text only: nothing is resolved or contacted. What is made of them is the base address of an OpenAI-compatible server, or
of an Ollama, in every form that this itself reads (the variable `OLLAMA_HOST`).
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote, urlsplit

from desktop.core.place import PlaceKind, place_of_host

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

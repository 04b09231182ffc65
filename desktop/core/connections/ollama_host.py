"""The base URL of an Ollama server, in every form that Ollama itself reads (the variable `OLLAMA_HOST`).

Text only: whether a server listens there is the adapter's business.
"""

from __future__ import annotations

import ipaddress
import re

from desktop.core.connections.typed_address import plain_form

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
    return f"{scheme}://{shown}:{_valid_port(port) or default}" + (f"/{path}" if path else "")


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


def _valid_port(port: str) -> int | None:
    # Port 0 is "any free port" to a server; a client cannot connect to it.
    if re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) <= 65535:
        return int(port)
    return None

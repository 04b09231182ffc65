"""The proxy for a request, from the connection's setting, the environment or the system; opens no connection.

Loopback and private hosts never use one: a system proxy cannot reach them, and would see the key.
"""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from desktop.core.connection import ProxyMode
from desktop.core.errors import Unreachable
from desktop.core.place import PlaceKind, place_of_host

# By the scheme of a proxy's address, its usual port. With `socks5h` the proxy looks names up, as it always does here.
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """The setting for public hosts; `url`, `user` and `password` count in mode MANUAL only."""

    mode: ProxyMode = ProxyMode.SYSTEM
    url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proxy:
    """Proxy to go through: `scheme` is http, https or socks5; `user` is empty where it wants no login."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Host and port, as they are told to the user."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def forward_address(self) -> str:
        """The address that requests of plain http are handed to, once a connection to it is open."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"http://{login}{self.name}"

    @property
    def is_socks(self) -> bool:
        return self.scheme == "socks5"


def proxy_for(url: str, choice: ProxyChoice) -> Proxy | None:
    """Return the proxy for requests to `url`, or None for a direct connection.

    Raises `Unreachable` (proxy_setting) for one that cannot be used: going around it in silence would send words on a
    way that the user, or the administrator, did not choose.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if place_of_host(host).kind is not PlaceKind.INTERNET:
        return None
    match choice.mode:
        case ProxyMode.NONE:
            return None
        case ProxyMode.MANUAL:
            return _read(choice.url.strip(), choice)
        case ProxyMode.SYSTEM:
            proxies = urllib.request.getproxies()
            found = (proxies.get(parts.scheme) or proxies.get("all") or "").strip()
            if not found or urllib.request.proxy_bypass(host):
                return None
            return _read(found, choice)


def _read(address: str, choice: ProxyChoice) -> Proxy:
    address = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _PORTS or not host:
        shown = f"{scheme}://{host}" + (f":{port}" if port else "") if scheme and host else ""
        raise Unreachable(host=shown, reason="proxy_setting")
    scheme, usual = scheme.removesuffix("h") if scheme == "socks5h" else scheme, _PORTS[scheme]
    if parts.username is not None:
        return Proxy(scheme, host, port or usual, unquote(parts.username), unquote(parts.password or ""))
    login = (choice.user, choice.password) if choice.mode is ProxyMode.MANUAL else ("", "")
    return Proxy(scheme, host, port or usual, *login)

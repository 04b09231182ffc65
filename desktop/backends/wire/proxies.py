"""The proxy for a request, from the environment and the system's settings; opens no connection.

Loopback and private hosts never use one: a system proxy cannot reach them, and would see the key.
"""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from desktop.core.errors import Unreachable
from desktop.core.place import PlaceKind, place_of_host


class ProxyMode(StrEnum):
    SYSTEM = "system"
    NONE = "none"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """The user's setting for public hosts; `url` counts in mode MANUAL only."""

    mode: ProxyMode = ProxyMode.SYSTEM
    url: str = ""


def proxy_for(url: str, choice: ProxyChoice) -> str | None:
    """Return the proxy's address for requests to `url`, or None for a direct connection.

    Raises `Unreachable` (proxy) for a setting that cannot be used: going around it in silence would send words on a way
    that the user, or the administrator, did not choose.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if place_of_host(host).kind is not PlaceKind.INTERNET:
        return None
    match choice.mode:
        case ProxyMode.NONE:
            return None
        case ProxyMode.MANUAL:
            found = choice.url.strip()
        case ProxyMode.SYSTEM:
            proxies = urllib.request.getproxies()
            found = (proxies.get(parts.scheme) or proxies.get("all") or "").strip()
            if found and urllib.request.proxy_bypass(host):
                return None
    return _checked(found, host) if found else None


def _checked(proxy: str, host: str) -> str:
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        shown = f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        usable, shown = False, ""
    if not usable:
        raise Unreachable(f"the proxy setting cannot be used: {shown}".rstrip(": "), host=host, reason="proxy")
    return address

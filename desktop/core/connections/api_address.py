"""The base address of an OpenAI-compatible server, made of what was typed or pasted.

A rule on text alone: nothing is resolved or contacted. Ollama's own forms are read by `ollama_host`; full-width letters
and the like by `typed_address`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.core.connections.typed_address import MOST_LETTERS, is_host, plain_form
from desktop.core.place import PlaceKind, place_of_host

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
    path = path.rstrip("/")
    for route in _ROUTES:
        if path.endswith(route):
            path = path.removesuffix(route).rstrip("/")
            break
    return path or "/v1"

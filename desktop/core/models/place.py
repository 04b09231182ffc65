"""The place of a model: its server, or further on if that server forwards it.

The one owner of a model's place; whoever shows or decides by a place asks here. Decides from the connection and from
what the server's list says of the model; asks nobody.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelInfo
from desktop.core.place import Place, PlaceKind

CLOUD_HOST = "ollama.com"  # where Ollama sends on what names no other host


def place_of(connection: Connection, model: ModelInfo) -> Place:
    """Return where words for `model` end up that are sent to `connection`.

    Of a model that is not listed (yet) its bare name is enough: a name that Ollama forwards is told by its ending.
    """
    if connection.kind is ConnectionKind.BUILT_IN:
        return connection.server_place
    if connection.passes_on_to and connection.server_place.kind is not PlaceKind.INTERNET:
        return Place(PlaceKind.INTERNET, forwarding_host(connection.passes_on_to))
    return place_behind(connection.server_place, model)


def place_behind(server: Place, model: ModelInfo) -> Place:
    """Return where a server at `server` has `model` answer: there, or on the internet where it forwards.

    A forwarded model counts as the internet whatever its host is called, since nobody here knows where that sends it
    on to. A server that is on the internet itself stays the place: its host is the one that words are sent to.
    """
    host = model.forwarded_to or (CLOUD_HOST if is_cloud_name(model.name) else "")
    return Place(PlaceKind.INTERNET, host) if host and server.kind is not PlaceKind.INTERNET else server


def is_cloud_name(name: str) -> bool:
    """Return True if Ollama forwards a model of this name, even if it lists no such model.

    Its own rule (`internal/modelref`, 2026): what stands behind the last colon is `cloud`, or ends in `-cloud`.
    """
    _, colon, tag = name.rpartition(":")
    tag = tag.strip().lower()
    return bool(colon) and (tag == "cloud" or (tag.endswith("-cloud") and "/" not in tag))


def forwarding_host(address: str) -> str:
    """Return the host in the address that a server forwards to, such as `https://ollama.com:443`.

    An address that cannot be read is one on the internet all the same, and is named as it stands.
    """
    text = address.strip()
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname
    except ValueError:
        host = None
    return host or text or CLOUD_HOST

"""The guard against words that go further than the server they are sent to, if that was not agreed.

Ollama may send on what it is asked. The rule for where a model is stands in `core.models.place`.
"""

from __future__ import annotations

import re

from desktop.backends.wire.http import HttpClient
from desktop.core.errors import AuthRejected, BackendError, RequestRejected, Unreachable
from desktop.core.model import ModelInfo
from desktop.core.models.place import place_behind
from desktop.core.place import Place, PlaceKind

# How Go reports a request of its own that found no way: Post "https://ollama.com:443/api/chat?ts=1": dial tcp: …
_NO_WAY_ON = re.compile(r'\b(?:Post|Get|Head) "https?://(\[[^\]"]+\]|[^"/:]+)[^"]*": ')

# Where Ollama asks its user to sign in: said behind `unauthorized`, see `error_bodies`.
_SIGN_IN = re.compile(r"\bunauthorized\b.* https://([^/\s]+)/\S*")


def beyond(error: BackendError) -> BackendError:
    """Return the same failure, or the one behind it: the host that a server forwards to is out of reach, or refuses."""
    if found := _NO_WAY_ON.search(error.detail):
        return Unreachable(error.detail, host=found[1], status=error.status, reason="forwarding")
    if isinstance(error, AuthRejected) and (found := _SIGN_IN.search(error.detail)):
        return AuthRejected(error.detail, host=found[1], status=error.status, reason="sign_in")
    return error


def check_forwarding(http: HttpClient, model: ModelInfo, told: Place | None = None) -> None:
    """Refuse a model whose server sends on what it is asked, where that must not be.

    `told` is where the user was told that the words go; None: nothing of theirs is sent. Raises `Unreachable` (offline)
    under the offline lock, and `RequestRejected` (forwarded) where a nearer place was told.
    """
    place = place_behind(http.place, model)
    if not http.settings.allow_host(place):
        raise Unreachable(host=place.host, reason="offline")
    if told is not None and place.kind is PlaceKind.INTERNET and told.kind is not PlaceKind.INTERNET:
        raise RequestRejected(host=place.host, reason="forwarded")

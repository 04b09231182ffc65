"""The guard against words that go further than the server they are sent to, if that was not agreed.

Ollama may send on what it is asked. The rule for where a model is stands in `core.models.place`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from desktop.backends.wire.http import HttpClient
from desktop.core.errors import AuthRejected, BackendError, RequestRejected, Unreachable
from desktop.core.model import ModelInfo
from desktop.core.models.place import place_behind
from desktop.core.request import ChatRequest
from desktop.core.trust.ledger import Ending, Purpose, purpose_of

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


def check_forwarding(http: HttpClient, model: ModelInfo, request: ChatRequest | None = None) -> None:
    """Refuse a model whose server sends on what it is asked, where that must not be.

    `request` says where the user was told that the words go; None: nothing of theirs is sent. Raises `Unreachable`
    (offline) under the offline lock, or (policy) where this computer's policy does not allow the place, and
    `RequestRejected` (forwarded) where a nearer place was told.
    """
    place = place_behind(http.place, model)
    if request is not None and request.place is not None and request.place.kind.is_farther_than(place.kind):
        place = request.place  # of a gateway, which only the user knows to send words on
    purpose = replace(purpose_of(request) if request is not None else Purpose(model=model.name), place=place)
    http.check_place(place, purpose)
    told = request.place if request is not None else None
    if told is not None and place.kind.is_farther_than(told.kind):
        http.record_held_back(Ending.ELSEWHERE, purpose)
        raise RequestRejected(host=place.host, reason="forwarded")

"""The models in an Ollama's memory: how far one is while the server is silent, and how long it stays there.

The server sends nothing, not even a status, before the first token.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from desktop.backends.ollama_models import count_of, loaded_in, mapping_of
from desktop.backends.ollama_request import shared_fields
from desktop.backends.wire.http import HttpClient
from desktop.backends.wire.http_reply import HttpReply
from desktop.core.errors import BackendError
from desktop.core.events import Phase, Progress
from desktop.core.models.keeping import is_older
from desktop.core.trust.ledger import Purpose


async def opened_chat(
    http: HttpClient,
    watch: LoadWatch,
    path: str,
    body: Mapping[str, Any],
    interval: float = 1.0,
    *,
    is_forwarded: bool = False,
    purpose: Purpose | None = None,
) -> AsyncGenerator[Progress | HttpReply, None]:
    """Send a request to `path`; yield the phase from `/api/ps` until its reply begins, then the reply itself.

    A forwarded model is loaded elsewhere, if at all: then there is only the reply, and no longer silence is borne than
    from a server on the internet. Raises what `HttpClient.open` raises. Cancelling closes both connections.
    """
    if is_forwarded:
        limit = http.settings.idle_limit
        yield await http.open("POST", path, body, accept="application/x-ndjson", limit=limit, purpose=purpose)
        return
    poll = asyncio.create_task(watch.ask(0.0))
    opening = asyncio.create_task(http.open("POST", path, body, accept="application/x-ndjson", purpose=purpose))
    shown: Phase | None = None
    reply: HttpReply | None = None
    try:
        while not opening.done():
            waiting: set[asyncio.Task[Any]] = {opening} if watch.is_blind and poll.done() else {opening, poll}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if poll.done() and not opening.done() and not watch.is_blind:
                phase = poll.result()
                if phase is not None and phase is not shown:
                    shown = phase
                    yield Progress(phase)
                poll = asyncio.create_task(watch.ask(interval))
        reply = opening.result()
        yield reply
    finally:
        for task in (poll, opening):
            task.cancel()
        results = await asyncio.gather(poll, opening, return_exceptions=True)
        if reply is None and isinstance(results[1], HttpReply):
            await results[1].aclose()


async def version_of(http: HttpClient) -> str:
    """Return a server's version; empty where it does not tell."""
    with suppress(BackendError):
        told = mapping_of(await http.json("GET", "/api/version", limit=5.0)).get("version")
        return told if isinstance(told, str) else ""
    return ""


# A long answer, and the file that it is about, are read in that time. Where another model needs the memory, one leaves
# earlier, whatever it was told.
_STAY = 30 * 60  # seconds
_ROUNDING = 60
_LISTS_WHAT_IS_LOADED = "0.30.0"  # and nothing that is still being loaded


@dataclass(frozen=True, slots=True)
class Loaded:
    """Findings about a loaded model, None for what the server does not tell.

    `window` in tokens, `memory` in bytes, and the seconds that it `stays` when nothing is asked of it.
    """

    window: int | None = None
    memory: int | None = None
    stays: float | None = None


class LongerStay:
    """The models that would leave the memory while their answers are read: with them goes what they have read.

    A server that keeps its models for longer, or for ever, is left alone: what is sent with a request would be shorter.
    """

    def __init__(self) -> None:
        self._short: set[str] = set()

    def asked_for(self, model: str) -> str | None:
        """Return the stay that goes with each request to a model; None where that is its server's business."""
        return f"{_STAY}s" if model in self._short else None

    async def ask_for(self, http: HttpClient, model: str, loaded: Loaded, options: Mapping[str, Any]) -> None:
        """Have a model that has just answered stay, where it would not; from then on each request says so."""
        if model in self._short or loaded.stays is None or not 0 < loaded.stays < _STAY - _ROUNDING:
            return
        self._short.add(model)
        asked = shared_fields(model, options, self.asked_for(model)) | {"messages": []}
        with suppress(BackendError):
            await http.json("POST", "/api/chat", asked)


class LoadWatch:
    """A reader of `/api/ps`: whether a server has a model in its memory, and how.

    From 0.30 on a model is listed there once it is loaded. Before that it is listed while it is loaded, and nothing
    tells the two apart: its expiry moves with the clock until its first request has ended.
    """

    def __init__(self, http: HttpClient, model: str) -> None:
        self._http = http
        self._model = model
        self._if_listed: Phase | None = None  # once the server was asked for its version
        self.is_blind = False

    async def ask(self, delay: float) -> Phase | None:
        """Wait `delay` seconds, ask, and return the phase.

        None if the server does not tell (then `is_blind`, and it is not asked again).
        """
        await asyncio.sleep(delay)
        try:
            if loaded_in(await self._http.json("GET", "/api/ps", limit=5.0), self._model) is None:
                return Phase.LOADING
        except BackendError:
            self.is_blind = True
            return None
        if self._if_listed is None:
            is_old = is_older(await version_of(self._http), _LISTS_WHAT_IS_LOADED)
            self._if_listed = Phase.GETTING_READY if is_old else Phase.READING
        return self._if_listed

    async def loaded(self) -> Loaded:
        """Return what the server tells of the loaded model."""
        if self.is_blind:
            return Loaded()
        with suppress(BackendError):
            entry = loaded_in(await self._http.json("GET", "/api/ps", limit=2.0), self._model) or {}
            stays = _seconds_until(entry.get("expires_at"))
            return Loaded(count_of(entry.get("context_length")), count_of(entry.get("size")), stays)
        return Loaded()


def _seconds_until(moment: Any) -> float | None:
    try:
        return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()
    except (TypeError, ValueError):
        return None

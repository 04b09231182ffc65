"""A backend that outlives its connection's last change for as long as a reply still comes through it.

Counts running replies and closes the connections after the last. Knows no protocol and makes no backend.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from desktop.core.backend import Backend
from desktop.core.events import StreamEvent
from desktop.core.model import ModelInfo
from desktop.core.outgoing.think_first import asking_to_think_first
from desktop.core.request import ChatRequest


class DrainingBackend:
    """A `core.backend.Backend` that passes everything on to `backend`, which need not know of `thinks_first`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._replies = 0
        self._is_retired = False
        self.is_closed = False

    async def list_models(self) -> list[ModelInfo]:
        return await self._backend.list_models()

    async def describe(self, model: str) -> ModelInfo:
        return await self._backend.describe(model)

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        self._replies += 1
        events = self._backend.stream(asking_to_think_first(request))
        del request  # which holds a whole history
        try:
            async for event in events:
                yield event
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()
            self._replies -= 1
            await self._close_if_done()

    async def retire(self) -> None:
        """Close now, or when the running replies have ended: no new ones will be requested."""
        self._is_retired = True
        await self._close_if_done()

    async def aclose(self) -> None:
        """Close now, whatever runs."""
        self.is_closed = True
        await self._backend.aclose()

    async def _close_if_done(self) -> None:
        # Also once more after a reply that was asked for before, but began after, the close: it opened a connection.
        if self._is_retired and not self._replies:
            await self.aclose()

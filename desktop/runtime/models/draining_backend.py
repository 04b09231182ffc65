"""A backend that outlives its connection's last change for as long as a reply still comes through it.

Counts running replies and closes the connections after the last, and tells what the replies show of their models. Knows
no protocol and makes no backend.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable

from desktop.core.backend import Backend, ReadsAhead
from desktop.core.context.counting import has_pictures, letters_of_request
from desktop.core.errors import ContextTooLong
from desktop.core.events import Failed, Measured, StreamEvent, UsageReported
from desktop.core.model import ModelInfo, PromptCount
from desktop.core.outgoing.think_first import asking_to_think_first
from desktop.core.request import ChatRequest
from desktop.core.text.tokens import Letters
from desktop.runtime.models.measurements import Observation


class DrainingBackend:
    """A `core.backend.Backend` that passes everything on to `backend`, which need not know of `thinks_first`."""

    def __init__(self, backend: Backend, observe: Callable[[str, Observation], None]) -> None:
        """Keep the backend. `observe` is told of a model by its name, on the loop thread."""
        self._backend = backend
        self._observe = observe
        self._replies = 0
        self._is_retired = False
        self.is_closed = False

    async def list_models(self) -> list[ModelInfo]:
        return await self._backend.list_models()

    async def describe(self, model: str) -> ModelInfo:
        return await self._backend.describe(model)

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        self._replies += 1
        request = asking_to_think_first(request)
        model = request.model
        size = None if has_pictures(request) else letters_of_request(request)
        events = self._backend.stream(request)
        del request  # which holds a whole history
        try:
            async for event in events:
                if (observation := _observation(event, size)) is not None:
                    self._observe(model, observation)
                yield event
        finally:
            if isinstance(events, AsyncGenerator):
                await events.aclose()
            self._replies -= 1
            await self._close_if_done()

    @property
    def can_read_ahead(self) -> bool:
        """True where the backend can have a text read before its question is known."""
        return isinstance(self._backend, ReadsAhead)

    async def read_ahead(self, request: ChatRequest) -> None:
        """Have a text read ahead, where that is possible."""
        if isinstance(self._backend, ReadsAhead) and not self._is_retired:
            await self._backend.read_ahead(asking_to_think_first(request))

    async def load_ahead(self, request: ChatRequest) -> None:
        """Have what a request needs loaded, where that is possible."""
        if isinstance(self._backend, ReadsAhead) and not self._is_retired:
            await self._backend.load_ahead(request)

    async def forget_ahead(self) -> None:
        """Have what was read ahead forgotten, also by a backend that is no longer asked for anything."""
        if isinstance(self._backend, ReadsAhead):
            await self._backend.forget_ahead()

    async def retire(self) -> None:
        """Close now, or when the running replies have ended: no new ones will be requested.

        What was read ahead is forgotten: its question will go another way, and the engine may outlive this backend.
        """
        self._is_retired = True
        await self.forget_ahead()
        await self._close_if_done()

    async def aclose(self) -> None:
        """Close now, whatever runs."""
        self.is_closed = True
        await self._backend.aclose()

    async def _close_if_done(self) -> None:
        # Also once more after a reply that was asked for before, but began after, the close: it opened a connection.
        if self._is_retired and not self._replies:
            await self.aclose()


def _observation(event: StreamEvent, size: tuple[Letters, int] | None) -> Observation | None:
    """Return what an event shows of the model that was sent so much; None where that cannot be told by letters."""
    match event:
        case Measured():
            return Observation(measured=event)
        case UsageReported(usage) if usage.prompt_tokens and size is not None:
            return Observation(count=PromptCount(*size, usage.prompt_tokens))
        case Failed(ContextTooLong() as error) if error.available:
            # What is told as needed may be no more than "at least".
            return Observation(Measured(window=error.available))
        case _:
            return None

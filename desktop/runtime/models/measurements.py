"""What models show while they answer: told by their backends on the loop thread, learnt and kept on the GUI thread.

Kept from one start to the next. What follows from it is `core.context`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.context import USUAL, Weights, has_pictures, letters_of_request, weights_from, with_count
from desktop.core.errors import ContextTooLong
from desktop.core.events import Failed, Measured, StreamEvent, UsageReported
from desktop.core.model import (
    REPLIES_KEPT,
    Backend,
    MeasuredMemory,
    Measures,
    ModelChoice,
    ModelInfo,
    PromptCount,
    ReadsAhead,
)
from desktop.core.models.keeping import ModelKeeper
from desktop.core.outgoing import asking_to_think_first
from desktop.core.request import ChatRequest
from desktop.core.text.tokens import Letters

_log = logging.getLogger(__name__)
_NONE = Measures()

Observation = Measured | PromptCount  # what a server told of a model, or what it counted for a request


class Measurements(QObject):
    """Measures by model."""

    changed = Signal()  # `known` is to be remembered
    window_told = Signal(object, int)  # ModelChoice, the tokens that its server has it loaded with
    _observed = Signal(object, object)  # ModelChoice, Observation

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.known: dict[ModelChoice, Measures] = {}
        self._weights: dict[ModelChoice, Weights] = {}
        self._observed.connect(self._on_observed, Qt.ConnectionType.QueuedConnection)

    def measures_of(self, choice: ModelChoice) -> Measures:
        """Return what was measured of a model so far."""
        return self.known.get(choice, _NONE)

    def weights_of(self, choice: ModelChoice | None) -> Weights:
        """Return how many tokens a model makes of what; of one that was never measured, what is usual."""
        if choice is None or choice not in self.known:
            return USUAL
        if choice not in self._weights:
            self._weights[choice] = weights_from(self.known[choice].counts)
        return self._weights[choice]

    def tell(self, choice: ModelChoice, observation: Observation) -> None:
        """Have an observation noted. May be called from any thread."""
        self._observed.emit(choice, observation)

    def remember_window(self, choice: ModelChoice, window: int) -> None:
        """Remember the window that the user wants a model to be asked for."""
        self._keep(choice, replace(self.measures_of(choice), window=window))

    def _on_observed(self, choice: ModelChoice, observation: Observation) -> None:
        before = self.measures_of(choice)
        if isinstance(observation, PromptCount):
            after = replace(before, counts=with_count(before.counts, observation))
        else:
            told = observation
            if told.window is not None:
                self.window_told.emit(choice, told.window)
            if told.has_loaded:
                _log.info(
                    "%s was loaded in %s s, and read for %s s", choice.model, told.load_seconds, told.read_seconds
                )
            after = replace(
                before,
                window=(told.window or told.asked) if told.asked is not None else before.window,
                load_seconds=told.load_seconds if told.has_loaded else before.load_seconds,
                read_per_second=told.read_per_second or before.read_per_second,
                written=(*before.written, *filter(None, [told.written_per_second]))[-REPLIES_KEPT:],
                memory=MeasuredMemory(told.window, told.memory) if told.window and told.memory else before.memory,
            )
        if after != before:
            self._keep(choice, after)

    def _keep(self, choice: ModelChoice, measures: Measures) -> None:
        self.known.pop(choice, None)  # the latest stands last
        self.known[choice] = measures
        self._weights.pop(choice, None)
        self.changed.emit()


Client = TypeVar("Client", bound=Backend | ModelKeeper)


class Draining(Generic[Client]):
    """A client of a server that outlives its connection's last change for as long as something runs through it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._uses = 0
        self._is_retired = False

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Client]:
        """Keep the client open meanwhile. Runs on the loop thread."""
        self._uses += 1
        try:
            yield self._client
        finally:
            self._uses -= 1
            await self._close_if_done()

    async def retire(self) -> None:
        """Close now, or when what runs has ended: nothing new will be asked for."""
        self._is_retired = True
        await self._close_if_done()

    async def aclose(self) -> None:
        """Close now, whatever runs."""
        await self._client.aclose()

    async def _close_if_done(self) -> None:
        # Also once more after what was asked for before, but began after, the close: it opened a connection.
        if self._is_retired and not self._uses:
            await self.aclose()


class ObservedBackend(Draining[Backend]):
    """A `core.request.Backend` over another, which need not know of `thinks_first`."""

    def __init__(self, backend: Backend, observe: Callable[[str, Observation], None]) -> None:
        """Keep the backend. `observe` is told of a model by its name, on the loop thread."""
        super().__init__(backend)
        self._observe = observe
        self._reader = backend if isinstance(backend, ReadsAhead) else None

    async def list_models(self) -> list[ModelInfo]:
        return await self._client.list_models()

    async def describe(self, model: str) -> ModelInfo:
        return await self._client.describe(model)

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        request = asking_to_think_first(request)
        model = request.model
        size = None if has_pictures(request) else letters_of_request(request)
        async with self.use() as backend:
            events = backend.stream(request)
            del request  # which holds a whole history
            try:
                async for event in events:
                    if (observation := _observation(event, size)) is not None:
                        self._observe(model, observation)
                    yield event
            finally:
                if isinstance(events, AsyncGenerator):
                    await events.aclose()

    @property
    def can_read_ahead(self) -> bool:
        """True where the backend can have a text read before its question is known."""
        return self._reader is not None

    async def read_ahead(self, request: ChatRequest) -> None:
        if self._reader is not None and not self._is_retired:
            await self._reader.read_ahead(asking_to_think_first(request))

    async def load_ahead(self, request: ChatRequest) -> None:
        if self._reader is not None and not self._is_retired:
            await self._reader.load_ahead(request)

    async def forget_ahead(self) -> None:
        if self._reader is not None:
            await self._reader.forget_ahead()

    async def retire(self) -> None:
        """Close as soon as nothing runs. What was read ahead is forgotten now, since its question goes another way."""
        await self.forget_ahead()
        await super().retire()


def _observation(event: StreamEvent, size: tuple[Letters, int] | None) -> Observation | None:
    """Return what an event shows of the model that was sent so much; None where that cannot be told by letters."""
    match event:
        case Measured():
            return event
        case UsageReported(usage) if usage.prompt_tokens and size is not None:
            return PromptCount(*size, usage.prompt_tokens)
        case Failed(ContextTooLong() as error) if error.available:
            # What is told as needed may be no more than "at least".
            return Measured(window=error.available)
        case _:
            return None

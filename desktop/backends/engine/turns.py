"""The turns of models at the built-in engine, which holds one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class ModelTurns:
    """A lock shared by replies of the same model; those that need another load wait until all have ended."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._model = ""
        self._running = 0

    @property
    def is_taken(self) -> bool:
        """True while something is answered."""
        return self._running > 0

    @asynccontextmanager
    async def answering_with(self, model: str, would_load: Callable[[], bool]) -> AsyncIterator[None]:
        """Wait for the turn of a model, and hold it. `would_load`: the model has to be loaded, or loaded again."""
        while self._running and (self._model != model or would_load()):
            await self._free.wait()
        self._model = model
        self._running += 1
        self._free.clear()
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self._free.set()

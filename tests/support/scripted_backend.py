"""A backend at the seam of `core.request.Backend` that plays a list of events under the control of a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future

from desktop.core.errors import BackendError
from desktop.core.events import StreamEvent
from desktop.core.model import ModelInfo
from desktop.core.request import ChatRequest


class Hold:
    """A step of a script that waits until the reply is cancelled."""


class Released:
    """A step of a script that waits until the test lets it go on."""

    def __init__(self) -> None:
        self._released: Future[None] = Future()

    def release(self) -> None:
        """From any thread."""
        if not self._released.cancelled():
            self._released.set_result(None)

    async def wait(self) -> None:
        await asyncio.wrap_future(self._released)


class ScriptedBackend:
    """Plays `script` for every request and remembers the requests; `was_cancelled` once a stream was closed early."""

    def __init__(
        self,
        script: Sequence[StreamEvent | Hold | Released],
        models: Sequence[ModelInfo] = (ModelInfo("scripted"),),
        failure: BackendError | None = None,
    ) -> None:
        self.script = list(script)
        self.models = list(models)
        self.failure = failure
        self.requests: list[ChatRequest] = []
        self.was_cancelled = False
        self.was_closed = False

    async def list_models(self) -> list[ModelInfo]:
        if self.failure is not None:
            raise self.failure
        return self.models

    async def describe(self, model: str) -> ModelInfo:
        return next(each for each in self.models if each.name == model)

    async def stream(self, request: ChatRequest) -> AsyncIterator[StreamEvent]:
        self.requests.append(request)
        try:
            for step in self.script:
                if isinstance(step, Hold):
                    await asyncio.Event().wait()
                elif isinstance(step, Released):
                    await step.wait()
                else:
                    yield step
                    await asyncio.sleep(0)
        except (asyncio.CancelledError, GeneratorExit):
            self.was_cancelled = True
            raise

    async def aclose(self) -> None:
        self.was_closed = True

"""The trial of a model's speed: it is asked for some words, and they are timed. Takes some seconds and the load.

What is found is noted as if an answer of the user's had shown it. Nothing of the user's is sent, and only to a model on
this computer or nearby.
"""

from __future__ import annotations

import uuid
from concurrent.futures import Future
from contextlib import aclosing, suppress
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.backend import Backend
from desktop.core.context.filling import with_window
from desktop.core.errors import BackendError
from desktop.core.events import Failed, Measured, ReasoningDelta, TextDelta
from desktop.core.message import Failure, user_message
from desktop.core.model import ENOUGH_WRITTEN, ModelChoice
from desktop.core.place import PlaceKind
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.measurements import Observation

# From the first piece on, which are nearly always tokens, a trial ends with as many as tell something, or with these
# seconds, which tell as much of a slow model.
_SECONDS = 60.0
_SMALLEST = 1_000_000_000  # bytes; a smaller model shows little of how fast larger ones are
_QUESTION = (
    "Write a short report, in plain sentences, about a day in an office: who came, what was decided, and what is left"
    " to do until Friday. Do not ask anything back. Begin at once. Number of this report: "
)


class ModelTrial(QObject):
    """One trial at a time."""

    ended = Signal(object, object)  # ModelChoice, Failure or None

    def __init__(self, work: BackgroundTasks, models: ModelDirectory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._models = models
        self._running: Future[Any] | None = None
        self._choice: ModelChoice | None = None

    @property
    def running(self) -> ModelChoice | None:
        """The model that is being timed; None where none is."""
        return self._choice

    @property
    def candidate(self) -> ModelChoice | None:
        """The model on this computer that is best timed: the smallest that shows something of larger ones."""
        found = [
            (size < _SMALLEST, size, ModelChoice(listing.connection.id, model.name))
            for listing in self._models.listings
            for model in listing.models or ()
            if (size := model.size_on_disk) and model.can_chat and listing.place_of(model.name).is_local
        ]
        return min(found, key=lambda each: each[:2])[2] if found else None

    def start_trial(self, choice: ModelChoice) -> bool:
        """Time a model; return False where that is not possible, or another trial runs."""
        model, place = self._models.find(choice), self._models.place_of(choice)
        backend = self._models.backend(choice.connection_id)
        if self._running is not None or model is None or place is None or backend is None:
            return False
        if place.kind is PlaceKind.INTERNET:
            return False
        self._choice = choice
        # The number stands for a text that no server has in its memory still.
        request = ChatRequest(
            model.name,
            (user_message(f"{_QUESTION}{uuid.uuid4().hex[:8]}."),),
            params=GenerationParams(max_tokens=ENOUGH_WRITTEN, temperature=0.0),
            thinking=model.in_force(Thinking(ThinkingMode.OFF)),
            is_test=True,
        )
        request = with_window(request, self._models.window_range(choice), self._models.measurements.weights_of(choice))
        self._running = self._work.run_on_loop(
            _timed(backend, request),
            lambda speed: self._on_timed(choice, speed),
            lambda error: self._end(choice, error),
        )
        return True

    def cancel(self) -> None:
        """End the trial that runs, without a result."""
        running, self._running, self._choice = self._running, None, None
        if running is not None:
            running.cancel()

    def _on_timed(self, choice: ModelChoice, speed: float | None) -> None:
        if speed is not None:
            self._models.measurements.tell(choice, Observation(Measured(written_per_second=speed)))
        self._end(choice, None)

    def _end(self, choice: ModelChoice, error: Exception | None) -> None:
        self._running = self._choice = None
        failure = None
        if isinstance(error, BackendError):
            failure = error.as_failure()
        elif error is not None:
            failure = Failure("backend_error", type(error).__name__)
        self.ended.emit(choice, failure)


async def _timed(backend: Backend, request: ChatRequest) -> float | None:
    """Return the tokens that a model writes in a second; None if it wrote too few. Raises `BackendError`."""
    import asyncio  # which has been loaded by now; the start of the program does without it

    clock = asyncio.get_running_loop().time
    pieces, first, last, told = 0, 0.0, 0.0, None
    async with aclosing(backend.stream(request)) as events:  # type: ignore[type-var]
        async for event in events:
            match event:
                case Failed(error):
                    raise error
                case Measured(written_per_second=float(speed)):
                    told = speed
                case TextDelta() | ReasoningDelta():
                    pieces, last = pieces + 1, clock()
                    first = first or last
                    if pieces >= ENOUGH_WRITTEN * 2 or last - first >= _SECONDS:
                        break
                case _:
                    pass
    if told is not None:
        return told
    with suppress(ZeroDivisionError):
        is_enough = pieces >= ENOUGH_WRITTEN or last - first >= _SECONDS
        return (pieces - 1) / (last - first) if is_enough else None
    return None

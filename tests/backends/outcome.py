"""Plays one reply of a backend to its end and says what a user would have of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from desktop.backends.wire.retrying import RetryPolicy
from desktop.core.backend import Backend
from desktop.core.errors import BackendError
from desktop.core.events import Failed, Finished, Progress, Started, StreamEvent
from desktop.core.message import user_message
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, Thinking, ThinkingMode
from tests.support.scripts import MODEL
from tests.support.waiting import PATIENCE

# A test that takes longer hangs.


async def _no_sleep(seconds: float) -> None:
    await asyncio.sleep(0)


T = TypeVar("T")
AT_ONCE = RetryPolicy(sleep=_no_sleep, jitter=lambda: 0.0)


@dataclass(frozen=True)
class Outcome:
    events: list[StreamEvent]
    text: str
    reasoning: str
    status: str

    @property
    def end(self) -> StreamEvent:
        return self.events[-1]

    @property
    def error(self) -> BackendError:
        assert isinstance(self.end, Failed), self.end
        return self.end.error

    @property
    def finish(self) -> Finished:
        assert isinstance(self.end, Finished), self.end
        return self.end

    @property
    def phases(self) -> list[str]:
        return [event.phase.value for event in self.events if isinstance(event, Progress)]


def asking(
    text: str = "Hello?", mode: ThinkingMode = ThinkingMode.AUTO, model: str = MODEL, **more: Any
) -> ChatRequest:
    return ChatRequest(model, (user_message(text),), thinking=Thinking(mode), **more)


async def outcome(backend: Backend, request: ChatRequest | None = None) -> Outcome:
    """One reply; checks the order that every reply keeps."""
    builder = ReplyBuilder()
    events: list[StreamEvent] = []
    async for event in backend.stream(request or asking()):
        events.append(event)
        builder.apply(event)
    assert isinstance(events[0], Started)
    assert [type(event) for event in events if isinstance(event, (Finished, Failed))] == [type(events[-1])]
    return Outcome(events, builder.message.text, builder.message.reasoning, builder.message.status.value)


def run(work: Coroutine[Any, Any, T], seconds: float = PATIENCE) -> T:
    async def limited() -> T:
        async with asyncio.timeout(seconds):
            return await work

    return asyncio.run(limited())

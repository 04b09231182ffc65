"""Plays one reply of a backend to its end and says what a user would have of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from desktop.backends.attempts import RetryPolicy
from desktop.core.backend import Backend
from desktop.core.errors import BackendError
from desktop.core.events import Failed, Finished, Progress, Started, StreamEvent
from desktop.core.message import Message, user_message
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, Thinking, ThinkingMode
from tests.support.scripted_server import Script, ScriptedServer
from tests.support.scripts import MODEL
from tests.support.waiting import PATIENCE


async def _no_sleep(seconds: float) -> None:
    await asyncio.sleep(0)


T = TypeVar("T")
B = TypeVar("B", bound=Backend)
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
    events: list[StreamEvent] = []
    builder = await built(backend, request or asking(), events=events)
    assert isinstance(events[0], Started)
    assert [type(event) for event in events if isinstance(event, (Finished, Failed))] == [type(events[-1])]
    return Outcome(events, builder.message.text, builder.message.reasoning, builder.message.status.value)


def asked_of(backend_of: Callable[[str], B], script: Script, ask: Callable[[B], Awaitable[T]]) -> T:
    """What a backend told when it was asked something, by a server that plays a script."""
    return played(backend_of, script, ask)[0]


def played(
    backend_of: Callable[[str], B], script: Script, ask: Callable[[B], Awaitable[T]]
) -> tuple[T, ScriptedServer]:
    """The same, with the server, which has noted all requests."""

    async def work() -> tuple[T, ScriptedServer]:
        async with ScriptedServer(script) as server:
            backend = backend_of(server.url)
            try:
                return await ask(backend), server
            finally:
                await backend.aclose()

    return run(work())


async def built(
    backend: Backend, request: ChatRequest, begun: Message | None = None, events: list[StreamEvent] | None = None
) -> ReplyBuilder:
    """A reply, or the rest of one that has `begun`; its events are added to `events`."""
    builder = ReplyBuilder(begun)
    async for event in backend.stream(request):
        builder.apply(event)
        if events is not None:
            events.append(event)
    return builder


async def outcomes(backend: Backend, *requests: ChatRequest) -> list[Outcome]:
    return [await outcome(backend, request) for request in requests or (asking(),)]


def replies(
    backend_of: Callable[[str], Backend], script: Script, *requests: ChatRequest
) -> tuple[list[Outcome], ScriptedServer]:
    """The replies to requests, one after the other, by a server that plays a script, and has noted all."""
    return played(backend_of, script, lambda backend: outcomes(backend, *requests))


def run(work: Coroutine[Any, Any, T], seconds: float = PATIENCE) -> T:
    async def limited() -> T:
        async with asyncio.timeout(seconds):
            return await work

    return asyncio.run(limited())

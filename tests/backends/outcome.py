"""Plays one reply of a backend to its end and says what a user would have of it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass

from desktop.backends.replies import RetryPolicy
from desktop.core.events import Failed, Finished, Progress, Started, StreamEvent
from desktop.core.message import user_message
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, Thinking, ThinkingMode
from tests.support.scripted_server import ScriptedServer
from tests.support.scripts import MODEL
from tests.support.waiting import PATIENCE


async def _no_sleep(seconds):
    await asyncio.sleep(0)


AT_ONCE = RetryPolicy(sleep=_no_sleep, jitter=lambda: 0.0)


@dataclass(frozen=True)
class Outcome:
    events: list[StreamEvent]
    text: str
    reasoning: str
    status: str

    @property
    def end(self):
        return self.events[-1]

    @property
    def error(self):
        assert isinstance(self.end, Failed), self.end
        return self.end.error

    @property
    def finish(self):
        assert isinstance(self.end, Finished), self.end
        return self.end

    @property
    def phases(self):
        return [event.phase.value for event in self.events if isinstance(event, Progress)]


def asking(text="Hello?", mode=ThinkingMode.AUTO, model=MODEL, **more):
    return ChatRequest(model, (user_message(text),), thinking=Thinking(mode), **more)


async def outcome(backend, request=None):
    """One reply; checks the order that every reply keeps."""
    events = []
    builder = await built(backend, request or asking(), events=events)
    assert isinstance(events[0], Started)
    assert [type(event) for event in events if isinstance(event, (Finished, Failed))] == [type(events[-1])]
    return Outcome(events, builder.message.text, builder.message.reasoning, builder.message.status.value)


def asked_of(backend_of, script, ask):
    """What a backend told when it was asked something, by a server that plays a script."""
    return played(backend_of, script, ask)[0]


def played(backend_of, script, ask):
    """The same, with the server, which has noted all requests."""

    async def work():
        async with ScriptedServer(script) as server, aclosing(backend_of(server.url)) as backend:
            return await ask(backend), server

    return run(work())


async def built(backend, request, begun=None, events=None):
    """A reply, or the rest of one that has `begun`; its events are added to `events`."""
    builder = ReplyBuilder(begun)
    async for event in backend.stream(request):
        builder.apply(event)
        if events is not None:
            events.append(event)
    return builder


async def outcomes(backend, *requests):
    return [await outcome(backend, request) for request in requests or (asking(),)]


def replies(backend_of, script, *requests):
    """The replies to requests, one after the other, by a server that plays a script, and has noted all."""
    return played(backend_of, script, lambda backend: outcomes(backend, *requests))


def run(work, seconds=PATIENCE):
    return asyncio.run(asyncio.wait_for(work, seconds))

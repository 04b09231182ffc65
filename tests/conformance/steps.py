"""The steps of a trial: each does one thing with a server and says what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from desktop.core.backend import Backend
from desktop.core.errors import BackendError, ContextTooLong
from desktop.core.events import Failed, TextDelta
from desktop.core.message import user_message
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode

_SECONDS = 120.0  # for one step; a model is loaded in some
_LONG = "The rent is due on the first day of each month. " * 20_000


class Unexpected(Exception):
    """The server did something else than it should."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a step. `said` is what came, or what went wrong."""

    name: str
    is_good: bool
    said: str
    seconds: float


async def tried(name: str, step: Callable[[], Awaitable[str]]) -> Outcome:
    """Do a step and return what came of it; nothing that goes wrong ends the trial."""
    began = time.monotonic()
    try:
        said, is_good = await asyncio.wait_for(step(), _SECONDS), True
    except (BackendError, Unexpected, TimeoutError) as error:
        said, is_good = f"{type(error).__name__} {getattr(error, 'reason', '')} {error}".strip(), False
    return Outcome(name, is_good, said, time.monotonic() - began)


def table(outcomes: list[Outcome]) -> str:
    """Return the outcomes as a table of Markdown."""
    rows = ["| step | | what came | s |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {each.name} | {'ok' if each.is_good else 'NOT'} | {each.said} | {each.seconds:.1f} |" for each in outcomes
    ]
    return "\n".join(rows)


def asking(model: str, text: str = "Name three colours.", most: int = 24, **more: Any) -> ChatRequest:
    """Return a short question."""
    return ChatRequest(model, (user_message(text),), params=GenerationParams(max_tokens=most, temperature=0.0), **more)


async def answered(backend: Backend, request: ChatRequest) -> str:
    """Return the answer to a question. Raises `BackendError`, or `Unexpected` where none came."""
    text = ""
    async for event in backend.stream(request):
        match event:
            case Failed(error):
                raise error
            case TextDelta(text=piece):
                text += piece
    if not text.strip():
        raise Unexpected("no answer")
    return text


async def streams(backend: Backend, model: str) -> str:
    """Ask once, and count the words."""
    return f"{len((await answered(backend, asking(model))).split())} words"


async def thinking_is_asked_for(backend: Backend, model: str) -> str:
    """Ask a model to think; one that cannot answers all the same."""
    text = await answered(backend, asking(model, thinking=Thinking(ThinkingMode.ON), most=64))
    return f"answered, {len(text.split())} words"


async def is_stopped(backend: Backend, model: str) -> str:
    """Leave an endless answer after its first words: the next question must not wait for its end."""
    stream: Any = backend.stream(asking(model, "Count from one to ten thousand, in words.", most=4_000))
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    began = time.monotonic()
    await answered(backend, asking(model, "Say yes.", most=4))
    return f"the next answer came after {time.monotonic() - began:.1f} s"


async def too_long_is_refused(backend: Backend, model: str) -> str:
    """Send far more than fits: it must be refused and never cut in silence."""
    try:
        await answered(backend, asking(model, _LONG, most=4))
    except ContextTooLong as error:
        return f"refused: {error.needed} tokens, {error.available} fit"
    raise Unexpected("a text that is too long was answered")


async def two_at_once(backend: Backend, model: str) -> str:
    """Ask two questions at the same time."""
    both = await asyncio.gather(
        answered(backend, asking(model)), answered(backend, asking(model, "Name three animals."))
    )
    return f"{len(both)} answers"


async def is_refused(step: Callable[[], Awaitable[Any]], reason: str) -> str:
    """Do what must be refused for a reason: that of the error, or its kind."""
    try:
        await step()
    except BackendError as error:
        if reason in (error.reason, error.kind):
            return f"refused: {reason}"
        raise
    raise Unexpected("it was not refused")

"""The conformance that every OpenAI-compatible server is tried for, step by step, with Candor's own client."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.errors import AuthRejected, ModelMissing
from tests.conformance import steps
from tests.conformance.steps import Outcome, tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A server that runs at a `url` without `/v1`, and a model on it. `stranger` is a client with a wrong key.

    `running` tells how many requests the server works at, where that can be known; `end` sends it a signal. One that
    serves a single model may not look at names.
    """

    version: str
    url: str
    key: str
    model: str
    backend: Backend
    stranger: Backend
    end: Callable[[signal.Signals], Awaitable[None]]
    running: Callable[[], Awaitable[int]] | None = None
    looks_at_names: bool = True


Start = Callable[[], AbstractAsyncContextManager[Subject]]


@asynccontextmanager
async def clients(url, key, preset):
    """Connect two clients to a server: one with its key, and one with a wrong one."""
    backend, stranger = (OpenAICompatBackend(url, each, load_presets()[preset]) for each in (key, "sk-wrong-key"))
    try:
        yield backend, stranger
    finally:
        await backend.aclose()
        await stranger.aclose()


async def outcomes_of(start):
    """Start a server and try it to its end, and once more to end it by force."""
    async with start() as subject:
        found = [Outcome("version", True, subject.version, 0.0), *await _while_it_runs(subject)]
        found.append(await tried("shut down in mid-stream", lambda: _ended(subject, signal.SIGTERM)))
    async with start() as subject:
        found.append(await tried("killed in mid-stream", lambda: _ended(subject, signal.SIGKILL)))
    return found


async def _while_it_runs(subject):
    backend, model = subject.backend, subject.model

    async def listed():
        return ", ".join(each.title for each in await backend.list_models())

    async def with_a_wrong_key():
        await steps.said_to(subject.stranger, await steps.asking(backend, model))

    async def of_an_unknown_model():
        await steps.said_to(backend, replace(await steps.asking(backend, model), model="candor-try-nothing"))

    found = [
        await tried("list", listed),
        await tried("describe", lambda: steps.described(backend, model)),
        await tried("stream", lambda: steps.streams(backend, model)),
        await tried("limits", lambda: steps.keeps_limits(backend, model)),
        await tried("asked to think", lambda: steps.thinking_is_asked_for(backend, model)),
        await tried("stop", lambda: steps.is_stopped(backend, model, subject.running)),
        await tried("continue", lambda: steps.goes_on(backend, model)),
        await tried("answer now", lambda: steps.answers_now(backend, model)),
        await tried("two at once", lambda: steps.two_at_once(backend, model)),
        await tried("too long", lambda: steps.too_long_is_refused(backend, model)),
        await tried("wrong key", lambda: steps.is_refused(with_a_wrong_key, AuthRejected.kind)),
    ]
    if subject.looks_at_names:
        found.append(await tried("unknown model", lambda: steps.is_refused(of_an_unknown_model, ModelMissing.kind)))
    return found


async def _ended(subject, by):
    return await steps.is_noticed(subject.backend, subject.model, lambda: subject.end(by))

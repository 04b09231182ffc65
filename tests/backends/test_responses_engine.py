"""The Responses API of a real llama-server, which shows the thinking itself and not a summary of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.core.events import Phase, Progress, ReasoningDelta, StreamEvent, UsageReported
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.core.request import ChatRequest, GenerationParams, ThinkingMode
from tests.backends.outcome import asking, outcome, run
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.engine

_ENOUGH = 8  # pieces of thinking


@pytest.fixture
def address(starter_model: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model), "opens"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate(timeout=PATIENCE)


async def beginning(backend: OpenAIResponsesBackend, request: ChatRequest) -> list[StreamEvent]:
    """The events of a reply until it has thought a little; then the user stops it."""
    events: list[StreamEvent] = []
    async with aclosing(backend.stream(request)) as stream:
        async for event in stream:
            events.append(event)
            if sum(isinstance(each, ReasoningDelta) for each in events) == _ENOUGH:
                break
    return events


def test_thinking_is_thinking_and_off_is_off(address: str) -> None:
    async def work() -> None:
        backend = OpenAIResponsesBackend(address, "", load_presets()["openai"])
        try:
            events = await beginning(backend, asking("What is the sea?"))
            assert Progress(Phase.THINKING) in events
            assert sum(isinstance(each, ReasoningDelta) for each in events) == _ENOUGH
            params = GenerationParams(max_tokens=20, temperature=0.0)
            got = await outcome(backend, asking("What is the sea?", ThinkingMode.OFF, params=params))
            assert got.reasoning == ""
            assert len(got.text) > 20
            (counted,) = [each.usage for each in got.events if isinstance(each, UsageReported)]
            assert counted.completion_tokens == 20
        finally:
            await backend.aclose()

    run(work())


def test_a_second_turn_is_taken(address: str) -> None:
    async def work() -> str:
        backend = OpenAIResponsesBackend(address, "", load_presets()["openai"])
        answer = Message(role=Role.ASSISTANT, parts=(TextPart("Much water."),))
        request = asking("What is the sea?", ThinkingMode.OFF, params=GenerationParams(max_tokens=20))
        messages = (*request.messages, answer, user_message("And a lake?"))
        try:
            return (await outcome(backend, replace(request, messages=messages))).text
        finally:
            await backend.aclose()

    assert run(work())

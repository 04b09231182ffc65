"""A reply that was cut off while it thought, or behind its thinking, continued by a real llama-server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.message import Message, MessageStatus, Part, ReasoningPart, Role, TextPart, user_message
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, PartialReply
from tests.backends.outcome import run
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.engine


@pytest.fixture
def address(starter_model: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate(timeout=PATIENCE)


def continued(address: str, *parts: Part) -> Message:
    async def work() -> Message:
        backend = OpenAICompatBackend(address, "", load_presets()["llama-server"])
        builder = ReplyBuilder(Message(role=Role.ASSISTANT, parts=parts, status=MessageStatus.STREAMING))
        partial_reply = PartialReply(builder.message.text, builder.message.reasoning)
        params = GenerationParams(max_tokens=12, temperature=0.0, seed=1)
        async for event in backend.stream(
            ChatRequest("m", (user_message("Hi?"),), params=params, partial_reply=partial_reply)
        ):
            builder.apply(event)
        await backend.aclose()
        return builder.message

    return run(work())


def test_thinking_goes_on_from_its_last_character(address: str) -> None:
    message = continued(address, ReasoningPart("Hmm, the sea is"))
    assert message.reasoning.startswith("Hmm, the sea is ")
    assert len(message.reasoning) > 30
    assert message.text == ""
    assert message.failure is None


@pytest.mark.parametrize("thought", ["", "Hmm, the sea."])
def test_an_answer_goes_on_and_nothing_more_is_thought(address: str, thought: str) -> None:
    parts = [ReasoningPart(thought)] if thought else []
    message = continued(address, *parts, TextPart("The sea is"))
    assert message.text.startswith("The sea is ")
    assert len(message.text) > 30
    assert message.reasoning == thought
    assert message.timings is not None
    assert message.timings.thinking == 0
    assert message.status is MessageStatus.CUT_OFF

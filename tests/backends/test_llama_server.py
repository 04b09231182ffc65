"""A real llama-server: thinking and answers that were cut off go on, and its Responses API shows its thinking.

Each server's template opens the thinking or leaves that to the model; see `tests.support.thinking_server`.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.core.events import Phase, Progress, ReasoningDelta, UsageReported
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, user_message
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, ThinkingMode
from desktop.store.paths import starter_model
from tests.backends.outcome import asking, built, outcome
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.engine


@asynccontextmanager
async def serving(*words):
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model()), *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        yield server.stdout.readline().strip()
        server.communicate(timeout=PATIENCE)


async def test_what_was_cut_off_goes_on_from_its_last_character():
    """Thinking as thinking, an answer as an answer, and nothing more is thought behind that."""
    params = GenerationParams(max_tokens=12, temperature=0.0, seed=1)
    async with serving() as url, aclosing(OpenAICompatBackend(url, "", load_presets()["llama-server"])) as backend:
        for text, thought in (("", "Hmm, the sea is"), ("The sea is", ""), ("The sea is", "Hmm, the sea.")):
            parts = tuple(each for each in (ReasoningPart(thought), TextPart(text)) if each.text)
            begun = Message(role=Role.ASSISTANT, parts=parts, status=MessageStatus.STREAMING)
            partial = PartialReply(text, thought)
            request = ChatRequest("m", (user_message("Hi?"),), params=params, partial_reply=partial)
            message = (await built(backend, request, begun)).message
            grown, other = (message.text, message.reasoning) if text else (message.reasoning, message.text)
            assert grown.startswith(f"{text or thought} ")
            assert len(grown) > 30
            assert other == (thought if text else "")
            assert message.failure is None
            if text:
                assert message.status is MessageStatus.CUT_OFF
                assert message.timings.thinking == 0


async def test_its_responses_show_thinking_and_take_a_second_turn():
    async with serving("opens") as url, aclosing(OpenAIResponsesBackend(url, "", load_presets()["openai"])) as backend:
        seen = []
        async with aclosing(backend.stream(asking("What is the sea?"))) as events:
            async for event in events:
                seen.append(event)
                if isinstance(event, ReasoningDelta):
                    break
        assert Progress(Phase.THINKING) in seen
        assert isinstance(seen[-1], ReasoningDelta)
        params = GenerationParams(max_tokens=20, temperature=0.0)
        request = asking("What is the sea?", ThinkingMode.OFF, params=params)
        got = await outcome(backend, request)
        assert got.reasoning == ""
        assert len(got.text) > 20
        (counted,) = [each.usage for each in got.events if isinstance(each, UsageReported)]
        assert counted.completion_tokens == 20
        answer = Message(role=Role.ASSISTANT, parts=(TextPart("Much water."),))
        messages = (*request.messages, answer, user_message("And a lake?"))
        assert (await outcome(backend, replace(request, messages=messages))).text

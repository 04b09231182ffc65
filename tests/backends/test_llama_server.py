"""A real llama-server: thinking that is ended early or cut off goes on, and its Responses API shows it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.core.events import (
    Phase,
    Progress,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ThinkingCanEnd,
    ThinkingEnded,
    UsageReported,
)
from desktop.core.message import (
    AnswerWay,
    EarlyAnswer,
    Message,
    MessageStatus,
    Part,
    ReasoningPart,
    Role,
    TextPart,
    user_message,
)
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode
from desktop.store.paths import starter_model
from tests.backends.outcome import asking, outcome, run
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.engine

_PATIENCE = 120.0  # seconds: the engine shares the cores with other tests

QUESTION = (user_message("Tell me of the sea."),)


def serving(*words: str) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model()), *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server whose template opens the thinking."""
    yield from serving("opens")


@pytest.fixture(scope="module")
def plain() -> Iterator[str]:
    yield from serving()


@dataclass(frozen=True)
class Ended:
    message: Message
    pieces_before: int  # of thinking, at the click
    pieces_after: int


def ended_early(address: str, request: ChatRequest, after: int | None = None) -> Ended:
    """One reply, whose thinking is ended after so many pieces of it."""

    async def work() -> Ended:
        backend = OpenAICompatBackend(address, "", load_presets()["llama-server"])
        parts = (ReasoningPart(request.partial_reply.reasoning),) if request.partial_reply else ()
        builder = ReplyBuilder(Message(role=Role.ASSISTANT, parts=parts, status=MessageStatus.STREAMING))
        can_end: ThinkingCanEnd | None = None
        pieces = [0, 0]
        async for event in backend.stream(request):
            builder.apply(event)
            if isinstance(event, ThinkingCanEnd):
                can_end = event
            elif isinstance(event, ReasoningDelta):
                pieces[builder.awaits_answer] += 1
                if pieces[0] == after and not builder.awaits_answer:
                    builder.apply(ThinkingEnded())
                    assert can_end is not None
                    assert await can_end.end()
        await backend.aclose()
        return Ended(builder.message, *pieces)

    return run(work(), _PATIENCE)


def ending(tokens: int = 40, budget: int | None = None, partial_reply: PartialReply | None = None) -> ChatRequest:
    params = GenerationParams(max_tokens=tokens, temperature=0.7, seed=1)
    return ChatRequest(
        "m", QUESTION, params=params, thinking=Thinking(ThinkingMode.AUTO, budget), partial_reply=partial_reply
    )


def test_without_an_end_it_thinks_until_its_room_is_used_up(address: str) -> None:
    """What the others are measured against; the room for thinking is added to the room for the answer."""
    request = ending(tokens=10, budget=10_000)
    params = GenerationParams(max_tokens=10)

    async def thought_of(first: int) -> bool:
        backend = OpenAICompatBackend(address, "", load_presets()["llama-server"])
        pieces = 0
        async for event in backend.stream(ChatRequest("m", request.messages, params=params, thinking=request.thinking)):
            assert not isinstance(event, TextDelta)
            pieces += isinstance(event, ReasoningDelta)
            if pieces == first:
                break
        await backend.aclose()
        return pieces == first

    assert run(thought_of(80), _PATIENCE)


def test_live_control_ends_it_at_once(address: str) -> None:
    got = ended_early(address, ending(tokens=200), after=20)  # a piece is several tokens where they come together
    assert got.pieces_before == 20
    assert got.pieces_after < 10, "only what was under way"
    assert got.message.text
    assert got.message.early == EarlyAnswer(AnswerWay.SAME_STREAM)


def test_a_budget_ends_it_by_itself(address: str) -> None:
    got = ended_early(address, ending(budget=10))
    assert 1 <= got.pieces_before <= 12
    assert got.message.text
    assert got.message.early is None


def test_it_goes_on_behind_thinking_that_was_closed(address: str) -> None:
    partial_reply = PartialReply("", "The sea is blue, I think", answer_by=(AnswerWay.CONTINUED, AnswerWay.ASKED))
    got = ended_early(address, ending(partial_reply=partial_reply))
    assert (got.message.reasoning, got.pieces_before) == ("The sea is blue, I think", 0)
    assert got.message.text
    assert got.message.early == EarlyAnswer(AnswerWay.CONTINUED)


def test_it_answers_from_notes(address: str) -> None:
    partial_reply = PartialReply("", "The sea is blue, I think", answer_by=(AnswerWay.ASKED,))
    got = ended_early(address, ending(partial_reply=partial_reply))
    assert got.message.reasoning == "The sea is blue, I think"
    assert got.message.text
    assert got.message.early == EarlyAnswer(AnswerWay.ASKED)


def continued(plain: str, *parts: Part) -> Message:
    async def work() -> Message:
        backend = OpenAICompatBackend(plain, "", load_presets()["llama-server"])
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


def test_thinking_goes_on_from_its_last_character(plain: str) -> None:
    message = continued(plain, ReasoningPart("Hmm, the sea is"))
    assert message.reasoning.startswith("Hmm, the sea is ")
    assert len(message.reasoning) > 30
    assert message.text == ""
    assert message.failure is None


@pytest.mark.parametrize("thought", ["", "Hmm, the sea."])
def test_an_answer_goes_on_and_nothing_more_is_thought(plain: str, thought: str) -> None:
    parts = [ReasoningPart(thought)] if thought else []
    message = continued(plain, *parts, TextPart("The sea is"))
    assert message.text.startswith("The sea is ")
    assert len(message.text) > 30
    assert message.reasoning == thought
    assert message.timings is not None
    assert message.timings.thinking == 0
    assert message.status is MessageStatus.CUT_OFF


_ENOUGH = 8  # pieces of thinking


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

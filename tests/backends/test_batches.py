"""Words that come together are handed on together, whatever the protocol: a stream costs by its pieces."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.events import Failed, ReasoningDelta, TextDelta
from tests.backends.outcome import AT_ONCE, Outcome, asking, outcome, run
from tests.support.scripted_server import Fed, Reply, Script, ScriptedServer
from tests.support.scripts import (
    delta,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    responses_event,
    responses_events,
    responses_script,
)

LONG = " ".join(f"word{number}" for number in range(400))
FAULT = {"error": {"message": "out of memory", "type": "server_error"}}


def _event(value: Any) -> str:
    return value if isinstance(value, str) else f"data: {json.dumps(value)}\n\n"


@dataclass(frozen=True)
class Spoken:
    """A protocol: its backend, its server, a reply of these words, the beginning of one, and a fault in the middle."""

    backend: Callable[[str], Backend]
    script: Callable[[Reply], Script]
    reply: Callable[[str, str], list[str]]
    begun: list[str]
    fault: str
    subtype: str = "text/event-stream"


def _line(value: Any) -> str:
    return json.dumps(value) + "\n"


SPOKEN = {
    "chat completions": Spoken(
        lambda url: OpenAICompatBackend(url, retries=AT_ONCE),
        openai_script,
        lambda text, thinking: [_event(each) for each in (*openai_chunks(text, thinking), "data: [DONE]\n\n")],
        [
            *(_event(delta(reasoning_content=each)) for each in ("Hm", ", so")),
            *(_event(delta(content=each)) for each in ("Hel", "lo")),
        ],
        _event(FAULT),
    ),
    "responses": Spoken(
        lambda url: OpenAIResponsesBackend(url, "", load_presets()["openai"], retries=AT_ONCE),
        responses_script,
        lambda text, thinking: responses_events(text, [thinking]),
        [
            *(responses_event("response.reasoning_text.delta", delta=each) for each in ("Hm", ", so")),
            *(responses_event("response.output_text.delta", delta=each) for each in ("Hel", "lo")),
        ],
        _event({"type": "error", "message": "out of memory"}),
    ),
    "Ollama": Spoken(
        lambda url: OllamaBackend(url, retries=AT_ONCE),
        ollama_script,
        lambda text, thinking: [_line(each) for each in ollama_lines(text, thinking)],
        [
            *(_line(ollama_line(thinking=each)) for each in ("Hm", ", so")),
            *(_line(ollama_line(each)) for each in ("Hel", "lo")),
        ],
        _line({"error": "out of memory"}),
        "application/x-ndjson",
    ),
}
each_protocol = pytest.mark.parametrize("spoken", SPOKEN.values(), ids=list(SPOKEN))


def _played(spoken: Spoken, *steps: str) -> Outcome:
    async def work() -> Outcome:
        async with ScriptedServer(spoken.script(Reply(steps, content_type=spoken.subtype))) as server:
            return await outcome(spoken.backend(server.url), asking(model="gpt-5"))

    return run(work())


@each_protocol
def test_a_whole_reply_that_comes_at_once_is_few_pieces(spoken: Spoken) -> None:
    found = _played(spoken, "".join(spoken.reply(LONG, "Hm, so")))
    assert (found.text, found.reasoning) == (LONG, "Hm, so")
    assert sum(isinstance(each, TextDelta | ReasoningDelta) for each in found.events) < 20


@each_protocol
@pytest.mark.parametrize("kind", ["said", "garbled"])
def test_the_words_before_a_fault_are_kept_though_they_come_with_it(spoken: Spoken, kind: str) -> None:
    fault = (
        spoken.fault if kind == "said" else ("data: " if spoken.subtype == "text/event-stream" else "") + "{broken\n\n"
    )
    found = _played(spoken, "".join([*spoken.begun, fault]))
    assert (found.text, found.reasoning) == ("Hello", "Hm, so")
    assert isinstance(found.end, Failed)


@each_protocol
def test_a_word_is_handed_on_as_soon_as_it_is_there_and_what_follows_it_together(spoken: Spoken) -> None:
    """The server sends more only when it is told that the first word was seen."""
    pieces = spoken.reply(LONG, "")
    shown = next(at for at, each in enumerate(pieces) if "word" in each) + 1

    async def work() -> list[str]:
        async with ScriptedServer(spoken.script(Reply([Fed()], content_type=spoken.subtype))) as server:
            server.feed("".join(pieces[:shown]).encode())
            words: list[str] = []
            async for event in spoken.backend(server.url).stream(asking(model="gpt-5")):
                if isinstance(event, TextDelta):
                    if not words:
                        server.feed("".join(pieces[shown:]).encode())
                        server.feed(None)
                    words.append(event.text)
            return words

    words = run(work())
    assert "".join(words) == LONG
    assert words[0] == "word0"
    assert len(words) < 20

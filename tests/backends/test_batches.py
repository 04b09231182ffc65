"""Words that come together are handed on together, whatever the protocol: a stream costs by its pieces."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai.chunks import Chunk, chunk_of, words_alone
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.backends.wire.settings import HttpSettings
from desktop.core.backend import Backend
from desktop.core.events import Failed, ReasoningDelta, TextDelta
from desktop.core.text.pace import Attention, read_for
from tests.backends.outcome import AT_ONCE, Outcome, asking, outcome, run
from tests.support.certificates import Authority, context_of
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
from tests.support.waiting import PATIENCE

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


def test_a_rest_before_each_look_holds_back_no_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an encrypted stream each read gives one record: a rest before each would take minutes here."""
    authority, spoken = Authority("House"), SPOKEN["chat completions"]
    (tmp_path / "house.pem").write_bytes(authority.pem)
    settings = HttpSettings(ca_files=(str(tmp_path / "house.pem"),))
    script = spoken.script(Reply(spoken.reply(LONG, ""), content_type=spoken.subtype))

    async def work() -> str:
        read_for(lambda: Attention.UNSEEN)
        async with ScriptedServer(script, tls=context_of(tmp_path, *authority.issued())) as server:
            backend = OpenAICompatBackend(server.url, settings=settings)
            found = await asyncio.wait_for(outcome(backend, asking(model="gpt-5")), PATIENCE)
            await backend.aclose()
            return found.text

    assert run(work()) == LONG


@pytest.mark.parametrize(
    "value",
    [
        delta(content="Hi"),
        delta(reasoning_content="Hm"),
        delta(role="assistant", content=None),
        delta(content=None, reasoning_content=None),
        delta(content="Hi") | {"usage": None},
    ],
)
def test_the_usual_words_are_read_the_quick_way_as_they_are_by_the_long_one(value: dict[str, Any]) -> None:
    chunk = chunk_of(value)
    assert words_alone(value) == (chunk.reasoning, chunk.text)
    assert chunk == Chunk(chunk.reasoning, chunk.text)


@pytest.mark.parametrize(
    "value",
    [
        delta("stop", content="Hi"),
        delta(content=[{"type": "text", "text": "Hi"}]),
        delta(content="Hi", reasoning_details=[]),
        delta(tool_calls=[{}]),
        delta(content="Hi") | {"usage": {"prompt_tokens": 1}},
        delta(content="Hi") | {"timings": {"predicted_n": 40}},
        {"prompt_progress": {"total": 10, "processed": 1}} | delta(content=None),
        {"choices": [{"message": {"content": "Hi"}}]},
        {"choices": [{"text": "Hi"}]},
        {"choices": []},
        {"error": "no"},
        ["Hi"],
        None,
    ],
)
def test_all_else_is_read_the_long_way(value: Any) -> None:
    assert words_alone(value) is None

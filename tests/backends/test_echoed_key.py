"""A server that repeats the key in its reply has it kept nowhere: it is masked, in the answer and in the thinking."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from tests.backends.outcome import outcome, run
from tests.support.scripted_server import Script, ScriptedServer
from tests.support.scripts import (
    ndjson,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    responses_events,
    responses_script,
    sse,
)

KEY = "sk-canary-9173-5520"
SAID = f"Your key is {KEY}, and {KEY}! It begins with sk-can"
MASKED = "Your key is •••, and •••! It begins with sk-can"

PROTOCOLS: dict[str, tuple[Callable[[str], Backend], Callable[[], Script]]] = {
    "chat": (
        lambda url: OpenAICompatBackend(url, KEY, load_presets()["custom"]),
        lambda: openai_script(sse(openai_chunks(SAID, SAID))),
    ),
    "responses": (
        lambda url: OpenAIResponsesBackend(url, KEY, load_presets()["openai"]),
        lambda: responses_script(sse(responses_events(SAID, [SAID]), done=False)),
    ),
    "ollama": (
        lambda url: OllamaBackend(url, api_key=KEY),
        lambda: ollama_script(ndjson(ollama_lines(SAID, SAID))),
    ),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_repeated_key_is_masked(protocol: str) -> None:
    make, script = PROTOCOLS[protocol]

    async def work() -> tuple[str, str]:
        async with ScriptedServer(script()) as server:
            backend = make(server.url)
            try:
                done = await outcome(backend)
            finally:
                await backend.aclose()
            return done.text, done.reasoning

    assert run(work()) == (MASKED, MASKED)

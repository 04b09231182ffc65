"""A model does not leave an Ollama's memory while its answer is read, unless the server keeps it for longer anyway."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.core.request import GenerationParams
from tests.backends.outcome import AT_ONCE, asking, outcome, run
from tests.support.scripted_server import ScriptedServer, json_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script

ASKED = asking(params=GenerationParams(context_length=8_192))


def chats_with(expires: str) -> list[Any]:
    """The bodies that come to a server whose model is to leave at a moment, in two turns."""
    listed = json_reply({"models": [{"name": MODEL, "expires_at": expires, "context_length": 8_192}]})

    async def work() -> list[Any]:
        async with ScriptedServer(ollama_script(ndjson(ollama_lines("Hello")), running=[listed])) as server:
            backend = OllamaBackend(server.url, retries=AT_ONCE)
            for _ in range(2):
                assert (await outcome(backend, ASKED)).text == "Hello"
            await backend.aclose()
            return [each.json for each in server.chats]

    return run(work())


def moment(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def test_a_model_that_would_leave_soon_is_asked_to_stay() -> None:
    first, stay, second = chats_with(moment(minutes=5))
    assert "keep_alive" not in first
    window = {"num_ctx": 8_192}
    assert stay == {"model": MODEL, "messages": [], "shift": False, "options": window, "keep_alive": "1800s"}
    assert second == first | {"keep_alive": "1800s"}


@pytest.mark.parametrize(
    "expires",
    [
        pytest.param(moment(hours=24), id="tomorrow"),
        "2318-03-01T10:00:00.123456789Z",
        pytest.param(moment(minutes=-5), id="gone"),
        *("soon", ""),
    ],
)
def test_a_server_that_keeps_it_or_does_not_tell_is_left_alone(expires: str) -> None:
    assert ["keep_alive" in each for each in chats_with(expires)] == [False, False]

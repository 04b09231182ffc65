"""What Ollama tells of its models: lists that it leaves out, its room on the disk, how long one stays in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_models import free_for_models
from desktop.core.model import CacheShape, ModelInfo
from desktop.core.request import GenerationParams
from tests.backends.outcome import AT_ONCE, asking, outcomes, played
from tests.support.scripted_server import Hold, Recorded, Reply, json_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script

FACTS = {
    "general.architecture": "gemma4",
    "gemma4.attention.head_count": 16,
    "gemma4.attention.head_count_kv": [],
    "gemma4.attention.key_length": 512,
    "gemma4.attention.key_length_swa": 256,
    "gemma4.attention.sliding_window": 1024,
    "gemma4.attention.sliding_window_pattern": None,
    "gemma4.attention.value_length": 512,
    "gemma4.attention.value_length_swa": 256,
    "gemma4.block_count": 6,
    "gemma4.embedding_length": 3840,
}
LISTS = {
    "gemma4.attention.head_count_kv": [8, 8, 8, 8, 8, 1],
    "gemma4.attention.sliding_window_pattern": [True, True, True, True, True, False],
}


def described(facts: dict[str, object], verbose: Reply) -> tuple[ModelInfo, list[bool]]:
    def show(request: Recorded) -> Reply:
        if request.json.get("verbose"):
            return verbose
        return json_reply({"details": {}, "model_info": facts, "capabilities": ["completion"]})

    script = ollama_script(**{"POST /api/show": [show]})
    model, server = played(OllamaBackend, script, lambda backend: backend.describe(MODEL))
    return model, [each.json.get("verbose", False) for each in server.requests if each.path == "/api/show"]


def test_the_lists_are_read_and_the_vocabulary_behind_them_is_not_waited_for() -> None:
    told = json.dumps({"license": "words", "model_info": FACTS | LISTS}, separators=(",", ":"))[:-2]
    model, asked = described(dict(FACTS), Reply([told, ',"tokenizer.ggml.tokens":["a","b",', Hold()]))
    assert model.cache == CacheShape(1 * 1024 * 2, 5 * 8 * 512 * 2, 1024 + 512)
    assert asked == [False, True]


def test_nothing_is_asked_again_where_nothing_is_missing() -> None:
    model, asked = described(FACTS | LISTS, json_reply({}))
    assert model.cache is not None
    assert asked == [False]


def test_a_server_that_does_not_tell_leaves_the_shape_unknown() -> None:
    for answer in (
        json_reply({"error": "no"}, 500),
        Reply(["[1,,]", "garbage \xff"]),
        json_reply({"model_info": None}),
    ):
        model, _ = described(dict(FACTS), answer)
        assert model.cache is None
        assert model.capabilities == {"completion"}


def test_the_folder_that_is_named_counts(tmp_path: Path) -> None:
    assert (free_for_models({"OLLAMA_MODELS": str(tmp_path)}) or 0) > 0
    assert free_for_models({"OLLAMA_MODELS": str(tmp_path / "nothing")}, tmp_path) is None


def test_the_usual_place_else(tmp_path: Path) -> None:
    nowhere = tmp_path / "service"
    assert free_for_models({}, tmp_path, nowhere) is None
    (tmp_path / ".ollama" / "models").mkdir(parents=True)
    assert (free_for_models({}, tmp_path, nowhere) or 0) > 0


ASKED = asking(params=GenerationParams(context_length=8_192))


def chats_with(expires: str) -> list[Any]:
    """The bodies that come to a server whose model is to leave at a moment, in two turns."""
    listed = json_reply({"models": [{"name": MODEL, "expires_at": expires, "context_length": 8_192}]})

    script = ollama_script(ndjson(ollama_lines("Hello")), running=[listed])
    got, server = played(
        lambda url: OllamaBackend(url, retries=AT_ONCE), script, lambda backend: outcomes(backend, ASKED, ASKED)
    )
    assert [each.text for each in got] == ["Hello"] * 2
    return [each.json for each in server.chats]


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

"""Lists that Ollama leaves out of what it tells of a model: asked for where they are missing, and only then."""

from __future__ import annotations

import json

from desktop.backends.ollama import OllamaBackend
from desktop.core.model import CacheShape, ModelInfo
from tests.backends.outcome import run
from tests.support.scripted_server import Hold, Recorded, Reply, ScriptedServer, json_reply
from tests.support.scripts import MODEL, ollama_script

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

    async def work() -> tuple[ModelInfo, list[bool]]:
        async with ScriptedServer(ollama_script(**{"POST /api/show": [show]})) as server:
            backend = OllamaBackend(server.url)
            try:
                model = await backend.describe(MODEL)
            finally:
                await backend.aclose()
            return model, [each.json.get("verbose", False) for each in server.requests if each.path == "/api/show"]

    return run(work())


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

"""What Ollama tells of its models, also where it leaves lists out, and the room on its disk."""

from __future__ import annotations

import json

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_models import free_for_models, loaded_in
from desktop.core.errors import ProtocolError
from desktop.core.model import CacheShape, ModelInfo
from desktop.core.request import ThinkingMode
from tests.backends.outcome import asked_of, outcome, played
from tests.support.ollama_store import OllamaStore
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_server import Hold, Reply, json_reply, text_reply
from tests.support.scripts import MODEL, ollama_script

AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LEVELS = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)


def listed(script, host="{}"):
    made = lambda url: OllamaBackend(host.format(url.removeprefix("http://")))  # noqa: E731
    return asked_of(made, script, lambda backend: backend.list_models())


def described(script, model=MODEL):
    return asked_of(OllamaBackend, script, lambda backend: backend.describe(model))


@pytest.mark.parametrize("host", ["http://{}", " '{}/' "])
def test_models_of_a_new_server(host):
    """At an address in any form of `OLLAMA_HOST`."""
    (model,) = listed(ollama_script(), host)
    assert model == ModelInfo(
        name=MODEL,
        capabilities=frozenset({"completion", "thinking"}),
        family="qwen3",
        parameters=8_200_000_000,
        quantization="Q4_K_M",
        context_length=40960,
        size_on_disk=5_225_374_720,
        thinking_modes=(AUTO, OFF, ON),
        sees=False,
    )


def test_an_old_server_is_asked_for_each_model():
    entry = {"name": MODEL, "size": 7, "details": {"family": "qwen2", "families": None, "parameter_size": "134.52M"}}

    def show(request):
        if request.json["model"] != MODEL:
            return json_reply({"error": "model not found"}, 404)
        details = {"family": "qwen2", "parameter_size": "134.52M"}
        return json_reply({"details": details, "template": "<think>"})

    listing = json_reply({"models": [entry, {"name": "gone"}, {"name": ""}, None]})
    known, gone = listed(ollama_script(**{"GET /api/tags": [listing], "POST /api/show": [show]}))
    assert known.capabilities == {"completion", "thinking"}
    assert (known.name, known.size_on_disk, known.parameters) == (MODEL, 7, 134_520_000)
    assert (gone.name, gone.capabilities) == ("gone", frozenset())


@pytest.mark.parametrize("models", [None, []])
def test_no_models(models):
    assert listed({"GET /api/tags": [json_reply({"models": models})]}) == []


@pytest.mark.parametrize(
    "answer",
    [
        json_reply({"error": "Unexpected endpoint or method. (GET /api/tags)"}),
        text_reply("<title>Router</title>"),
        json_reply({"models": 3}),
        text_reply("404 page not found", 404),
    ],
)
def test_something_else_listens(answer):
    with pytest.raises(ProtocolError):
        listed({"GET /api/tags": [answer]})


def test_models_that_may_have_the_same_weights_are_asked_for_them():
    blob = "9" * 64
    beside = f"FROM /usr/share/ollama/.ollama/models/blobs/sha256-{'1' * 64}"
    file = f"# FROM smol\n\nFROM /usr/share/ollama/.ollama/models/blobs/sha256-{blob}\n{beside}\n"
    store = OllamaStore({"smol:latest": 9, "smol-wide:latest": 9, "other:latest": 9}, modelfile=file)
    store.looks["other:latest"] = {"family": "gemma"}
    models, server = played(OllamaBackend, store.script, lambda backend: backend.list_models())
    assert {each.name: each.weights for each in models} == {
        "smol:latest": blob,
        "smol-wide:latest": blob,
        "other:latest": "",
    }
    shown = [each.json["model"] for each in server.requests if each.path == "/api/show"]
    assert sorted(shown) == ["smol-wide:latest", "smol:latest"]


# Qwen3-30B-A3B: 128 experts of 768 × 2048, 8 used, in 48 layers.
EXPERTS = {
    "general.architecture": "qwen3moe",
    "general.parameter_count": 30_532_122_624,
    "qwen3moe.context_length": 40960,
    "qwen3moe.expert_count": 128,
    "qwen3moe.expert_used_count": 8,
    "qwen3moe.expert_feed_forward_length": 768,
    "qwen3moe.embedding_length": 2048,
    "qwen3moe.block_count": 48,
}
THINKS = {"capabilities": ["completion", "thinking"]}


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (
            {"model_info": EXPERTS},
            {"context_length": 40960, "active_parameters": pytest.approx(3.3e9, rel=0.02), "family": "qwen3moe"},
        ),
        ({"parameters": 'stop "<|end|>"\ntemperature                    0.6\ntop_p   0.95'}, {"temperature": 0.6}),
        ({"parameters": 'stop    "temperature 0.1"'}, {"temperature": 0.8}),
        ({}, {"temperature": None, "thinking_modes": (OFF,)}),
        (THINKS | {"details": {"family": "gptoss"}}, {"thinking_modes": (AUTO, *LEVELS)}),
        (
            THINKS | {"template": "{{ if and $.IsThinkSet (not $.Think) }}/no_think{{ end }}"},
            {"thinking_modes": (AUTO, OFF, ON)},
        ),
        (
            THINKS | {"template": "{%- if enable_thinking is false %}<think>\n\n</think>{% endif %}"},
            {"thinking_modes": (AUTO, OFF, ON)},
        ),
        (THINKS | {"template": "{{ .Thinking }}<think>"}, {"thinking_modes": (AUTO,)}),
        (THINKS | {"template": "{{ .Prompt }}", "renderer": "qwen3-vl-thinking"}, {"thinking_modes": (AUTO,)}),
    ],
)
def test_what_is_told_of_one_model(shown, told):
    """Off is offered where something listens to it."""
    answer = json_reply({"details": {}, "capabilities": ["completion"], **shown})
    model = described({"POST /api/show": [answer]})
    assert {name: getattr(model, name) for name in told} == told


def test_a_description_tells_the_window_of_a_loaded_model():
    async def ask(backend):
        cold = await backend.describe(MODEL)
        await outcome(backend)
        return cold, await backend.describe(MODEL)

    cold, warm = asked_of(OllamaBackend, WindowedModel().script, ask)
    assert (cold.loaded_context, warm.loaded_context) == (None, 4_096)


def test_names_without_a_tag_mean_latest():
    answer = {"models": [{"name": "qwen3:latest", "expires_at": "1"}, None, {"name": "x"}]}
    assert loaded_in(answer, "qwen3") is not None
    assert loaded_in(answer, "host:5000/library/qwen3") is None
    assert loaded_in({"models": None}, "qwen3:8b") is None


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
SHAPE = CacheShape(1 * 1024 * 2, 5 * 8 * 512 * 2, 1024 + 512)
TOLD = json.dumps({"license": "words", "model_info": FACTS | LISTS}, separators=(",", ":"))[:-2]


@pytest.mark.parametrize(
    ("facts", "verbose", "shape", "asked"),
    [
        # The vocabulary behind the lists is not waited for.
        (FACTS, Reply([TOLD, ',"tokenizer.ggml.tokens":["a","b",', Hold()]), SHAPE, [False, True]),
        (FACTS | LISTS, json_reply({}), SHAPE, [False]),
        (FACTS, json_reply({"error": "no"}, 500), None, [False, True]),
        (FACTS, Reply(["[1,,]", "garbage \xff"]), None, [False, True]),
    ],
)
def test_lists_that_are_left_out_are_asked_for(facts, verbose, shape, asked):
    def show(request):
        if request.json.get("verbose"):
            return verbose
        return json_reply({"details": {}, "model_info": facts, "capabilities": ["completion"]})

    script = ollama_script(**{"POST /api/show": [show]})
    model, server = played(OllamaBackend, script, lambda backend: backend.describe(MODEL))
    assert (model.cache, model.capabilities) == (shape, {"completion"})
    assert [each.json.get("verbose", False) for each in server.requests if each.path == "/api/show"] == asked


def test_the_room_for_models_is_where_they_are_kept(tmp_path):
    nowhere, usual = tmp_path / "nothing", tmp_path / ".ollama" / "models"
    assert (free_for_models({"OLLAMA_MODELS": str(tmp_path)}) or 0) > 0
    assert free_for_models({"OLLAMA_MODELS": str(nowhere)}, tmp_path) is None
    assert free_for_models({}, tmp_path, nowhere) is None
    usual.mkdir(parents=True)
    assert (free_for_models({}, tmp_path, nowhere) or 0) > 0

"""Ollama: its replies and thinking, load state and window, how long a model stays, its models and their disk."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_models import free_for_models
from desktop.core.errors import ProtocolError
from desktop.core.events import Measured
from desktop.core.message import Message, ReasoningPart, Role, TextPart, user_message
from desktop.core.model import CacheShape
from desktop.core.request import ChatRequest, GenerationParams, ThinkingMode
from tests.backends.outcome import AT_ONCE, asked_of, asking, outcome, outcomes, played
from tests.support.ollama_window import WindowedModel, tokens_in
from tests.support.scripted_server import Hold, Reply, ScriptedServer, json_reply, text_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script

AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LOW, HIGH = ThinkingMode.LOW, ThinkingMode.HIGH
HELLO = ndjson(ollama_lines("Hello"))


def play(script, *requests):
    """The replies to requests one after the other, and the bodies of all chats."""
    made = partial(OllamaBackend, retries=AT_ONCE, poll_interval=0.01)
    got, server = played(made, script, lambda backend: outcomes(backend, *requests))
    return got, [each.json for each in server.chats]


# --- The switch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "capabilities", "mode", "think"),
    [
        ("qwen3", ["completion", "thinking"], HIGH, True),
        ("llama", ["completion"], AUTO, False),
        ("llama", ["completion"], OFF, False),
        ("gptoss", ["completion", "thinking"], OFF, "low"),
    ],
)
def test_think_is_always_sent(family, capabilities, mode, think):
    _, (body,) = play(ollama_script(HELLO, family=family, capabilities=capabilities), asking(mode=mode))
    assert body["think"] == think


PULL_AGAIN = "registry.ollama.ai/library/qwen3:latest does not support thinking. Pull the model again to get thinking."


@pytest.mark.parametrize(
    ("family", "words", "modes", "sent"),
    [
        ("qwen3", '"llama3" does not support thinking', (AUTO, AUTO), [True, None, None]),
        ("qwen3", PULL_AGAIN, (AUTO, AUTO), [True, None, None]),
        ("gptoss", 'think value "high" is not supported for this model', (HIGH, LOW), ["high", True, True]),
    ],
)
def test_what_a_model_refuses_of_the_switch_is_remembered(family, words, modes, sent):
    refusal = json_reply({"error": words}, 400)
    got, bodies = play(ollama_script(refusal, HELLO, family=family), *(asking(mode=mode) for mode in modes))
    assert [each.text for each in got] == ["Hello", "Hello"]
    assert [each.get("think") for each in bodies] == sent


def test_a_template_that_opens_the_thinking_is_remembered():
    orphan = ndjson(ollama_lines("Hm, let me see.\n</think>\n\nHello"))
    got, _ = play(ollama_script(orphan), asking(), asking())
    assert [(each.reasoning.strip(), each.text) for each in got] == [("Hm, let me see.", "Hello")] * 2
    kinds = [[type(event).__name__ for event in each.events] for each in got]
    assert ["Reclassified" in each for each in kinds] == [True, False]


# --- What is sent ------------------------------------------------------------------------------------------------


def test_the_request():
    earlier = Message(role=Role.ASSISTANT, parts=(ReasoningPart("secret"), TextPart("Hello")))
    params = GenerationParams(
        temperature=0.0, top_p=0.9, top_k=40, max_tokens=99, context_length=8192, seed=0, stop=("x",)
    )
    messages = (user_message("Hi"), earlier, user_message("a\0\ud800"))
    _, (plain, full) = play(ollama_script(HELLO), asking("Hi"), ChatRequest(MODEL, messages, "Be kind.", params))
    common = {"model": MODEL, "stream": True, "truncate": False, "shift": False, "think": True}
    assert plain == common | {"messages": [{"role": "user", "content": "Hi"}]}  # no option that was not asked for
    assert full == common | {
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "a\ufffd\ufffd"},
        ],
        "options": {
            "temperature": 0.0, "top_p": 0.9, "top_k": 40, "num_predict": 99 + 16_384,
            "num_ctx": 8192, "seed": 0, "stop": ["x"],
        },
    }  # fmt: skip


# --- Load state --------------------------------------------------------------------------------------------------


# By version: what is told of a model that is not in memory, and of one that is.
PHASES = {
    "0.24.0": ("getting_ready", "getting_ready"),
    "0.33.0": ("loading reading", "reading"),
    "0.0.0": ("loading reading", "reading"),  # built from source
    "": ("loading reading", "reading"),
}


@pytest.mark.parametrize("version", PHASES)
@pytest.mark.parametrize("is_loaded", [False, True])
async def test_the_phases_before_the_first_token(version, is_loaded):
    """The stay of a model is counted from now until its first request has ended, so that it moves in all versions."""
    model = WindowedModel(version=version or "0.33.0", holds=True, loads_for=0 if is_loaded else 3)
    if is_loaded:
        model.load(4_096, shift=False)

    async with ScriptedServer(model.script) as server:
        if not version:
            del server.script["GET /api/version"]

        def running(request):
            if sum(each.path == "/api/ps" for each in server.requests) > 6:
                server.release()
            return model.running(request)

        server.script["GET /api/ps"] = [running]
        backend = OllamaBackend(server.url, poll_interval=0.001)
        phases = (await outcome(backend)).phases
        await backend.aclose()
        first, *phases, last = phases

    assert (first, last) == ("connecting", "reading")  # which is told, too, once the first word is on its way
    if phases[0] == "loading" and "getting_ready" in phases:
        phases.pop(0)  # the question about it came before the request for it
    assert " ".join(phases) == PHASES[version][is_loaded]


async def test_a_server_that_does_not_tell_is_asked_once():
    held = ndjson(ollama_lines("Hello"), before_head=[Hold()])
    script = dict(ollama_script(held)) | {"GET /api/ps": [text_reply("404 page not found", 404)]}
    async with ScriptedServer(script) as server:
        backend = OllamaBackend(server.url, poll_interval=0.001)
        asked = asyncio.create_task(outcome(backend))
        await server.requested()
        await asyncio.wait([asked], timeout=0.1)
        server.release()
        got = await asked
        await backend.aclose()
        assert (got.text, sum(request.path == "/api/ps" for request in server.requests)) == ("Hello", 1)


# --- The window: nothing is cut in silence -----------------------------------------------------------------------

PAGES = "The rent is due on the first of each month. " * 600  # about 6,000 of its tokens


def wishing(text, window=None, most=None):
    return asking(text, params=GenerationParams(context_length=window, largest_context=most))


def measured(got):
    (found,) = [event for event in got.events if isinstance(event, Measured)]
    return found


# the model, what is asked, the window in the end or the one of the refusal, the loads, and how often it is asked
WINDOWS = {
    "too long": (WindowedModel(), wishing(PAGES), 4_096, False, [4_096], 1),
    "asked for": (WindowedModel(), wishing(PAGES, 8_192), 8_192, True, [8_192], 1),
    "the step that holds it": (WindowedModel(), wishing(PAGES, most=32_768), 8_192, True, [4_096, 8_192], 2),
    "no more than may be": (WindowedModel(), wishing(PAGES * 4, most=8_192), 4_096, False, [4_096], 1),
    "cut by the server": (
        WindowedModel(trained=8_192),
        wishing(PAGES * 4, 4_096, most=131_072),
        8_192,
        False,
        [4_096, 8_192],
        2,
    ),
    "fixed at the server": (WindowedModel(is_fixed=True), wishing(PAGES, 8_192, most=32_768), 4_096, False, [4_096], 1),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_a_request_is_answered_whole_or_refused_with_the_count(case):
    model, request, window, is_answered, loads, asked = WINDOWS[case]
    (got,), bodies = play(model.script, request)
    assert (model.loads, len(bodies)) == (loads, asked)
    if is_answered:
        found = measured(got)
        assert (got.text, found.window, found.asked) == ("Hello", window, window)
        assert (found.load_seconds, found.read_per_second, found.memory) == (0.5, 250, 9)
    else:
        failure = got.error.as_failure()
        assert (failure.kind, failure.available) == ("context_too_long", window)
        assert failure.needed == tokens_in(bodies[-1])


def test_a_window_without_memory_for_it_is_halved_and_not_tried_again():
    model = WindowedModel(memory=16_384)
    (got, again), bodies = play(model.script, wishing(PAGES, 32_768, 32_768), wishing(PAGES * 4, most=32_768))
    assert (got.text, measured(got).asked) == ("Hello", 16_384)
    assert again.error.kind == "context_too_long"
    assert max(body["options"]["num_ctx"] for body in bodies[1:] if "options" in body) == 16_384


def test_speeds_are_told_where_enough_was_read_anew_and_written():
    """A server counts the whole prompt, and the time of what it has read of it."""
    (first, again), _ = play(WindowedModel().script, wishing(PAGES[:4_000]), wishing(PAGES[:4_000]))
    assert (measured(first).has_loaded, measured(first).read_per_second) == (True, 250)
    assert (measured(again).has_loaded, measured(again).read_per_second) == (False, None)
    for words, speed in ((98, None), (99, 25)):
        (got,), _ = play(WindowedModel("a" + " word" * words).script, wishing("Hi"))
        assert measured(got).written_per_second == speed


# --- How long a model stays --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "is_short"),
    [
        (timedelta(minutes=5), True),
        (timedelta(hours=24), False),
        ("2318-03-01T10:00:00.123456789Z", False),
        (timedelta(minutes=-5), False),
        ("when it likes", False),
    ],
)
def test_a_model_that_would_leave_soon_is_asked_to_stay(expires, is_short):
    if isinstance(expires, timedelta):
        expires = (datetime.now(UTC) + expires).isoformat()
    running = json_reply({"models": [{"name": MODEL, "expires_at": expires, "context_length": 8_192}]})
    request = wishing("Hello?", 8_192)
    got, (first, *stay, second) = play(ollama_script(HELLO, running=[running]), request, request)
    assert [each.text for each in got] == ["Hello"] * 2
    assert "keep_alive" not in first
    longer = {"keep_alive": "1800s"}
    assert second == (first | longer if is_short else first)
    assert stay == (
        [{"model": MODEL, "messages": [], "shift": False, "options": {"num_ctx": 8_192}} | longer] if is_short else []
    )


LEVELS = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)


def listed(script, host="{}"):
    made = lambda url: OllamaBackend(host.format(url.removeprefix("http://")))  # noqa: E731
    return asked_of(made, script, lambda backend: backend.list_models())


def described(script, model=MODEL):
    return asked_of(OllamaBackend, script, lambda backend: backend.describe(model))


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

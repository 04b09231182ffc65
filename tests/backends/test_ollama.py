"""Ollama: models, the thinking switch and its retries, load state, what is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.ollama_models import loaded_in
from desktop.backends.wire.http import HttpSettings
from desktop.core.errors import BackendError, ModelMissing, ProtocolError
from desktop.core.events import UsageReported
from desktop.core.message import Message, ReasoningPart, Role, TextPart, Usage, user_message
from desktop.core.model import ModelInfo
from desktop.core.request import ChatRequest, GenerationParams, ThinkingMode
from tests.backends.outcome import AT_ONCE, Outcome, asked_of, asking, outcome, outcomes, played, run
from tests.support.ollama_store import OllamaStore
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_server import Hold, Recorded, Reply, Script, ScriptedServer, json_reply, text_reply
from tests.support.scripts import MODEL, ndjson, ollama_end, ollama_line, ollama_lines, ollama_script

AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LOW, HIGH = ThinkingMode.LOW, ThinkingMode.HIGH
HELLO = ndjson(ollama_lines("Hello"))


def play(script: Script, *requests: ChatRequest) -> tuple[list[Outcome], list[Recorded]]:
    got, server = played(
        lambda url: OllamaBackend(url, retries=AT_ONCE, poll_interval=0.02),
        script,
        lambda backend: outcomes(backend, *requests),
    )
    return got, server.requests


def chats(requests: list[Recorded]) -> list[Any]:
    return [request.json for request in requests if request.path == "/api/chat"]


def listed(script: Script) -> list[ModelInfo]:
    return asked_of(OllamaBackend, script, lambda backend: backend.list_models())


def described(script: Script, model: str = MODEL) -> ModelInfo:
    return asked_of(OllamaBackend, script, lambda backend: backend.describe(model))


# --- Models ------------------------------------------------------------------------------------------------------


def test_models_of_a_new_server() -> None:
    (model,) = listed(ollama_script(HELLO))
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


def test_an_old_server_is_asked_for_each_model() -> None:
    script = dict(ollama_script(HELLO))
    entry = {"name": MODEL, "size": 7, "details": {"family": "qwen2", "families": None, "parameter_size": "134.52M"}}
    script["GET /api/tags"] = [json_reply({"models": [entry, {"name": "gone"}, {"name": ""}, None]})]
    script["POST /api/show"] = [_old_show]
    models = listed(script)
    assert [model.name for model in models] == [MODEL, "gone"]
    assert models[0].capabilities == {"completion", "thinking", "tools"}
    assert (models[0].size_on_disk, models[0].parameters) == (7, 134_520_000)
    assert models[1].capabilities == frozenset()


def _old_show(request: Recorded) -> Reply:
    if request.json["model"] != MODEL:
        return json_reply({"error": "model not found"}, 404)
    details = {"family": "qwen2", "parameter_size": "134.52M"}
    return json_reply({"details": details, "template": "{{ if .Tools }}<think>"})


@pytest.mark.parametrize("answer", [json_reply({"models": None}), json_reply({"models": []})])
def test_no_models(answer: Reply) -> None:
    assert listed({"GET /api/tags": [answer]}) == []


@pytest.mark.parametrize(
    "answer",
    [
        json_reply({"error": "Unexpected endpoint or method. (GET /api/tags)"}),
        text_reply("<title>Router</title>"),
        text_reply("hello"),
        text_reply(""),
        json_reply([1]),
        json_reply({"models": 3}),
        text_reply("404 page not found", 404),
    ],
)
def test_something_else_listens(answer: Reply) -> None:
    with pytest.raises(ProtocolError):
        listed({"GET /api/tags": [answer]})


def test_experts_of_a_mixture() -> None:
    """Qwen3-30B-A3B: 128 experts of 768 × 2048, 8 used, in 48 layers."""
    facts = {
        "general.architecture": "qwen3moe",
        "general.parameter_count": 30_532_122_624,
        "qwen3moe.context_length": 40960,
        "qwen3moe.expert_count": 128,
        "qwen3moe.expert_used_count": 8,
        "qwen3moe.expert_feed_forward_length": 768,
        "qwen3moe.embedding_length": 2048,
        "qwen3moe.block_count": 48,
    }
    shown = {"details": {"family": "qwen3moe"}, "model_info": facts, "capabilities": ["completion"]}
    model = described({"POST /api/show": [json_reply(shown)]})
    assert model.context_length == 40960
    assert model.active_parameters == pytest.approx(3.3e9, rel=0.02)


@pytest.mark.parametrize(
    ("parameters", "temperature"),
    [
        ({"parameters": 'stop    "<|end|>"\ntemperature                    0.6\ntop_p   0.95'}, 0.6),
        ({"parameters": 'stop    "temperature 0.1"'}, 0.8),
        ({"parameters": "temperature hot"}, 0.8),
        ({}, None),
    ],
)
def test_the_temperature_of_a_model(parameters: dict[str, str], temperature: float | None) -> None:
    shown = {"details": {"family": "qwen2"}, "capabilities": ["completion"], **parameters}
    assert described({"POST /api/show": [json_reply(shown)]}).temperature == temperature


def test_the_modes_of_gpt_oss() -> None:
    model = described(ollama_script(HELLO, family="gptoss"))
    assert OFF not in model.thinking_modes
    assert {LOW, HIGH} < set(model.thinking_modes)


@pytest.mark.parametrize(
    ("shown", "modes"),
    [
        ({"template": "{{ if and $.IsThinkSet (not $.Think) }}/no_think{{ end }}"}, (AUTO, OFF, ON)),
        ({"template": "{%- if enable_thinking is false %}<think>\n\n</think>{% endif %}"}, (AUTO, OFF, ON)),
        ({"template": "{{ .Thinking }}<think>"}, (AUTO,)),
        ({"template": "{{ .Prompt }}", "renderer": "qwen3.5"}, (AUTO, OFF, ON)),
        ({"template": "{{ .Prompt }}", "renderer": "qwen3-vl-thinking"}, (AUTO,)),
        ({}, (AUTO, OFF, ON)),
    ],
)
def test_off_is_offered_where_something_listens_to_it(shown: dict[str, Any], modes: tuple[ThinkingMode, ...]) -> None:
    details = {"details": {"family": "x"}, "capabilities": ["completion", "thinking"]}
    assert described({"POST /api/show": [json_reply(details | shown)]}).thinking_modes == modes


def test_a_model_that_cannot_think() -> None:
    assert described(ollama_script(HELLO, capabilities=["completion"])).thinking_modes == (OFF,)


def test_a_model_that_is_not_there() -> None:
    with pytest.raises(ModelMissing):
        described(ollama_script(HELLO), "other:1b")


# --- The switch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "capabilities", "mode", "think"),
    [
        ("qwen3", ["completion", "thinking"], AUTO, True),
        ("qwen3", ["completion", "thinking"], ON, True),
        ("qwen3", ["completion", "thinking"], OFF, False),
        ("qwen3", ["completion", "thinking"], HIGH, True),
        ("llama", ["completion"], AUTO, False),
        ("llama", ["completion"], OFF, False),
        ("gptoss", ["completion", "thinking"], AUTO, True),
        ("gptoss", ["completion", "thinking"], LOW, "low"),
        ("gptoss", ["completion", "thinking"], HIGH, "high"),
        ("gptoss", ["completion", "thinking"], OFF, "low"),
    ],
)
def test_think_is_always_sent(family: str, capabilities: list[str], mode: ThinkingMode, think: Any) -> None:
    _, requests = play(ollama_script(HELLO, family=family, capabilities=capabilities), asking(mode=mode))
    assert [chat["think"] for chat in chats(requests)] == [think]


def test_it_is_left_out_only_where_nothing_is_known() -> None:
    script = dict(ollama_script(HELLO, capabilities=[])) | {"POST /api/show": [text_reply("no", 500)]}
    _, requests = play(script, asking(), asking(mode=OFF))
    assert [chat.get("think") for chat in chats(requests)] == [None, False]


@pytest.mark.parametrize(
    "words",
    [
        '"llama3" does not support thinking',
        "registry.ollama.ai/library/qwen3:latest does not support thinking. Pull the model again to get thinking.",
    ],
)
def test_a_model_that_refuses_the_switch_is_asked_without_it_and_remembered(words: str) -> None:
    refusal = json_reply({"error": words}, 400)
    got, requests = play(ollama_script(refusal, HELLO, HELLO), asking(), asking())
    assert [each.text for each in got] == ["Hello", "Hello"]
    assert ["think" in chat for chat in chats(requests)] == [True, False, False]


def test_a_server_that_refuses_levels_gets_a_plain_yes() -> None:
    refusal = json_reply({"error": 'think value "high" is not supported for this model'}, 400)
    _, requests = play(ollama_script(refusal, HELLO, family="gptoss"), asking(mode=HIGH), asking(mode=LOW))
    assert [chat["think"] for chat in chats(requests)] == ["high", True, True]


def test_a_refusal_for_another_reason_is_told() -> None:
    got, requests = play(ollama_script(json_reply({"error": '"x" does not support chat'}, 400)))
    assert got[0].error.kind == "request_rejected"
    assert len(chats(requests)) == 1


def test_an_answer_reported_as_thinking_although_it_was_switched_off() -> None:
    got, _ = play(ollama_script(ndjson(ollama_lines("", "Hello"))), asking(mode=OFF))
    assert (got[0].text, got[0].reasoning) == ("Hello", "")


def test_the_thinking_of_gpt_oss_stays_thinking() -> None:
    got, _ = play(ollama_script(ndjson(ollama_lines("", "Hm")), family="gptoss"), asking(mode=OFF))
    assert (got[0].text, got[0].reasoning) == ("", "Hm")


def test_a_template_that_opens_the_thinking_is_remembered() -> None:
    orphan = ndjson(ollama_lines("Hm, let me see.\n</think>\n\nHello"))
    got, _ = play(ollama_script(orphan), asking(), asking())
    assert [(each.reasoning.strip(), each.text) for each in got] == [("Hm, let me see.", "Hello")] * 2
    kinds = [[type(event).__name__ for event in each.events] for each in got]
    assert "Reclassified" in kinds[0]
    assert "Reclassified" not in kinds[1]


# --- What is sent ------------------------------------------------------------------------------------------------


def test_the_request() -> None:
    earlier = Message(role=Role.ASSISTANT, parts=(ReasoningPart("secret"), TextPart("Hello")))
    params = GenerationParams(
        temperature=0.0, top_p=0.9, top_k=40, max_tokens=99, context_length=8192, seed=0, stop=("x",)
    )
    request = ChatRequest(MODEL, (user_message("Hi"), earlier, user_message("a\0\ud800")), "Be kind.", params)
    _, requests = play(ollama_script(HELLO), request)
    (chat,) = chats(requests)
    assert chat == {
        "model": MODEL,
        "stream": True,
        "truncate": False,
        "shift": False,
        "think": True,
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


def test_no_option_is_sent_that_was_not_asked_for() -> None:
    _, requests = play(ollama_script(HELLO))
    assert set(chats(requests)[0]) == {"model", "messages", "stream", "think", "truncate", "shift"}


def test_five_megabytes_go_out() -> None:
    text = "汉字 and words " * 250_000
    got, requests = play(ollama_script(HELLO), asking(text))
    assert got[0].text == "Hello"
    assert chats(requests)[0]["messages"][0]["content"] == text


def test_counts() -> None:
    got, _ = play(ollama_script(ndjson([ollama_line("Hello"), ollama_end(prompt=26, completion=298)])))
    usage = [event.usage for event in got[0].events if isinstance(event, UsageReported)]
    assert usage == [Usage(prompt_tokens=26, completion_tokens=298)]


def test_a_busy_server_is_asked_again() -> None:
    busy = json_reply({"error": "server busy, please try again.  maximum pending requests exceeded"}, 503)
    got, requests = play(ollama_script(busy, HELLO))
    assert got[0].text == "Hello"
    assert len(chats(requests)) == 2


def test_a_load_that_failed_is_not_tried_again() -> None:
    failed = json_reply({"error": "model requires more system memory (9 GiB) than is available (3 GiB)"}, 500)
    got, requests = play(ollama_script(failed))
    assert got[0].error.reason == "out_of_memory"
    assert len(chats(requests)) == 1


# --- Weights -----------------------------------------------------------------------------------------------------


def test_models_that_may_have_the_same_weights_are_asked_for_them() -> None:
    blob = "9" * 64
    beside = f"FROM /usr/share/ollama/.ollama/models/blobs/sha256-{'1' * 64}"
    file = f"# FROM smol\n\nFROM /usr/share/ollama/.ollama/models/blobs/sha256-{blob}\n{beside}\n"
    store = OllamaStore({"smol:latest": 9, "smol-wide:latest": 9, "other:latest": 9}, modelfile=file)
    store.looks["other:latest"] = {"family": "gemma"}

    async def work() -> tuple[dict[str, str], list[str]]:
        async with ScriptedServer(store.script) as server:
            backend = OllamaBackend(server.url)
            found = {each.name: each.weights for each in await backend.list_models()}
            await backend.aclose()
            return found, [each.json["model"] for each in server.requests if each.path == "/api/show"]

    found, shown = run(work())
    assert found == {"smol:latest": blob, "smol-wide:latest": blob, "other:latest": ""}
    assert sorted(shown) == ["smol-wide:latest", "smol:latest"]


# --- Load state --------------------------------------------------------------------------------------------------


# By version: what is told of a model that is not in memory, and of one that is.
PHASES = {
    "0.5.7": ("getting_ready", "getting_ready"),
    "0.10.1": ("getting_ready", "getting_ready"),
    "0.24.0": ("getting_ready", "getting_ready"),
    "0.30.0": ("loading reading", "reading"),
    "0.33.0": ("loading reading", "reading"),
    "0.0.0": ("loading reading", "reading"),  # built from source
    "": ("loading reading", "reading"),
}


@pytest.mark.parametrize("version", PHASES)
@pytest.mark.parametrize("is_loaded", [False, True])
def test_the_phases_before_the_first_token(version: str, is_loaded: bool) -> None:
    """The stay of a model is counted from now until its first request has ended, so that it moves in all versions."""
    model = WindowedModel(version=version or "0.33.0", holds=True, loads_for=0 if is_loaded else 3)
    if is_loaded:
        model.load(4_096, shift=False)

    async def work() -> list[str]:
        async with ScriptedServer(model.script) as server:
            if not version:
                del server.script["GET /api/version"]

            def running(request: Recorded) -> Reply:
                if sum(each.path == "/api/ps" for each in server.requests) > 6:
                    server.release()
                return model.running(request)

            server.script["GET /api/ps"] = [running]
            backend = OllamaBackend(server.url, poll_interval=0.001)
            phases = (await outcome(backend)).phases
            await backend.aclose()
            return phases

    first, *phases, last = run(work())
    assert (first, last) == ("connecting", "reading")  # which is told, too, once the first word is on its way
    if phases[0] == "loading" and "getting_ready" in phases:
        phases.pop(0)  # the question about it came before the request for it
    assert " ".join(phases) == PHASES[version][is_loaded]


def test_a_server_that_does_not_tell_is_asked_once() -> None:
    async def work() -> tuple[str, int]:
        held = ndjson(ollama_lines("Hello"), before_head=[Hold()])
        script = dict(ollama_script(held)) | {"GET /api/ps": [text_reply("404 page not found", 404)]}
        async with ScriptedServer(script) as server:
            backend = OllamaBackend(server.url, poll_interval=0.001)
            stream = backend.stream(asking())
            events = [await anext(stream), await anext(stream)]
            task = asyncio.ensure_future(anext(stream))
            await server.requested()
            await asyncio.wait([task], timeout=0.1)
            server.release()
            events.append(await task)
            events += [event async for event in stream]
            await backend.aclose()
            text = "".join(getattr(event, "text", "") for event in events)
            return text, sum(request.path == "/api/ps" for request in server.requests)

    assert run(work()) == ("Hello", 1)


def test_names_without_a_tag_mean_latest() -> None:
    answer = {"models": [{"name": "qwen3:latest", "expires_at": "1"}, None, {"name": "x"}]}
    assert loaded_in(answer, "qwen3") is not None
    assert loaded_in(answer, "host:5000/library/qwen3") is None
    assert loaded_in({"models": None}, "qwen3:8b") is None


def test_the_address_may_have_any_form_of_ollama_host() -> None:
    async def work() -> int:
        async with ScriptedServer(ollama_script(HELLO)) as server:
            backend = OllamaBackend(f" '127.0.0.1:{server.port}/' ", settings=HttpSettings())
            models = await backend.list_models()
            await backend.aclose()
            return len(models)

    assert run(work()) == 1


def test_a_server_that_is_gone_is_told_at_once() -> None:
    async def work() -> BackendError:
        backend = OllamaBackend("http://127.0.0.1:9")
        return (await outcome(backend)).error

    assert run(work()).kind == "unreachable"

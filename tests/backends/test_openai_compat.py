"""OpenAI-compatible servers: models, load state, fall-backs, thinking in every place, and how prompts are counted."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.backends.replies import RetryPolicy
from desktop.core.context import letters_of_request, weights_from, with_count
from desktop.core.errors import AuthRejected, ModelMissing, ProtocolError
from desktop.core.events import Measured, UsageReported
from desktop.core.message import Message, ReasoningPart, Role, TextPart, Usage, user_message
from desktop.core.model import PromptCount
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode
from tests.backends.outcome import AT_ONCE, asked_of, asking, outcome, outcomes, played
from tests.backends.test_built_in import Bench, whole
from tests.support.scripted_server import ScriptedServer, json_reply, text_reply
from tests.support.scripts import MODEL, delta, llama_server_script, openai_chunks, openai_script, sse, usage_chunk

PRESETS = load_presets()
CUSTOM = PRESETS["custom"]
AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LOW, MEDIUM, HIGH = ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH
HELLO = sse(openai_chunks("Hello"))


def play(script, *requests, preset=CUSTOM, retries=AT_ONCE, describe=False):
    async def ask(backend):
        if describe:
            await backend.describe(MODEL)
        return await outcomes(backend, *requests)

    got, server = played(lambda url: OpenAICompatBackend(url, "", preset, retries=retries), script, ask)
    return got, [request.json for request in server.chats]


def listed(script, preset=CUSTOM):
    return asked_of(lambda url: OpenAICompatBackend(url, "", preset), script, lambda backend: backend.list_models())


def described(script, model=MODEL):
    return asked_of(OpenAICompatBackend, script, lambda backend: backend.describe(model))


# --- Models ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"max_model_len": 32768}, {"served_context": 32768, "context_length": None}),
        (
            {"meta": {"n_ctx": 1024, "n_ctx_train": 4096, "n_params": 7, "size": 9}},
            {"loaded_context": 1024, "context_length": 4096, "parameters": 7, "size_on_disk": 9},
        ),
        ({"context_length": 9, "name": "Nice name"}, {"served_context": 9, "label": "Nice name"}),
        (
            {"supported_parameters": ["reasoning"], "reasoning": {"mandatory": True, "supported_efforts": ["high"]}},
            {"thinking_modes": (AUTO, HIGH), "capabilities": {"completion", "thinking"}},
        ),
        (
            {"supported_parameters": ["reasoning"], "reasoning": {"mandatory": False, "supported_efforts": None}},
            {"thinking_modes": (AUTO, OFF, LOW, MEDIUM, HIGH)},
        ),
        ({"supported_parameters": ["top_p"]}, {"capabilities": {"completion"}, "thinking_modes": (OFF,), "sees": None}),
        ({"architecture": {"input_modalities": ["text"]}}, {"sees": False}),
        ({"max_model_len": None, "meta": None, "supported_parameters": None, "name": 3}, {"served_context": None}),
    ],
)
def test_what_an_entry_tells(entry, expected):
    (model,) = listed(openai_script(HELLO, entry=entry))
    assert model.name == MODEL
    assert {name: getattr(model, name) for name in expected} == expected


@pytest.mark.parametrize(
    "answer",
    [
        {"data": [{"id": "a"}]},
        [{"id": "a"}],
        {"models": [{"name": "a"}]},
        {"data": [{"id": "a"}, {"id": None}, None, 3]},
    ],
)
def test_shapes_of_the_list(answer):
    assert [model.name for model in listed({"GET /v1/models": [json_reply(answer)]})] == ["a"]


def test_models_that_cannot_chat_are_marked_and_paths_have_readable_labels():
    told = {
        "gpt-5": ("gpt-5", True),
        "text-embedding-3-small": ("text-embedding-3-small", False),
        "whisper-1": ("whisper-1", False),
        "bge-m3": ("bge-m3", False),
        "/home/me/models/Qwen3-8B-Q4_K_M.gguf": ("Qwen3-8B-Q4_K_M", True),
        "C:\\models\\a.gguf": ("a", True),
        "org/model": ("org/model", True),
    }
    models = listed(openai_script(HELLO, models=list(told)))
    assert {model.name: (model.title, model.can_chat) for model in models} == told


LM_STUDIO = {
    "key": MODEL,
    "type": "llm",
    "display_name": "Scripted",
    "quantization": {"name": "Q4_K_M", "bits_per_weight": 4},
    "size_bytes": 77,
    "max_context_length": 262144,
    "loaded_instances": [{"id": "mine", "config": {"context_length": 4096}}],
    "capabilities": {"vision": True},
}


@pytest.mark.parametrize(
    ("reasoning", "modes"),
    [
        ({"allowed_options": ["off", "on"], "default": "on"}, (AUTO, OFF, ON)),
        ({"allowed_options": ["off", "low", "medium", "high", "on"]}, (AUTO, OFF, LOW, MEDIUM, HIGH)),
        ({"allowed_options": ["low", "medium", "high"]}, (AUTO, LOW, MEDIUM, HIGH)),
        ({"allowed_options": ["off"]}, (OFF,)),
        (None, (AUTO, OFF, LOW, MEDIUM, HIGH)),
    ],
)
def test_lm_studio_tells_how_a_model_can_think(reasoning, modes):
    entry = LM_STUDIO | {"capabilities": {"vision": True, "reasoning": reasoning}}
    script = openai_script(HELLO, models=[MODEL, "mine", "other"])
    script = {**script, "GET /api/v1/models": [json_reply({"models": [entry, None, {"key": 3}]})]}
    for model in listed(script, PRESETS["lm-studio"])[:2]:
        assert model.thinking_modes == modes
        assert (model.title, model.loaded_context, model.quantization) == ("Scripted", 4096, "Q4_K_M")
        assert model.context_length == 262144
        assert model.sees is True


@pytest.mark.parametrize("answer", [json_reply({"error": "Unexpected endpoint or method."}), json_reply({"models": 3})])
def test_an_lm_studio_that_does_not_tell(answer):
    script = {**openai_script(HELLO), "GET /api/v1/models": [answer]}
    assert listed(script, PRESETS["lm-studio"])[0].thinking_modes == (AUTO, OFF, LOW, MEDIUM, HIGH)
    assert listed(openai_script(HELLO), PRESETS["lm-studio"])[0].name == MODEL


@pytest.mark.parametrize(
    "answer",
    [
        text_reply("<html><title>Login</title></html>"),
        json_reply({"hello": 1}),
        json_reply({"error": "Unauthorized"}, 401),
    ],
)
def test_something_else_listens_or_the_key_is_wrong(answer):
    with pytest.raises(AuthRejected if answer.status == 401 else ProtocolError):
        listed({"GET /v1/models": [answer]})


def test_a_page_to_sign_in_at_is_known_with_a_mark_of_its_encoding_too():
    with pytest.raises(ProtocolError) as raised:
        listed({"GET /v1/models": [text_reply("\ufeff<html><title>Sign in</title></html>")]})
    assert raised.value.reason == "html"


def test_llama_server_tells_of_its_model():
    model = described(llama_server_script(HELLO, template="{% if enable_thinking %}<think>"))
    assert (model.context_length, model.loaded_context) == (131072, 8192)
    assert model.capabilities == {"completion", "thinking"}
    assert model.thinking_modes == (AUTO, OFF, ON)
    plain = described(llama_server_script(HELLO, template="{{ messages }}"))
    assert plain.thinking_modes == (OFF,)


def test_a_model_that_is_not_there():
    with pytest.raises(ModelMissing):
        described(openai_script(HELLO), "other")


# --- Before the first token --------------------------------------------------------------------------------------

LOADING = json_reply({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, 503)


def test_a_model_that_is_being_loaded_is_waited_for():
    script = dict(openai_script(LOADING, HELLO)) | {"GET /health": [LOADING, LOADING, json_reply({"status": "ok"})]}
    got, chats = play(script)
    assert got[0].text == "Hello"
    assert got[0].phases == ["connecting", "loading", "reading"]
    assert len(chats) == 2


@pytest.mark.parametrize(
    ("chunk", "expected"),
    [
        (usage_chunk(26, 298, 200), Usage(prompt_tokens=26, completion_tokens=298, reasoning_tokens=200)),
        ({"usage": {"prompt_tokens": 9, "prompt_cache_hit_tokens": 4}}, Usage(prompt_tokens=9, cached_tokens=4)),
        ({"usage": {"prompt_tokens_details": {"cached_tokens": 4}}}, Usage(cached_tokens=4)),
        (
            {"timings": {"prompt_n": 5, "cache_n": 4, "predicted_n": 7}},
            Usage(prompt_tokens=9, completion_tokens=7, cached_tokens=4),
        ),
        ({"choices": [{"usage": {"completion_tokens": 7}}]}, Usage(completion_tokens=7)),
    ],
)  # fmt: skip
def test_counts(chunk, expected):
    got, _ = play(openai_script(sse([delta(content="Hi"), delta(finish="stop"), {"choices": []} | chunk])))
    assert [event.usage for event in got[0].events if isinstance(event, UsageReported)] == [expected]


# --- Fall-backs --------------------------------------------------------------------------------------------------


def refusal(message, param=None, status=400):
    return json_reply({"error": {"message": message, "type": "invalid_request_error", "param": param}}, status)


FALL_BACKS = {
    "max_tokens": (
        "custom",
        refusal("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", "max_tokens"),
        asking(params=GenerationParams(max_tokens=9)),
        {"max_tokens"},
        {"max_completion_tokens"},
    ),
    "stream_options": ("custom", refusal("unknown field stream_options"), asking(), {"stream_options"}, set()),
    "thinking switch": (
        "siliconflow",
        json_reply({"code": 20015, "message": "enable_thinking is not supported", "data": None}, 400),
        asking(mode=OFF),
        {"enable_thinking"},
        set(),
    ),
}


@pytest.mark.parametrize("case", FALL_BACKS)
def test_a_refused_field_is_left_out_and_that_is_remembered(case):
    preset, said, request, gone, instead = FALL_BACKS[case]
    got, chats = play(openai_script(said, HELLO), request, request, preset=PRESETS[preset])
    assert [each.text for each in got] == ["Hello", "Hello"]
    first, *later = chats
    assert gone <= first.keys()
    assert len(later) == 2
    for body in later:
        assert not gone & body.keys()
        assert instead <= body.keys()


# How servers say that they do not know a field, and with which status.
UNKNOWN_FIELDS = {
    "as param": lambda name: refusal(f"Unknown parameter: '{name}'.", name),
    "as place": lambda name: json_reply(
        {"detail": [{"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"}]}, 422
    ),
    "in quotes": lambda name: refusal(f'json: unknown field "{name}"'),
    "as a word": lambda name: refusal(f"{name} is not supported by this model"),
}


@pytest.mark.parametrize(
    ("preset", "said"), list(zip(("openai", "llama-server", "openrouter", "siliconflow"), UNKNOWN_FIELDS, strict=True))
)
def test_a_server_that_refuses_all_that_can_be_left_out(preset, said):
    def answer(request):
        name = next((each for each in request.json if each not in ("model", "messages", "stream")), None)
        return HELLO if name is None else UNKNOWN_FIELDS[said](name)

    params = GenerationParams(max_tokens=99, top_p=0.9, top_k=9)
    request = replace(asking(params=params), thinking=Thinking(ThinkingMode.HIGH, 1000))
    got, chats = play(openai_script(answer), request, request, preset=PRESETS[preset])
    assert [each.text for each in got] == ["Hello", "Hello"]
    assert chats[-1].keys() == {"model", "messages", "stream"}
    assert chats[-1] == chats[-2]


def test_reasoning_that_must_be_passed_back_goes_back_empty():
    earlier = Message(role=Role.ASSISTANT, parts=(ReasoningPart("secret"), TextPart("Hello")))
    request = ChatRequest(MODEL, (user_message("Hi"), earlier, user_message("And?")))
    said = refusal("The `reasoning_content` in the thinking mode must be passed back to the API.")
    got, chats = play(openai_script(said, HELLO), request)
    assert got[0].text == "Hello"
    assert [body["messages"][1].get("reasoning_content") for body in chats] == [None, ""]


PEG = {
    "error": {"code": 500, "message": "The model produced output that does not match the expected peg-native format"}
}


def test_a_reply_that_llama_server_cannot_split_is_split_here():
    unsplit = sse(openai_chunks("<think>Hm</think>Hello"))
    got, chats = play(openai_script(sse([delta(role="assistant", content=None), PEG], done=False), unsplit))
    assert (got[0].reasoning, got[0].text) == ("Hm", "Hello")
    assert [body.get("reasoning_format") for body in chats] == [None, "none"]


UNSPLIT = [sse([PEG], done=False), sse(openai_chunks("Hm</think>Hello"))]
BY_SERVER = {"params": {"reasoning_format": "none"}}  # which it says whatever it was started with


@pytest.mark.parametrize(
    ("replies", "reasoning", "more"), [(UNSPLIT, "Hm", {}), ([HELLO], "", BY_SERVER)], ids=["unsplit", "split"]
)
def test_the_template_of_llama_server_tells_where_a_reply_begins_that_the_server_does_not_split(
    replies, reasoning, more
):
    got, _ = play(llama_server_script(*replies, prompt="<|im|>\n<think>\n", **more), describe=True)
    assert (got[0].reasoning, got[0].text) == (reasoning, "Hello")
    assert "Reclassified" not in [type(event).__name__ for event in got[0].events]


# --- Sides -------------------------------------------------------------------------------------------------------


def test_a_template_that_opens_the_thinking_is_remembered_and_forgotten():
    orphan = sse(openai_chunks("Hm, well.\n</think>\nHello"))
    plain = sse(openai_chunks("Just an answer."))
    got, _ = play(openai_script(orphan, orphan, plain, plain), *[asking()] * 4)
    assert [(each.reasoning.strip(), each.text) for each in got] == [
        ("Hm, well.", "Hello"),
        ("Hm, well.", "Hello"),
        ("", "Just an answer."),
        ("", "Just an answer."),
    ]
    turned = ["Reclassified" in [type(event).__name__ for event in each.events] for each in got]
    assert turned == [True, False, True, False]


# --- Retries -----------------------------------------------------------------------------------------------------


SLOW_DOWN = {"error": {"message": "slow down"}}
HALF = sse([delta(content="Hel"), {"error": {"message": "x", "code": 503}}], done=False)
# What a server answers in turn; the words in the end, or the kind of error; the pauses.
TROUBLES = [
    *(([text_reply("", status)] * 2 + [HELLO], "Hello", [0.5, 1.0]) for status in (408, 429, 502, 503, 504)),
    ([text_reply("", 503)], "overloaded", [0.5, 1.0]),  # two tries and no more
    ([json_reply(SLOW_DOWN, 429, {"Retry-After": "7"}), HELLO], "Hello", [7.0]),
    ([json_reply(SLOW_DOWN, 429, {"Retry-After": "3600"})], "rate_limited", []),  # told instead
    # Lasting ones, 500 among them: a server on this computer fails again.
    ([text_reply("", 400)], "request_rejected", []),
    *(([text_reply("", status)], "auth_rejected", []) for status in (401, 403)),
    ([text_reply("", 402)], "out_of_credit", []),
    ([text_reply("", 404)], "protocol_error", []),
    ([text_reply("", 413)], "context_too_long", []),
    *(([text_reply("", status)], "request_rejected", []) for status in (422, 500)),
    ([HALF, HELLO], "overloaded", []),  # nothing is sent again once text was shown
]


@pytest.mark.parametrize(("answers", "end", "expected"), TROUBLES)
def test_passing_troubles_are_sat_out_and_others_told(answers, end, expected):
    pauses = []

    async def sleep(seconds):
        pauses.append(seconds)
        await asyncio.sleep(0)

    (got,), chats = play(openai_script(*answers), retries=RetryPolicy(sleep=sleep, jitter=lambda: 0.0))
    assert (got.text if got.status == "complete" else got.error.kind, pauses) == (end, expected)
    assert len(chats) == len(expected) + 1


async def test_a_pause_can_be_cancelled():
    busy = json_reply({"error": {"message": "slow down"}}, 429, {"Retry-After": "20"})
    async with ScriptedServer(openai_script(busy)) as server:
        backend = OpenAICompatBackend(server.url)
        task = asyncio.create_task(outcome(backend))
        await server.requested()
        await asyncio.wait([task], timeout=0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await backend.aclose()


@pytest.mark.parametrize(
    ("timings", "speed"),
    [
        ({"predicted_n": 100, "predicted_ms": 4_000}, 25.0),
        ({"predicted_n": 99, "predicted_ms": 4_000}, None),  # too few to tell
        ({"predicted_n": 500, "predicted_ms": 0}, None),
        ({"predicted_n": 500, "predicted_ms": "2"}, None),
    ],
)
def test_llama_server_tells_how_fast_it_wrote(timings, speed):
    chunks = [*openai_chunks("Hello"), {"choices": [], "timings": timings}]
    (got,), _ = play(openai_script(sse(chunks)))
    assert [each.written_per_second for each in got.events if isinstance(each, Measured)] == ([speed] if speed else [])


ENGLISH = [
    "Please summarise the minutes of the meeting of 14 March for colleagues who were not there.",
    "The rent is due on the first of each month. If it is late by more than fourteen days, the landlord may charge "
    "interest of 5 % a year. Either party may end the contract with three months' notice, in writing.",
    "What would we pay in the first year, with maintenance four times a year? Show each quarter in a table.",
    "Dear Ms Okafor, thank you for your letter about the delivery of 12 chairs that arrived damaged. We are sorry for "
    "the trouble and will send replacements within five working days, free of charge.",
]
CHINESE = [
    "请把三月十四日会议的纪要概括给没有参加的同事。",
    "租金应于每月一日支付。如果逾期超过十四天，出租人可以收取每年百分之五的利息。任何一方都可以提前三个月书面通知解除合同。",
    "如果每年维护四次，第一年我们需要支付多少？请用表格列出每个季度的金额。",
    "尊敬的王女士，感谢您来信告知十二把椅子在运送途中损坏。对此造成的不便我们深表歉意，将在五个工作日内免费寄送替换品。",
]


@pytest.mark.engine
@pytest.mark.parametrize("texts", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_after_three_turns_the_estimate_is_within_five_per_cent(starter_model, texts):
    """By the counts of the real llama.cpp."""
    errors = []

    async def work(bench):
        said = []
        counts = ()
        for turn in range(4):
            said.append(user_message(texts[turn % 4] * (1 + turn % 3)))
            params = GenerationParams(max_tokens=1)
            request = ChatRequest(str(starter_model), tuple(said), "", params, Thinking(ThinkingMode.OFF))
            letters, messages = letters_of_request(request)
            seen, reply = await whole(bench.backend.stream(request))
            count = reply.usage.prompt_tokens if reply.usage is not None else None
            assert count is not None, seen
            errors.append(weights_from(counts).prompt_tokens(letters, messages) / count - 1)
            counts = with_count(counts, PromptCount(letters, messages, count))
            answer = texts[(turn + 1) % 4] * (1 + (turn + 1) % 3)
            said.append(Message(role=Role.ASSISTANT, parts=(TextPart(answer),)))

    with Bench(starter_model, context_length=4096) as bench:
        bench.run(work(bench))
    assert max(map(abs, errors[3:])) <= 0.05, errors


LEVELS = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)
START = ["<|im_start|>", "assistant", "Ċ"]


def template(make):
    """A server's `/tokenize` over a template, given as a function of its variables."""

    def tokenize(request):
        body = request.json
        assert body["model"] == MODEL
        assert body["messages"] == [{"role": "user", "content": "?"}]
        tokens = make(body.get("chat_template_kwargs", {}))
        return json_reply({"count": len(tokens), "tokens": list(range(len(tokens))), "token_strs": tokens})

    return tokenize


def qwen3(variables):
    off = variables.get("enable_thinking", True) is False
    return [*START, *(["<think>", "ĊĊ", "</think>", "ĊĊ"] if off else [])]


def deepseek_v3(variables):
    return [*START, "<think>" if variables.get("thinking") else "</think>"]


def gpt_oss(variables):
    return ["Reasoning", ":", variables.get("reasoning_effort", "medium"), *START]


TEMPLATES = {
    "Qwen3": (qwen3, (AUTO, OFF, ON)),
    "DeepSeek-V3.1": (deepseek_v3, (AUTO, OFF, ON)),
    "gpt-oss": (gpt_oss, (AUTO, *LEVELS)),
    "DeepSeek-R1": (lambda _: [*START, "<", "think", ">", "Ċ"], (AUTO,)),
    "a model of which nothing shows": (lambda _: START, ()),
}


def talk(*routes, text="Hello"):
    async def ask(backend):
        return await backend.describe(MODEL), await outcome(backend, asking())

    script = {**openai_script(sse(openai_chunks(text))), "POST /tokenize": list(routes)}
    return asked_of(lambda url: OpenAICompatBackend(url, "", load_presets()["vllm"], retries=AT_ONCE), script, ask)


@pytest.mark.parametrize("model", TEMPLATES)
def test_what_changes_nothing_in_the_prompt_is_not_offered(model):
    make, modes = TEMPLATES[model]
    info, _ = talk(template(make))
    assert info.thinking_modes == modes
    assert ("thinking" in info.capabilities) is (model != "a model of which nothing shows")


@pytest.mark.parametrize(
    "answer",
    [
        text_reply("Not Found", 404),
        json_reply({"count": 3, "tokens": [1, 2, 3]}),  # before 0.10
        json_reply({"count": 1, "token_strs": [None]}),
        json_reply([]),
    ],
)
def test_a_server_that_does_not_tell_is_taken_as_its_preset_says(answer):
    info, got = talk(answer)
    assert info.thinking_modes == (AUTO, OFF, *LEVELS)
    assert got.text == "Hello"

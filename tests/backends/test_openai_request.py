"""The JSON that leaves for each provider, what its refusals teach, and how real servers answer."""

from __future__ import annotations

import subprocess
import sys
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from functools import partial

import pytest

from desktop.backends.openai.chat import Learnt, learnt_from, request_body, thinking_modes
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import PresetError, load_presets, read_preset
from desktop.backends.wire.error_bodies import ServerSaid
from desktop.core.connection import ThinkingSwitch
from desktop.core.connections import api_address
from desktop.core.events import Phase, Progress, ReasoningDelta, UsageReported
from desktop.core.message import Message, MessageStatus, ReasoningPart, Role, TextPart, user_message
from desktop.core.place import place_of_url
from desktop.core.request import ChatRequest, GenerationParams, PartialReply, Thinking, ThinkingMode
from desktop.core.resources import resource_path
from desktop.store.paths import starter_model
from desktop.ui.errors import describe
from tests.backends.outcome import AT_ONCE, asking, built, outcome, played
from tests.support.scripted_server import json_reply, text_reply
from tests.support.scripts import MODEL, delta, openai_chunks, openai_script, sse
from tests.support.waiting import PATIENCE

PRESETS = load_presets()
AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LOW, MEDIUM, HIGH = ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH


def body(provider, mode=AUTO, budget=None, **params):
    request = ChatRequest("m", (user_message("Hi"),), "", GenerationParams(**params), Thinking(mode, budget))
    return request_body(PRESETS[provider], request)


def beyond_the_common(provider, mode, budget=None):
    preset = PRESETS[provider]
    common = {"model", "messages", "stream", "stream_options", *dict(preset.extra_body)}
    common |= {"reasoning_control"} if preset.control_path and mode is not OFF else set()
    return {name: value for name, value in body(provider, mode, budget).items() if name not in common}


def modes(off, on, *efforts):
    """What is sent in each mode; without strengths, those are as on."""
    levels = zip((LOW, MEDIUM, HIGH), [{"reasoning_effort": each} for each in efforts] or [{}] * 3, strict=True)
    return {AUTO: {}, OFF: off, ON: on} | {mode: on | effort for mode, effort in levels}


THREE = ("low", "medium", "high")
BY_TYPE = ({"thinking": {"type": "disabled"}}, {"thinking": {"type": "enabled"}})
BY_EFFORT = ({"reasoning_effort": "none"}, {"reasoning_effort": "medium"})
BY_SWITCH = ({"enable_thinking": False}, {"enable_thinking": True})
BY_TEMPLATE = (
    {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}},
    {"chat_template_kwargs": {"enable_thinking": True, "thinking": True}},
)

# provider: {mode: what is sent about thinking}
TABLE = {
    "deepseek": modes(*BY_TYPE, "low", "high", "high"),
    "openai": modes(*BY_EFFORT, *THREE),
    "openrouter": {
        AUTO: {},
        OFF: {"reasoning": {"enabled": False}},
        ON: {"reasoning": {"enabled": True}},
        LOW: {"reasoning": {"effort": "low"}},
        MEDIUM: {"reasoning": {"effort": "medium"}},
        HIGH: {"reasoning": {"effort": "high"}},
    },
    "siliconflow": modes(*BY_SWITCH),
    "dashscope": modes(*BY_SWITCH),
    "volcengine-ark": modes(*BY_TYPE, *THREE),
    "vllm": modes(*BY_TEMPLATE, *THREE),
    "lm-studio": modes(*BY_EFFORT, *THREE),
    "llama-server": modes(*BY_TEMPLATE, *THREE),
    "litellm": modes({}, {}),
    "custom": modes({}, {}),
}

# provider: the fields that a budget of 50 and one of 4000 tokens become, where it takes one
BUDGETS = dict.fromkeys(PRESETS, ({}, {})) | {
    "openrouter": ({"reasoning": {"max_tokens": 50}}, {"reasoning": {"max_tokens": 4000}}),
    "siliconflow": ({"thinking_budget": 128}, {"thinking_budget": 4000}),
    "dashscope": ({"thinking_budget": 50}, {"thinking_budget": 4000}),
    "vllm": ({"thinking_token_budget": 50}, {"thinking_token_budget": 4000}),
    "llama-server": ({"thinking_budget_tokens": 50}, {"thinking_budget_tokens": 4000}),
}

MAX_TOKENS = dict.fromkeys(PRESETS, "max_tokens") | {
    "openai": "max_completion_tokens",
    "volcengine-ark": "max_completion_tokens",
}


def test_the_tables_know_every_provider():
    assert set(TABLE) == set(PRESETS)


@pytest.mark.parametrize("provider", TABLE)
def test_thinking(provider):
    assert {mode: beyond_the_common(provider, mode) for mode in ThinkingMode} == TABLE[provider]


@pytest.mark.parametrize("provider", BUDGETS)
def test_budgets(provider):
    small, large = BUDGETS[provider]
    assert beyond_the_common(provider, AUTO, 50) == small
    assert beyond_the_common(provider, AUTO, 4000) == large
    assert beyond_the_common(provider, OFF, 4000) == TABLE[provider][OFF]
    if provider != "openrouter":  # where a budget takes the place of the switch
        assert beyond_the_common(provider, ON, 4000) == TABLE[provider][ON] | large


@pytest.mark.parametrize("provider", MAX_TOKENS)
def test_limits(provider):
    names = {"max_tokens", "max_completion_tokens"}

    def limits(**more):
        return {name: value for name, value in body(provider, **more).items() if name in names}

    assert limits() == {}, "the server's own limit is the model's, or does not count the thinking"
    assert limits(max_tokens=99, mode=OFF) == {MAX_TOKENS[provider]: 99}
    alone = provider == "siliconflow"  # its limit is for the answer alone
    assert limits(max_tokens=99, budget=4000) == {MAX_TOKENS[provider]: 99 if alone else 4099}
    assert limits(max_tokens=99) == {MAX_TOKENS[provider]: 99 if alone else 99 + 16_384}


@pytest.mark.parametrize("provider", PRESETS)
def test_sampling(provider):
    sent = body(provider, temperature=0.0, top_p=0.9, top_k=40, seed=0, stop=("a", "b"))
    assert (sent["temperature"], sent["top_p"], sent["seed"], sent["stop"]) == (0.0, 0.9, 0, ["a", "b"])
    assert ("top_k" in sent) is (provider != "openai")
    assert not {"temperature", "top_p", "top_k", "seed", "stop"} & body(provider).keys()


# --- Refusals ----------------------------------------------------------------------------------------------------

FULL = {
    "model": "m", "messages": [{"role": "user"}, {"role": "assistant"}], "stream": True,
    "stream_options": {"include_usage": True}, "temperature": 1, "top_k": 5, "max_tokens": 9,
    "enable_thinking": False, "thinking_budget": 200, "reasoning_effort": "low", "return_progress": True,
    "chat_template_kwargs": {"enable_thinking": False}, "thinking": {"type": "disabled"},
}  # fmt: skip

NEWER_NAME = {name: value for name, value in FULL.items() if name != "max_tokens"} | {"max_completion_tokens": 9}
NO_OTHER = ServerSaid("Unknown parameter: 'max_completion_tokens'.", param="max_completion_tokens")
THINKING = ("enable_thinking", "thinking_budget", "reasoning_effort", "chat_template_kwargs", "thinking")
NOTHING = Learnt()


def without(*fields, **more):
    return Learnt(dropped=frozenset(fields), **more)


@pytest.mark.parametrize(
    ("said", "status", "sent", "known", "learnt"),
    [
        (ServerSaid("Unrecognized request argument supplied: top_k"), 400, FULL, NOTHING, without("top_k")),
        (
            ServerSaid("max_tokens is too large: 40000. This model supports at most 8192 completion tokens"),
            400, FULL, NOTHING, without("max_tokens"),
        ),
        (ServerSaid("thinking_budget is not supported"), 400, FULL, NOTHING, without("thinking_budget")),
        (ServerSaid("This model does not support thinking."), 400, FULL, NOTHING, without(*THINKING)),
        (
            NO_OTHER, 400, NEWER_NAME, Learnt(other_max_tokens=True),
            without("max_completion_tokens", other_max_tokens=True),
        ),
        (
            ServerSaid("reasoning_content is not allowed in input messages"),
            400, FULL, Learnt(wants_reasoning_back=True), NOTHING,
        ),
        # What teaches nothing
        (ServerSaid("temperature must be at most 2", param="temperature"), 400, FULL, NOTHING, NOTHING),
        (ServerSaid("The model `x` does not exist."), 404, FULL, NOTHING, NOTHING),
        (ServerSaid("maximum context length is 10 tokens"), 400, FULL, NOTHING, NOTHING),
        (ServerSaid("Unsupported parameter: 'messages'", param="messages"), 400, FULL, NOTHING, NOTHING),
        (ServerSaid("Unsupported parameter: 'top_k'", param="top_k"), 401, FULL, NOTHING, NOTHING),
        (ServerSaid("Unsupported parameter: 'unheard_of'"), 400, FULL, NOTHING, NOTHING),
        (ServerSaid(""), 400, FULL, NOTHING, NOTHING),
    ],
)  # fmt: skip
def test_lessons(said, status, sent, known, learnt):
    assert learnt_from(said, status, sent, known) == learnt


FILES = sorted(resource_path("providers").iterdir())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_file_keeps_the_contract(file):
    assert file.suffix == ".toml"
    preset = read_preset(file)
    assert preset.id == file.stem
    assert file.read_text(encoding="utf-8").startswith("# "), "says what it is about"
    if preset.address:
        assert api_address(preset.address) == preset.address
        assert preset.needs_key is not place_of_url(preset.address).is_local
        assert bool(preset.keys_page) is preset.needs_key
    modes = thinking_modes(preset)
    assert bool(modes) is (preset.thinking_switch is not ThinkingSwitch.NONE)
    if modes:
        assert modes[0] is ThinkingMode.AUTO


BROKEN = {
    "no text": ("\xff\xfe\x00", "codec can't decode"),
    "no name": ('address = "http://x"', "name is missing"),
    "unknown field": ('name = "x"\naddress = ""\ncolour = 1', "unknown field colour"),
    "unknown switch": ('name = "x"\naddress = ""\nthinking_switch = "maybe"', "thinking_switch is no"),
    "key in the open": ('name = "x"\naddress = "http://x.test"\nneeds_key = true', "https"),
    "rule without efforts": ('name = "x"\naddress = ""\n[[models]]\nnames = ["a"]', "efforts is missing"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_named_and_the_others_load(case, tmp_path, caplog):
    content, reason = BROKEN[case]
    (tmp_path / "bad.toml").write_text(content, encoding="latin-1")
    (tmp_path / "good.toml").write_text('name = "Good"\naddress = ""\nneeds_key = false\n', encoding="utf-8")
    assert set(load_presets(tmp_path)) == {"good"}
    assert "bad.toml" in caplog.text
    assert reason in caplog.text
    with pytest.raises(PresetError, match=r"bad\.toml"):
        read_preset(tmp_path / "bad.toml")


OPENAI_MODELS = {
    "gpt-4o": (),
    "gpt-4.1-mini-2025-04-14": (),
    "gpt-5-chat-latest": (),
    "o1": ("low", "medium", "high"),
    "o4-mini": ("low", "medium", "high"),
    "gpt-5": ("minimal", "low", "medium", "high"),
    "GPT-5-mini-2025-08-07": ("minimal", "low", "medium", "high"),
    "gpt-5.1": ("none", "low", "medium", "high"),
    "gpt-6-of-the-future": ("none", "low", "medium", "high"),
}


@pytest.mark.parametrize("model", OPENAI_MODELS)
def test_which_models_of_openai_think_and_which_cannot_be_kept_from_it(model):
    preset = load_presets()["openai"].for_model(model)
    modes = thinking_modes(preset)
    assert preset.efforts == OPENAI_MODELS[model]
    assert bool(modes) is bool(preset.efforts)
    assert (ThinkingMode.OFF in modes) is ("none" in preset.efforts)


KEY = "sk-1234567890abcdef"
HELLO = sse(openai_chunks("Hello"))


def _gateway(status, message, kind):
    error = {"message": message, "type": kind, "param": None, "code": str(status)}
    return json_reply({"error": error}, status)


def _behind(words):
    return f"{words}\n\nLiteLLM: model group 'smol' failed with the error above. No fallback was attempted."


# fault: what the server sends, the kind and the reason of the failure, its title, and its details
REFUSALS = {
    "a wrong key, without a database": (
        _gateway(400, "No connected db.", "no_db_connection"),
        "auth_rejected", "", "The key was not accepted", "No connected db.",
    ),
    "a wrong key": (
        _gateway(401, "Authentication Error, Invalid proxy server token passed.", "token_not_found_in_db"),
        "auth_rejected", "", "The key was not accepted", "Authentication Error, Invalid proxy server token passed.",
    ),
    "an unknown model": (
        _gateway(
            400, f"/chat/completions: Invalid model name passed in model={MODEL}. Call `/v1/models` to view available"
            " models for your key.", "invalid_request_error",
        ),
        "model_missing", "", "The model is not there",
        f"/chat/completions: Invalid model name passed in model={MODEL}. Call `/v1/models` to view available models for"
        " your key.",
    ),
    "a model that is not allowed": (
        _gateway(
            403, "The requested model 'smol' is not available for this API key, or the model name is invalid. Check the"
            " models available to you and try again.", "key_model_access_denied",
        ),
        "auth_rejected", "model", "Your key may not use this model",
        "The requested model 'smol' is not available for this API key, or the model name is invalid. Check the models"
        " available to you and try again.",
    ),
    "a budget that is used up": (
        _gateway(422, "Budget has been exceeded! Current cost: 11.0, Max budget: 10.0", "budget_exceeded"),
        "out_of_credit", "budget", "Your budget is used up",
        "Budget has been exceeded! Current cost: 11.0, Max budget: 10.0",
    ),
    "the gateway's own key": (
        _gateway(
            401, _behind("litellm.AuthenticationError: AuthenticationError: OpenAIException - Invalid API Key"),
            "authentication_error",
        ),
        "auth_rejected", "gateway", "The server's own key was refused", "Invalid API Key",
    ),
    "nothing behind the gateway": (
        _gateway(
            500, _behind("litellm.InternalServerError: InternalServerError: OpenAIException - Connection error."),
            "internal_server_error",
        ),
        "overloaded", "gateway", "The model behind the server is out of reach", "Connection error.",
    ),
    "nothing behind the gateway, vLLM": (
        _gateway(
            500, _behind(
                "litellm.InternalServerError: InternalServerError: Hosted_vllmException - Cannot connect to host"
                " REDACTED:9 ssl:<ssl.SSLContext object at 0x7f8cd76f74a0> [Connect call failed ('REDACTED', 9)]"
            ), "internal_server_error",
        ),
        "overloaded", "gateway", "The model behind the server is out of reach",
        "Cannot connect to host REDACTED:9 ssl:<ssl.SSLContext object at 0x7f8cd76f74a0> [Connect call failed"
        " ('REDACTED', 9)]",
    ),
    "too long behind the gateway": (
        _gateway(
            400, "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError:"
            " Hosted_vllmException - This model's maximum context length is 2048 tokens. However, you requested 0"
            " output tokens and your prompt contains at least 2049 input tokens", "None",
        ),
        "context_too_long", "", "Too long for this model",
        "This model's maximum context length is 2048 tokens. However, you requested 0 output tokens and your prompt"
        " contains at least 2049 input tokens",
    ),
    "an engine that has crashed": (
        json_reply(
            {"error": {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.",
                       "type": "InternalServerError", "param": None, "code": 500}}, 500,
        ),
        "request_rejected", "engine_dead", "The model server has broken down",
        "EngineCore encountered an issue. See stack trace (above) for the root cause.",
    ),
}  # fmt: skip

# fault: the error in mid-stream, the kind and the reason, its title
BREAKS = {
    "the engine crashes": (
        {"message": "EngineCore encountered an issue. See stack trace (above) for the root cause.", "code": 500},
        ("request_rejected", "engine_dead", "The model server has broken down"),
    ),
    "the server behind the gateway is killed": (
        {"message": "litellm.APIConnectionError: APIConnectionError: Hosted_vllmException - Response payload is not"
                    " completed: <TransferEncodingError: 400, message='Not enough data to satisfy transfer length"
                    " header.'>", "type": None, "param": None, "code": "500"},
        ("stream_broken", "gateway", "The reply broke off behind the server"),
    ),
    "the server behind the gateway falls silent": (
        {"message": "litellm.APIConnectionError: APIConnectionError: Hosted_vllmException - Timeout on reading data"
                    " from socket", "type": None, "param": None, "code": "500"},
        ("stream_broken", "gateway", "The reply broke off behind the server"),
    ),
}  # fmt: skip


def asked(*replies, key=KEY, preset="litellm", **more):
    """One reply, and the bodies of the requests for it; the models are listed first if `entry` is given."""
    entry = {"entry": more.pop("entry")} if "entry" in more else {}

    async def ask(backend):
        if entry:
            await backend.list_models()
        return await outcome(backend, asking(**more))

    made = partial(OpenAICompatBackend, api_key=key, preset=load_presets()[preset], retries=AT_ONCE)
    got, server = played(made, openai_script(*replies, **entry), ask)
    return got, [each.json for each in server.chats]


def told(error):
    return error.kind, error.reason, describe(error.as_failure()).title


@pytest.mark.parametrize("fault", REFUSALS)
def test_a_refusal_is_told_as_what_it_is(fault):
    reply, kind, reason, title, detail = REFUSALS[fault]
    got, chats = asked(reply)
    assert told(got.error) == (kind, reason, title)
    assert got.error.detail == detail
    assert len(chats) == 1  # none of these passes by itself


@pytest.mark.parametrize("fault", BREAKS)
def test_an_end_in_mid_stream_is_told_as_what_it_is(fault):
    error, expected = BREAKS[fault]
    got, _ = asked(sse([delta(content="Hel"), delta(content="lo"), {"error": error}], done=False))
    assert told(got.error) == expected
    assert got.text == "Hello"


def test_a_key_that_is_missing_is_thought_of_where_a_server_says_nothing():
    silent = text_reply("Internal Server Error", 500)
    assert told(asked(silent, key="")[0].error)[1:] == ("no_key", "The server failed without a reason")
    assert told(asked(silent)[0].error)[1:] == ("", "Something failed in the server")


# --- A limit beyond the window ---------------------------------------------------------------------------------------

VLLM_LIMIT = json_reply(
    {"error": {"message": "max_tokens=16444 cannot be greater than max_model_len=2048. Please request fewer output"
               " tokens. (parameter=max_tokens, value=16444)", "type": "BadRequestError", "param": "max_tokens",
               "code": 400}}, 400,
)  # fmt: skip
OLD_LIMIT = json_reply(
    {"error": {"message": "This model's maximum context length is 2048 tokens. However, you requested 16504 tokens (60"
               " in the messages, 16444 in the completion). Please reduce the length of the messages or completion.",
               "type": "BadRequestError", "param": None, "code": 400}}, 400,
)  # fmt: skip
LIMITED = GenerationParams(max_tokens=60)  # and as much again as thinking may take


STILL_BEYOND = json_reply({"error": {"message": "max_tokens=2048 cannot be greater than max_model_len=1024."}}, 400)


@pytest.mark.parametrize(
    ("refusals", "limits"),
    [
        ([VLLM_LIMIT], [16444, 2048]),  # a largest value
        ([OLD_LIMIT], [16444, 2048 - 60]),  # the room that is left
        ([VLLM_LIMIT, STILL_BEYOND], [16444, 2048, None]),
    ],
)
def test_a_limit_beyond_the_window_is_made_smaller_or_left_out_and_the_reply_comes(refusals, limits):
    got, chats = asked(*refusals, HELLO, preset="vllm", params=LIMITED)
    assert got.text == "Hello"
    assert [each.get("max_tokens") for each in chats] == limits


@pytest.mark.parametrize("window", ["max_model_len", "max_input_tokens"])
def test_no_limit_is_sent_that_is_larger_than_the_window(window):
    got, chats = asked(HELLO, entry={window: 2048}, params=LIMITED)
    assert got.text == "Hello"
    assert ["max_tokens" in each for each in chats] == [False]
    wide = asked(HELLO, entry={window: 32_768}, params=LIMITED)[1]
    assert [each["max_tokens"] for each in wide] == [16444]


@asynccontextmanager
async def serving(*words):
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model()), *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        yield server.stdout.readline().strip()
        server.communicate(timeout=PATIENCE)


@pytest.mark.engine
async def test_what_was_cut_off_goes_on_from_its_last_character():
    """Thinking as thinking, an answer as an answer, and nothing more is thought behind that."""
    params = GenerationParams(max_tokens=12, temperature=0.0, seed=1)
    async with serving() as url, aclosing(OpenAICompatBackend(url, "", load_presets()["llama-server"])) as backend:
        for text, thought in (("", "Hmm, the sea is"), ("The sea is", ""), ("The sea is", "Hmm, the sea.")):
            parts = tuple(each for each in (ReasoningPart(thought), TextPart(text)) if each.text)
            begun = Message(role=Role.ASSISTANT, parts=parts, status=MessageStatus.STREAMING)
            partial = PartialReply(text, thought)
            request = ChatRequest("m", (user_message("Hi?"),), params=params, partial_reply=partial)
            message = (await built(backend, request, begun)).message
            grown, other = (message.text, message.reasoning) if text else (message.reasoning, message.text)
            assert grown.startswith(f"{text or thought} ")
            assert len(grown) > 30
            assert other == (thought if text else "")
            assert message.failure is None
            if text:
                assert message.status is MessageStatus.CUT_OFF
                assert message.timings.thinking == 0


@pytest.mark.engine
async def test_its_responses_show_thinking_and_take_a_second_turn():
    async with serving("opens") as url, aclosing(OpenAICompatBackend(url, "", load_presets()["openai"])) as backend:
        seen = []
        async with aclosing(backend.stream(asking("What is the sea?"))) as events:
            async for event in events:
                seen.append(event)
                if isinstance(event, ReasoningDelta):
                    break
        assert Progress(Phase.THINKING) in seen
        assert isinstance(seen[-1], ReasoningDelta)
        params = GenerationParams(max_tokens=20, temperature=0.0)
        request = asking("What is the sea?", ThinkingMode.OFF, params=params)
        got = await outcome(backend, request)
        assert got.reasoning == ""
        assert len(got.text) > 20
        (counted,) = [each.usage for each in got.events if isinstance(each, UsageReported)]
        assert counted.completion_tokens == 20
        answer = Message(role=Role.ASSISTANT, parts=(TextPart("Much water."),))
        messages = (*request.messages, answer, user_message("And a lake?"))
        assert (await outcome(backend, replace(request, messages=messages))).text

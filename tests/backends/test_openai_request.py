"""The JSON that leaves, for each provider and each way to think; and what refusals teach."""

from __future__ import annotations

import pytest

from desktop.backends.openai.request import Learnt, learnt_from, request_body
from desktop.backends.presets import load_presets
from desktop.backends.wire.error_bodies import ServerSaid
from desktop.core.message import user_message
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode

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

# name: (what the server says, the fields left out, other changes)
LESSONS = {
    "unknown argument": (ServerSaid("Unrecognized request argument supplied: top_k"), {"top_k"}, {}),
    "a limit that is too large": (
        ServerSaid("max_tokens is too large: 40000. This model supports at most 8192 completion tokens"),
        {"max_tokens"},
        {},
    ),
    "a budget": (ServerSaid("thinking_budget is not supported"), {"thinking_budget"}, {}),
    "thinking as such": (
        ServerSaid("This model does not support thinking."),
        {"enable_thinking", "thinking_budget", "reasoning_effort", "chat_template_kwargs", "thinking"},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LESSONS)
def test_lessons(case):
    said, dropped, changes = LESSONS[case]
    learnt = learnt_from(said, 400, FULL, Learnt())
    assert learnt == Learnt(dropped=frozenset(dropped), **changes)


def test_a_limit_that_is_refused_by_either_name_is_left_out():
    other = {name: value for name, value in FULL.items() if name != "max_tokens"} | {"max_completion_tokens": 9}
    said = ServerSaid("Unknown parameter: 'max_completion_tokens'.", param="max_completion_tokens")
    learnt = learnt_from(said, 400, other, Learnt(other_max_tokens=True))
    assert learnt == Learnt(dropped=frozenset({"max_completion_tokens"}), other_max_tokens=True)


def test_reasoning_that_is_refused_is_sent_no_more():
    said = ServerSaid("reasoning_content is not allowed in input messages")
    learnt = learnt_from(said, 400, FULL, Learnt(wants_reasoning_back=True))
    assert learnt == Learnt()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (ServerSaid("temperature must be at most 2", param="temperature"), 400),
        (ServerSaid("The model `x` does not exist."), 404),
        (ServerSaid("maximum context length is 10 tokens"), 400),
        (ServerSaid("Unsupported parameter: 'messages'", param="messages"), 400),
        (ServerSaid("Unsupported parameter: 'top_k'", param="top_k"), 401),
        (ServerSaid("Unsupported parameter: 'unheard_of'"), 400),
        (ServerSaid(""), 400),
    ],
)
def test_what_teaches_nothing(said, status):
    assert learnt_from(said, status, FULL, Learnt()) == Learnt()

"""How near the estimate of a prompt comes to a server's count, and what prompts show of a model's template."""

from __future__ import annotations

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.context.filling import letters_of_request, weights_from, with_count
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.core.model import PromptCount
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode
from tests.backends.outcome import AT_ONCE, asked_of, asking, outcome
from tests.backends.test_built_in import Bench, whole
from tests.support.scripted_server import json_reply, text_reply
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

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


AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
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


def test_a_template_that_opens_the_thinking_is_known_before_the_first_reply():
    _, got = talk(template(TEMPLATES["DeepSeek-R1"][0]), text="Hm, and so on.\n</think>\n\nYes.")
    assert (got.reasoning.strip(), got.text) == ("Hm, and so on.", "Yes.")
    assert not any(type(event).__name__ == "Reclassified" for event in got.events)


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

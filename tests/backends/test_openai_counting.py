"""What servers count before they answer, and what the prompts that they make show of a model's template."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.context.counting import letters_of_request, weights_from, with_count
from desktop.core.message import Message, Role, TextPart, user_message
from desktop.core.model import ModelInfo, PromptCount
from desktop.core.request import ChatRequest, Thinking, ThinkingMode
from tests.backends.outcome import AT_ONCE, Outcome, asked_of, asking, outcome, played
from tests.backends.test_built_in import Bench, asked, whole
from tests.support.scripted_server import Answer, Recorded, Reply, Script, json_reply, text_reply
from tests.support.scripts import MODEL, llama_server_script, openai_chunks, openai_script, sse

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


def counted(script: Script, preset: str, request: ChatRequest) -> tuple[int | None, list[tuple[str, object]]]:
    count, server = played(
        lambda url: OpenAICompatBackend(url, "", load_presets()[preset]),
        script,
        lambda backend: backend.count_prompt(request),
    )
    return count, [(each.path, each.json) for each in server.requests]


def test_vllm_counts_the_messages_as_they_would_be_sent() -> None:
    script = {
        **openai_script(),
        "POST /tokenize": [json_reply({"count": 12, "max_model_len": 2048, "tokens": [1] * 12})],
    }
    request = ChatRequest("m", (user_message("Hi"),), thinking=Thinking(ThinkingMode.OFF))
    count, asked_for = counted(script, "vllm", request)
    assert count == 12
    switched_off = {"enable_thinking": False, "thinking": False}
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "chat_template_kwargs": switched_off}
    assert asked_for == [("/tokenize", body)]


def test_llama_server_makes_the_prompt_and_counts_that() -> None:
    script = {**llama_server_script(prompt="<|user|>Hi"), "POST /tokenize": [json_reply({"tokens": [1, 2, 3]})]}
    count, asked_for = counted(script, "llama-server", asking("Hi"))
    assert count == 3
    assert [path for path, _ in asked_for] == ["/apply-template", "/tokenize"]
    assert asked_for[1][1] == {"content": "<|user|>Hi", "add_special": True, "parse_special": True}


@pytest.mark.parametrize("preset", ["vllm", "llama-server", "custom", "lm-studio"])
def test_a_server_that_does_not_count_is_no_failure(preset: str) -> None:
    assert counted(openai_script(), preset, asking("Hi"))[0] is None


def test_ollama_does_not_count_before_it_answers() -> None:
    assert asyncio.run(OllamaBackend("http://127.0.0.1:1").count_prompt(asking("Hi"))) is None


@pytest.mark.engine
@pytest.mark.parametrize("texts", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_after_three_turns_the_estimate_is_within_five_per_cent(starter_model: Path, texts: list[str]) -> None:
    """By the counts of the real llama.cpp, of conversations whose messages are of one to three paragraphs."""
    bench = Bench(starter_model)
    errors: list[float] = []

    async def work() -> None:
        said: list[Message] = []
        counts: tuple[PromptCount, ...] = ()
        assert await bench.backend.count_prompt(asked(starter_model, "Hi")) is None  # nothing is loaded to count
        await whole(bench.backend.stream(asked(starter_model, "Hi", max_tokens=2)))
        for turn in range(8):
            said.append(user_message(texts[turn % 4] * (1 + turn % 3)))
            request = ChatRequest(str(starter_model), tuple(said), thinking=Thinking(ThinkingMode.OFF))
            letters, messages = letters_of_request(request)
            count = await bench.backend.count_prompt(request)
            assert count is not None
            errors.append(weights_from(counts).prompt_tokens(letters, messages) / count - 1)
            counts = with_count(counts, PromptCount(letters, messages, count))
            answer = texts[(turn + 1) % 4] * (1 + (turn + 1) % 3)
            said.append(Message(role=Role.ASSISTANT, parts=(TextPart(answer),)))

    bench.run(work)
    assert max(map(abs, errors[3:])) <= 0.05, errors


AUTO, OFF, ON = ThinkingMode.AUTO, ThinkingMode.OFF, ThinkingMode.ON
LEVELS = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)
START = ["<|im_start|>", "assistant", "Ċ"]


def template(make: Callable[[dict[str, Any]], list[str]]) -> Answer:
    """A server's `/tokenize` over a template, given as a function of its variables."""

    def tokenize(request: Recorded) -> Reply:
        body = request.json
        assert body["model"] == MODEL
        assert body["messages"] == [{"role": "user", "content": "?"}]
        tokens = make(body.get("chat_template_kwargs", {}))
        return json_reply({"count": len(tokens), "tokens": list(range(len(tokens))), "token_strs": tokens})

    return tokenize


def qwen3(variables: dict[str, Any]) -> list[str]:
    off = variables.get("enable_thinking", True) is False
    return [*START, *(["<think>", "ĊĊ", "</think>", "ĊĊ"] if off else [])]


def deepseek_v3(variables: dict[str, Any]) -> list[str]:
    return [*START, "<think>" if variables.get("thinking") else "</think>"]


def gpt_oss(variables: dict[str, Any]) -> list[str]:
    return ["Reasoning", ":", variables.get("reasoning_effort", "medium"), *START]


TEMPLATES: dict[str, tuple[Callable[[dict[str, Any]], list[str]], tuple[ThinkingMode, ...]]] = {
    "Qwen3": (qwen3, (AUTO, OFF, ON)),
    "DeepSeek-V3.1": (deepseek_v3, (AUTO, OFF, ON)),
    "gpt-oss": (gpt_oss, (AUTO, *LEVELS)),
    "DeepSeek-R1": (lambda _: [*START, "<", "think", ">", "Ċ"], (AUTO,)),
    "a model of which nothing shows": (lambda _: START, ()),
}


def talk(*routes: Answer, text: str = "Hello") -> tuple[ModelInfo, Outcome]:
    async def ask(backend: OpenAICompatBackend) -> tuple[ModelInfo, Outcome]:
        return await backend.describe(MODEL), await outcome(backend, asking())

    script = {**openai_script(sse(openai_chunks(text))), "POST /tokenize": list(routes)}
    return asked_of(lambda url: OpenAICompatBackend(url, "", load_presets()["vllm"], retries=AT_ONCE), script, ask)


@pytest.mark.parametrize("model", TEMPLATES)
def test_what_changes_nothing_in_the_prompt_is_not_offered(model: str) -> None:
    make, modes = TEMPLATES[model]
    info, _ = talk(template(make))
    assert info.thinking_modes == modes
    assert ("thinking" in info.capabilities) is (model != "a model of which nothing shows")


def test_a_template_that_opens_the_thinking_is_known_before_the_first_reply() -> None:
    _, got = talk(template(TEMPLATES["DeepSeek-R1"][0]), text="Hm, and so on.\n</think>\n\nYes.")
    assert (got.reasoning.strip(), got.text) == ("Hm, and so on.", "Yes.")
    assert not any(type(event).__name__ == "Reclassified" for event in got.events)


@pytest.mark.parametrize(
    "answer",
    [
        text_reply("Not Found", 404),
        json_reply({"error": "Unauthorized"}, 401),
        json_reply({"count": 3, "tokens": [1, 2, 3]}),  # before 0.10
        json_reply({"count": 1, "token_strs": [None]}),
        json_reply([]),
    ],
)
def test_a_server_that_does_not_tell_is_taken_as_its_preset_says(answer: Reply) -> None:
    info, got = talk(answer)
    assert info.thinking_modes == (AUTO, OFF, *LEVELS)
    assert got.text == "Hello"

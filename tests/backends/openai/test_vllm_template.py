"""Finding out what a vLLM server's template does with thinking, from the prompts that it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.model import ModelInfo
from desktop.core.request import ThinkingMode
from tests.backends.outcome import AT_ONCE, Outcome, asking, outcome, run
from tests.support.scripted_server import Answer, Recorded, Reply, ScriptedServer, json_reply, text_reply
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

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
    async def work() -> tuple[ModelInfo, Outcome]:
        script = {**openai_script(sse(openai_chunks(text))), "POST /tokenize": list(routes)}
        async with ScriptedServer(script) as server:
            backend = OpenAICompatBackend(server.url, "", load_presets()["vllm"], retries=AT_ONCE)
            try:
                return await backend.describe(MODEL), await outcome(backend, asking())
            finally:
                await backend.aclose()

    return run(work())


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

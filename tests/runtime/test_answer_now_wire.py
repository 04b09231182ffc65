"""Answer now from the click to the first word of the answer, through the whole stack, over real connections."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.connections.provider import ContinueWay
from desktop.core.message import AnswerWay, EarlyAnswer, MessageStatus
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.reply import ReplyPhase
from desktop.core.request import ThinkingLimit
from tests.support.running_engine import RunningEngine
from tests.support.scripted_server import Hold, json_reply, running_server
from tests.support.scripts import (
    MODEL,
    delta,
    ndjson,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    sse,
)

_PATIENCE_MS = 100_000  # a computer that does much else besides is slow, not broken
PRESETS = load_presets()
CONTINUED, ASKED, SAME_STREAM = AnswerWay.CONTINUED, AnswerWay.ASKED, AnswerWay.SAME_STREAM
TRACE = ["It has ", "a red ", "coat"]
THINKS = sse([delta(reasoning_content=each) for each in TRACE], done=False, then=[Hold()])
ANSWER = sse(openai_chunks("A fox."))
TEMPLATE = {
    "details": {"family": "qwen3"},
    "capabilities": ["completion", "thinking"],
    "template": "<think>{{}}</think>",
}


def llama_server():
    """One that ends the thinking when it is told to."""
    reply = sse([delta(reasoning_content=each) for each in TRACE], done=False, then=[Hold(), *ANSWER.steps])
    return {**openai_script(reply), "POST /v1/chat/completions/control": [json_reply({"success": True})]}


def ollama(template):
    thinks = ndjson([ollama_line(thinking=each) for each in TRACE], then=[Hold()])
    script = ollama_script(thinks, ndjson(ollama_lines("A fox.")))
    return {**script, "POST /api/show": [json_reply(TEMPLATE | {"template": template})]}


def chat_of(preset):
    return lambda url: OpenAICompatBackend(url, "", PRESETS[preset])


WAYS = {
    "llama-server": (llama_server(), chat_of("llama-server"), SAME_STREAM),
    "vllm": (openai_script(THINKS, ANSWER), chat_of("vllm"), CONTINUED),
    "deepseek": (
        {**openai_script(THINKS), "POST /beta/chat/completions": [ANSWER]},
        chat_of("deepseek"),
        CONTINUED,
    ),
    "openrouter": (openai_script(THINKS, ANSWER), chat_of("openrouter"), ASKED),
    "another server": (openai_script(THINKS, ANSWER), chat_of("custom"), ASKED),
    "ollama, a template with the tag": (ollama("<think></think>"), OllamaBackend, CONTINUED),
    "ollama, another template": (ollama("{{ .Prompt }}"), OllamaBackend, ASKED),
}


def until_thinking(bench, letters):
    generation = bench.running
    bench.wait(lambda: len(generation.builder.message.reasoning) >= letters)
    assert generation.builder.phase is ReplyPhase.THINKING


@pytest.mark.parametrize("case", WAYS)
def test_from_the_click_to_the_answer(case, make_bench):
    script, backend_of, way = WAYS[case]
    with running_server(script) as server:
        bench = make_bench(backend_of(server.url))
        bench.chat.choose_model(ModelChoice("here", MODEL))
        assert bench.chat.send("Which animal?")
        until_thinking(bench, len("".join(TRACE)))

        assert bench.chat.answer_now()
        if way is SAME_STREAM:
            server.release()  # as a server does that has been told
        reply = bench.ended()
        server.release()
    assert (reply.reasoning, reply.text, reply.status) == ("".join(TRACE), "A fox.", MessageStatus.COMPLETE)
    assert reply.early == EarlyAnswer(way)
    assert bench.chat.path.entries[-1].versions == 1


def test_a_server_that_is_gone_by_then_leaves_the_thinking(make_bench):
    with ExitStack() as stack:
        server = stack.enter_context(running_server(openai_script(THINKS)))
        bench = make_bench(OpenAICompatBackend(server.url, "", PRESETS["vllm"]))
        bench.chat.choose_model(ModelChoice("here", MODEL))
        assert bench.chat.send("Which animal?")
        until_thinking(bench, len("".join(TRACE)))
        generation = bench.running
        generation._stream.is_closed = True  # so that its end is not noticed before the click
        stack.close()
        assert bench.chat.answer_now()
        reply = bench.ended()
    assert (reply.reasoning, reply.text) == ("".join(TRACE), "")
    assert reply.failure.kind == "unreachable"


# --- A real llama.cpp --------------------------------------------------------------------------------------------


LLAMA = PRESETS["llama-server"]
OF_ENGINE = {
    SAME_STREAM: LLAMA,
    CONTINUED: replace(LLAMA, control_path=""),
    ASKED: replace(LLAMA, control_path="", continue_way=ContinueWay.ASK),
}


@pytest.fixture
def engine(starter_model):
    command = [sys.executable, "-m", "tests.support.thinking_server", str(starter_model), "opens"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        running = RunningEngine(server.stdout.readline().strip())
        yield lambda preset: BuiltInBackend(
            running,
            lambda: [Path("model.gguf")],
            lambda path: ModelInfo(str(path)),
            lambda address: OpenAICompatBackend(address.base_url, address.key, preset),
        )
        server.communicate(timeout=_PATIENCE_MS / 1000)


@pytest.mark.engine
@pytest.mark.parametrize("way", OF_ENGINE)
def test_the_built_in_engine_answers(way, engine, make_bench):
    """In the way of its preset, and in those of servers that can do less."""
    bench = make_bench(engine(OF_ENGINE[way]))
    bench.chat.choose_model(ModelChoice("here", "model.gguf"))
    assert bench.chat.send("Tell me of the sea.")
    until_thinking(bench, 60)
    assert bench.chat.answer_now()
    bench.wait(lambda: bench.chat.generation is None or len(bench.chat.generation.builder.message.text) > 40)
    bench.chat.stop()
    reply = bench.ended()
    assert reply.early == EarlyAnswer(way)
    assert reply.text


@pytest.mark.engine
def test_the_limit_of_the_built_in_engine_is_its_budget(engine, make_bench):
    bench = make_bench(engine(LLAMA))
    bench.chat.choose_model(ModelChoice("here", "model.gguf"))
    bench.chat.set_thinking_limit(ThinkingLimit(tokens=40))
    assert bench.chat.send("Tell me of the sea.")
    generation = bench.running
    bench.wait(lambda: not generation.is_running or len(generation.builder.message.text) > 20)
    bench.chat.stop()
    reply = bench.ended()
    assert reply.text
    assert 10 < len(reply.reasoning.split()) < 60

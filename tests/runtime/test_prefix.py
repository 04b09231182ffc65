"""Turns of one conversation: each request begins with the one before, so that its server has read that already."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.message import AttachmentPart, user_message
from desktop.core.model import ModelChoice
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

FILE = AttachmentPart("prices.csv", "text/csv", "chair;40\n" * 400)
CHOICE = ModelChoice("here", MODEL)
TURNS = ("What does a chair cost?", "And two of them?", "Why?")


def turns_at(script, backend_of, make_bench):
    """The requests of three turns: with instructions, a file in the first, and thinking that nobody is sent again."""
    with running_server(script) as server:
        bench = make_bench(backend_of(server.url))
        bench.chat.choose_model(CHOICE)
        bench.chat.change_settings(lambda settings: replace(settings, system="Answer in formal words."))
        for at, text in enumerate(TURNS):
            assert bench.chat.send(text, attached=[] if at else [FILE])
            bench.wait(lambda: bench.chat.generation is None)
            bench.drain()
        return [chat.json for chat in server.chats if chat.json["messages"]]


def check_prefixes(bodies):
    assert len(bodies) == len(TURNS)
    for before, after in pairwise(bodies):
        said = before["messages"]
        assert after["messages"][: len(said)] == said
        assert {**after, "messages": []} == {**before, "messages": []}
    assert FILE.text in bodies[0]["messages"][1]["content"]


def test_an_ollama_is_sent_each_turn_with_the_one_before(make_bench):
    check_prefixes(turns_at(WindowedModel("Forty.").script, OllamaBackend, make_bench))


@pytest.mark.parametrize("thinking", ["", "It says 40, so two are 80."])
@pytest.mark.parametrize("version", ["0.5.7", "0.10.1", "0.24.0", "0.33.0", "0.0.0"])
@pytest.mark.parametrize("file", [FILE, replace(FILE, text="chair;40\n" * 2_000)], ids=["short", "long"])
def test_an_ollama_loads_a_model_once_and_reads_each_turn_once(file, version, thinking, make_bench):
    """Its server keeps models for minutes only, as is usual; the second answer is cut off, and continued."""
    answer = "Forty is what it costs."
    model = WindowedModel(answer, thinking=thinking, version=version, ends=["stop", "length", "stop"], stay=300.0)
    with running_server(model.script) as server:
        bench = make_bench(OllamaBackend(server.url, poll_interval=0.01))
        bench.chat.choose_model(CHOICE)
        steps = [
            lambda: bench.chat.send(TURNS[0], attached=[file]),
            lambda: bench.chat.send(TURNS[1]),
            lambda: bench.chat.continue_reply(bench.reply.id),
            lambda: bench.chat.send(TURNS[2]),
        ]
        for step in steps:
            bench.reply_to(step)
        assert bench.models.ask_aside(CHOICE, user_message("A title?"), 16, "").future.result(10)
    asked = [each.json for each in server.chats]
    assert sum(each.get("messages") == [] for each in asked) == 1  # that the model stays is asked for once
    assert len(model.loads) == 1
    assert {each["shift"] for each in asked} == {False}
    assert len({each.get("options", {}).get("num_ctx") for each in asked}) == 1
    first, *later, _ = zip(model.prompts, model.read_anew, strict=True)
    assert first[1] > len(file.text)
    for prompt, anew in later:
        assert anew <= max(0.05 * len(prompt), 2 * len(answer + thinking))


@pytest.mark.parametrize("preset", ["llama-server", "vllm", "custom"])
def test_any_other_server_can_do_the_same(preset, make_bench):
    answer = sse(openai_chunks("Forty.", reasoning="It says 40."))
    check_prefixes(
        turns_at(openai_script(answer), lambda url: OpenAICompatBackend(url, "", load_presets()[preset]), make_bench)
    )

"""Turns of one conversation: each request begins with the one before, so that its server has read that already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.message import AttachmentPart
from desktop.core.model import ModelChoice
from tests.runtime.conftest import MakeBench, drain
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_server import Script, running_server
from tests.support.scripts import MODEL, openai_chunks, openai_script, sse

FILE = AttachmentPart("prices.csv", "text/csv", "chair;40\n" * 400)
TURNS = ("What does a chair cost?", "And two of them?", "Why?")


def turns_at(script: Script, backend_of: Callable[[str], Backend], make_bench: MakeBench, qtbot: QtBot) -> list[Any]:
    """The requests of three turns: with instructions, a file in the first, and thinking that nobody is sent again."""
    with running_server(script) as server:
        bench = make_bench(backend_of(server.url))
        bench.chat.choose_model(ModelChoice("here", MODEL))
        bench.chat.change_settings(lambda settings: replace(settings, system="Answer in formal words."))
        for at, text in enumerate(TURNS):
            assert bench.chat.send(text, attached=[] if at else [FILE])
            qtbot.waitUntil(lambda: bench.chat.generation is None, timeout=10_000)
            drain(bench.work)
        return [chat.json for chat in server.chats if chat.json["messages"]]


def check_prefixes(bodies: list[Any]) -> None:
    assert len(bodies) == len(TURNS)
    for before, after in pairwise(bodies):
        said = before["messages"]
        assert after["messages"][: len(said)] == said
        assert {**after, "messages": []} == {**before, "messages": []}
    assert FILE.text in bodies[0]["messages"][1]["content"]


def test_an_ollama_reads_each_turn_only_once(make_bench: MakeBench, qtbot: QtBot) -> None:
    model = WindowedModel("Forty.")
    check_prefixes(turns_at(model.script, OllamaBackend, make_bench, qtbot))
    assert len(model.loads) == 1  # another window would have it read all again
    first, *later = model.read_anew
    assert first > len(FILE.text)
    assert max(later) < 100


@pytest.mark.parametrize("preset", ["llama-server", "vllm", "custom"])
def test_any_other_server_can_do_the_same(preset: str, make_bench: MakeBench, qtbot: QtBot) -> None:
    answer = sse(openai_chunks("Forty.", reasoning="It says 40."))
    check_prefixes(
        turns_at(
            openai_script(answer), lambda url: OpenAICompatBackend(url, "", load_presets()[preset]), make_bench, qtbot
        )
    )

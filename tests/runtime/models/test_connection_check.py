"""A tested connection has one of its models answer, and says what it showed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.wire.http import HttpSettings
from desktop.core.backend import Backend
from desktop.core.connection import Connection, ConnectionKind
from desktop.core.connections.check import CheckedModel
from desktop.core.model import ModelInfo
from desktop.core.trust.ledger import Entry, EntryFilter, Errand
from desktop.runtime.models.connections import check_model, model_to_ask
from desktop.store.ledger import Ledger
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_server import Hold, Reply, Script, ScriptedServer, json_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script, openai_chunks, openai_script, sse


def checked(script: Script, make: Callable[[str], Backend], path: str = "", seconds: float = 20.0) -> CheckedModel:
    async def work() -> CheckedModel:
        async with ScriptedServer(script) as server:
            backend = make(server.url + path)
            try:
                return await check_model(backend, ModelInfo(MODEL), seconds=seconds)
            finally:
                await backend.aclose()

    return asyncio.run(work())


def test_a_word_and_a_thought() -> None:
    assert checked(openai_script(sse(openai_chunks("yes"))), OpenAICompatBackend, "/v1").failure is None
    found = checked(ollama_script(ndjson(ollama_lines("yes", thinking="Hm."))), OllamaBackend)
    assert (found.failure, found.showed_thinking) == (None, True)


def test_a_model_that_is_loaded_is_asked_as_it_stands() -> None:
    model = WindowedModel()
    model.load(16_384, shift=False)
    assert checked(model.script, OllamaBackend).failure is None
    assert model.loads == [16_384]


def test_the_record_has_a_test_as_one_and_counts_no_words_of_the_users(tmp_path: Path) -> None:
    kept: dict[str, Entry] = {}

    def make(url: str) -> Backend:
        return OllamaBackend(url, settings=HttpSettings(record=lambda entry: kept.update({entry.id: entry})))

    checked(ollama_script(ndjson(ollama_lines("yes"))), make)
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.write(list(kept.values()))
    assert {entry.purpose.errand for entry in kept.values()} == {Errand.TEST, Errand.MODELS}
    assert [(each.times, each.downloads) for each in ledger.counts(EntryFilter())] == [(0, 0)]


def test_no_answer_is_a_failure_and_a_late_one_is_none() -> None:
    refused = json_reply({"error": {"message": "no such model"}}, status=404)
    assert checked(openai_script(refused), OpenAICompatBackend, "/v1").failure is not None
    silent = Reply([Hold()])
    assert checked(openai_script(silent), OpenAICompatBackend, "/v1", seconds=0.2).is_slow


@pytest.mark.parametrize(
    ("models", "asked"),
    [
        ([], None),
        ([ModelInfo("e", capabilities=frozenset({"embedding"}))], None),
        ([ModelInfo("kimi:cloud", forwarded_to="ollama.com")], None),
        ([ModelInfo("big", size_on_disk=9), ModelInfo("small", size_on_disk=3)], "small"),
    ],
)
def test_the_smallest_that_the_server_runs_itself_is_asked(models: list[ModelInfo], asked: str | None) -> None:
    there = Connection(kind=ConnectionKind.OLLAMA, name="x", address="http://127.0.0.1:11434")
    found = model_to_ask(there, models)
    assert (found and found.name) == asked

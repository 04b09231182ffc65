"""The trial of an Ollama, tried itself: on a scripted one, where it must find both what goes well and what does not."""

from __future__ import annotations

import json
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from desktop.backends.ollama import OllamaBackend
from tests.backends.outcome import run
from tests.conformance.ollama import MADE, try_ollama
from tests.conformance.registry import registry_with
from tests.conformance.served import NotServed
from tests.conformance.steps import Outcome, reads_once, table, tried
from tests.conformance.vllm import vllm
from tests.support.gguf_file import gguf_bytes
from tests.support.ollama_store import OllamaStore
from tests.support.ollama_window import WindowedModel
from tests.support.scripted_server import Recorded, Reply, ScriptedServer
from tests.support.scripts import MODEL


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Follow nothing."""


def outcomes(store: OllamaStore, file: Path, pulled: str = "smol") -> dict[str, Outcome]:
    async def play() -> list[Outcome]:
        async with ScriptedServer(store.script) as server:
            server.refuses_early = store.holds
            return await try_ollama(server.url, file, pulled)

    found: list[Outcome] = run(play())
    return {each.name: each for each in found}


def test_what_goes_well_and_what_does_not_is_told(tmp_path: Path) -> None:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(gguf_bytes())
    store = OllamaStore({"other:latest": 7})
    found = outcomes(store, file)
    # The script answers anything, and with one word.
    assert {name for name, each in found.items() if not each.is_good} == {
        "too long",
        "limits",
        "a file, and a second question",
    }
    assert store.sizes == {"other:latest": 7, "smol:latest": 98_362_432}  # what it made is gone
    assert MADE not in store.loaded
    assert "| pull | ok |" in table(list(found.values()))
    (failed,) = (each for each in outcomes(OllamaStore(disk=1), file).values() if each.name == "import a file")
    assert not failed.is_good
    assert "disk_full" in failed.said


@pytest.mark.parametrize("forgets", [False, True])
def test_a_model_that_is_loaded_anew_for_a_second_question_is_noticed(forgets: bool) -> None:
    model = WindowedModel("On the first.", stay=300.0)

    def answer(request: Recorded) -> Reply:
        if forgets and len(model.prompts) == 1:
            model.load(1_024, shift=None)  # as for another program
        return model.chat(request)

    async def play() -> Outcome:
        async with ScriptedServer({**model.script, "POST /api/chat": [answer]}) as server:
            backend = OllamaBackend(server.url)
            try:
                return await tried("a file", lambda: reads_once(backend, MODEL))
            finally:
                await backend.aclose()

    found = run(play())
    assert found.is_good is not forgets, found.said


def test_a_vllm_that_does_not_install_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Path:
        raise subprocess.CalledProcessError(1, ["pip", "install"])

    monkeypatch.setattr("tests.conformance.vllm.installed", fail)
    with pytest.raises(NotServed, match="torch built for processors"):
        vllm(tmp_path / "tiny.gguf", tmp_path)


def test_the_registry_serves_a_model_whole_and_in_parts(tmp_path: Path) -> None:
    file = tmp_path / "tiny.gguf"
    file.write_bytes(gguf_bytes())
    with registry_with(file) as name:
        base, _, rest = name.partition("/library/")
        repository, _, tag = rest.partition(":")
        at = f"{base}/v2/library/{repository}"
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        manifest = json.load(direct.open(f"{at}/manifests/{tag}"))
        blob = f"{at}/blobs/{manifest['layers'][0]['digest']}"
        assert direct.open(blob).read() == file.read_bytes()
        unfollowed = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Unfollowed)
        with pytest.raises(urllib.error.HTTPError) as sent_on:
            unfollowed.open(blob)
        where = urlsplit(sent_on.value.headers["Location"])
        assert (sent_on.value.code, where.hostname, urlsplit(blob).hostname) == (307, "localhost", "127.0.0.1")
        head = direct.open(urllib.request.Request(where.geturl(), method="HEAD"))
        assert head.headers["Content-Length"] == str(file.stat().st_size)
        for unknown in (f"{base}/v2/library/candor-try-nothing/manifests/latest", f"{at}/manifests/q8_0"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                direct.open(unknown)
        part = direct.open(urllib.request.Request(blob, headers={"Range": "bytes=4-9"}))
        assert (part.status, part.read()) == (206, file.read_bytes()[4:10])

"""The trial of an Ollama, tried itself: on a scripted one, where it must find both what goes well and what does not."""

from __future__ import annotations

from tests.backends.outcome import run
from tests.conformance.conformance import table
from tests.conformance.ollama import MADE, try_ollama
from tests.support.gguf_file import gguf_bytes
from tests.support.ollama_store import OllamaStore
from tests.support.scripted_server import ScriptedServer


def outcomes(store, file, pulled="smol"):
    async def play():
        async with ScriptedServer(store.script) as server:
            server.refuses_early = store.holds
            return await try_ollama(server.url, file, pulled)

    found = run(play())
    return {each.name: each for each in found}


def test_what_goes_well_and_what_does_not_is_told(tmp_path):
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

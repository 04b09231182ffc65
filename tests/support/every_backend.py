"""Every kind of server that the program talks to, as a scripted one, for promises that hold whoever answers.

Each preset, OpenAI's other protocol, Ollama, and the built-in engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.openai_responses import OpenAIResponsesBackend
from desktop.backends.presets import load_presets
from desktop.core.backend import Backend
from desktop.core.engine import EngineAddress
from desktop.core.model import ModelInfo
from tests.support.scripted_server import Recorded, Reply, Script
from tests.support.scripts import MODEL, ollama_script, openai_script

PRESETS = load_presets()
Answering = Callable[[Recorded], Reply]


@dataclass(frozen=True, slots=True)
class Answers:
    """How a request is answered, in each protocol."""

    chat: Answering
    responses: Answering
    ollama: Answering


@dataclass(frozen=True, slots=True)
class Served:
    """A server that plays `script`, the backend for its address, and a model of it."""

    script: Callable[[Answers], Script]
    backend: Callable[[str], Backend]
    model: str = MODEL


class RunningEngine:
    """Stands where the engine stands when there is a server already; needs no start, and never fails by itself."""

    def __init__(self, url):
        self._address = EngineAddress(url, "")

    async def ensure(self, model, window=None):
        return self._address

    def would_load(self, model, window=None):
        return False

    async def failure(self):
        return ""

    async def end_frozen(self, cause):
        pass

    async def aclose(self):
        pass


def chat_script(reply):
    return {**openai_script(reply), "POST /beta/chat/completions": [reply]}


def chat_of(preset):
    return lambda url: OpenAICompatBackend(url, "", PRESETS[preset])


def built_in(url):
    return BuiltInBackend(
        RunningEngine(url),
        lambda: [Path("model.gguf")],
        lambda path: ModelInfo(str(path)),
        lambda address: chat_of("llama-server")(url),
    )


EVERY_BACKEND = {
    **{preset: Served(lambda answers: chat_script(answers.chat), chat_of(preset)) for preset in PRESETS},
    "openai, responses": Served(
        lambda answers: {**openai_script(answers.chat), "POST /v1/responses": [answers.responses]},
        lambda url: OpenAIResponsesBackend(url, "", PRESETS["openai"]),
        "gpt-5",
    ),
    "ollama": Served(lambda answers: ollama_script(answers.ollama), OllamaBackend),
    "built-in engine": Served(lambda answers: chat_script(answers.chat), built_in, "model.gguf"),
}

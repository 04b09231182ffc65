"""Every kind of server that the program talks to, as a scripted one, for promises that hold whoever answers.

Each preset, OpenAI's other protocol, Ollama, and the built-in engine.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.backends.built_in import BuiltInBackend
from desktop.backends.ollama import OllamaBackend
from desktop.backends.openai_compat import OpenAICompatBackend
from desktop.backends.presets import load_presets
from desktop.core.connection import ApiFamily
from desktop.core.engine import EngineAddress
from desktop.core.model import Backend, ModelInfo
from tests.support.scripted_server import Recorded, Reply, Script, json_reply
from tests.support.scripts import MODEL, ndjson, ollama_lines, ollama_script, openai_chunks, openai_script, sse

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
    return lambda url: OpenAICompatBackend(url, "", replace(PRESETS[preset], api=ApiFamily.CHAT))


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
        lambda url: OpenAICompatBackend(url, "", PRESETS["openai"]),
        "gpt-5",
    ),
    "ollama": Served(lambda answers: ollama_script(answers.ollama), OllamaBackend),
    "built-in engine": Served(lambda answers: chat_script(answers.chat), built_in, "model.gguf"),
}


_SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LLAMA_REFUSES = "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"


def _chunk(kind, content):
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def png(width=2, height=1, colour=b"\xff\x00\x00"):
    """A picture of one colour."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    rows = (b"\x00" + colour * width) * height
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def pictures_in(request):
    """The words and the picture of each picture in a request, read as strictly as the servers do."""
    body = request.json
    return [
        (words, picture)
        for message in body.get("messages") or body.get("input")
        for words, picture in _pictures_of(message)
    ]


def _pictures_of(message):
    content = message["content"]
    if "images" in message:  # Ollama's: bare, and every other form is an error there
        return [(content, base64.b64decode(each, validate=True)) for each in message["images"]]
    if isinstance(content, str):
        return []
    words = "".join(part["text"] for part in content if part["type"] in ("text", "input_text"))
    urls = [
        part["image_url"]["url"] if part["type"] == "image_url" else part["image_url"]
        for part in content
        if part["type"] in ("image_url", "input_image")
    ]
    found = []
    for url in urls:
        head, _, rest = url.partition(",")
        picture = base64.b64decode(rest, validate=True)
        kind = next(kind for signature, kind in _SIGNATURES.items() if picture.startswith(signature))
        assert head == f"data:{kind};base64"
        found.append((words, picture))
    return found


def _said(request):
    return f"I see {len(pictures_in(request))}."


def _responses(request):
    events = [
        {"type": "response.output_text.delta", "delta": _said(request)},
        {"type": "response.completed", "response": {"status": "completed", "usage": None}},
    ]
    return sse(events)


SEEING = Answers(
    chat=lambda request: sse(openai_chunks(_said(request))),
    responses=_responses,
    ollama=lambda request: ndjson(ollama_lines(_said(request))),
)


def _refuses(words, status):
    return lambda request: json_reply({"error": {"message": words, "code": status}}, status)


BLIND = Answers(
    chat=_refuses(LLAMA_REFUSES, 500),
    responses=_refuses("Invalid content type. image_url is only supported by certain models.", 400),
    ollama=lambda request: json_reply({"error": "this model is missing data required for image input"}, 500),
)

"""Servers that look at pictures, or refuse to, each in its own words; and a picture for them."""

from __future__ import annotations

import base64
import zlib

from tests.support.every_backend import Answers
from tests.support.scripted_server import json_reply
from tests.support.scripts import ndjson, ollama_lines, openai_chunks, sse

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

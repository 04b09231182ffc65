"""Replies that no honest server gives, in each protocol: a good stream, spoiled at random, or none at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.scripted_server import Answer, Cut, Drip, Hold, Raw, Reply, Reset, Script
from tests.support.scripts import (
    delta,
    llama_server_script,
    ollama_line,
    ollama_lines,
    ollama_script,
    openai_chunks,
    openai_script,
    responses_events,
    responses_script,
)

_PIECES = [
    "\u202e",
    "\0",
    "\ud800",
    "<think>",
    "</think>",
    "`" * 5_000,
    "![x](file:///etc/passwd)",
    "$$\\frac{",
    " " * 90_000,
]
_PIECES += ["|" * 20_000, "> " * 5_000, "[" * 20_000, "<img src=/dev/zero>", "\x1b]8;;http://x\x07", "e\u0301" * 9_000]
_PIECES += [f"{mark}\n" * 30_000 for mark in ("#", "-", ">", "> ```", "|", "1.", "\u00a0", "$$")]
_PIECES += [mark + "\n" * 90_000 for mark in ("- a", "```\n", "> a", "- ```", "[^1]: a", "    ")]
_VALUES = [None, True, -1, 10**400, "x", [], {}, [[[]]], "\ud800", {"a": None}]
_HEADERS = [
    {"Content-Encoding": "gzip"},
    {"Location": "http://192.0.2.1/"},
    {"Retry-After": "1e400"},
    {"X": "y" * 60_000},
]
_STATUS = [200, 200, 200, 204, 301, 307, 400, 401, 404, 413, 418, 429, 500, 503, 599, 999]
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Protocol:
    """`values` are those of a whole reply, `said` one of them with these words; `lists` are the routes beside it."""

    route: str
    lists: tuple[str, ...]
    values: Callable[[str], list[Any]]
    said: Callable[[str], Any]
    tool: Any
    script: Callable[[Answer], Script]
    kind: str = "openai_compat"
    preset: str = "custom"

    def framed(self, value):
        text = json.dumps(value)
        return f"{text}\n".encode() if self.kind == "ollama" else f"data: {text}\n\n".encode()

    @property
    def content_type(self):
        return "application/x-ndjson" if self.kind == "ollama" else "text/event-stream"

    def good(self, text):
        end = b"" if self.kind == "ollama" else b"data: [DONE]\n\n"
        return Reply([b"".join(self.framed(each) for each in self.values(text)) + end], content_type=self.content_type)


def _responses_values(text):
    return [json.loads(event.partition("data: ")[2]) for event in responses_events(text, ["Two and two."])]


_CALL = {"function": {"name": "rm", "arguments": {"path": "/"}}}
_OPENAI_LISTS = ("GET /v1/models",)
PROTOCOLS = {
    "ollama": Protocol(
        "POST /api/chat",
        ("GET /api/tags", "POST /api/show", "GET /api/ps", "GET /api/version"),
        ollama_lines,
        ollama_line,
        ollama_line(tool_calls=[_CALL]),
        ollama_script,
        kind="ollama",
    ),
    "openai": Protocol(
        "POST /v1/chat/completions",
        _OPENAI_LISTS,
        openai_chunks,
        lambda text: delta(content=text),
        delta(tool_calls=[{"index": 0, "id": "1", "type": "function"} | _CALL]),
        openai_script,
    ),
    "llama-server": Protocol(
        "POST /v1/chat/completions",
        (*_OPENAI_LISTS, "GET /props", "POST /apply-template"),
        lambda text: [delta() | {"prompt_progress": {"total": 9, "cache": 0, "processed": 4}}, *openai_chunks(text)],
        lambda text: delta(reasoning_content=text),
        delta(tool_calls=[{"index": 0, "id": "1", "type": "function"} | _CALL]),
        llama_server_script,
        preset="llama-server",
    ),
    "responses": Protocol(
        "POST /v1/responses",
        _OPENAI_LISTS,
        _responses_values,
        lambda text: {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": text},
        {"type": "response.output_item.added", "output_index": 1, "item": {"type": "function_call", **_CALL}},
        responses_script,
        preset="openai",
    ),
}


def hostile_list(luck):
    """What is no list of models, or one of nonsense."""
    value = luck.choice(_VALUES)
    for _ in range(luck.randint(0, 3)):
        names = luck.sample(["models", "data", "id", "name", "model_info", "details", "capabilities", "size"], 3)
        value = {name: luck.choice([value, [value] * 60, luck.choice(_VALUES)]) for name in names}
    steps = [json.dumps(value).encode()]
    match luck.choice(["whole", "whole", "long", "raw", "cut", "hold", "deep"]):
        case "long":
            steps = [b'{"models": [', *[b'{"name": "x"},' * 70_000] * 50]
        case "raw":
            steps = [Raw(luck.randbytes(luck.randint(1, 9_000))), Cut()]
        case "cut":
            steps = [b'{"data": [', Cut()]
        case "hold":
            steps = [b'{"data": [', Hold()]
        case "deep":
            steps = [b"[" * 500_000]
    return Reply(steps, luck.choice(_STATUS), headers=luck.choice(_HEADERS) if luck.random() < 0.2 else {})


def _spoil(value, luck):
    """Put another value somewhere into this one."""
    names = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if not names:
        return
    name = luck.choice(names)
    if isinstance(value[name], dict | list) and value[name] and luck.random() < 0.7:
        _spoil(value[name], luck)
    else:
        value[name] = luck.choice(_VALUES)


def hostile_reply(luck, protocol):
    """One reply to a question; it may be endless, or stop in the middle without an end."""
    values = protocol.values("It is four, since two and two make four.")
    for _ in range(luck.randint(0, 4)):
        at = luck.randrange(len(values))
        match luck.choice(["piece", "value", "twice", "away", "tool", "other"]):
            case "piece":
                values.insert(at, protocol.said(luck.choice(_PIECES) * luck.randint(1, 3)))
            case "value":
                values[at] = json.loads(json.dumps(values[at]))
                _spoil(values[at], luck)
            case "twice":
                values[at:at] = values[:at]
            case "away":
                del values[at]
                values = values or [{}]
            case "tool":
                values.insert(at, protocol.tool)
            case "other":
                values.insert(at, luck.choice(_VALUES) if luck.random() < 0.5 else {"error": luck.choice(_VALUES)})
    body = b"".join(protocol.framed(each) for each in values)
    steps = [body]
    match luck.choice(["whole", "whole", "noise", "cut", "reset", "hold", "endless", "line", "drip", "raw", "deep"]):
        case "noise":
            spoiled = bytearray(body)
            for _ in range(luck.randint(1, 40)):
                spoiled[luck.randrange(len(spoiled))] = luck.randrange(256)
            steps = [bytes(spoiled)]
        case "cut":
            steps = [body[: luck.randrange(len(body) + 1)], Cut()]
        case "reset":
            steps = [body[: luck.randrange(len(body) + 1)], Reset()]
        case "hold":
            steps = [body[: luck.randrange(len(body))], Hold()]
        case "endless":
            steps = [protocol.framed(protocol.said("more " * 10_000))] * 200
        case "line":
            steps = [protocol.framed(protocol.said("\n"))[:-9], *[b"x" * _MEGABYTE] * luck.randint(1, 40)]
        case "drip":
            steps = [Drip(body[:400], 1, 0.01), body[400:]]
        case "raw":
            steps = [Raw(luck.randbytes(luck.randint(1, 9_000))), Cut()]
        case "deep":
            steps = [b'data: {"choices":' * 50_000, b"[" * 500_000]
    headers = luck.choice(_HEADERS) if luck.random() < 0.2 else {}
    before = [Raw(luck.randbytes(200)), Cut()] if luck.random() < 0.05 else []
    return Reply(steps, luck.choice(_STATUS), protocol.content_type, headers, before)

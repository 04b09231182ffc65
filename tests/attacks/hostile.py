"""Replies that no honest server gives: a good stream, spoiled at random, or none at all."""

from __future__ import annotations

import json
import random

from tests.support.scripted_server import Cut, Drip, Hold, Raw, Reply, Reset
from tests.support.scripts import ollama_end, ollama_line, tokens_of

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
_VALUES = [None, True, -1, 10**400, "x", [], {}, [[[]]], "\ud800", {"a": None}]
_HEADERS = [
    {"Content-Encoding": "gzip"},
    {"Location": "http://192.0.2.1/"},
    {"Retry-After": "1e400"},
    {"X": "y" * 60_000},
]
_STATUS = [200, 200, 200, 204, 301, 307, 400, 401, 404, 413, 418, 429, 500, 503, 599, 999]
_MEGABYTE = 1_000_000


def hostile_reply(luck: random.Random) -> Reply:
    """One reply to a question; it may be endless, or stop in the middle without an end."""
    lines = [ollama_line(token) for token in tokens_of("It is four, since two and two make four.")] + [ollama_end()]
    for _ in range(luck.randint(0, 4)):
        at = luck.randrange(len(lines))
        match luck.choice(["piece", "value", "twice", "away", "tool", "other"]):
            case "piece":
                lines.insert(at, ollama_line(luck.choice(_PIECES) * luck.randint(1, 3)))
            case "value" if isinstance(lines[at], dict):
                spoiled = lines[at].get("message") if luck.random() < 0.5 else lines[at]
                if isinstance(spoiled, dict) and spoiled:
                    spoiled[luck.choice(list(spoiled))] = luck.choice(_VALUES)
            case "twice":
                lines[at:at] = lines[:at]
            case "away":
                del lines[at]
                lines = lines or [{}]
            case "tool":
                lines.insert(at, ollama_line(tool_calls=[{"function": {"name": "rm", "arguments": {"path": "/"}}}]))
            case "other":
                lines.insert(at, luck.choice(_VALUES) if luck.random() < 0.5 else {"error": luck.choice(_VALUES)})
    body = b"".join(json.dumps(each).encode() + b"\n" for each in lines)
    steps: list[object] = [body]
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
            steps = [json.dumps(ollama_line("more " * 10_000)).encode() + b"\n"] * 200
        case "line":
            steps = [b'{"message": {"content": "', *[b"x" * _MEGABYTE] * luck.randint(1, 40)]
        case "drip":
            steps = [Drip(body[:400], 1, 0.01), body[400:]]
        case "raw":
            steps = [Raw(luck.randbytes(luck.randint(1, 9_000))), Cut()]
        case "deep":
            steps = [b'{"message":' * 50_000, b"[" * 500_000]
    headers = luck.choice(_HEADERS) if luck.random() < 0.2 else {}
    before = [Raw(luck.randbytes(200)), Cut()] if luck.random() < 0.05 else []
    return Reply(steps, luck.choice(_STATUS), "application/x-ndjson", headers, before)  # type: ignore[arg-type]

"""Reads the cases of signs of trouble, and the good conversations, from `tests/core/signs`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core.message import Message, MessageStatus, Part, ReasoningPart, Role, TextPart, Usage
from desktop.core.signs.exchange import EarlierMessage, Exchange
from desktop.core.text.tokens import estimate_tokens
from tests.core.tables import whole

FOLDER = Path(__file__).parent
_FEW = 0.7  # of the tokens that are estimated


@dataclass(frozen=True)
class Case:
    """`name` tells which one it is."""

    name: str
    exchange: Exchange


def cases(kind, which):
    """The `true` or the `false` cases of a sign."""
    found = tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
    texts = found["materials"]
    return [
        Case(f"{kind}-{which}-{number}", _exchange(record, texts))
        for number, record in enumerate(found["cases"][which], 1)
    ]


def good_turns():
    """Every answer of the good conversations, with all that was said before it."""
    for file in sorted(FOLDER.glob("good_*.toml")):
        found = tomllib.loads(file.read_text(encoding="utf-8"))
        for number, conversation in enumerate(found["conversations"], 1):
            turns = conversation["turns"]
            for at in range(1, len(turns), 2):
                exchange = _exchange({"said": turns[:at], "reply": turns[at]}, found["materials"])
                yield Case(f"{file.stem}-{number}-{at // 2 + 1}", _counted(exchange))


def _counted(exchange):
    """As if a server had read it all, with a vocabulary that needs few tokens."""
    tokens = round(_FEW * sum(estimate_tokens(said.text) for said in exchange.earlier)) + 1
    return replace(exchange, reply=replace(exchange.reply, usage=Usage(prompt_tokens=tokens)))


def _exchange(record, texts):
    said = [whole(text, texts) for text in record.get("said", [record.get("ask", "")])]
    if material := record.get("m"):
        said[0] = f"{said[0]}\n\n<text>\n{texts[material].strip()}\n</text>"
    roles = (Role.USER, Role.ASSISTANT)
    earlier = [EarlierMessage(roles[number % 2], text) for number, text in enumerate(said)]
    return Exchange(_reply(record, texts), earlier)


def _reply(record, texts):
    parts: list[Part] = []
    if thinking := record.get("thinking"):
        parts.append(ReasoningPart(whole(thinking, texts)))
    if text := record["reply"]:
        parts.append(TextPart(whole(text, texts)))
    counts = ("prompt_tokens", "completion_tokens", "reasoning_tokens", "cached_tokens")
    usage = Usage(**{name: record[name] for name in counts if name in record})
    status = MessageStatus(record.get("status", "complete"))
    return Message(role=Role.ASSISTANT, parts=tuple(parts), status=status, usage=usage)

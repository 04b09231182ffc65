"""The effect of thinking on the chat template of a vLLM server, found out by having it make prompts.

vLLM tells neither template nor reasoning parser, but `/tokenize` makes a prompt with given variables: what changes
nothing in it cannot be chosen. Nothing is generated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.backends.wire.http import HttpClient
from desktop.core.errors import BackendError
from desktop.core.models.chat_template import LEVELS, OPENINGS
from desktop.core.request import ThinkingMode

_TAIL = 16  # tokens; an opening tag may be made of several
# Tokenizers of the GPT family write these for a space and a line break.
_PRINTED = str.maketrans({"Ġ": " ", "Ċ": "\n", "▁": " "})


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """The findings about a template.

    `opens`: the prompt ends within the thinking, so that only its closing tag comes in a reply.
    """

    has_switch: bool
    has_levels: bool
    opens: bool

    @property
    def thinks(self) -> bool:
        """False if nothing in the template shows it; the model may think all the same."""
        return self.has_switch or self.has_levels or self.opens

    @property
    def modes(self) -> tuple[ThinkingMode, ...]:
        """The modes that can be chosen; empty if nothing is known."""
        if not self.thinks:
            return ()
        off = (ThinkingMode.OFF,) if self.has_switch else ()
        on = LEVELS if self.has_levels else (ThinkingMode.ON,) if self.has_switch else ()
        return (ThinkingMode.AUTO, *off, *on)


async def facts_of_template(http: HttpClient, url: str, model: str, switches: Sequence[str]) -> TemplateFacts | None:
    """Return the findings, or None if the server does not say: too old, or the route is closed.

    `switches` are the preset's names of the template's variables.
    """
    variables: list[dict[str, Any]] = [
        {},
        dict.fromkeys(switches, True),
        dict.fromkeys(switches, False),
        {"reasoning_effort": "low"},
        {"reasoning_effort": "high"},
    ]
    try:
        answers = await asyncio.gather(*(http.json("POST", url, _question(model, each)) for each in variables))
    except BackendError:
        return None
    prompts = [_tokens(answer) for answer in answers]
    plain, on, off, low, high = prompts
    if plain is None or on is None or off is None or low is None or high is None:
        return None
    end = "".join(plain[-_TAIL:]).translate(_PRINTED).rstrip()
    return TemplateFacts(has_switch=on != off, has_levels=low != high, opens=end.endswith(OPENINGS))


def _question(model: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    body = {"model": model, "messages": [{"role": "user", "content": "?"}], "return_token_strs": True}
    return body | ({"chat_template_kwargs": variables} if variables else {})


def _tokens(answer: Any) -> list[str] | None:
    """Return the prompt's tokens as text, or None.

    Servers that do not give them are too old to know the variables, too.
    """
    tokens = answer.get("token_strs") if isinstance(answer, dict) else None
    if not isinstance(tokens, list) or not tokens or not all(isinstance(each, str) for each in tokens):
        return None
    return tokens

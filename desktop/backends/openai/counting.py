"""The tokens of a prompt, counted by the server that would read it; nothing is generated.

llama-server makes the prompt as text and then counts that, vLLM does both at once. No other server is known to count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.backends.wire.http import HttpClient
from desktop.core.connections.provider import ProviderPreset
from desktop.core.errors import BackendError
from desktop.core.trust.ledger import Purpose

# What changes the prompt of a request beside its messages.
_OF_TEMPLATE = ("chat_template_kwargs", "reasoning_effort", "continue_final_message", "add_generation_prompt")


async def counted_prompt(
    http: HttpClient, root: str, preset: ProviderPreset, body: Mapping[str, Any], purpose: Purpose
) -> int | None:
    """Return how many tokens the prompt of a request has; None if the server does not tell.

    `body` is that of the request, `root` the address of the server's own routes.
    """
    asked = {name: body[name] for name in ("model", "messages", *_OF_TEMPLATE) if name in body}
    try:
        if preset.prompt_path:
            return await _counted_text(http, root, preset, asked, purpose)
        if preset.tokenize_path:
            counted = await http.json("POST", f"{root}{preset.tokenize_path}", asked, purpose=purpose)
            return _number(_field(counted, "count"))
    except BackendError:
        pass
    return None


async def _counted_text(
    http: HttpClient, root: str, preset: ProviderPreset, asked: Mapping[str, Any], purpose: Purpose
) -> int | None:
    prompt = _field(await http.json("POST", f"{root}{preset.prompt_path}", asked, purpose=purpose), "prompt")
    if not isinstance(prompt, str):
        return None
    text = {"content": prompt, "add_special": True, "parse_special": True}
    tokens = _field(await http.json("POST", f"{root}/tokenize", text, purpose=purpose), "tokens")
    return len(tokens) if isinstance(tokens, list) else None


def _field(answer: Any, name: str) -> Any:
    return answer.get(name) if isinstance(answer, dict) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None

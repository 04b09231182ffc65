"""The lists of numbers, one for each layer, that Ollama leaves out of `/api/show` where they are long.

Asked to be `verbose` it sends them, and behind them the whole vocabulary, tens of megabytes. Its keys stand in the
order of the alphabet, so that reading ends before that.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing, suppress
from typing import Any

from desktop.backends.ollama_models import mapping_of
from desktop.backends.wire.framing import parse_json
from desktop.backends.wire.http import HttpClient
from desktop.core.errors import BackendError
from desktop.core.text.late_regex import late_regex

_LIST = late_regex(rb'"([\w.\-]+)"\s*:\s*(\[[\d\s,truefalse]{0,65536}\])')
_BEHIND = b'"tokenizer.'
_MOST = 8 << 20  # bytes; licences and templates that come before are far smaller
_SILENCE = 10.0  # seconds


async def with_lists(http: HttpClient, model: str, shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the reply of `/api/show`, completed by lists that were left out of it; as it is where none was.

    What cannot be had is still missing afterwards: no error is raised for it.
    """
    facts = mapping_of(shown.get("model_info"))
    if not any(".attention." in str(key) and value in (None, []) for key, value in facts.items()):
        return shown
    try:
        lists = await _lists(http, model)
    except BackendError:
        return shown
    return {**shown, "model_info": {**facts, **{key: value for key, value in lists.items() if key in facts}}}


async def _lists(http: HttpClient, model: str) -> dict[str, Any]:
    reply = await http.open("POST", "/api/show", {"model": model, "verbose": True}, limit=_SILENCE)
    content = bytearray()
    try:
        if reply.status >= 400:
            return {}
        async with aclosing(reply.chunks()) as chunks:
            async for chunk in chunks:
                seen = max(0, len(content) - len(_BEHIND))
                content += chunk
                if content.find(_BEHIND, seen) >= 0 or len(content) > _MOST:
                    break
    finally:
        await reply.aclose()
    lists: dict[str, Any] = {}
    for found in _LIST.finditer(bytes(content)):
        with suppress(ValueError):
            lists[found[1].decode()] = parse_json(found[2])
    return lists

"""llama-server's live control, which ends the thinking of a reply while it streams.

The server goes on with the answer in the same stream. When that is wanted, and what is done if it does not help, is no
business of this file.
"""

from __future__ import annotations

from typing import Any

from desktop.backends.wire.http import HttpClient
from desktop.core.events import ThinkingCanEnd

REQUEST_FIELD = "reasoning_control"  # without it in the request, the server refuses to end anything
# A server that streams a token at a time answers within one; a busy one must not keep the user waiting.
_PATIENCE = 2.0


def can_end_thinking(http: HttpClient, path: str, value: Any) -> ThinkingCanEnd | None:
    """Return a handle that ends the thinking of the reply that `value`, any of its chunks, belongs to.

    None if the chunk has no id. `path` is the control's.
    """
    reply_id = value.get("id") if isinstance(value, dict) else None
    if not isinstance(reply_id, str) or not reply_id:
        return None

    async def end() -> bool:
        order = {"id": reply_id, "action": "reasoning_end"}
        answer = await http.json("POST", path, order, limit=_PATIENCE)
        return isinstance(answer, dict) and answer.get("success") is True

    return ThinkingCanEnd(end)

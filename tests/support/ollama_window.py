"""An Ollama server with a window, as the real one of August 2026 has it: what it refuses, what it cuts, what it tells.

model = WindowedModel("Hello")
with running_server(model.script) as server: ...
"""

from __future__ import annotations

import json
from typing import Any

from tests.support.scripted_server import Recorded, Reply, Script, json_reply
from tests.support.scripts import MODEL, ndjson, ollama_end, ollama_lines, ollama_script, tokens_of

_A_MESSAGE = 4  # tokens of the template around each


class WindowedModel:
    """The one model of a server; `window` is what it is loaded with, None before that. `loads` are all of them.

    It remembers what it has read, as the real one does: `read_anew` are the letters of each prompt behind those that it
    shares with the one before.

    It is loaded with `default` where a request asks for nothing, and never with more than it was `trained` for. An old
    server does not know the field `truncate`; one that `is_fixed` takes no notice of `num_ctx`. `memory` is the largest
    window that there is memory for.
    """

    def __init__(
        self,
        text: str = "Hello",
        *,
        trained: int = 40_960,
        default: int = 4_096,
        is_old: bool = False,
        is_fixed: bool = False,
        memory: int | None = None,
    ) -> None:
        self._text = text
        self._trained, self._default, self._memory = trained, default, memory
        self._is_old, self._is_fixed = is_old, is_fixed
        self.window: int | None = None
        self.loads: list[int] = []
        self.read_anew: list[int] = []
        self._remembered = ""

    @property
    def script(self) -> Script:
        return ollama_script(self.chat, trained=self._trained, **{"GET /api/ps": [self.running]})

    def chat(self, request: Recorded) -> Reply:
        body = request.json
        wanted = None if self._is_fixed else body.get("options", {}).get("num_ctx")
        window = min(wanted or self._default, self._trained)
        if self._memory is not None and window > self._memory:
            return json_reply({"error": "model requires more system memory (9 GiB) than is available (3 GiB)"}, 500)
        has_loaded = window != self.window
        if has_loaded:
            self.window = window
            self.loads.append(window)
            self._remembered = ""
        needed = tokens_in(body)
        if needed >= window:
            if body.get("truncate") is False and not self._is_old:
                return json_reply({"error": json.dumps({"error": _refusal(needed, window)})}, 400)
            needed = window // 2 + 2
        prompt = prompt_of(body)
        same = next(
            (at for at, (one, other) in enumerate(zip(prompt, self._remembered, strict=False)) if one != other), None
        )
        self.read_anew.append(len(prompt) - (min(len(prompt), len(self._remembered)) if same is None else same))
        self._remembered = f"{prompt}{self._text}<|im_end|>\n"
        *lines, _ = ollama_lines(self._text)
        speed = {"load_duration": 500_000_000 if has_loaded else 30_000_000, "prompt_eval_duration": needed * 4_000_000}
        return ndjson([*lines, ollama_end(prompt=needed, completion=len(lines)) | speed])

    def running(self, request: Recorded) -> Reply:
        entry = {"name": MODEL, "model": MODEL, "expires_at": "1", "size": 9, "context_length": self.window}
        return json_reply({"models": [entry] if self.window else []})


def prompt_of(body: dict[str, Any]) -> str:
    """What a template of the usual kind makes of a request."""
    said = "".join(f"<|im_start|>{each['role']}\n{each['content']}<|im_end|>\n" for each in body["messages"])
    return f"{said}<|im_start|>assistant\n"


def tokens_in(body: dict[str, Any]) -> int:
    """What this server counts for a request."""
    return sum(_A_MESSAGE + len(tokens_of(message["content"])) for message in body["messages"])


def _refusal(needed: int, window: int) -> dict[str, Any]:
    words = f"request ({needed} tokens) exceeds the available context size ({window} tokens), try increasing it"
    return {
        "code": 400, "message": words, "type": "exceed_context_size_error", "n_prompt_tokens": needed, "n_ctx": window,
    }  # fmt: skip

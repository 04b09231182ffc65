"""An Ollama server with a window and a memory, as real ones have them: what they refuse, cut, load anew and tell.

model = WindowedModel("Hello")
with running_server(model.script) as server: ...
"""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.scripted_server import SHOWS_PROMPT, Hold, json_reply
from tests.support.scripts import MODEL, ndjson, ollama_end, ollama_line, ollama_lines, ollama_script, tokens_of

_A_MESSAGE = 4  # tokens of the template around each


@dataclass
class WindowedModel:
    """The one model of a server; `window` is what it is loaded with, None before that. `loads` are all of them.

    It remembers what it has read, as the real one does, and forgets it with each load: `read_anew` are the letters of
    each prompt behind those that it shares with the one before, `prompts` those prompts.

    It is loaded with `default` where a request asks for nothing, and never with more than it was `trained` for. One
    that `is_fixed` takes no notice of `num_ctx`. `memory` is the largest window that there is memory for. A reply ends
    with the next of `ends`, and is `thinking` first. The server keeps a model for `stay` seconds unless it is told
    otherwise; it says nothing before it is released where it `holds`, and needs so many questions about it as
    `loads_for` to load it.

    By its `version` it knows the field `truncate` or does not, loads a model anew for another `shift` (from 0.30.9 on),
    and lists one when it is loaded (from 0.30 on) or before that, with its window (from 0.10 on) or without.
    """

    text: str = "Hello"
    _: KW_ONLY
    thinking: str = ""
    version: str = "0.33.0"
    trained: int = 40_960
    default: int = 4_096
    is_fixed: bool = False
    memory: int | None = None
    ends: list[str] = field(default_factory=lambda: ["stop"])
    stay: float = 24 * 3600
    holds: bool = False
    loads_for: int = 0
    window: int | None = field(default=None, init=False)
    loads: list[int] = field(default_factory=list, init=False)
    read_anew: list[int] = field(default_factory=list, init=False)
    prompts: list[str] = field(default_factory=list, init=False)
    started_with: tuple[int, Any] | None = field(default=None, init=False)
    remembered: str = field(default="", init=False)
    asked_stay: float = field(default=0.0, init=False)

    @property
    def script(self):
        return ollama_script(
            self.chat, trained=self.trained,
            **{
                "GET /api/ps": [self.running], "GET /api/version": [json_reply({"version": self.version})],
                "POST /api/chat": [self.chat], "POST /api/generate": [self.chat],
            },
        )  # fmt: skip

    def _is_from(self, *version):
        numbers = tuple(int(each) for each in self.version.split("."))
        return numbers >= version or numbers == (0, 0, 0)

    def chat(self, request):
        body = request.json
        if body.get("messages") == [] and body.get("keep_alive") == 0:
            self.window = self.started_with = None
            return json_reply({"model": MODEL, "done": True, "done_reason": "unload"})
        wanted = None if self.is_fixed else body.get("options", {}).get("num_ctx")
        window = min(wanted or self.default, self.trained)
        if self.memory is not None and window > self.memory:
            return json_reply({"error": "model requires more system memory (9 GiB) than is available (3 GiB)"}, 500)
        has_loaded = self.load(window, body.get("shift") if self._is_from(0, 30, 9) else None)
        self.asked_stay = float(str(body.get("keep_alive", f"{self.stay}s")).removesuffix("s"))
        if SHOWS_PROMPT in request.body and self._is_from(0, 12):
            return ndjson([ollama_line() | {"_debug_info": {"rendered_template": prompt_of(body)}}])
        if body.get("messages") == []:
            return json_reply({"model": MODEL, "done": True, "done_reason": "load"})
        needed = tokens_in(body)
        if needed >= window:
            if body.get("truncate") is False and self._is_from(0, 12, 6):
                return json_reply({"error": json.dumps({"error": _refusal(needed, window)})}, 400)
            needed = window // 2 + 2
        self._read(body.get("prompt") or prompt_of(body))
        thinking = self.thinking if body.get("think", True) and not body.get("raw") else ""
        *lines, _ = ollama_lines(self.text, thinking)
        if body.get("raw"):
            lines = [each | {"response": each["message"]["content"]} for each in lines]
        end = ollama_end(self._next_end(), prompt=needed, completion=len(lines))
        read = round(needed * self.read_anew[-1] / len(self.prompts[-1]))
        speed = {"load_duration": 500_000_000 if has_loaded else 800_000, "prompt_eval_duration": read * 4_000_000}
        return ndjson([*lines, end | speed], before_head=[Hold()] if self.holds else [])

    def load(self, window, shift):
        """Have it loaded as it is asked for. True where that was not so already: all that was read is lost."""
        if self.started_with == (window, shift):
            return False
        self.started_with, self.remembered = (window, shift), ""
        self.window = window
        self.loads.append(window)
        return True

    def _read(self, prompt):
        both = zip(prompt, self.remembered, strict=False)
        same = next((at for at, (one, other) in enumerate(both) if one != other), None)
        self.read_anew.append(len(prompt) - (min(len(prompt), len(self.remembered)) if same is None else same))
        self.prompts.append(prompt)
        thought = f"<think>\n{self.thinking}\n</think>\n" if self.thinking else ""
        self.remembered = f"{prompt}{thought}{self.text}<|im_end|>\n"

    def _next_end(self):
        return self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]

    def running(self, request):
        is_loading = self.window is not None and self.loads_for > 0
        if self.window is None or (is_loading and self._is_from(0, 30)):
            self.loads_for -= is_loading
            return json_reply({"models": []})
        expires = datetime.now(UTC) + timedelta(seconds=self.asked_stay)  # moves, as until its first request has ended
        entry = {"name": MODEL, "model": MODEL, "expires_at": expires.isoformat(), "size": 9}
        if self._is_from(0, 10):
            entry["context_length"] = self.window
        return json_reply({"models": [entry]})


def prompt_of(body):
    """What a template of the usual kind makes of a request."""
    said = "".join(f"<|im_start|>{each['role']}\n{each['content']}<|im_end|>\n" for each in body["messages"])
    return f"{said}<|im_start|>assistant\n"


def tokens_in(body):
    """What this server counts for a request."""
    if "prompt" in body:
        return len(tokens_of(body["prompt"]))
    return sum(_A_MESSAGE + len(tokens_of(message["content"])) for message in body["messages"])


def _refusal(needed, window):
    words = f"request ({needed} tokens) exceeds the available context size ({window} tokens), try increasing it"
    return {
        "code": 400, "message": words, "type": "exceed_context_size_error", "n_prompt_tokens": needed, "n_ctx": window,
    }  # fmt: skip

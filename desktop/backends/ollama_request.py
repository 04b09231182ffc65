"""The requests for a reply of Ollama: `/api/chat`, and `/api/generate` where a reply goes on that has begun.

Whether a last message of the assistant is continued depends on the model's template: many close it, and the model
begins another one. So the server is asked to show the prompt that it makes; where that is closed, the prompt without
that message is sent back, with the words of the reply behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop.backends.wire.framing import parse_json
from desktop.backends.wire.http import HttpClient
from desktop.backends.wire.messages import sent_messages
from desktop.core.errors import BackendError
from desktop.core.message import Role
from desktop.core.models.chat_template import OPENINGS
from desktop.core.outgoing.early_answer import closed_thinking
from desktop.core.request import ChatRequest, PartialReply, room_for_reply
from desktop.core.text.clean_text import encodable
from desktop.core.trust.ledger import Errand, purpose_of

# Undocumented, and not in all versions: whoever does not know it begins to answer.
_RENDERS = {"_debug_render_only": True}
_LONGEST_PROMPT = 64 << 20  # bytes; no window holds as much


class BegunReplies:
    """The way in which the models of one server go on with a reply, found out once for each."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self._renders = True  # until the server has shown that it does not
        self._leaves_open: dict[str, bool] = {}

    def can_be_asked(self, request: ChatRequest) -> bool:
        """Return False where the server is known to show no prompt, or there are pictures, which stand in none."""
        return self._renders and not any(each.pictures for each in request.messages)

    async def raw_body(self, way: ChatRequest, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the body of `/api/generate` with which the model goes on from the last letter.

        None where `/api/chat` does, with `body`, or nothing better can be had. Thinking is in no message, so that only
        this way takes it along.
        """
        partial = way.partial_reply
        if partial is None or not self.can_be_asked(way):
            return None
        beginning = encodable(_beginning_of(partial))
        if not partial.reasoning and await self._is_left_open(way, body, beginning) is not False:
            return None
        prompt = await self._rendered(way, {**body, "messages": body["messages"][:-1]})
        if prompt is None:
            return None
        prompt = _joined(prompt, beginning)
        left_out = ("messages", "think")
        return {name: value for name, value in body.items() if name not in left_out} | {"prompt": prompt, "raw": True}

    async def _is_left_open(self, way: ChatRequest, body: Mapping[str, Any], beginning: str) -> bool | None:
        """Return whether the template leaves a last message of the assistant open; None where it is not shown."""
        if way.model not in self._leaves_open:
            whole = await self._rendered(way, body)
            if whole is None:
                return None
            self._leaves_open[way.model] = whole.rstrip().endswith(beginning.rstrip())
        return self._leaves_open[way.model]

    async def _rendered(self, way: ChatRequest, body: Mapping[str, Any]) -> str | None:
        """Return the prompt that the server makes of a body; None where it does not show it."""
        purpose = purpose_of(way, Errand.COUNT)
        asked = {**body, **_RENDERS, "options": {**body.get("options", {}), "num_predict": 1}}
        try:
            reply = await self._http.open("POST", "/api/chat", asked, purpose=purpose)
        except BackendError:
            return None  # the request for the reply will say it
        try:
            if reply.status >= 400:
                return None
            prompt = _prompt_in(await reply.first_line(_LONGEST_PROMPT))
        except BackendError:
            return None
        finally:
            await reply.aclose()
        self._renders = prompt is not None
        return prompt


def _beginning_of(partial: PartialReply) -> str:
    """Return what the model has written so far: its thinking, closed where there is an answer or one is wanted."""
    if not partial.reasoning:
        return partial.text
    if partial.has_words or partial.answer_by:
        return closed_thinking(partial.reasoning) + partial.text
    return f"{OPENINGS[0]}\n{partial.reasoning}"


def _prompt_in(line: bytes) -> str | None:
    try:
        value = parse_json(line)
    except ValueError:
        return None
    told = value.get("_debug_info") if isinstance(value, dict) else None
    prompt = told.get("rendered_template") if isinstance(told, dict) else None
    return prompt if isinstance(prompt, str) else None


def _joined(prompt: str, beginning: str) -> str:
    """Return the prompt with the beginning behind it; thinking that both open is opened once."""
    opened = next((each for each in OPENINGS if prompt.rstrip().endswith(each)), "")
    if opened and beginning.startswith(opened):
        return prompt.rstrip().removesuffix(opened) + beginning
    return prompt + beginning


def shared_fields(model: str, options: Mapping[str, Any], keep_alive: str | int | None = None) -> dict[str, Any]:
    """Return what all requests to `/api/chat` and `/api/generate` for one model have in common.

    The window (`num_ctx`) and `shift` are part of how a model is started: a request in which one of them differs has it
    loaded anew, and what it had read is lost. Without `shift`, which older servers do not know, a reply ends at the end
    of the window, and does not go on without the beginning of the conversation. `keep_alive` is how long the model
    stays; None leaves that to the server.
    """
    fields: dict[str, Any] = {"model": model, "shift": False}
    if "num_ctx" in options:
        fields["options"] = {"num_ctx": options["num_ctx"]}
    return fields if keep_alive is None else fields | {"keep_alive": keep_alive}


def chat_body(request: ChatRequest, think: bool | str | None, keep_alive: str | None = None) -> dict[str, Any]:
    """Return the JSON of `/api/chat`. Thinking of earlier replies is never in it.

    What is too long is to be refused and not cut (`truncate`); older servers do not know that.
    """
    messages = [{"role": "system", "content": encodable(request.system)}] if request.system else []
    messages += sent_messages(request, _add_pictures)
    if request.partial_reply is not None:
        messages.append({"role": Role.ASSISTANT.value, "content": encodable(request.partial_reply.text)})
    options = _options(request, thinks=bool(think))
    body = shared_fields(request.model, options, keep_alive)
    body |= {"messages": messages, "stream": True, "truncate": False}
    if think is not None:
        body["think"] = think
    if options:
        body["options"] = options
    return body


def _add_pictures(message: dict[str, Any], pictures: list[tuple[str, str]]) -> None:
    message["images"] = [content for _, content in pictures]  # without their types, which the server finds out


def _options(request: ChatRequest, *, thinks: bool) -> dict[str, Any]:
    """Return only the options that are set.

    Another context length than the loaded one makes the server load the model again.
    """
    params = request.params
    options: dict[str, Any] = {
        "temperature": params.temperature,
        "top_p": params.top_p,
        "top_k": params.top_k,
        "num_predict": room_for_reply(request, counts_thinking=thinks),
        "num_ctx": params.context_length,
        "seed": params.seed,
        "stop": list(params.stop) or None,
    }
    return {name: value for name, value in options.items() if value is not None}

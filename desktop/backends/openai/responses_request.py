"""The body of OpenAI's `/responses`, and the lessons from a refusal for the next one.

Pure. The server is asked to keep nothing: the whole conversation goes out each time, as words and pictures, and no id
of an earlier response is ever sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.backends.openai.request import effort_of
from desktop.backends.wire.error_bodies import ServerSaid
from desktop.backends.wire.messages import data_url, sent_messages
from desktop.core.connections.provider import ProviderPreset
from desktop.core.request import ChatRequest, Thinking, room_for_reply
from desktop.core.text.clean_text import encodable
from desktop.core.text.late_regex import late_regex

# The API refuses a smaller limit.
_LEAST_OUTPUT = 16
# `store` too: some servers keep what they are not told to forget, so none is asked that will not be told.
_NEEDED = frozenset({"model", "input", "store"})
_REFUSING = frozenset({400, 404, 422})
_UNSUPPORTED = late_regex(r"unsupported|(?:not|n't) support|unknown|unrecogni[sz]ed|not (?:permitted|allowed)|verified")
_SUPPORTED_VALUES = late_regex(r"supported values are:?(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class LearntOfResponses:
    """The lessons of refusals about one model. `efforts`: those that it knows, in the server's order."""

    dropped: frozenset[str] = frozenset()
    without_summary: bool = False
    efforts: tuple[str, ...] = ()


def responses_body(
    preset: ProviderPreset, request: ChatRequest, learnt: LearntOfResponses | None = None
) -> dict[str, Any]:
    """Return the JSON of one streamed request. Thinking of earlier replies is never in it."""
    learnt = learnt or LearntOfResponses()
    params = request.params
    room = room_for_reply(request, counts_thinking=preset.max_tokens_includes_thinking)
    messages = sent_messages(request, _add_pictures)
    if request.system and "instructions" in learnt.dropped:
        messages.insert(0, {"role": "system", "content": encodable(request.system)})
    fields: dict[str, Any] = {
        "model": request.model,
        "input": [{"type": "message", **each} for each in messages],  # else a llama-server takes no answer among them
        "instructions": encodable(request.system) or None,
        "stream": True,
        "store": False,
        "reasoning": _reasoning(preset, request.thinking, learnt),
        "max_output_tokens": None if room is None else max(room, _LEAST_OUTPUT),
        "temperature": params.temperature,
        "top_p": params.top_p,
    }
    return {name: value for name, value in fields.items() if value is not None and name not in learnt.dropped}


def learnt_of_responses(
    said: ServerSaid, status: int | None, body: Mapping[str, Any], before: LearntOfResponses
) -> LearntOfResponses | None:
    """Return how the next request should differ, or None if the refusal teaches nothing new."""
    if status is not None and status not in _REFUSING:
        return None
    after = _learnt(said, body, before)
    return None if after == before else after


def _add_pictures(message: dict[str, Any], pictures: list[tuple[str, str]]) -> None:
    parts = [{"type": "input_image", "image_url": data_url(*each)} for each in pictures]
    words = [{"type": "input_text", "text": message["content"]}] if message["content"] else []
    message["content"] = [*parts, *words]


def _reasoning(preset: ProviderPreset, thinking: Thinking, learnt: LearntOfResponses) -> dict[str, Any] | None:
    """Return effort and summary, or None; the summary is all that can be seen of the thinking, so it is requested."""
    if learnt.efforts:
        preset = replace(preset, efforts=learnt.efforts)
    fields: dict[str, Any] = {}
    if effort := effort_of(preset, thinking.mode):
        fields["effort"] = effort
    if not learnt.without_summary and effort != "none":
        fields["summary"] = "auto"
    return fields or None


def _learnt(said: ServerSaid, body: Mapping[str, Any], before: LearntOfResponses) -> LearntOfResponses:
    words = f"{said.param} {said.labels}".lower()
    if not _UNSUPPORTED.search(words):
        return before
    sent = body.get("reasoning") or {}
    if "summary" in sent and "summar" in words:
        # Organisations that are not verified may use the model, but not see what it thinks.
        return replace(before, without_summary=True)
    if "effort" in sent and "effort" in words and (values := _SUPPORTED_VALUES.search(said.message)):
        known = tuple(re.findall(r"['\"`](\w+)['\"`]", values[1]))
        return replace(before, efforts=known) if known else before
    named = said.param.split(".")[0] or next(iter(re.findall(r"['\"`](\w+)(?:\.\w+)*['\"`]", said.message)), "")
    if named in body.keys() - _NEEDED:
        return replace(before, dropped=before.dropped | {named})
    return before

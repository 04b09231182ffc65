"""The body of `/chat/completions`: a `ChatRequest` in the words of one provider, and what its refusals teach.

All differences come from the preset and from what was learnt of the server (`Learnt`); no provider is named here. A
server that refuses a request has a field left out, or named otherwise, in the next one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.backends.openai.replies import CONTROL_FIELD
from desktop.backends.wire.bodies import data_url, sent_messages
from desktop.backends.wire.error_bodies import ServerSaid
from desktop.core.connections.provider import ContinueWay, ProviderPreset, ThinkingSwitch
from desktop.core.errors import BackendError
from desktop.core.models.facts import LEVELS
from desktop.core.request import ChatRequest, Thinking, ThinkingMode, room_for_reply
from desktop.core.text.clean_text import encodable

# Where a provider lacks a level, the next one that does not think less.
_NEAREST = {
    ThinkingMode.LOW: ("low", "minimal", "medium", "high"),
    ThinkingMode.MEDIUM: ("medium", "high", "low"),
    ThinkingMode.HIGH: ("high", "max", "xhigh", "medium"),
}
_REFUSING = frozenset({400, 404, 422, 500, 501})
_NEEDED = frozenset({"model", "messages", "stream"})
_MAX_TOKENS = ("max_tokens", "max_completion_tokens")
_THINKING = (
    *("thinking_budget", "thinking_token_budget", "thinking_budget_tokens"),
    *("thinking", "enable_thinking", "chat_template_kwargs", "reasoning", "reasoning_effort"),
)
_TOO_LARGE = re.compile(
    r"too large|too high|exceed|at most|range|must be (?:less|between|smaller)|maximum (?:value|of)|<="
    r"|greater than|fewer output tokens"
)
_NUMBER = re.compile(r"(?<![\w.-])\d{2,9}(?![\w.-]*\d)")
# Of a sum of prompt and limit: older vLLMs, and others that count as they did.
_COUNTS_LIMIT = re.compile(r"in the (?:completion|output)|output tokens and your")
_UNSUPPORTED = re.compile(
    r"unsupported|(?:not|n't) support|unrecogni[sz]ed|unknown|unexpected|extra (?:fields|inputs)"
    r"|not (?:permitted|allowed)|(?:invalid|not a valid) (?:parameter|argument|field)|requires? .*parser|deprecated"
)
_OTHER_MAX_TOKENS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


@dataclass(frozen=True, slots=True)
class Learnt:
    """The lessons of a server's refusals about one model: how the next body differs from the preset's.

    `most_tokens` is the largest limit of a reply that it takes, `efforts` are the strengths of thinking that it names.
    """

    dropped: frozenset[str] = frozenset()
    other_max_tokens: bool = False
    wants_reasoning_back: bool = False
    most_tokens: int | None = None
    efforts: tuple[str, ...] = ()
    without_summary: bool = False

    def dropping(self, *names: str) -> Learnt:
        """Return the lessons with fields left out besides."""
        return replace(self, dropped=self.dropped | set(names))


def request_body(
    preset: ProviderPreset, request: ChatRequest, learnt: Learnt | None = None, window: int | None = None
) -> dict[str, Any]:
    """Return the JSON of one streamed request. Thinking of earlier replies is never in it.

    A reply that has begun is its last message, marked in the preset's way. `window` is how many tokens the model holds
    there, where that is known: a limit beyond it limits nothing, and some servers refuse it.
    """
    learnt = learnt or Learnt()
    params, partial_reply = request.params, request.partial_reply
    limit_field = preset.max_tokens_field
    if learnt.other_max_tokens:
        limit_field = _OTHER_MAX_TOKENS.get(limit_field, limit_field)
    room = room_for_reply(request, counts_thinking=preset.max_tokens_includes_thinking)
    if room is not None and window is not None and room >= window:
        room = None
    fields: dict[str, Any] = {
        "model": request.model,
        "messages": _messages(preset, request, learnt.wants_reasoning_back),
        "stream": True,
        "stream_options": {"include_usage": True} if preset.stream_usage else None,
        "temperature": params.temperature,
        "top_p": params.top_p,
        "top_k": params.top_k,
        "seed": params.seed,
        "stop": list(params.stop) or None,
        limit_field: room if room is None or learnt.most_tokens is None else min(room, learnt.most_tokens),
        **thinking_fields(preset, request.thinking),
        **dict(preset.extra_body),
    }
    if request.fresh:  # keeps a server from reusing its cache of earlier conversations
        fields |= dict(preset.fresh_body)
        if preset.fresh_salt_field:
            fields[preset.fresh_salt_field] = secrets.token_hex(16)  # identifies nobody
    wants_answer = partial_reply is not None and bool(partial_reply.answer_by)
    if preset.control_path and request.thinking.mode is not ThinkingMode.OFF and not wants_answer:
        fields[CONTROL_FIELD] = True
    if partial_reply is not None and preset.continue_way is ContinueWay.FINAL_MESSAGE:
        # "content": behind the thinking, which the server closes in the model's way.
        fields |= {"continue_final_message": "content" if wants_answer else True, "add_generation_prompt": False}
    left_out = learnt.dropped | set(preset.omitted)
    return {name: value for name, value in fields.items() if value is not None and name not in left_out}


def thinking_fields(preset: ProviderPreset, thinking: Thinking) -> dict[str, Any]:
    """Return the fields that say how much to think.

    AUTO without a budget says nothing and leaves it to the provider.
    """
    mode, switch, effort = thinking.mode, preset.thinking_switch, effort_of(preset, thinking.mode)
    is_on, is_chosen = mode is not ThinkingMode.OFF, mode is not ThinkingMode.AUTO
    budget = thinking.budget if is_on and preset.budget_field else None
    if budget is not None and preset.budget_range is not None:
        low, high = preset.budget_range
        budget = min(max(budget, low), high)
    if switch is ThinkingSwitch.REASONING_OBJECT:
        if budget is not None:
            return {"reasoning": {preset.budget_field: budget}}  # excludes a strength
        if effort:
            return {"reasoning": {"effort": effort}}
        return {"reasoning": {"enabled": is_on}} if is_chosen else {}
    fields: dict[str, Any] = {}
    if is_chosen and switch is ThinkingSwitch.THINKING_TYPE:
        fields["thinking"] = {"type": "enabled" if is_on else "disabled"}
    elif is_chosen and switch is ThinkingSwitch.ENABLE_THINKING:
        fields["enable_thinking"] = is_on
    elif is_chosen and switch is ThinkingSwitch.TEMPLATE_KWARGS:
        fields["chat_template_kwargs"] = dict.fromkeys(preset.template_switches, is_on)
    if effort and preset.effort_field:
        fields[preset.effort_field] = effort
    if budget is not None:
        fields[preset.budget_field] = budget
    return fields


def thinking_modes(preset: ProviderPreset) -> tuple[ThinkingMode, ...]:
    """Return the modes that can be chosen at this provider; empty if nothing is known.

    Where the strength is the switch, it must have a word for off.
    """
    if preset.thinking_switch is ThinkingSwitch.NONE:
        return ()
    levels = tuple(level for level in LEVELS if level.value in preset.efforts) or (ThinkingMode.ON,)
    if preset.thinking_switch is ThinkingSwitch.REASONING_EFFORT and "none" not in preset.efforts:
        return (ThinkingMode.AUTO, *levels)
    return (ThinkingMode.AUTO, ThinkingMode.OFF, *levels)


def effort_of(preset: ProviderPreset, mode: ThinkingMode) -> str:
    """Return the strength in the provider's words; empty if there is none to send."""
    is_switch = preset.thinking_switch is ThinkingSwitch.REASONING_EFFORT
    if mode is ThinkingMode.OFF:
        return preset.efforts[0] if is_switch and preset.efforts else ""  # "none", or the least there is
    if mode is ThinkingMode.ON and is_switch:
        mode = ThinkingMode.MEDIUM
    return next((name for name in _NEAREST.get(mode, ()) if name in preset.efforts), "")


def _messages(preset: ProviderPreset, request: ChatRequest, wants_reasoning_back: bool) -> list[dict[str, Any]]:
    messages = sent_messages(request, _add_pictures)
    for message in messages:
        if wants_reasoning_back and message["role"] == "assistant":
            # The field must be there for such a server; an empty one is accepted, and thinking never goes back.
            message["reasoning_content"] = ""
    if request.system:
        messages.insert(0, {"role": "system", "content": encodable(request.system)})
    if (partial_reply := request.partial_reply) is not None:
        # The beginning of the reply, with its own thinking if the request was made with it.
        begun: dict[str, Any] = {"role": "assistant", "content": encodable(partial_reply.text)}
        if partial_reply.reasoning:
            begun["reasoning_content"] = encodable(partial_reply.reasoning)
        if preset.continue_way in (ContinueWay.PREFIX, ContinueWay.PARTIAL):
            begun[preset.continue_way.value] = True
            if partial_reply.answer_by and not partial_reply.text:
                begun["content"] = "\n\n"  # without a beginning of the answer, the thinking would go on
        messages.append(begun)
    return messages


def _add_pictures(message: dict[str, Any], pictures: list[tuple[str, str]]) -> None:
    """Put pictures in front of the words, which are asked about them."""
    parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": data_url(*each)}} for each in pictures]
    message["content"] = [*parts, {"type": "text", "text": message["content"]}] if message["content"] else parts


def learnt_from(said: ServerSaid, status: int | None, body: Mapping[str, Any], before: Learnt) -> Learnt:
    """Return how the next request should differ; as before, if the refusal teaches nothing."""
    if status is not None and status not in _REFUSING:
        return before
    words = f"{said.param} {said.labels}".lower()
    is_unsupported = _UNSUPPORTED.search(words) is not None
    limit = next((name for name in _MAX_TOKENS if name in body), "")
    if "reasoning_content" in words:
        # Generations of one provider differ: some insist on the field of earlier replies, some refuse it.
        if before.wants_reasoning_back:
            return replace(before, wants_reasoning_back="must be passed" in words)
        has_replies = any(message.get("role") == "assistant" for message in body.get("messages", ()))
        return replace(before, wants_reasoning_back=has_replies and "must" in words)
    if limit and limit in words and _TOO_LARGE.search(words):
        allowed = [int(found) for found in _NUMBER.findall(said.message) if int(found) < body[limit]]
        if allowed and before.most_tokens is None:
            return replace(before, most_tokens=max(allowed))
        return before.dropping(limit)  # then the server's own holds
    if limit and is_unsupported and (said.param in _MAX_TOKENS or "max_completion_tokens" in words):
        return before.dropping(limit) if before.other_max_tokens else replace(before, other_max_tokens=True)
    if "stream_options" in words and "stream_options" in body:
        return before.dropping("stream_options")
    if not is_unsupported:
        return before
    thinking = [name for name in _THINKING if name in body]
    named = [name for name in thinking if re.search(rf"\b{name}\b", words)]
    if named and named != ["thinking"]:
        return before.dropping(*named)
    if thinking and re.search(r"thinking|reasoning", words):
        return before.dropping(*thinking)
    return before.dropping(*_named_fields(said, body))


def room_left(error: BackendError, said: ServerSaid, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a smaller limit for a request whose prompt fits, but not together with the limit; None for all else."""
    used = next((name for name in _MAX_TOKENS if name in body), "")
    if not used or error.needed is None or error.available is None or not _COUNTS_LIMIT.search(said.message):
        return None
    room = error.available - (error.needed - int(body[used]))
    return {used: room} if 0 < room < body[used] else None


def _named_fields(said: ServerSaid, body: Mapping[str, Any]) -> set[str]:
    """Return the body's fields that the server names: as `param`, in quotes, behind a colon, or by a unique word."""
    named = set(re.findall(r"[`'\"]([a-z_]+)(?:\.[a-z_.]+)?[`'\"]", said.message))
    named |= set(re.findall(r"supplied: (\w+)", said.message))
    named |= {name for name in body if "_" in name and re.search(rf"\b{name}\b", said.message)}
    return (named | {said.param.split(".")[0]}) & (body.keys() - _NEEDED)

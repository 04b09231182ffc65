"""The body of `/chat/completions`: a `ChatRequest` in the words of one provider, and what its refusals teach.

All differences come from the preset and from what was learnt of the server (`Learnt`); no provider is named here. A
server that refuses a request has a field left out, or named otherwise, in the next one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from desktop.backends.openai.replies import CONTROL_FIELD
from desktop.backends.wire.bodies import data_url, sent_messages
from desktop.backends.wire.error_bodies import ServerSaid
from desktop.core.connections.provider import ContinueWay, ProviderPreset, ThinkingSwitch
from desktop.core.errors import BackendError
from desktop.core.request import ChatRequest, PartialReply, Thinking, ThinkingMode, room_for_reply
from desktop.core.text.clean_text import encodable

_LEVELS = (ThinkingMode.LOW, ThinkingMode.MEDIUM, ThinkingMode.HIGH)
# Where a provider lacks a level, the next one that does not think less.
_NEAREST = {
    ThinkingMode.LOW: ("low", "minimal", "medium", "high"),
    ThinkingMode.MEDIUM: ("medium", "high", "low"),
    ThinkingMode.HIGH: ("high", "max", "xhigh", "medium"),
}
_REFUSING = frozenset({400, 404, 422, 500, 501})
_NEEDED = frozenset({"model", "messages", "stream"})
_MAX_TOKENS = ("max_tokens", "max_completion_tokens")
_THINKING = ("thinking", "enable_thinking", "chat_template_kwargs", "reasoning", "reasoning_effort")
_BUDGETS = ("thinking_budget", "thinking_token_budget", "thinking_budget_tokens")
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

    `most_tokens` is the largest limit of a reply that it takes.
    """

    dropped: frozenset[str] = frozenset()
    other_max_tokens: bool = False
    wants_reasoning_back: bool = False
    most_tokens: int | None = None


def request_body(
    preset: ProviderPreset, request: ChatRequest, learnt: Learnt | None = None, window: int | None = None
) -> dict[str, Any]:
    """Return the JSON of one streamed request. Thinking of earlier replies is never in it.

    A reply that has begun is its last message, marked in the preset's way. `window` is how many tokens the model holds
    there, where that is known: a limit beyond it limits nothing, and some servers refuse it.
    """
    learnt = learnt or Learnt()
    params = request.params
    limit_field = preset.max_tokens_field
    if learnt.other_max_tokens:
        limit_field = _OTHER_MAX_TOKENS.get(limit_field, limit_field)
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
        limit_field: _limit(preset, request, learnt, window),
        **thinking_fields(preset, request.thinking),
        **dict(preset.extra_body),
        **(_fresh_fields(preset) if request.fresh else {}),
    }
    partial_reply = request.partial_reply
    if (
        preset.control_path
        and request.thinking.mode is not ThinkingMode.OFF
        and (partial_reply is None or not partial_reply.answer_by)
    ):
        fields[CONTROL_FIELD] = True
    if partial_reply is not None and preset.continue_way is ContinueWay.FINAL_MESSAGE:
        # "content": behind the thinking, which the server closes in the model's way.
        fields |= {
            "continue_final_message": "content" if partial_reply.answer_by else True,
            "add_generation_prompt": False,
        }
    left_out = learnt.dropped | set(preset.omitted)
    return {name: value for name, value in fields.items() if value is not None and name not in left_out}


def _limit(preset: ProviderPreset, request: ChatRequest, learnt: Learnt, window: int | None) -> int | None:
    room = room_for_reply(request, counts_thinking=preset.max_tokens_includes_thinking)
    if room is None or (window is not None and room >= window):
        return None
    return room if learnt.most_tokens is None else min(room, learnt.most_tokens)


def thinking_fields(preset: ProviderPreset, thinking: Thinking) -> dict[str, Any]:
    """Return the fields that say how much to think.

    AUTO without a budget says nothing and leaves it to the provider.
    """
    mode = thinking.mode
    is_on = None if mode is ThinkingMode.AUTO else mode is not ThinkingMode.OFF
    effort = effort_of(preset, mode)
    budget = None if mode is ThinkingMode.OFF else _budget(preset, thinking.budget)
    if preset.thinking_switch is ThinkingSwitch.REASONING_OBJECT:
        return _reasoning_object(preset, is_on, effort, budget)
    fields = _switch(preset, is_on)
    if effort and preset.effort_field:
        fields[preset.effort_field] = effort
    if budget is not None:
        fields[preset.budget_field] = budget
    return fields


def _fresh_fields(preset: ProviderPreset) -> dict[str, Any]:
    """Return the fields that keep a server from reusing its cache of earlier conversations.

    The salt identifies nobody.
    """
    fields: dict[str, Any] = dict(preset.fresh_body)
    if preset.fresh_salt_field:
        fields[preset.fresh_salt_field] = secrets.token_hex(16)
    return fields


def thinking_modes(preset: ProviderPreset) -> tuple[ThinkingMode, ...]:
    """Return the modes that can be chosen at this provider; empty if nothing is known.

    Where the strength is the switch, it must have a word for off.
    """
    if preset.thinking_switch is ThinkingSwitch.NONE:
        return ()
    levels = tuple(level for level in _LEVELS if level.value in preset.efforts) or (ThinkingMode.ON,)
    if preset.thinking_switch is ThinkingSwitch.REASONING_EFFORT and "none" not in preset.efforts:
        return (ThinkingMode.AUTO, *levels)
    return (ThinkingMode.AUTO, ThinkingMode.OFF, *levels)


def _switch(preset: ProviderPreset, is_on: bool | None) -> dict[str, Any]:
    if is_on is None:
        return {}
    match preset.thinking_switch:
        case ThinkingSwitch.THINKING_TYPE:
            return {"thinking": {"type": "enabled" if is_on else "disabled"}}
        case ThinkingSwitch.ENABLE_THINKING:
            return {"enable_thinking": is_on}
        case ThinkingSwitch.TEMPLATE_KWARGS:
            return {"chat_template_kwargs": dict.fromkeys(preset.template_switches, is_on)}
        case ThinkingSwitch.NONE | ThinkingSwitch.REASONING_OBJECT | ThinkingSwitch.REASONING_EFFORT:
            return {}  # nothing to switch, or written with the strength
        case _:
            assert_never(preset.thinking_switch)


def effort_of(preset: ProviderPreset, mode: ThinkingMode) -> str:
    """Return the strength in the provider's words; empty if there is none to send."""
    is_switch = preset.thinking_switch is ThinkingSwitch.REASONING_EFFORT
    match mode:
        case ThinkingMode.AUTO:
            return ""
        case ThinkingMode.OFF:
            return preset.efforts[0] if is_switch and preset.efforts else ""  # "none", or the least there is
        case ThinkingMode.ON:
            return (
                next((name for name in _NEAREST[ThinkingMode.MEDIUM] if name in preset.efforts), "")
                if is_switch
                else ""
            )
        case ThinkingMode.LOW | ThinkingMode.MEDIUM | ThinkingMode.HIGH:
            return next((name for name in _NEAREST[mode] if name in preset.efforts), "")
        case _:
            assert_never(mode)


def _budget(preset: ProviderPreset, budget: int | None) -> int | None:
    if budget is None or not preset.budget_field:
        return None
    if preset.budget_range is None:
        return budget
    low, high = preset.budget_range
    return min(max(budget, low), high)


def _reasoning_object(preset: ProviderPreset, is_on: bool | None, effort: str, budget: int | None) -> dict[str, Any]:
    if budget is not None:
        return {"reasoning": {preset.budget_field: budget}}  # excludes a strength
    if effort:
        return {"reasoning": {"effort": effort}}
    return {} if is_on is None else {"reasoning": {"enabled": is_on}}


def _messages(preset: ProviderPreset, request: ChatRequest, wants_reasoning_back: bool) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if request.system:
        messages.append({"role": "system", "content": encodable(request.system)})
    for entry in sent_messages(request, _add_pictures):
        if wants_reasoning_back and entry["role"] == "assistant":
            # The field must be there for such a server; an empty one is accepted, and thinking never goes back.
            entry["reasoning_content"] = ""
        messages.append(entry)
    if request.partial_reply is not None:
        messages.append(_last_message(preset.continue_way, request.partial_reply))
    return messages


def _add_pictures(message: dict[str, Any], pictures: list[tuple[str, str]]) -> None:
    """Put pictures in front of the words, which are asked about them."""
    parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": data_url(*each)}} for each in pictures]
    message["content"] = [*parts, {"type": "text", "text": message["content"]}] if message["content"] else parts


def _last_message(way: ContinueWay, partial_reply: PartialReply) -> dict[str, Any]:
    """Return the beginning of the reply, with its own thinking if the request was made with it."""
    message: dict[str, Any] = {"role": "assistant", "content": encodable(partial_reply.text)}
    if partial_reply.reasoning:
        message["reasoning_content"] = encodable(partial_reply.reasoning)
    match way:
        case ContinueWay.PREFIX | ContinueWay.PARTIAL:
            message[way.value] = True
            if partial_reply.answer_by and not partial_reply.text:
                message["content"] = "\n\n"  # without a beginning of the answer, the thinking would go on
        case ContinueWay.FINAL_MESSAGE | ContinueWay.ASK:
            pass  # said by fields of the request, or not sent in this form at all
        case _:
            assert_never(way)
    return message


def learnt_from(said: ServerSaid, status: int | None, body: Mapping[str, Any], before: Learnt) -> Learnt | None:
    """Return how the next request should differ, or None if the refusal teaches nothing new."""
    if status is not None and status not in _REFUSING:
        return None
    after = _learnt(said, body, before)
    return None if after is None or after == before else after


def _learnt(said: ServerSaid, body: Mapping[str, Any], before: Learnt) -> Learnt | None:
    words = f"{said.param} {said.labels}".lower()
    if "reasoning_content" in words:
        return _flipped_reasoning(words, body, before)
    used = next((name for name in _MAX_TOKENS if name in body), "")
    if used and used in words and _TOO_LARGE.search(words):
        return _limited(before, used, body[used], said.message)
    is_of_limit = said.param in _MAX_TOKENS or "max_completion_tokens" in words
    if used and is_of_limit and _UNSUPPORTED.search(words):
        return _dropping(before, used) if before.other_max_tokens else replace(before, other_max_tokens=True)
    if "stream_options" in words and "stream_options" in body:
        return _dropping(before, "stream_options")
    if refused := _refused_thinking(words, body):
        return _dropping(before, *refused)
    if _UNSUPPORTED.search(words):
        return _dropping(before, *_named_fields(said, body))
    return None


def _limited(before: Learnt, field: str, sent: int, words: str) -> Learnt | None:
    """Return the largest limit that the words name, or else the limit left out: then the server's own holds."""
    allowed = [int(found) for found in _NUMBER.findall(words) if int(found) < sent]
    if allowed and before.most_tokens is None:
        return replace(before, most_tokens=max(allowed))
    return _dropping(before, field)


def room_left(error: BackendError, said: ServerSaid, body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a smaller limit for a request whose prompt fits, but not together with the limit; None for all else."""
    used = next((name for name in _MAX_TOKENS if name in body), "")
    if not used or error.needed is None or error.available is None or not _COUNTS_LIMIT.search(said.message):
        return None
    room = error.available - (error.needed - int(body[used]))
    return {used: room} if 0 < room < body[used] else None


def _flipped_reasoning(words: str, body: Mapping[str, Any], before: Learnt) -> Learnt | None:
    """Return what was learnt about thinking in earlier replies.

    Generations of one provider differ: some insist on the field, some refuse it.
    """
    has_replies = any(message.get("role") == "assistant" for message in body.get("messages", ()))
    if before.wants_reasoning_back:
        return replace(before, wants_reasoning_back=False) if "must be passed" not in words else None
    return replace(before, wants_reasoning_back=True) if has_replies and "must" in words else None


def _refused_thinking(words: str, body: Mapping[str, Any]) -> list[str]:
    """Return the thinking fields of the body that the words refuse: those named, or all if none is named."""
    sent = [name for name in (*_BUDGETS, *_THINKING) if name in body]
    if not sent or not _UNSUPPORTED.search(words):
        return []
    named = [name for name in sent if re.search(rf"\b{name}\b", words)]
    if named and named != ["thinking"]:
        return named
    return sent if re.search(r"thinking|reasoning", words) else named


def _named_fields(said: ServerSaid, body: Mapping[str, Any]) -> list[str]:
    """Return the body's fields that the server names: as `param`, in quotes, behind a colon, or by a unique word."""
    quoted = set(re.findall(r"[`'\"]([a-z_]+)(?:\.[a-z_.]+)?[`'\"]", said.message))
    quoted |= set(re.findall(r"supplied: (\w+)", said.message))
    quoted.add(said.param.split(".")[0])
    mentioned = {name for name in body if "_" in name and re.search(rf"\b{name}\b", said.message)}
    return sorted((quoted | mentioned) & (body.keys() - _NEEDED))


def _dropping(before: Learnt, *names: str) -> Learnt | None:
    return replace(before, dropped=before.dropped | set(names)) if names else None

"""The lessons from a server that refuses a request: a field to leave out, or to name otherwise.

Pure: a body, the server's words, and what was known before give what is known now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop.backends.openai.request import Learnt
from desktop.backends.wire.error_bodies import ServerSaid
from desktop.core.errors import BackendError
from desktop.core.text.late_regex import late_regex

_REFUSING = frozenset({400, 404, 422, 500, 501})
_NEEDED = frozenset({"model", "messages", "stream"})
_MAX_TOKENS = ("max_tokens", "max_completion_tokens")
_THINKING = ("thinking", "enable_thinking", "chat_template_kwargs", "reasoning", "reasoning_effort")
_BUDGETS = ("thinking_budget", "thinking_token_budget", "thinking_budget_tokens")
_TOO_LARGE = late_regex(
    r"too large|too high|exceed|at most|range|must be (?:less|between|smaller)|maximum (?:value|of)|<="
    r"|greater than|fewer output tokens"
)
_NUMBER = late_regex(r"(?<![\w.-])\d{2,9}(?![\w.-]*\d)")
# Of a sum of prompt and limit: older vLLMs, and others that count as they did.
_COUNTS_LIMIT = late_regex(r"in the (?:completion|output)|output tokens and your")
_UNSUPPORTED = late_regex(
    r"unsupported|(?:not|n't) support|unrecogni[sz]ed|unknown|unexpected|extra (?:fields|inputs)"
    r"|not (?:permitted|allowed)|(?:invalid|not a valid) (?:parameter|argument|field)|requires? .*parser|deprecated"
)


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

"""The bodies of refused requests: finds the words in every shape seen, and names the error class for them.

Pure functions on a status and a body. What a failure of the connection itself means is told by `way.py`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop.backends.wire.bodies import parse_json
from desktop.core.errors import (
    AuthRejected,
    BackendError,
    ContentFiltered,
    ContextTooLong,
    ModelMissing,
    OutOfCredit,
    Overloaded,
    ProtocolError,
    RateLimited,
    RequestRejected,
    StreamBroken,
    Unreachable,
)

# Long enough for every message of a server seen so far, short enough for a window and a database row.
MAX_DETAIL = 500
# A server that asks for a longer pause than this is better told to the user than waited for.
MAX_RETRY_AFTER = 30.0


@dataclass(frozen=True, slots=True)
class ServerSaid:
    """An error in the server's words. `code` and `kind` are its own labels, `param` the field that it names."""

    message: str = ""
    code: str = ""
    kind: str = ""
    param: str = ""
    needed: int | None = None
    available: int | None = None
    html_title: str | None = None

    @property
    def labels(self) -> str:
        """The text to search for a cause, in lower case."""
        return f"{self.code} {self.kind} {self.message}".lower()


class RefusedError(Exception):
    """A refusal with the server's own words, from which something may be learnt."""

    def __init__(self, said: ServerSaid, error: BackendError) -> None:
        super().__init__(error.kind)
        self.said = said
        self.error = error


def said_in(body: Any) -> ServerSaid | None:
    """Return the error in a decoded JSON value (object, text, nested JSON text, flat, list), or None if it is none."""
    match body:
        case {"error": error} if error:
            return _said_in_error(error, body)
        case {"object": "error"} | {"code": _, "message": str()} if not body.get("choices"):
            return _said_in_error(body, body)
        case {"detail": detail} if detail and not body.get("choices"):
            return ServerSaid(message=_detail_text(detail), param=_detail_param(detail))
        case {"message": str(message)} if message and not body.get("choices") and "done" not in body:
            return ServerSaid(message=message)
        case [dict() as first, *_]:
            return said_in(first)
        case _:
            return None


def said_in_body(body: bytes) -> ServerSaid:
    """Return the error in the body of a refused request: JSON in every shape, plain text, or an HTML page's title."""
    text = body.decode("utf-8-sig", errors="replace").strip()
    if text.startswith("<"):
        title = re.search(r"<title[^>]*>(.*?)</title>", text[:20_000], re.IGNORECASE | re.DOTALL)
        words = _plain(re.sub(r"<[^>]*>", " ", text[:2_000]))
        return ServerSaid(message=words, html_title=_plain(title[1]) if title else "")
    try:
        value = parse_json(text)
    except ValueError:
        value = text
    if isinstance(value, str):
        return ServerSaid(message=value)
    return said_in(value) or ServerSaid(message=text if value else "")


def _said_in_error(error: Any, body: Mapping[str, Any]) -> ServerSaid:
    if isinstance(error, str):
        nested = _nested(error)
        signin = body.get("signin_url")  # where Ollama's cloud models want the user to sign in
        message = f"{error} {signin}" if isinstance(signin, str) else error
        return said_in(nested) or ServerSaid(message=message, code=_label(body.get("code")))
    if not isinstance(error, Mapping):
        return ServerSaid(message=str(error))
    message = error.get("message") or error.get("msg") or body.get("message") or ""
    if isinstance(message, str) and (inner := said_in(_nested(message))):
        return inner
    metadata = error.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    if isinstance(raw, str) and raw:
        # A broker's own message is only "Provider returned error"; the provider's words stand here.
        inner = said_in(_nested(raw))
        message = f"{message}: {inner.message if inner else raw}"
    return ServerSaid(
        message=str(message) or _label(error.get("type")),
        code=_label(error.get("code")),
        kind=_label(error.get("type")),
        param=_label(error.get("param")),
        needed=_count(error.get("n_prompt_tokens")),
        available=_count(error.get("n_ctx")),
    )


def _nested(text: str) -> Any:
    if not text.lstrip().startswith("{"):
        return None
    try:
        return parse_json(text)
    except ValueError:
        return None


def _label(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _detail_text(detail: Any) -> str:
    if isinstance(detail, list):
        return "; ".join(str(item.get("msg", item)) if isinstance(item, dict) else str(item) for item in detail)
    return str(detail.get("message", detail)) if isinstance(detail, dict) else str(detail)


def _detail_param(detail: Any) -> str:
    """Return the request field that a validator's list names: `[{"loc": ["body", "top_k"], "msg": …}]`."""
    match detail:
        case [{"loc": [*_, str(name)]}, *_]:
            return name
        case _:
            return ""


def _plain(escaped: str) -> str:
    from html import unescape  # with two thousand names of letters

    return " ".join(unescape(escaped).split())


# --- From words to a class ---------------------------------------------------------------------------------------

_Meanings = tuple[tuple[str, type[BackendError], str], ...]  # pattern, class and reason; the first that is found counts

_PLAIN_TO_TLS = r"http request (?:was sent )?to (?:an )?https (?:server|port)"
# What a gateway has heard from others. LiteLLM is the one that companies run; its statuses mislead.
_PASSED_ON = r"litellm\.\w+:"
# Causes that are spelled out win over the status, which servers use loosely.
_SPELLED_OUT: _Meanings = (
    (
        r"enginecore encountered an issue|enginedeaderror|engine core .{0,40}(?:died|dead)",
        RequestRejected,
        "engine_dead",
    ),
    (r"no_db_connection|no connected db|token_not_found_in_db", AuthRejected, ""),
    (r"model_access_denied|not allowed to access model|not available for this api key", AuthRejected, "model"),
    (r"invalid model name passed in model", ModelMissing, ""),
    (r"budget_exceeded|budget has been exceeded", OutOfCredit, "budget"),
    (r"litellm\.authenticationerror", AuthRejected, "gateway"),
    (
        _PASSED_ON + r".*(?:payload is not completed|timeout on reading data|incomplete chunked read|peer closed)",
        StreamBroken,
        "gateway",
    ),
    (
        _PASSED_ON + r".*(?:connection error|cannot connect to host|connect call failed|timed out)|litellm\.timeout",
        Overloaded,
        "gateway",
    ),
    (
        r"insufficient[_ ](?:quota|balance|funds|credits?)|arrearage|billing_hard_limit|exceeded your current quota"
        r"|account.{0,20}overdue|more credits|payment required",
        OutOfCredit,
        "",
    ),
    (
        r"exceed_context_size|context_length_exceeded|context (?:length|size|window)|maximum context"
        r"|longer than the context|range of input length|input length exceeds|prompt is too long|too many input tokens"
        r"|maximum model length|input is too long",
        ContextTooLong,
        "",
    ),
    (
        r"data_inspection_failed|content[_ ]filter|content_policy|sensitivecontentdetected|inappropriate content"
        r"|requires moderation|was flagged",
        ContentFiltered,
        "",
    ),
    (
        r"requires more system memory|out of memory|insufficient memory|failed to allocate",
        RequestRejected,
        "out_of_memory",
    ),
    # Of a model that can't look at pictures. A picture of a kind that a server does not take is another complaint.
    (
        r"image input is not supported|data required for image input|(?:that )?support image input"
        r"|(?:not|n't) support (?:image|vision|multi-?modal)|not a (?:multi-?modal|vision)|image_url is only supported"
        r"|unknown variant `image_url`|at most 0 image",
        RequestRejected,
        "pictures",
    ),
)
_BY_STATUS: Mapping[int | None, type[BackendError]] = {
    **dict.fromkeys((401, 403), AuthRejected),
    402: OutOfCredit,
    413: ContextTooLong,
    429: RateLimited,
    **dict.fromkeys((502, 503, 504, 529), Overloaded),
}
_OTHERWISE: _Meanings = (
    (
        r"model_not_found|model_not_exist|modelnotfound|modelnotopen|invalidendpointormodel|no models? loaded"
        r"|\bmodel\b.{0,120}(?:not found|does not exist|not exist|doesn't exist)|try pulling it first",
        ModelMissing,
        "",
    ),
    (
        r"invalid[_ ]api[_ ]?key|incorrect api key|authenticationerror|authentication_error|invalid token",
        AuthRejected,
        "",
    ),
    (r"rate[_ ]?limit|throttling|too many requests|setlimitexceeded|limit_requests", RateLimited, ""),
    (r"server busy|overloaded|unavailable_error|insufficient_system_resource|at capacity", Overloaded, ""),
    (r"unexpected endpoint or method", ProtocolError, "not_found"),
)

_STATUS_RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
_NEVER_RETRIED = (OutOfCredit, ContextTooLong, ModelMissing, AuthRejected, ContentFiltered)
# A gateway has tried more than once already, and an engine that has crashed does not come back by itself.
_LASTING_REASONS = frozenset({"gateway", "engine_dead"})


def error_for(
    said: ServerSaid, *, status: int | None, host: str = "", local: bool = False, retry_after: float | None = None
) -> BackendError:
    """Return the error of the class that fits a server's words.

    `status` is None for an error inside a stream; a code in the body then counts as the status. A `local` server is not
    asked again after a 500: what failed to load will fail to load again.
    """
    code = status if status and status >= 400 else _http_code(said.code)
    kind, reason = _class_of(said, code)
    words = _own_words(said.message) if said.html_title is None else said.html_title
    needed, available = _token_counts(said) if kind is ContextTooLong else (None, None)
    retryable = (code in _STATUS_RETRIED and not (local and code == 500)) or kind in (Overloaded, RateLimited)
    return kind(
        shortened(words),
        host=host,
        status=code,
        reason=reason,
        retryable=retryable and kind not in _NEVER_RETRIED and reason not in _LASTING_REASONS,
        retry_after=retry_after,
        needed=needed,
        available=available,
    )


def _class_of(said: ServerSaid, code: int | None) -> tuple[type[BackendError], str]:
    labels = said.labels
    if re.search(_PLAIN_TO_TLS, labels):
        return Unreachable, "not_tls"
    if said.html_title is not None:
        return ProtocolError, "html"
    if found := _first(_SPELLED_OUT, labels):
        kind, reason = found
        # In the middle of a reply, a gateway that reaches nobody any more has broken it off.
        return (StreamBroken if found == (Overloaded, "gateway") and code is None else kind), reason
    if code in _BY_STATUS:
        return _BY_STATUS[code], ""
    return _first(_OTHERWISE, labels) or ((ProtocolError, "not_found") if code in (404, 405) else (RequestRejected, ""))


def _first(meanings: _Meanings, labels: str) -> tuple[type[BackendError], str] | None:
    found = (each for each in meanings if re.search(each[0], labels, re.DOTALL))
    return next(((kind, reason) for _, kind, reason in found), None)


# The names of classes that a gateway puts in front of a refusal, and the advice that it adds.
_CLASS_NAMES = re.compile(r"^\s*(?:litellm\.\w+: *)+(?:\w+(?:Error|Exception): *)*(?:\w*Exception *- *)?")
_GROUP = re.compile(r"\s*LiteLLM: model group '[^']*' failed with the error above\..*\Z", re.DOTALL)


def _own_words(message: str) -> str:
    if not _CLASS_NAMES.match(message):
        return message
    return _GROUP.sub("", _CLASS_NAMES.sub("", message)) or message


def _http_code(code: str) -> int | None:
    return int(code) if re.fullmatch("[45][0-9][0-9]", code) else None


# vLLM stops counting where it is too much, and does not begin where it is far too much.
_NO_COUNT = re.compile(r"at least \d+ (?:input )?tokens|\d+ characters")


def _token_counts(said: ServerSaid) -> tuple[int | None, int | None]:
    """Return (needed, available) tokens, from fields if there are some, else from the known servers' sentences."""
    if said.needed is not None or said.available is not None:
        return said.needed, said.available
    text = said.message
    if found := re.search(r"request \((\d+) tokens\) exceeds the available context size \((\d+) tokens", text):
        return int(found[1]), int(found[2])
    if found := re.search(r"input length should be \[\d+, (\d+)\]", text):
        return None, int(found[1])
    limit = re.search(r"(?:maximum context length|context length) (?:is|of)(?: only)? (\d+)", text)
    available = int(limit[1]) if limit else None
    if _NO_COUNT.search(text):
        return None, available
    if found := re.search(r"requested (\d+) output tokens and your (?:prompt|request) \w+ (\d+)", text):
        return int(found[1]) + int(found[2]), available
    rest = text[limit.end() :] if limit else text
    found = re.search(r"(?:requested|resulted in|contains?|has)(?: about)? (\d+)", rest)
    return (int(found[1]) if found else None), available


# How Go reports a request of its own that found no way: Post "https://ollama.com:443/api/chat?ts=1": dial tcp: …
_NO_WAY_ON = re.compile(r'\b(?:Post|Get|Head) "https?://(\[[^\]"]+\]|[^"/:]+)[^"]*": ')
# Where Ollama asks its user to sign in, behind `unauthorized`.
_SIGN_IN = re.compile(r"\bunauthorized\b.* https://([^/\s]+)/\S*")


def beyond(error: BackendError) -> BackendError:
    """Return the same failure, or the one behind it: the host that a server forwards to is out of reach, or refuses."""
    if found := _NO_WAY_ON.search(error.detail):
        return Unreachable(error.detail, host=found[1], status=error.status, reason="forwarding")
    if isinstance(error, AuthRejected) and (found := _SIGN_IN.search(error.detail)):
        return AuthRejected(error.detail, host=found[1], status=error.status, reason="sign_in")
    return error


def retry_after_in(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Return the seconds that `retry-after-ms` or `Retry-After` (seconds or a date) ask to wait, or None."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        value = headers.get("retry-after", "").strip()
        if not value:
            return None
        if value.replace(".", "", 1).isdigit():
            return float(value)
        from email.utils import parsedate_to_datetime  # few servers name a day

        return max(0.0, parsedate_to_datetime(value).timestamp() - (time.time() if now is None else now))
    except (ValueError, TypeError, OverflowError):
        return None


def shortened(text: str, limit: int = MAX_DETAIL) -> str:
    """Return `text` on one line, at most `limit` characters."""
    line = " ".join(text[: limit * 8].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

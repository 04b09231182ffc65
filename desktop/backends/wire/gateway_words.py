"""The words of a gateway: a server that answers with what others said to it, and wraps their refusals in its own.

LiteLLM is the one that companies run. Its statuses mislead: a wrong key is a bad request, and a refusal of its own key
at a provider looks like one of the user's.
"""

from __future__ import annotations

import re

from desktop.core.errors import (
    AuthRejected,
    BackendError,
    ModelMissing,
    OutOfCredit,
    Overloaded,
    RequestRejected,
    StreamBroken,
)
from desktop.core.text.late_regex import late_regex

# Of what it has heard from others. Its own refusals do not begin like this.
_PASSED_ON = late_regex(r"^\s*litellm\.\w+:")
_CLASS_NAMES = late_regex(r"^\s*(?:litellm\.\w+: *)+(?:\w+(?:Error|Exception): *)*(?:\w*Exception *- *)?")
_GROUP = late_regex(r"\s*LiteLLM: model group '[^']*' failed with the error above\..*\Z", re.DOTALL)
_NO_KEY_FOUND = late_regex(r"no_db_connection|no connected db|token_not_found_in_db")
_NOT_ALLOWED = late_regex(r"model_access_denied|not allowed to access model|not available for this api key")
_BUDGET = late_regex(r"budget_exceeded|budget has been exceeded")
_BROKEN_OFF = late_regex(r"payload is not completed|timeout on reading data|incomplete chunked read|peer closed")
_NOT_REACHED = late_regex(r"connection error|cannot connect to host|connect call failed|litellm\.timeout|timed out")
_ENGINE_DEAD = late_regex(r"enginecore encountered an issue|enginedeaderror|engine core .{0,40}(?:died|dead)")


def gateway_fault(labels: str, message: str, status: int | None) -> tuple[type[BackendError], str] | None:
    """Return the class and the reason of what a gateway, or a server of the kind behind it, means; None for all else.

    `labels` are the server's words with its own codes, in lower case; `status` is None in the middle of a stream.
    """
    if _ENGINE_DEAD.search(labels):
        return RequestRejected, "engine_dead"
    if _NO_KEY_FOUND.search(labels):
        return AuthRejected, ""
    if _NOT_ALLOWED.search(labels):
        return AuthRejected, "model"
    if "invalid model name passed in model" in labels:
        return ModelMissing, ""
    if _BUDGET.search(labels):
        return OutOfCredit, "budget"
    return _passed_on(labels, status) if _PASSED_ON.match(message) else None


def _passed_on(labels: str, status: int | None) -> tuple[type[BackendError], str] | None:
    if "litellm.authenticationerror" in labels:
        return AuthRejected, "gateway"
    if _BROKEN_OFF.search(labels):
        return StreamBroken, "gateway"
    if _NOT_REACHED.search(labels):
        return (StreamBroken if status is None else Overloaded), "gateway"
    return None


def own_words(message: str) -> str:
    """Return a refusal without the names of classes that a gateway puts in front, and the advice that it adds."""
    if not _PASSED_ON.match(message):
        return message
    return _GROUP.sub("", _CLASS_NAMES.sub("", message)) or message

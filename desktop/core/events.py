"""What a backend says while a reply arrives: the union `StreamEvent`.

One reply is `Started`, then any of the others, then exactly one `Finished` or `Failed`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from desktop.core.errors import BackendError
from desktop.core.message import AnswerWay, Usage


class Phase(StrEnum):
    """What the server is doing before words arrive."""

    CONNECTING = "connecting"
    LOADING = "loading"  # the model is being loaded into memory
    READING = "reading"  # the prompt is being processed
    THINKING = "thinking"  # the model thinks, and its provider does not (yet) show what


class FinishReason(StrEnum):
    """Why a reply ended, normalised over the protocols."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"
    ERROR = "error"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Started:
    """The request is under way; `model` as the server will know it."""

    model: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A phase before the first token; `fraction` from 0 to 1 where the server tells."""

    phase: Phase
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of the thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Reclassified:
    """All text delivered so far in this reply changes sides.

    An answer becomes thinking when its closing tag arrives without an opening one; thinking becomes an
    answer when a template opened it and the model never closed it.
    """


@dataclass(frozen=True, slots=True)
class ThinkingCanEnd:
    """The server can be told to end the thinking of this reply, and to answer in the same stream.

    `end` belongs to the loop thread; it answers whether the server agreed, and raises `BackendError`.
    """

    end: Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class ThinkingEnded:
    """The person has had enough of the thinking, or their limit has: said by the turn, not by a server.

    Words of thinking may still come, which were under way; no more time is counted for them.
    """

    by_limit: bool = False


@dataclass(frozen=True, slots=True)
class Resumed:
    """Another request goes on with this reply: what has arrived stays as it is, whatever is said from now on."""


@dataclass(frozen=True, slots=True)
class AnsweredEarly:
    """In which way the answer is got that follows, or has just begun."""

    way: AnswerWay


@dataclass(frozen=True, slots=True)
class Opaque:
    """A provider's own data that must be stored with the message and may have to be sent back unchanged."""

    provider: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Token counts; a later report replaces an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Finished:
    """The reply is whole (or ended by a limit); `raw` is the server's own word."""

    reason: FinishReason
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The reply broke; what had arrived stays."""

    error: BackendError


StreamEvent = (
    Started
    | Progress
    | ReasoningDelta
    | TextDelta
    | Reclassified
    | ThinkingCanEnd
    | ThinkingEnded
    | Resumed
    | AnsweredEarly
    | Opaque
    | UsageReported
    | Finished
    | Failed
)

"""What a backend says while a reply arrives: the union `StreamEvent`.

One reply is `Started`, then any of the others, then exactly one `Finished` or `Failed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from desktop.core.errors import BackendError
from desktop.core.message import Usage


class Phase(StrEnum):
    """What the server is doing before text arrives."""

    CONNECTING = "connecting"
    LOADING = "loading"  # the model is being loaded into memory
    READING = "reading"  # the prompt is being processed


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
    Started | Progress | ReasoningDelta | TextDelta | Reclassified | Opaque | UsageReported | Finished | Failed
)

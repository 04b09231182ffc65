"""Events of a reply as it arrives from a backend: the union `StreamEvent`.

One reply is `Started`, then any of the others, then exactly one `Finished` or `Failed`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.errors import BackendError
from desktop.core.message import AnswerWay, Usage


class Phase(StrEnum):
    """Activity of the server before words arrive."""

    CONNECTING = "connecting"
    WAITING = "waiting"  # for the end of another answer
    LOADING = "loading"  # the model is being loaded into memory
    READING = "reading"  # the prompt is being processed
    GETTING_READY = "getting_ready"  # one of these two; the server does not tell which
    THINKING = "thinking"  # the model thinks, and its provider does not (yet) show what


class FinishReason(StrEnum):
    """Reason for the end of a reply, normalised over the protocols."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"
    ERROR = "error"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Started:
    """Start of the request; `model` as the server will know it."""

    model: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Phase before the first token; `fraction` from 0 to 1 where the server tells."""

    phase: Phase
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Piece of the thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Reclassified:
    """Change of sides of all text delivered so far in this reply.

    An answer becomes thinking when its closing tag arrives without an opening one; thinking becomes an answer when a
    template opened it and the model never closed it.
    """


@dataclass(frozen=True, slots=True)
class ThinkingCanEnd:
    """Offer of the server to end the thinking of this reply when told, and to answer in the same stream.

    `end` belongs to the loop thread; it returns True if the server agreed, and raises `BackendError`.
    """

    end: Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class ThinkingEnded:
    """End of the thinking, by the user or by their limit: sent by the generation, not by a server.

    Words of thinking may still come, which were under way; no more time is counted for them.
    """

    by_limit: bool = False


@dataclass(frozen=True, slots=True)
class Resumed:
    """Another request that goes on with this reply: what has arrived stays as it is, whatever is said from now on."""


@dataclass(frozen=True, slots=True)
class BeganAgain:
    """Change of mind of a model that was to go on with this reply: it writes it anew, from its beginning.

    The words that the reply began with are not part of it any more; the reply that broke off still has them.
    """


@dataclass(frozen=True, slots=True)
class AnsweredEarly:
    """Way in which the answer is got that follows, or has just begun."""

    way: AnswerWay


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Token counts; a later report replaces an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Measured:
    """Findings about the model while it served this request; None where the server did not tell.

    `window`: the tokens that it holds now. `asked`: the window that the request asked for in the end, None if it left
    that to the server. `load_seconds`: until the model was there, next to nothing where it was loaded already.
    `read_seconds`: until all of the prompt was read that was not read before. `read_per_second`: tokens of the prompt
    that were read in a second. `written_per_second`: tokens of the reply, thinking among them. `memory`: the bytes that
    the model takes with that window, wherever they lie.
    """

    window: int | None = None
    asked: int | None = None
    load_seconds: float | None = None
    read_seconds: float | None = None
    read_per_second: float | None = None
    written_per_second: float | None = None
    memory: int | None = None

    @property
    def has_loaded(self) -> bool:
        """True if the model was loaded for this request, so that all of its prompt was read."""
        return self.load_seconds is not None and self.load_seconds >= _LEAST_LOAD


_LEAST_LOAD = 0.3  # seconds; in less nothing is loaded that was not there


@dataclass(frozen=True, slots=True)
class Finished:
    """End of a whole reply (or of one ended by a limit); `raw` is the server's own word."""

    reason: FinishReason
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Failure of the reply; what had arrived stays."""

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
    | BeganAgain
    | AnsweredEarly
    | UsageReported
    | Measured
    | Finished
    | Failed
)

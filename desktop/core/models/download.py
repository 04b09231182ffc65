"""A download of a model: what is shown of it, how fast it is, and what of it is remembered over a restart.

Values and rules; who runs downloads is `runtime/models/downloads.py`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.message import Failure
from desktop.core.model import Count, ModelChoice
from desktop.core.models.file import GivenModel
from desktop.core.models.keeping import KeepingPhase, PullFault

# Seconds over which a speed is taken, and before which there is none to tell.
_SPAN = 15.0
_LEAST_SPAN = 2.0
# What no second attempt changes; nor one at what is refused, until the user has signed in there.
_FOR_GOOD = (
    PullFault.UNKNOWN_NAME,
    PullFault.INVALID_NAME,
    PullFault.NOT_HERE,
    PullFault.NOT_A_MODEL,
    PullFault.IN_PIECES,
)


class DownloadState(StrEnum):
    """State of a download."""

    WAITING = "waiting"  # another one is running
    RUNNING = "running"
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class KeptDownload:
    """Download as it is remembered from one start to the next: paused, with what had come when that was noted."""

    choice: ModelChoice
    expected: Count | None = None
    done: Count = 0
    total: Count | None = None
    min_version: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Download of one model. Sizes in bytes, `per_second` in bytes, None where not known.

    `expected` is the catalogue's size, until the server tells; `min_version` the server that it needs. `failure` is why
    it failed. `given` is the file that it is made of, with the part that sees pictures if that is wanted; None for what
    the server fetches.
    """

    choice: ModelChoice
    state: DownloadState
    expected: int | None = None
    phase: KeepingPhase = KeepingPhase.ASKING
    done: int = 0
    total: int | None = None
    per_second: float | None = None
    is_stalled: bool = False
    failure: Failure | None = None
    min_version: str = ""
    given: GivenModel | None = None

    @property
    def size(self) -> int | None:
        """The bytes to get, as far as they are known."""
        return self.total or self.expected

    @property
    def seconds_left(self) -> float | None:
        """The time that the rest takes at the present speed; None where that cannot be told."""
        if self.state is not DownloadState.RUNNING or self.is_stalled or not self.per_second or not self.size:
            return None
        return max(0, self.size - self.done) / self.per_second

    @property
    def is_refused(self) -> bool:
        """True if it has failed for what lies in the model or its name: it is not remembered."""
        return self._has_failed_for((*_FOR_GOOD, PullFault.SIGN_IN))

    @property
    def can_go_on(self) -> bool:
        """True if it stands still, and going on with it can help."""
        return self.state in (DownloadState.PAUSED, DownloadState.FAILED) and not self._has_failed_for(_FOR_GOOD)

    def _has_failed_for(self, reasons: Sequence[str]) -> bool:
        return self.state is DownloadState.FAILED and self.failure is not None and self.failure.reason in reasons

    @property
    def leaves_behind(self) -> bool:
        """True if cancelling leaves a part of it on the server's disk, which that removes at its next start."""
        return self.given is None and self.done > 0 and self.state is not DownloadState.DONE


class Pace:
    """Speed of something that grows, over the last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, moment: float, done: int) -> None:
        """Note how much there is at a moment, in seconds of any clock."""
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((moment, done))
        while len(self._seen) > 2 and moment - self._seen[1][0] >= _SPAN:
            self._seen.popleft()

    @property
    def per_second(self) -> float | None:
        """The growth in a second; None while it is too early to tell."""
        if len(self._seen) < 2:
            return None
        (began, before), (now, done) = self._seen[0], self._seen[-1]
        return (done - before) / (now - began) if now - began >= _LEAST_SPAN else None

"""The seam to a server that can be given models: getting, importing, unloading and deleting them.

Implemented in `backends/ollama_keeping.py`, and for files on this computer in `store/models.py`. Failures are
`PullFailed`, or what any request may fail with. Of a download it says what is
shown, how fast it is, and what is remembered over a restart; who runs downloads is `runtime/models/downloads.py`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from desktop.core.errors import PullFailed
from desktop.core.message import Failure
from desktop.core.model import Count, ModelChoice
from desktop.core.models.file import GivenModel

REGISTRY = "registry.ollama.ai"  # where Ollama looks for names without a host of their own
# A name as Ollama takes it: `[host/][user/]model[:tag]`.
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}"
_NAME = re.compile(
    rf"(?:(?:[A-Za-z0-9_][A-Za-z0-9_.-]{{0,349}}(?::\d{{1,5}})?/)?[A-Za-z0-9_][\w-]{{0,79}}/)?{_PART}(?::{_PART})?",
    re.ASCII,
)
# What a server keeps free beside a model, in bytes: it asks for no room itself, and fills the disk to its end.
_LEFT_ON_DISK = 1_000_000_000


class KeepingPhase(StrEnum):
    """Phase of getting or importing a model."""

    ASKING = "asking"
    FETCHING = "fetching"
    CHECKING = "checking"  # the whole file is read; nothing is told meanwhile
    SENDING = "sending"  # from here to the server
    WRITING = "writing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class KeepingProgress:
    """Progress of getting or importing a model, in bytes over all its parts; `total` None until it is told.

    `done` may become less: a part that came wrong is fetched again. `is_stalled`: nothing has come for a while. No
    server says so; it repeats what it said, for as long as one listens.
    """

    phase: KeepingPhase
    done: int = 0
    total: int | None = None
    is_stalled: bool = False


class PullFault(StrEnum):
    """Reason why a model could not be had, as the `reason` of a `PullFailed`."""

    LOCKED = "locked"  # the offline lock: the server would fetch it from the internet
    UNKNOWN_NAME = "unknown_name"
    INVALID_NAME = "invalid_name"
    TOO_OLD = "too_old"  # the server is; `detail` may name the version that it needs
    NO_NETWORK = "no_network"
    PROXY = "proxy"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign_in"
    BUSY = "busy"
    DISK_FULL = "disk_full"
    NO_ROOM = "no_room"  # found before: `needed` and `available` in bytes
    DAMAGED = "damaged"
    NOT_HERE = "not_here"  # made for another kind of computer
    IN_THE_WAY = "in_the_way"  # something between the server and the internet answers in its place
    BROKE_OFF = "broke_off"
    NOT_A_MODEL = "not_a_model"
    IN_PIECES = "in_pieces"
    UNREADABLE = "unreadable"  # the file to import
    NOT_WRITTEN = "not_written"  # the copy of it


class ModelKeeper(Protocol):
    """Server that can be given models. All methods run on the loop thread; cancelling closes the connection."""

    def pull(self, name: str) -> AsyncGenerator[KeepingProgress, None]:
        """Have the server fetch a model; yield its progress, at last DONE. Raises `BackendError`.

        Closing pauses: what has come stays at the server, and the next pull of this name goes on from there.
        """
        ...

    def import_file(
        self, name: str, file: Path, projector: Path | None = None
    ) -> AsyncGenerator[KeepingProgress, None]:
        """Give the server a model file, and the part that sees pictures where it has one. Raises `BackendError`."""
        ...

    async def version(self) -> str:
        """Return the server's version; empty where it does not tell."""
        ...

    async def unload(self, name: str) -> None:
        """Have a model leave the server's memory now. Raises `BackendError`."""
        ...

    async def delete(self, name: str) -> None:
        """Delete a model, also one that is loaded. Raises `BackendError`; `ModelMissing` where it is not there."""
        ...

    async def aclose(self) -> None:
        """Close connections; safe to call twice."""
        ...


async def off_the_loop(steps: Generator[KeepingProgress, None, None]) -> AsyncGenerator[KeepingProgress, None]:
    """Yield the steps of work on files, each done on another thread: a drive that hangs holds up nothing else."""
    import asyncio  # the window reads this module before its first paint

    step: asyncio.Future[KeepingProgress | None] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, steps, None))
            if (progress := await asyncio.shield(step)) is None:
                return
            yield progress
    finally:
        if step is not None:
            await asyncio.wait([step])
        await asyncio.to_thread(steps.close)


def room_needed(size: int) -> int:
    """Return the bytes that are to be free for a model of a size."""
    return size + _LEFT_ON_DISK


def check_room(size: int | None, free: int | None) -> None:
    """Raise `PullFailed` (no_room) if a model of this size is known not to fit onto a disk with so many bytes free."""
    if size is not None and free is not None and room_needed(size) > free:
        raise PullFailed(reason=PullFault.NO_ROOM, needed=room_needed(size), available=free)


def check_version(version: str, needed: str) -> None:
    """Raise `PullFailed` (too_old) if a server is known to be too old for a model."""
    if is_older(version, needed):
        raise PullFailed(needed, reason=PullFault.TOO_OLD)


def is_older(version: str, than: str) -> bool:
    """Return True if a server is known to be older; built from source, one tells no version (0.0.0) and may be new."""
    has, wants = _numbers(version), _numbers(than)
    return any(has) and bool(wants) and has < wants


def is_model_name(words: str) -> bool:
    """Return True for words that Ollama takes for the name of a model; never with a scheme (`https://`) in front."""
    return _NAME.fullmatch(words) is not None


def registry_of(name: str) -> str:
    """Return the host that Ollama looks a name up at: what stands before the last two parts of it, such as `hf.co`.

    A first part of two that looks like a host counts as one.
    """
    parts = name.rpartition("://")[2].split("/")
    host = re.sub(r":\d+$", "", parts[0])
    is_host = len(parts) > 2 or (len(parts) == 2 and ("." in host or host == "localhost"))
    return host if is_host else REGISTRY


def name_for_import(file: Path) -> str:
    """Return a name that a server takes for a model made of a file."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", file.name.lower().removesuffix(".gguf")).strip("-._")
    return plain[:80].rstrip("-._") or "model"


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", version.strip())
    return tuple(int(each or 0) for each in found.groups()) if found else ()


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

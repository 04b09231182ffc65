"""The seam to a server that can be given models: getting, importing, unloading and deleting them.

Implemented in `backends/ollama_keeping.py`, and for files on this computer in `store/models.py`. Failures are
`PullFailed`, or what any request may fail with.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from desktop.core.errors import PullFailed

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

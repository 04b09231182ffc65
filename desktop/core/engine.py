"""The seam to the built-in engine: a program that serves one model file on loopback. Implemented in `engine/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

ENGINE_SWITCH = "--candor-engine"  # has the program's own executable be the engine; no user types it


class EngineContext(StrEnum):
    """Context that the user wants the engine to hold; more where a text needs it, less where memory lacks."""

    OWN = "own"  # what the engine chooses by itself
    PAGE = "page"
    DOCUMENT = "document"
    MOST = "most"


class EnginePace(StrEnum):
    """Share of the processor that the user gives the engine."""

    QUICK = "quick"
    USABLE = "usable"  # the rest of the computer stays quick


@dataclass(frozen=True, slots=True)
class EngineWishes:
    """Wishes of the user that hold from the next load on, which a change of them leads to."""

    context: EngineContext = EngineContext.OWN
    pace: EnginePace = EnginePace.QUICK
    remembers: bool = True  # keeps what it has read of other conversations, in memory and beyond its end
    reads_ahead: bool = field(default=True, compare=False)  # a file, while its question is typed; leads to no load


@dataclass(frozen=True, slots=True)
class EngineNeeds:
    """What a model would take in the engine: tokens and bytes for each context, None where its shape is not known.

    `free` is the memory that is free now, in bytes; `threads` are the computing threads of each pace, of `cores`.
    `for_others`: the bytes in which it would keep what it has read of conversations other than the one in front.
    """

    contexts: Mapping[EngineContext, tuple[int, int | None]]
    free: int
    threads: Mapping[EnginePace, int]
    cores: int
    for_others: int = 0


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Address (`http://127.0.0.1:port`) of a running engine, and the random key it wants.

    `window`: the tokens that it holds, `load_seconds`: the time that its load took; None where that is not known.
    """

    base_url: str
    key: str
    window: int | None = None
    load_seconds: float | None = None


class Engine(Protocol):
    """Engine process, one at a time; all methods run on the loop thread."""

    async def ensure(self, model: Path, window: int | None = None) -> EngineAddress:
        """Have `model` loaded and return its address; at once when it is loaded already.

        `window`: the tokens that it is to hold at least, if there is memory for so many. A larger one than it has ends
        the process, and the model is loaded again.

        Cancelling ends the load. Raises `EngineFailed` with the cause from the engine's log.
        """
        ...

    def would_load(self, model: Path, window: int | None = None) -> bool:
        """Return True if `ensure` would have to load the model, and so end whatever is being answered.

        Also where memory has run short since it was loaded, of which it then gives back what others need more.
        """
        ...

    async def failure(self) -> str:
        """Return the last lines of the log of an engine that has died by itself; empty while it lives."""
        ...

    async def end_frozen(self, cause: str) -> None:
        """End a process that answers no more; `cause` is then its failure."""
        ...

    async def aclose(self) -> None:
        """End the process; safe to call twice."""
        ...


class StateFiles(Protocol):
    """Files of what an engine had read of conversations. All methods work on the disk, and none raises."""

    @property
    def folder(self) -> Path:
        """The folder that they are in."""
        ...

    def part_for(self, conversation: str, expected: int, /) -> str | None:
        """Return the name of the file that a state of about `expected` bytes may be written to; None: it may not."""
        ...

    def keep(self, conversation: str, model: Path, size: int, /) -> bool:
        """Keep the part that was written, which has so many bytes. Return False if that failed."""
        ...

    def is_kept(self, conversation: str, /) -> bool:
        """Return True if there is a state of a conversation, whether or not it can be used."""
        ...

    def usable(self, conversation: str, model: Path, /) -> str | None:
        """Return the name of the file from which this model can go on; None if there is none."""
        ...

    def conversations(self) -> Iterable[str]:
        """Return the ids of the conversations of which something is kept."""
        ...

    def erase(self, conversations: Iterable[str], /) -> None:
        """Erase what is kept of conversations."""
        ...

    def erase_part(self, conversation: str, /) -> None:
        """Erase what was written of a state that did not become whole; what was kept before stays."""
        ...

    def size(self) -> int:
        """Return the bytes of all that is kept."""
        ...

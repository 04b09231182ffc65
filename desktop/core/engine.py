"""The seam to the built-in engine: a program that serves one model file on loopback. Implemented in `engine/`."""

from __future__ import annotations

from collections.abc import Mapping
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

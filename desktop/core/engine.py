"""The seam to the built-in engine: a program that serves one model file on loopback. Implemented in `engine/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ENGINE_SWITCH = "--candor-engine"  # has the program's own executable be the engine; no person types it


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """Where a running engine listens (`http://127.0.0.1:port`) and the random key it wants."""

    base_url: str
    key: str


class Engine(Protocol):
    """One engine process at a time; all methods run on the loop thread."""

    async def ensure(self, model: Path) -> EngineAddress:
        """Have `model` loaded and answer where it listens; returns at once when it already is.

        Cancelling ends the load. Raises `EngineFailed` with the cause from the engine's log.
        """
        ...

    async def failure(self) -> str:
        """The last lines of the log of an engine that has died by itself; empty while it lives."""
        ...

    async def aclose(self) -> None:
        """End the process; safe to call twice."""
        ...

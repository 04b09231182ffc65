"""Stands where the engine stands when there is a server already: a real llama-server, or a scripted one."""

from __future__ import annotations

from pathlib import Path

from desktop.core.engine import EngineAddress


class RunningEngine:
    """Needs no start, and never fails by itself."""

    def __init__(self, url: str) -> None:
        self._address = EngineAddress(url, "")

    async def ensure(self, model: Path, window: int | None = None) -> EngineAddress:
        return self._address

    def would_load(self, model: Path, window: int | None = None) -> bool:
        return False

    async def failure(self) -> str:
        return ""

    async def end_frozen(self, cause: str) -> None:
        pass

    async def aclose(self) -> None:
        pass

"""Stands where the engine stands when there is a server already: a real llama-server, or a scripted one."""

from __future__ import annotations

from desktop.core.engine import EngineAddress


class RunningEngine:
    """Needs no start, and never fails by itself."""

    def __init__(self, url):
        self._address = EngineAddress(url, "")

    async def ensure(self, model, window=None):
        return self._address

    def would_load(self, model, window=None):
        return False

    async def failure(self):
        return ""

    async def end_frozen(self, cause):
        pass

    async def aclose(self):
        pass

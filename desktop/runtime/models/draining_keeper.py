"""A keeper of models that outlives its connection's last change for as long as something still runs through it.

Counts what runs and closes the connections after the last. Knows no protocol and makes no keeper.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from desktop.core.models.keeping import KeepingProgress, ModelKeeper


class DrainingKeeper:
    """A `core.models.keeping.ModelKeeper` that passes everything on to `keeper`."""

    def __init__(self, keeper: ModelKeeper) -> None:
        self._keeper = keeper
        self._uses = 0
        self._is_retired = False
        self.is_closed = False

    async def pull(self, name: str) -> AsyncGenerator[KeepingProgress, None]:
        async with self._use(), aclosing(self._keeper.pull(name)) as steps:
            async for step in steps:
                yield step

    async def import_file(
        self, name: str, file: Path, projector: Path | None = None
    ) -> AsyncGenerator[KeepingProgress, None]:
        async with self._use(), aclosing(self._keeper.import_file(name, file, projector)) as steps:
            async for step in steps:
                yield step

    async def version(self) -> str:
        async with self._use():
            return await self._keeper.version()

    async def unload(self, name: str) -> None:
        async with self._use():
            await self._keeper.unload(name)

    async def delete(self, name: str) -> None:
        async with self._use():
            await self._keeper.delete(name)

    async def retire(self) -> None:
        """Close now, or when what runs has ended: nothing new will be asked for."""
        self._is_retired = True
        await self._close_if_done()

    async def aclose(self) -> None:
        """Close now, whatever runs."""
        self.is_closed = True
        await self._keeper.aclose()

    @asynccontextmanager
    async def _use(self) -> AsyncIterator[None]:
        self._uses += 1
        try:
            yield
        finally:
            self._uses -= 1
            await self._close_if_done()

    async def _close_if_done(self) -> None:
        # Also once more after what was asked for before, but began after, the close: it opened a connection.
        if self._is_retired and not self._uses:
            await self.aclose()

"""A look at a server that has long said nothing: does anything still listen where it was?

Some servers that are shut down in the middle of a reply keep its connection open and never say another word. Nothing is
sent; a connection beside the silent one is opened, and closed again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable


class ServerStopped(Exception):
    """The end of waiting for a server at whose address nothing listens any more."""


class SilenceWatch:
    """A watch over what is awaited from one server."""

    def __init__(self, listens: Callable[[], Awaitable[bool]], pause: float) -> None:
        """Watch nothing yet. `listens` is asked after `pause` seconds of silence.

        A second time after a third of them, since a server may be starting again.
        """
        self._listens = listens
        self._pause = pause

    @contextlib.asynccontextmanager
    async def over(self) -> AsyncGenerator[None, None]:
        """Watch while the body waits for the server. Raises `ServerStopped`."""
        loop = asyncio.get_running_loop()
        waiting = asyncio.timeout(None)
        looking: list[asyncio.Task[None]] = []
        timer = loop.call_later(self._pause, lambda: looking.append(loop.create_task(self._look(waiting))))
        try:
            async with waiting:
                yield
        except TimeoutError:
            if waiting.expired():
                raise ServerStopped from None
            raise
        finally:
            timer.cancel()
            for task in looking:
                task.cancel()

    async def _look(self, waiting: asyncio.Timeout) -> None:
        refused = 0
        while refused < 2:
            if await self._listens():
                refused = 0
                await asyncio.sleep(self._pause)
            else:
                refused += 1
                await asyncio.sleep(self._pause / 3 if refused == 1 else 0)
        waiting.reschedule(asyncio.get_running_loop().time())

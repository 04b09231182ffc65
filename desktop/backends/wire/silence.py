"""A look at a server that has long said nothing: does anything still listen where it was?

Some servers that are shut down in the middle of a reply keep its connection open and never say another word. Nothing is
sent; a connection beside the silent one is opened, and closed again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class ServerStopped(Exception):
    """The end of waiting for a server at whose address nothing listens any more."""


class SilenceWatch:
    """A watch over what is awaited from one server, one thing after another."""

    def __init__(self, listens: Callable[[], Awaitable[bool]], pause: float) -> None:
        """`listens` is asked after `pause` seconds of silence, and once more soon: a server may be starting again."""
        self._listens = listens
        self._pause = pause

    async def over(self, awaited: Awaitable[T]) -> T:
        """Return what is awaited from the server. Raises `ServerStopped`."""
        waiting = asyncio.timeout(None)
        looking = asyncio.create_task(self._look(waiting))
        try:
            async with waiting:
                return await awaited
        except TimeoutError:
            if waiting.expired():
                raise ServerStopped from None
            raise
        finally:
            looking.cancel()

    async def _look(self, waiting: asyncio.Timeout) -> None:
        await asyncio.sleep(self._pause)
        refused = 0
        while refused < 2:
            refused = 0 if await self._listens() else refused + 1
            await asyncio.sleep(self._pause / 3 if refused else self._pause)
        waiting.reschedule(asyncio.get_running_loop().time())

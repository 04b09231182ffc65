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
        """Watch nothing yet. `listens` is asked after `pause` seconds of silence.

        A second time after a third of them, since a server may be starting again.
        """
        self._listens = listens
        self._pause = pause
        self._since = 0.0
        self._waiting: asyncio.Timeout | None = None
        self._looking: asyncio.Task[None] | None = None
        # One for all that is awaited: it asks how long that has been when it runs out, and is set for the rest.
        self._timer: asyncio.TimerHandle | None = None

    async def over(self, awaited: Awaitable[T]) -> T:
        """Return what is awaited from the server. Raises `ServerStopped`."""
        loop = asyncio.get_running_loop()
        self._since = loop.time()
        self._waiting = waiting = asyncio.timeout(None)
        if self._timer is None:
            self._timer = loop.call_later(self._pause, self._look_if_silent)
        try:
            async with waiting:
                return await awaited
        except TimeoutError:
            if waiting.expired():
                raise ServerStopped from None
            raise
        finally:
            self._waiting = None
            if self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def close(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look_if_silent(self) -> None:
        self._timer = None
        if self._waiting is None:
            return  # whatever is awaited next sets it again
        loop = asyncio.get_running_loop()
        rest = self._since + self._pause - loop.time()
        if rest > 0:
            self._timer = loop.call_later(rest, self._look_if_silent)
        else:
            self._looking = loop.create_task(self._look(self._waiting))

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

"""The built-in engine's memory beyond its end: what it has read of a conversation is put away and brought back.

It tells the engine, by its own routes, to write its state to a file or to read one; which files those are is the
business of `core.engine.StateFiles`. Nothing here ever fails an answer: without a state, the text is read again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from desktop.backends.wire.http import HttpClient
from desktop.core.engine import EngineAddress, StateFiles
from desktop.core.errors import BackendError, EngineFailed

_log = logging.getLogger(__name__)

_ROUTE: Final = "/slots/0?action="
_TO_WRITE: Final = 2.0  # seconds; the program may be closing, and 130 MB take a tenth of one
_TO_WRITE_IN_PEACE: Final = 60.0
# What is written, read once more for its checksum, and on the disk within that time, also on a slow one.
_QUICKLY_WRITTEN: Final = 192 << 20
_TO_READ: Final = 10.0
_WORTH_KEEPING: Final = 128  # tokens; fewer are read anew in a moment
_GROWN: Final = 1.25  # times as long as it was when it was kept; less is read again sooner than all is written


class EngineStates:
    """The memory of an engine beyond its end: put away, and brought back. Runs on the loop thread."""

    def __init__(
        self,
        files: StateFiles,
        open_client: Callable[[EngineAddress], HttpClient],
        size_of: Callable[[Path, int], int],
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Keep the dependencies.

        `size_of` returns the bytes that a number of tokens takes with a model file; where nothing `is_wanted`, nothing
        is kept or brought back.
        """
        self._is_wanted = is_wanted
        self._files = files
        self._open_client = open_client
        self._size_of = size_of
        self._kept: tuple[Path, str, int] | None = None  # what was put away last, and how many tokens of it
        self._interrupted: set[str] = set()  # conversations of which the engine may still be writing a part

    async def put_away(
        self, address: EngineAddress, model: Path, conversation: str, tokens: int, *, in_peace: bool = False
    ) -> bool:
        """Keep what the engine has read, `tokens` of a conversation. Return False if nothing was kept.

        Only where that is done in a moment, since somebody waits for it; `in_peace`: only where it is not, and where
        much came since it was kept last.
        """
        if tokens < _WORTH_KEEPING or not self._is_wanted():
            return False
        began = time.monotonic()
        try:
            expected = await asyncio.to_thread(self._size_of, model, tokens)
        except (EngineFailed, OSError):  # its file is gone, and with it what it could be told to
            return False
        if (expected > _QUICKLY_WRITTEN) is not in_peace:
            return False
        if in_peace and await self._is_nearly_kept(model, conversation, tokens):
            return False
        await self.tidy()
        name = await asyncio.to_thread(self._files.part_for, conversation, expected)
        if name is None:
            return False
        try:
            answer = await self._order(address, "save", name, _TO_WRITE_IN_PEACE if in_peace else _TO_WRITE)
        except asyncio.CancelledError:
            self._interrupted.add(conversation)
            await asyncio.to_thread(self._files.erase_part, conversation)
            raise
        size = answer.get("n_written") if answer is not None else None
        if not isinstance(size, int):
            self._interrupted.add(conversation)
            await asyncio.to_thread(self._files.erase, [conversation])
            return False
        is_kept = await asyncio.to_thread(self._files.keep, conversation, model, size)
        self._kept = (model, conversation, tokens) if is_kept else None
        _log.info("what the engine read was put away in %d ms", (time.monotonic() - began) * 1000)
        return is_kept

    async def usable(self, model: Path, conversation: str) -> str | None:
        """Return the name of what is kept of a conversation, once it has been found to be whole; None for nothing."""
        return await asyncio.to_thread(self._files.usable, conversation, model) if self._is_wanted() else None

    async def bring_back(self, address: EngineAddress, conversation: str, name: str) -> int:
        """Return the number of tokens of a conversation that an engine which was just loaded has again; mostly 0."""
        answer = await self._order(address, "restore", name, _TO_READ)
        tokens = answer.get("n_restored") if answer is not None else None
        if not isinstance(tokens, int):
            await asyncio.to_thread(self._files.erase, [conversation])
            return 0
        return tokens

    async def tidy(self) -> None:
        """Erase the parts whose writing was interrupted. Once the engine has done something else, it writes no more."""
        while self._interrupted:
            await asyncio.to_thread(self._files.erase_part, self._interrupted.pop())

    @property
    def are_wanted(self) -> bool:
        """True where the engine may keep what it has read, and can so be told to forget it."""
        return self._is_wanted()

    async def forget(self, address: EngineAddress) -> None:
        """Have the engine forget what it has in front of it."""
        await self._order(address, "erase", "", _TO_READ)  # it ends what it is reading first

    async def _is_nearly_kept(self, model: Path, conversation: str, tokens: int) -> bool:
        """Return True if a state of this conversation is on the disk that has nearly as much of it."""
        if self._kept is None or self._kept[:2] != (model, conversation) or tokens >= self._kept[2] * _GROWN:
            return False
        return await asyncio.to_thread(self._files.is_kept, conversation)

    async def _order(self, address: EngineAddress, action: str, name: str, limit: float) -> dict[str, Any] | None:
        client = self._open_client(address)
        try:
            answer = await client.json("POST", _ROUTE + action, {"filename": name}, limit=limit)
        except BackendError as error:
            _log.warning("the engine could not %s what it has read: %s", action, error.detail or error.reason)
            return None
        finally:
            await client.aclose()
        return answer if isinstance(answer, dict) else None

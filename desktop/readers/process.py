"""The parent's side of the readers: starts a process for a file, watches it, and ends it.

Implements the seams of `core/documents/reading.py`. It runs on the loop thread and never touches the file itself, which
may be on a disk that hangs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from desktop.core import processes
from desktop.core.documents.document import Remark, Section
from desktop.core.documents.reading import READER_SWITCH, Opened, PagePicture, ReadingEvent, WordsOnPage
from desktop.readers.running import Limits, running
from desktop.readers.wire import Done, Drawing, ReadingOrder

_AT_ONCE = 2  # files; each may take as much memory as the limit


class ReaderProcess:
    """Reader of files, each in a process of its own, at most two at once; others wait for their turn."""

    def __init__(self, limits: Limits | None = None, program: Sequence[str] | None = None) -> None:
        """Prepare for reading; `program` is the command line of a reader, the program's own by default."""
        self._limits = limits or Limits()
        self._program = program
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def read(
        self, path: Path, name: str, *, password: str = "", encoding: str = ""
    ) -> AsyncGenerator[ReadingEvent, None]:
        """Yield `Opened`, then the sections in order as they are read, and remarks.

        `name` is the file's own, whose ending helps where the content does not tell. `encoding` overrides the one
        recognised. Cancelling ends the process. Raises `ReadingError`.
        """
        order = ReadingOrder(str(path.absolute()), name, password, encoding)
        async with aclosing(self._events(order)) as events:
            async for event in events:
                if isinstance(event, Opened | Section | Remark):
                    yield event

    async def draw_pages(
        self,
        path: Path,
        numbers: Sequence[int],
        *,
        dpi: int = 0,
        width: int = 0,
        password: str = "",
        sought: WordsOnPage | None = None,
    ) -> AsyncGenerator[PagePicture, None]:
        """Yield a picture of each of these pages of a PDF file; see `PageDrawer`. Raises `ReadingError`."""
        drawing = Drawing(tuple(numbers), dpi, width, sought)
        order = ReadingOrder(str(path.absolute()), path.name, password, drawing=drawing)
        async with aclosing(self._events(order)) as events:
            async for event in events:
                if isinstance(event, PagePicture):
                    yield event

    async def _events(self, order: ReadingOrder) -> AsyncGenerator[Any, None]:
        program = self._program or processes.command(READER_SWITCH, "desktop.readers")
        async with self._turns, running(program, self._limits) as process:
            await process.write(order)
            async with aclosing(process.answers(Opened, Section, Remark, PagePicture, Done)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        return
                    yield event

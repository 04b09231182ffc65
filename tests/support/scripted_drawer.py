"""A drawer of pages for tests: it gives the pictures that the test gave it, or whatever fault is wanted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from desktop.core.documents.reading import PagePicture, ReadingError, ReadingProblem, WordsOnPage


@dataclass
class ScriptedDrawer:
    """A `PageDrawer`. `gate` holds it before the first page, until the test lets it go on."""

    pictures: list[PagePicture] = field(default_factory=list)  # that are drawn, whatever is asked for
    failure: ReadingProblem | None = None
    gate: asyncio.Event | None = None
    asked: list[tuple[tuple[int, ...], int, WordsOnPage | None]] = field(default_factory=list)  # pages, width, words
    ended: list[str] = field(default_factory=list)  # names of files whose drawing was given up or came to its end

    async def draw_pages(self, path, numbers, *, dpi=0, width=0, password="", sought=None):
        self.asked.append((tuple(numbers), width, sought))
        try:
            if self.gate is not None:
                await self.gate.wait()
            if self.failure is not None:
                raise ReadingError(self.failure)
            for picture in self.pictures:
                yield picture
        finally:
            self.ended.append(path.name)

"""A reader of files for tests: of texts whose pages are parted by form feeds, or with whatever fault is wanted.

It reads the file that is there. `gate` holds it after the first page, until the test lets it go on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from desktop.core.documents.document import (
    Block,
    Opened,
    PagePicture,
    ReadingError,
    ReadingProblem,
    Run,
    Section,
    SectionKind,
    WordsOnPage,
)
from tests.support.every_backend import png


@dataclass
class ScriptedReader:
    """A `DocumentReader`. `password`: what opens the files; None: none is needed."""

    password: str | None = None
    failure: ReadingProblem | None = None
    gate: asyncio.Event | None = None
    media_type: str = "text/plain"
    drawn: list[tuple[str, int]] = field(default_factory=list)  # password and number of each page drawn as a picture
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # name, password, encoding
    ended: list[str] = field(default_factory=list)  # names of files whose reading was given up or came to its end

    async def read(self, path, name, *, password="", encoding=""):
        self.asked.append((name, password, encoding))
        try:
            if self.failure is not None:
                raise ReadingError(self.failure)
            if self.password is not None and password != self.password:
                problem = ReadingProblem.WRONG_PASSWORD if password else ReadingProblem.NEEDS_PASSWORD
                raise ReadingError(problem)
            pages = path.read_bytes().decode(encoding or "utf-8").split("\f")
            yield Opened(self.media_type, len(pages), encoding or "utf-8")
            for number, page in enumerate(pages, start=1):
                blocks = tuple(Block((Run(words),), str(at)) for at, words in enumerate(page.split("\n\n"), start=1))
                yield Section(SectionKind.PAGE, number, blocks=blocks)
                if self.gate is not None:
                    await self.gate.wait()
        finally:
            self.ended.append(name)

    async def draw_pages(self, path, numbers, *, dpi=0, width=0, password="", sought=None):
        """Draw pages, each as wide as its number says."""
        for number in numbers:
            if self.failure is not None:
                raise ReadingError(self.failure)
            self.drawn.append((password, number))
            yield PagePicture(number, png(10 * number, 14))
            if self.gate is not None:
                await self.gate.wait()


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

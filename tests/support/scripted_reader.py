"""A reader of files for tests: of texts whose pages are parted by form feeds, or with whatever fault is wanted.

It reads the file that is there. `gate` holds it after the first page, until the test lets it go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.documents.document import Block, Run, Section, SectionKind
from desktop.core.documents.reading import Opened, ReadingError, ReadingEvent, ReadingProblem


@dataclass
class ScriptedReader:
    """A `DocumentReader`. `password`: what opens the files; None: none is needed."""

    password: str | None = None
    failure: ReadingProblem | None = None
    gate: asyncio.Event | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # name, password, encoding
    ended: list[str] = field(default_factory=list)  # names of files whose reading was given up or came to its end

    async def read(
        self, path: Path, name: str, *, password: str = "", encoding: str = ""
    ) -> AsyncIterator[ReadingEvent]:
        self.asked.append((name, password, encoding))
        try:
            if self.failure is not None:
                raise ReadingError(self.failure)
            if self.password is not None and password != self.password:
                problem = ReadingProblem.WRONG_PASSWORD if password else ReadingProblem.NEEDS_PASSWORD
                raise ReadingError(problem)
            pages = path.read_bytes().decode(encoding or "utf-8").split("\f")
            yield Opened("text/plain", len(pages), encoding or "utf-8")
            for number, page in enumerate(pages, start=1):
                blocks = tuple(Block((Run(words),), str(at)) for at, words in enumerate(page.split("\n\n"), start=1))
                yield Section(SectionKind.PAGE, number, blocks=blocks)
                if self.gate is not None:
                    await self.gate.wait()
        finally:
            self.ended.append(name)

"""Plain text, and code: as it stands, in blocks that blank lines divide; a block's place is the number of its line."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.documents.document import Block, Section, SectionKind
from desktop.core.documents.reading import Opened, ReadingEvent
from desktop.readers.source import Source
from desktop.readers.text.lines import blocks_of, decoded, remarks


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a file as one section. Raises `ReadingError`."""
    told = decoded(source)
    yield Opened("text/plain", 1, told.encoding)
    yield from remarks(told)
    yield Section(SectionKind.WHOLE, 1, blocks=tuple(_paragraphs(told.text.split("\n"))))


def _paragraphs(lines: list[str]) -> Iterator[Block]:
    begun: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            begun.append(line)
        elif begun:
            yield from blocks_of(begun, number - len(begun))
            begun = []

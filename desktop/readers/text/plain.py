"""Plain text, and code: as it stands, in blocks that blank lines divide; a block's place is the number of its line.

The lines, and the remarks on how their letters were read, serve all kinds of texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from desktop.core.documents.document import Block, Remark, RemarkKind, Run, Section, SectionKind
from desktop.core.documents.reading import Opened, ReadingEvent
from desktop.readers.source import Source
from desktop.readers.text.encoding import Decoded, decode

_MOST_LETTERS = 1 << 18  # of a block


def decoded(source: Source) -> Decoded:
    """Return the letters of a file, with one kind of line end."""
    told = decode(source.content(), source.encoding)
    text = told.text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, told.encoding, told.is_guess, told.broken)


def remarks(told: Decoded) -> Iterator[Remark]:
    """Yield what is to be said of how letters were read."""
    if told.is_guess:
        yield Remark(RemarkKind.ENCODING, detail=told.encoding)
    if told.broken:
        yield Remark(RemarkKind.DAMAGED, told.broken, told.encoding)


def blocks_of(lines: list[str], first: int, level: int = 0) -> Iterator[Block]:
    """Yield lines as one block, the place of which is the number of the first; more if they are very long."""
    waiting: list[str] = []
    start, letters = first, 0
    for number, line in enumerate(lines, first):
        for piece in _pieces(line):
            if waiting and letters + len(piece) > _MOST_LETTERS:
                yield Block((Run("\n".join(waiting)),), str(start), level)
                waiting, start, letters = [], number, 0
            waiting.append(piece)
            letters += len(piece) + 1
    if waiting:
        yield Block((Run("\n".join(waiting)),), str(start), level)


def _pieces(line: str) -> Iterator[str]:
    """Yield a line in pieces, of which almost always there is one; they end between words where there are some."""
    while len(line) > _MOST_LETTERS:
        end = line.rfind(" ", _MOST_LETTERS // 2, _MOST_LETTERS) + 1 or _MOST_LETTERS
        yield line[:end]
        line = line[end:]
    yield line


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

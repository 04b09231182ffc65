"""Blocks and sections while a reader collects them: runs that join, rows of tables, chapters.

For formats that tell no pages. Letters that no text has, such as zero bytes and halves of a surrogate pair, end here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from desktop.core.documents.document import Aside, Block, Remark, RemarkKind, Run, Section, SectionKind

ROWS_OF_A_BLOCK = 200  # rows of a table that are one block: a piece that can be chosen and found

_LETTERS_QUOTED = 80  # of the words that a comment is about
_LAST_LEVEL_OF_CHAPTERS = 2  # headings further down don't begin a section
_NO_LETTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")

Cell = Sequence[Run]


def clean(text: str) -> str:
    """Return the text without what are no letters; line ends as \\n."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NO_LETTERS.sub("", text)


class Runs:
    """Words of a block while they are collected. Neighbours of one kind become one run."""

    def __init__(self, text: str = "") -> None:
        self._runs: list[tuple[list[str], Aside | None, str]] = []
        self.append(text)

    def append(self, text: str, aside: Aside | None = None, by: str = "") -> None:
        """Append words."""
        if not (text := clean(text)):
            return
        if self._runs and self._runs[-1][1:] == (aside, by):
            self._runs[-1][0].append(text)
        else:
            self._runs.append(([text], aside, by))

    def extend(self, runs: Iterable[Run]) -> None:
        """Append runs."""
        for run in runs:
            self.append(run.text, run.aside, run.by)

    @property
    def has_words(self) -> bool:
        """True if there is more than space."""
        return any(text.strip() for texts, _, _ in self._runs for text in texts)

    @property
    def last_letter(self) -> str:
        """The letter that was appended last; empty if there is none."""
        return self._runs[-1][0][-1][-1] if self._runs else ""

    @property
    def is_short(self) -> bool:
        """True for a piece or two."""
        return len(self._runs) == 1 and len(self._runs[0][0]) <= 2

    @property
    def text(self) -> str:
        """All of the words."""
        return "".join("".join(texts) for texts, _, _ in self._runs)

    def runs(self) -> tuple[Run, ...]:
        """Return the runs, without space around them; none if there are no words."""
        if not self.has_words:
            return ()
        found = [Run("".join(texts), aside, by) for texts, aside, by in self._runs]
        while not found[0].text.strip():
            del found[0]
        while not found[-1].text.strip():
            del found[-1]
        # A line may begin with spaces that mean something, such as those of a list.
        found[0] = Run(found[0].text.lstrip("\n"), found[0].aside, found[0].by)
        found[-1] = Run(found[-1].text.rstrip(), found[-1].aside, found[-1].by)
        return tuple(found)

    def aside(self, aside: Aside, by: str = "") -> tuple[Run, ...]:
        """Return all of the words as one run that stands beside the text; none if there are no words."""
        text = self.text.strip()
        return (Run(text, aside, by),) if text else ()


def comment(text: str, about: str, by: str, place: str) -> Block:
    """Return a comment behind the words that it is about, which are shortened if there are many."""
    words = " ".join(about.split())
    if len(words) > _LETTERS_QUOTED:
        words = f"{words[: _LETTERS_QUOTED - 1].rstrip()}…"
    return Block((Run(f"“{words}”: {text}" if words else text, Aside.COMMENT, by),), place)


def row_runs(cells: Iterable[Cell]) -> list[Run]:
    """Return a row of a table as `table_row` writes it, for cells that have words beside the text."""
    runs = Runs("|")
    for cell in cells:
        runs.append(" ")
        last = len(cell) - 1
        for index, run in enumerate(cell):
            text = _SPACE.sub(" ", run.text.replace("\\", "\\\\").replace("|", "\\|"))
            if index == 0:
                text = text.lstrip()
            runs.append(text.rstrip() if index == last else text, run.aside, run.by)
        runs.append(" |")
    return list(runs.runs())


def table_blocks(rows: Iterable[Sequence[Cell]], place: str) -> Iterator[Block]:
    """Yield a table in blocks of some rows each, whose places are the table's with their first row and column.

    Rows are filled up to the width of the widest, so that a column has one index in all of them.
    """
    kept = [list(row) for row in rows]
    width = max((len(row) for row in kept), default=0)
    for first in range(0, len(kept), ROWS_OF_A_BLOCK):
        runs = Runs()
        for row in kept[first : first + ROWS_OF_A_BLOCK]:
            if runs.text:
                runs.append("\n")
            runs.extend(row_runs([*row, *[()] * (width - len(row))]))
        if any(cell for row in kept[first : first + ROWS_OF_A_BLOCK] for cell in row):
            yield Block(runs.runs(), f"{place}:{first + 1}:1", is_table=True)


def chapters(blocks: Iterable[Block]) -> Iterator[Section]:
    """Yield the sections of a text that tells no pages: from heading to heading of the first two levels.

    All of it is one if there are not several.
    """
    waiting: list[tuple[str, list[Block]]] = [("", [])]  # until it is known that there are several
    number = headings = 0
    for block in (each for each in blocks if each.runs):
        title, begun = waiting[-1]
        if 1 <= block.level <= _LAST_LEVEL_OF_CHAPTERS:
            # A heading right below another one does not leave that one alone, nor the header of a page above it.
            if any(not each.level and each.runs[0].aside is not Aside.HEADER for each in begun):
                title, begun = "", []
                waiting.append((title, begun))
            if not title:
                waiting[-1] = title_of(block), begun
                headings += 1
            while headings > 1 and len(waiting) > 1:
                number += 1
                ended = waiting.pop(0)
                yield Section(SectionKind.CHAPTER, number, ended[0], tuple(ended[1]))
        begun.append(block)
    if headings > 1:
        yield Section(SectionKind.CHAPTER, number + 1, waiting[-1][0], tuple(waiting[-1][1]))
    elif whole := [block for _, begun in waiting for block in begun]:
        yield Section(SectionKind.WHOLE, 1, "", tuple(whole))


def accepted(blocks: Iterable[Block]) -> str:
    """Return blocks as plain text, a line each, as it is with all changes accepted."""
    lines = ("".join(run.text for run in block.runs if run.aside is not Aside.DELETED).strip() for block in blocks)
    return "\n".join(filter(None, lines))


def margins(texts: Iterable[str], place: str) -> Iterator[Block]:
    """Yield each header or footer once; a number of a page alone is none."""
    for text in dict.fromkeys(texts):
        if any(letter.isalpha() for letter in text):
            yield Block((Run(text, Aside.HEADER),), place)


def left_out(pictures: int, files: int = 0) -> Iterator[Remark]:
    """Yield what is said of pictures and files inside, which are not read."""
    if pictures:
        yield Remark(RemarkKind.PICTURES, pictures)
    if files:
        yield Remark(RemarkKind.FILES_INSIDE, files)


def title_of(block: Block) -> str:
    """Return a heading as the title of its section: the words themselves, on one line."""
    words = "".join(run.text for run in block.runs if run.aside in {None, Aside.INSERTED})
    return " ".join(words.split())

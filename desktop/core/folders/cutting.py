"""The passages of a file: some paragraphs or rows that stand together, each with what it stands under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from desktop.core.documents.document import Block, Run, Section
from desktop.core.text.scripts import count_han

_LETTERS, _HAN_LETTERS = 700, 300  # of a passage
_MORE_IN_A_SIGN = _LETTERS / _HAN_LETTERS - 1
_PIECE = re.compile(r"[^\n]*\n|[^\n.!?。！？]*[.!?。！？]+\s*|[^\n]+$")


@dataclass(frozen=True, slots=True)
class Piece:
    """Passage as it is kept: the blocks of it alone in `section`, and in `above` those that it stands under.

    These are its heading and the first row of its table.
    """

    section: Section
    above: tuple[Block, ...] = ()

    @property
    def whole(self) -> Section:
        """The section with all of these blocks."""
        return replace(self.section, blocks=(*self.above, *self.section.blocks))


def pieces_of(sections: Iterable[Section]) -> Iterator[Piece]:
    """Yield the passages of a file in order; together they have each of its blocks once."""
    for section in sections:
        yield from _pieces_of_section(section)


def merged(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return sections in order, each once, with the blocks of all of its pieces."""
    blocks: dict[int, list[Block]] = {}
    by_number: dict[int, Section] = {}
    for section in sections:
        by_number.setdefault(section.number, section)
        blocks.setdefault(section.number, []).extend(section.blocks)
    return tuple(replace(by_number[number], blocks=tuple(blocks[number])) for number in sorted(by_number))


def length_of(text: str) -> float:
    """Return how long a text is to a reader, in English letters."""
    return len(text) + _MORE_IN_A_SIGN * count_han(text)


def _pieces_of_section(section: Section) -> Iterator[Piece]:
    heading: Block | None = None
    head_row: Block | None = None
    above: tuple[Block, ...] = ()
    taken: list[Block] = []
    length = 0.0

    def piece() -> Piece:
        return Piece(replace(section, blocks=tuple(taken)), above)

    for block in section.blocks:
        head_row = head_row if block.is_table else None
        for part in _parts_of(block):
            long = length_of(part.text)
            if taken and (length + long > _LETTERS or part.level):
                yield piece()
                taken, length = [], 0.0
            if not taken:
                above = tuple(each for each in (heading, head_row) if each is not None and each != part)
            taken.append(part)
            length += long
            if part.level:
                heading, above = part, ()
            if part.is_table and head_row is None:
                head_row = _first_row(part)
    if taken:
        yield piece()


def _first_row(block: Block) -> Block:
    return replace(block, runs=(Run(block.text.split("\n", 1)[0]),))


def _parts_of(block: Block) -> Sequence[Block]:
    """Return a block in parts that are no longer than a passage, as far as it has lines or sentences."""
    if length_of(block.text) <= _LETTERS or len(block.runs) > 1:
        return (block,)
    parts: list[Block] = []
    text, row = "", int(block.place) if block.is_table and block.place.isdecimal() else None
    for found in _PIECE.finditer(block.text) if not block.is_table else re.finditer(r"[^\n]*\n|[^\n]+$", block.text):
        if text and length_of(text) + length_of(found[0]) > _LETTERS:
            parts.append(_part(block, text, row))
            row = row + text.count("\n") if row is not None else None
            text = ""
        text += found[0]
    return [*parts, _part(block, text, row)] if text else parts


def _part(block: Block, text: str, row: int | None) -> Block:
    run = replace(block.runs[0], text=text.rstrip("\n"))
    return replace(block, runs=(run,), place=block.place if row is None else str(row))

"""Markdown: as it stands, in blocks, with the level of headings and its tables as tables; a block's place is its line.

A long text with several headings is divided into chapters by the highest of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from desktop.core.documents.document import Block, Opened, ReadingEvent, Section, SectionKind, row_cells, table_row
from desktop.core.text.markdown import Fence, fence_of
from desktop.readers.source import Source
from desktop.readers.text.plain import blocks_of, decoded, remarks

_LONG = 20_000  # letters from which on chapters help, about five pages
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the text of a file as one section, or its chapters. Raises `ReadingError`."""
    told = decoded(source)
    blocks = list(_blocks(told.text.split("\n")))
    level = _level_of_chapters(blocks) if len(told.text) >= _LONG else 0
    sections = list(_chapters(blocks, level)) if level else [Section(SectionKind.WHOLE, 1, blocks=tuple(blocks))]
    yield Opened("text/markdown", len(sections), told.encoding)
    yield from remarks(told)
    yield from sections


def _level_of_chapters(blocks: list[Block]) -> int:
    """Return the highest level of which there are several headings, with those above it; 0 if there is none."""
    for level in range(1, 7):
        if sum(0 < block.level <= level for block in blocks) > 1:
            return level
    return 0


def _chapters(blocks: list[Block], level: int) -> Iterator[Section]:
    begun: list[Block] = []
    number = 0
    for block in [*blocks, None]:
        is_start = block is None or 0 < block.level <= level
        if is_start and begun:
            number += 1
            title = _words_of_heading(begun[0].text) if begun[0].level else ""
            yield Section(SectionKind.CHAPTER, number, title, tuple(begun))
            begun = []
        if block is not None:
            begun.append(block)


def _words_of_heading(text: str) -> str:
    found = _HEADING.match(text)
    return (found[2] or "").strip() if found else text.split("\n")[0].strip()


def _blocks(lines: list[str]) -> Iterator[Block]:
    begun: list[str] = []
    opened: Fence | None = None
    for number, line in enumerate([*lines, ""], 1):
        fence = fence_of(line)
        if opened is not None:
            begun.append(line)
            if fence and fence.run.startswith(opened.run) and not fence.info:
                opened = None
                yield from blocks_of(begun, number - len(begun) + 1)
                begun = []
        elif fence:
            yield from _finished(begun, number - len(begun))
            begun, opened = [line], fence
        elif heading := _HEADING.match(line):
            yield from _finished(begun, number - len(begun))
            yield from blocks_of([line], number, len(heading[1]))
            begun = []
        elif len(begun) == 1 and begun[0].strip() and (under := _UNDERLINE.match(line)) and "|" not in begun[0]:
            yield from blocks_of([*begun, line], number - 1, 1 if under[1].startswith("=") else 2)
            begun = []
        elif line.strip():
            begun.append(line)
        else:
            yield from _finished(begun, number - len(begun))
            begun = []
    yield from blocks_of(begun[:-1], len(lines) - len(begun) + 2)  # code that nothing closes, without our own last line


def _finished(lines: list[str], first: int) -> Iterator[Block]:
    """Yield lines between which there is no blank one: a paragraph, or a table."""
    if len(lines) > 1 and "|" in lines[0] and _TABLE_RULE.match(lines[1]):
        end = next((number for number, line in enumerate(lines) if "|" not in line and number > 1), len(lines))
        rows = [table_row(row_cells(line.strip())) for line in [lines[0], *lines[2:end]]]
        yield from (replace(block, is_table=True) for block in blocks_of(rows, first))
        yield from blocks_of(lines[end:], first + end)
    else:
        yield from blocks_of(lines, first)

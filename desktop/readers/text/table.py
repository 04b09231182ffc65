"""Tables in plain text: rows whose cells a comma, a semicolon, a tab or a bar divides, as spreadsheets write them.

A block holds some rows, and its place is the number of the first. What turns out to be no table is read as plain text.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from desktop.core.bounds import TABLE_ROWS
from desktop.core.documents.document import (
    Block,
    Opened,
    ReadingEvent,
    Remark,
    RemarkKind,
    Run,
    Section,
    SectionKind,
    table_row,
)
from desktop.readers.source import Source
from desktop.readers.text.plain import blocks_of, decoded, remarks

ROWS_OF_A_BLOCK = 20
_DIVIDERS = ",;\t|"
_LOOKED_AT = 200  # lines that tell the divider
_ALIKE = 0.6  # of the rows have as many cells as most
_MEDIA_TYPES = {".tsv": "text/tab-separated-values", ".tab": "text/tab-separated-values"}
_LONGEST_CELL = 1 << 25  # letters

Row = tuple[int, list[str]]  # its number, and its cells


def read(source: Source) -> Iterator[ReadingEvent]:
    """Yield the rows of a file as one section. Raises `ReadingError`."""
    told = decoded(source)
    yield Opened(_MEDIA_TYPES.get(source.ending, "text/csv"), 1, told.encoding)
    yield from remarks(told)
    lines = told.text.split("\n")
    while lines and not lines[-1]:
        lines.pop()
    skipped, divider = _divider(lines)
    if not divider:
        yield Section(SectionKind.WHOLE, 1, blocks=tuple(blocks_of(lines, 1)))
        return
    rows = list(islice(_rows(lines[skipped:], divider), TABLE_ROWS + 1))
    yield Section(SectionKind.WHOLE, 1, blocks=tuple(_blocks(rows[:TABLE_ROWS])))
    if len(rows) > TABLE_ROWS:
        yield Remark(RemarkKind.ROWS_LEFT_OUT, max(1, len(lines) - rows[-2][0]))


def _divider(lines: list[str]) -> tuple[int, str]:
    """Return how many lines come before the table, and what divides its cells; empty for no table."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == len("sep=") + 1:  # spreadsheets write it
        return 1, lines[0][-1]
    best, found = 0.0, ""
    for divider in _DIVIDERS:
        try:
            counts = Counter(len(cells) for _, cells in _rows(lines[:_LOOKED_AT], divider))
        except csv.Error:
            continue
        if not counts:
            continue
        cells, rows = max(counts.items(), key=lambda each: (each[0] > 1, each[1], each[0]))
        alike = rows / counts.total()
        if cells > 1 and alike >= _ALIKE and alike > best:
            best, found = alike, divider
    return 0, found


def _rows(lines: list[str], divider: str) -> Iterator[Row]:
    """Yield the rows that have a word, with their numbers as a spreadsheet would count them."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=divider, skipinitialspace=True)
    for number, cells in enumerate(reader, 1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _blocks(rows: list[Row]) -> Iterator[Block]:
    for start in range(0, len(rows), ROWS_OF_A_BLOCK):
        some = rows[start : start + ROWS_OF_A_BLOCK]
        yield Block((Run("\n".join(table_row(cells) for _, cells in some)),), str(some[0][0]), is_table=True)

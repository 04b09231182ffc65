"""Rows of a sheet as blocks: each with the row that it begins in, in columns that keep their letters.

Shared by the readers of spreadsheets. A row is told from column A on, so that its second cell is column B; what stands
far to the right is told with its address instead of the empty cells before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from desktop.core.bounds import SHEET_CELLS, SHEET_LETTERS
from desktop.core.documents.document import Aside, Block, Remark, RemarkKind, Run
from desktop.readers.text.blocks import ROWS_OF_A_BLOCK, Runs

_WIDEST_GAP = 64  # empty cells that are told as such
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class CellComment:
    """Comment on a cell."""

    text: str
    by: str = ""


@dataclass(slots=True)
class Book:
    """Workbook that is read: the cells and letters that may still be read of it, and what was not, by sheet."""

    cells: int = SHEET_CELLS
    letters: int = SHEET_LETTERS
    left_out: list[str] = field(default_factory=list)
    rows_left_out: int = 0
    damaged: list[str] = field(default_factory=list)
    not_calculated: int = 0
    pictures: int = 0

    @property
    def is_full(self) -> bool:
        """True if no further row is to be read."""
        return self.cells <= 0 or self.letters <= 0

    def leave_out(self, sheet: str, rows: int = 0) -> None:
        """Note that rows of a sheet are not read; 0 for an unknown number."""
        self.left_out += [sheet] if sheet not in self.left_out else []
        self.rows_left_out += rows

    def remarks(self) -> Iterator[Remark]:
        """Yield what was not read."""
        if self.damaged:
            yield Remark(RemarkKind.DAMAGED, len(self.damaged), ", ".join(self.damaged))
        if self.left_out:
            yield Remark(RemarkKind.ROWS_LEFT_OUT, self.rows_left_out, ", ".join(self.left_out))
        if self.not_calculated:
            yield Remark(RemarkKind.NOT_CALCULATED, self.not_calculated)
        if self.pictures:
            yield Remark(RemarkKind.PICTURES, self.pictures)


@dataclass(slots=True)
class Grid:
    """Sheet that is filled row by row. `comments` by (row, column); columns are counted from 0, rows from 1."""

    book: Book
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    comments: dict[tuple[int, int], list[CellComment]] = field(default_factory=dict)
    _blocks: list[Block] = field(default_factory=list)
    _runs: Runs = field(default_factory=Runs)
    _first: int = 0
    _last: int = 0
    _columns: dict[int, bool] = field(default_factory=dict)

    def append_row(self, number: int, cells: Sequence[tuple[int, str]], *, is_hidden: bool = False) -> None:
        """Append a row of (column, text as `as_cell` returns it) in the order of the columns, without empty ones."""
        if not cells:
            return
        if not self._first or number != self._last + 1 or number >= self._first + ROWS_OF_A_BLOCK:
            self._end_block()
            self._first = number
        self._last = number
        self.book.cells -= len(cells)
        if self._runs.last_letter:
            self._runs.append("\n")
        written = _with_gaps(number, cells)
        if is_hidden:
            line = " | ".join(text for _, text in written)
            self._runs.append("| ")
            self._runs.append(line, Aside.HIDDEN)
            self._runs.append(" |")
        elif self.comments or self.hidden_columns:
            self._append_marked(number, written)
            line = ""
        else:
            line = " | ".join(text for _, text in written)
            self._runs.append(f"| {line} |")
        self.book.letters -= len(line)

    def blocks(self, beside: Iterable[Block] = ()) -> tuple[Block, ...]:
        """Return the blocks of the rows, those `beside` them, and the comments on cells without words."""
        self._end_block()
        comments = [
            Block((Run(f"{address(row, column)}: {comment.text}", Aside.COMMENT, comment.by),), str(row))
            for (row, column), each in sorted(self.comments.items())
            for comment in each
        ]
        return (*self._blocks, *beside, *comments)

    def _append_marked(self, number: int, cells: Sequence[tuple[int, str]]) -> None:
        """Append a row of which some cells are hidden or have comments."""
        self._runs.append("|")
        for column, text in cells:
            self._runs.append(" ")
            self._runs.append(text, Aside.HIDDEN if text and self._is_hidden(column) else None)
            self.book.letters -= len(text)
            for comment in self.comments.pop((number, column), ()) if text else ():
                self._runs.append(" ")
                self._runs.append(as_cell(comment.text), Aside.COMMENT, comment.by)
            self._runs.append(" |")

    def _is_hidden(self, column: int) -> bool:
        if column not in self._columns:
            self._columns[column] = any(first <= column <= last for first, last in self.hidden_columns)
        return self._columns[column]

    def _end_block(self) -> None:
        if runs := self._runs.runs():
            self._blocks.append(Block(runs, str(self._first), is_table=True))
        self._runs = Runs()


def as_cell(text: str) -> str:
    """Return a text as it stands in a cell of a row: on one line, with bars escaped."""
    if text.isalnum():
        return text
    return _SPACE.sub(" ", text.replace("\\", "\\\\").replace("|", "\\|")).strip()


def address(row: int, column: int) -> str:
    """Return the address of a cell, such as "B7"; the column counts from 0."""
    letters, left = "", column + 1
    while left > 0:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def cell_at(written: str | None) -> tuple[int, int] | None:
    """Return (row, column) of an address, the column from 0; None for what is no address of a cell."""
    found = _ADDRESS.match(written or "")
    return (int(found[2]), column_of(found[1])) if found else None


@lru_cache(maxsize=20_000)
def column_of(letters: str) -> int:
    """Return the number of a column from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def comments_at(found: Iterable[tuple[tuple[int, int], CellComment]]) -> dict[tuple[int, int], list[CellComment]]:
    """Return comments by the cells that they are on."""
    comments: dict[tuple[int, int], list[CellComment]] = {}
    for cell, comment in found:
        comments.setdefault(cell, []).append(comment)
    return comments


def _with_gaps(row: int, cells: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """Return the cells with the empty ones between them; behind a wide gap, a cell with its address."""
    if cells[-1][0] == len(cells) - 1:  # there are none
        return cells
    found: list[tuple[int, str]] = []
    following = 0
    for column, text in cells:
        gap = column - following
        if gap > _WIDEST_GAP:
            text = f"{address(row, column)}: {text}"
        else:
            found.extend((following + index, "") for index in range(gap))
        found.append((column, text))
        following = column + 1
    return found

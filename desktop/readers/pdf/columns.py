"""Gaps that run through several lines: between the columns of a table, or of the page.

A table is what has short cells; columns of a page are full of words, and are read one after the other, as are notes in
the margin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desktop.readers.pdf.lines import ITEM, Line, Segment

Gap = tuple[float, float]

# Measures in heights of a line.
_GAP = 0.5  # that remains through all lines of a table
_NARROW_GAP = 0.2  # where several rows have cells on both sides
_SEVERAL = 2
_NEAR = 3.2  # from a row to the next of the same table
_WORDS_OF_PROSE = 4.0  # in a line, on average
_LINES_OF_PROSE = 3
_LINES_OF_ROWS = 0.35  # of a table's lines have several cells; else it is a text with notes in its margin
_FULL = 0.7  # of a column's width is taken by most of its lines
_BETWEEN_ROWS, _WITHIN_ROW, _NEXT_LINE = 0.3, 0.2, 0.5  # from one line to the next
_MOST_LINES = 8  # of a cell


class PlacedCell:
    """Lines of words, one below the other, between two gaps."""

    __slots__ = ("left", "lines", "right")

    def __init__(self, lines: list[Segment]) -> None:
        self.lines = lines
        self.left = min(line.left for line in lines)
        self.right = max(line.right for line in lines)

    def append_lines(self, lines: Sequence[Segment]) -> None:
        """Extend the cell by lines below."""
        self.lines += lines
        self.left = min([self.left, *(line.left for line in lines)])
        self.right = max([self.right, *(line.right for line in lines)])


class PlacedRow:
    """Cells side by side, from left to right; most often those of one line."""

    __slots__ = ("bottom", "cells", "height", "top", "whole")

    def __init__(self, line: Line) -> None:
        self.cells = [PlacedCell([segment]) for segment in line.segments]
        self.bottom, self.top = line.bottom, line.top
        self.height = line.height
        self.whole: Line | None = line  # as long as it is that and no more

    @property
    def left(self) -> float:
        """Its left end."""
        return min(cell.left for cell in self.cells)

    @property
    def right(self) -> float:
        """Its right end."""
        return max(cell.right for cell in self.cells)

    def merge_row(self, row: PlacedRow) -> None:
        """Take in another row: what stands below a cell is part of it, what stands beside is a cell."""
        for cell in row.cells:
            below = [own for own in self.cells if min(own.right, cell.right) > max(own.left, cell.left)]
            if below:
                below[0].append_lines(cell.lines)
            else:
                self.cells.append(cell)
        self.cells.sort(key=lambda each: each.left)
        self.bottom, self.top = min(self.bottom, row.bottom), max(self.top, row.top)
        self.whole = None

    def as_lines(self) -> Iterator[Line]:
        """Yield the lines of the row, cell by cell where a cell has several."""
        if self.whole:
            yield self.whole
            return
        for cell in self.cells:
            yield from (_line_of([segment]) for segment in cell.lines)


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """Rows of a table, each a list of cells, each a list of segments, one for each line of the cell."""

    rows: list[list[list[Segment]]]


def divided(lines: Sequence[Line]) -> Iterator[Line | PlacedTable]:
    """Yield lines and tables in the order in which they are read."""
    rows = _rows_of(lines)
    position = 0
    while position < len(rows):
        if len(rows[position].cells) < 2:
            yield from rows[position].as_lines()
            position += 1
            continue
        band, gaps = _band(rows, position)
        position += len(band)
        several = sum(_columns_of(row, gaps) > 1 for row in band)
        if several < 2 or not gaps or _is_list(band, gaps):
            for row in band:
                yield from row.as_lines()
        elif _is_prose(band, gaps) or several < _LINES_OF_ROWS * len(band):
            yield from _columns(band, gaps)
        else:
            yield PlacedTable(_cells(band, gaps))


def _rows_of(lines: Sequence[Line]) -> list[PlacedRow]:
    """Return the rows of a page: lines, and what is drawn back up to the right of them, the next cell of a table."""
    rows: list[PlacedRow] = []
    for line in lines:
        row = PlacedRow(line)
        if rows and row.bottom > rows[-1].bottom + 0.2 * row.height and row.left > rows[-1].right:
            start = _first_beside(rows, row)
            if start is not None:
                for other in rows[start + 1 :]:
                    rows[start].merge_row(other)
                rows[start].merge_row(row)
                del rows[start + 1 :]
                continue
        rows.append(row)
    return rows


def _first_beside(rows: Sequence[PlacedRow], row: PlacedRow) -> int | None:
    """Return the index of the first of the last rows beside which a row stands; None if they are no cells."""
    start = len(rows)
    while start and rows[start - 1].bottom < row.top - 0.2 * row.height:
        start -= 1
        if rows[start].right >= row.left or len(rows) - start > _MOST_LINES:
            return None
    return start if start < len(rows) else None


def _band(rows: Sequence[PlacedRow], start: int) -> tuple[list[PlacedRow], list[Gap]]:
    """Return the rows from `start` on through which the same gaps run, and the gaps."""
    band = [rows[start]]
    gaps = [(left.right, right.left) for left, right in pairwise(rows[start].cells)]
    for row in rows[start + 1 :]:
        before = band[-1]
        distance = before.bottom - row.top
        if distance > _NEAR * before.height or row.bottom >= before.top:
            break
        remaining = [gap for gap in _shared(gaps, row) if gap[1] - gap[0] >= _NARROW_GAP * row.height]
        # A line between two others must not cost a table its columns.
        if not remaining or (len(row.cells) == 1 and len(remaining) < len(gaps)):
            break
        gaps = remaining
        band.append(row)
    while len(band) > 1 and _columns_of(band[-1], gaps) < 2 and not _continues(band, gaps):
        band.pop()
    return band, _dividing(gaps, band)


def _dividing(gaps: list[Gap], band: Sequence[PlacedRow]) -> list[Gap]:
    """Return the gaps that part two columns: on both sides of which some row has cells, several if it is narrow."""
    number = 0
    while number < len(gaps):
        start, end = gaps[number]
        needed = 1 if end - start >= _GAP * band[0].height else _SEVERAL
        beside = {number, number + 1}
        if sum(beside <= {_column_of(cell, gaps) for cell in row.cells} for row in band) >= needed:
            number += 1
        else:
            gaps = gaps[:number] + gaps[number + 1 :]
    return gaps


def _continues(band: Sequence[PlacedRow], gaps: Sequence[Gap]) -> bool:
    """Return True if the last row, which has one cell, belongs to the rows before: to a column or a cell."""
    last, before = band[-1], band[-2]
    return last.left > gaps[0][0] or (before.bottom - last.top < 0.5 * last.height and _is_prose(band[:-1], gaps))


def _shared(gaps: Sequence[Gap], row: PlacedRow) -> Iterator[Gap]:
    """Yield what is left of gaps beside the cells of a row."""
    for start, end in gaps:
        free = [(start, end)]
        for cell in row.cells:
            free = [
                piece
                for left, right in free
                for piece in ((left, min(right, cell.left)), (max(left, cell.right), right))
                if piece[1] > piece[0]
            ]
        yield from free


def _column_of(cell: PlacedCell, gaps: Sequence[Gap]) -> int:
    middle = (cell.left + cell.right) / 2
    return sum([middle > (start + end) / 2 for start, end in gaps])


def _columns_of(row: PlacedRow, gaps: Sequence[Gap]) -> int:
    """Return in how many columns a row has words."""
    return len({_column_of(cell, gaps) for cell in row.cells})


def _is_prose(band: Sequence[PlacedRow], gaps: Sequence[Gap]) -> bool:
    columns: list[list[Segment]] = [[] for _ in range(len(gaps) + 1)]
    for row in band:
        for cell in row.cells:
            columns[_column_of(cell, gaps)] += cell.lines
    return all(_is_full(column) for column in columns)


def _is_full(column: Sequence[Segment]) -> bool:
    if len(column) < _LINES_OF_PROSE:
        return False
    words = sum(len(segment.words) for segment in column)
    letters = sum(len(word.text) for segment in column for word in segment.words)
    width = max(segment.right for segment in column) - min(segment.left for segment in column)
    full = sum(segment.right - segment.left >= _FULL * width for segment in column)
    # Without spaces between words, letters are counted.
    has_words = words >= _WORDS_OF_PROSE * len(column) or letters >= 5 * _WORDS_OF_PROSE * len(column) > 5 * words
    return has_words and 2 * full >= len(column)


def _is_list(band: Sequence[PlacedRow], gaps: Sequence[Gap]) -> bool:
    """Return True if the first of two columns holds nothing but the marks of items."""
    marks = [cell for row in band for cell in row.cells if _column_of(cell, gaps) == 0]
    return len(gaps) == 1 and all(
        len(segment.words) == 1 and ITEM.match(segment.words[0].text) for cell in marks for segment in cell.lines
    )


def _columns(band: Sequence[PlacedRow], gaps: Sequence[Gap]) -> Iterator[Line]:
    """Yield the lines of columns, one column after the other."""
    for number in range(len(gaps) + 1):
        for row in band:
            own = [cell for cell in row.cells if _column_of(cell, gaps) == number]
            if all(len(cell.lines) == 1 for cell in own):
                own_segments = [segment for cell in own for segment in cell.lines]
                if own_segments:
                    yield _line_of(own_segments)
            else:
                yield from (_line_of([segment]) for cell in own for segment in cell.lines)


def _line_of(segments: list[Segment]) -> Line:
    words = [word for segment in segments for word in segment.words]
    return Line(segments, min(word.bottom for word in words), max(word.top for word in words))


def _cells(band: Sequence[PlacedRow], gaps: Sequence[Gap]) -> list[list[list[Segment]]]:
    """Return the rows of a table; a line without a first cell that follows closely goes on with the row before."""
    rows: list[list[list[Segment]]] = []
    before: PlacedRow | None = None
    has_lines = any(above.bottom - row.top > _BETWEEN_ROWS * row.height for above, row in pairwise(band))
    for row in band:
        cells: list[list[Segment]] = [[] for _ in range(len(gaps) + 1)]
        for cell in row.cells:
            cells[_column_of(cell, gaps)] += cell.lines
        goes_on = False
        if before is not None and not cells[0]:
            distance, used = before.bottom - row.top, sum(map(bool, cells))
            goes_on = (used == 1 and distance < _NEXT_LINE * row.height) or (
                has_lines and used < len(cells) and distance < _WITHIN_ROW * row.height
            )
        if goes_on and rows:
            for written, more in zip(rows[-1], cells, strict=True):
                written += more
        else:
            rows.append(cells)
        before = row
    return rows

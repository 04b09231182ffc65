"""The blocks of a page whose file does not tell them: paragraphs, headings and tables, by the place of their words.

A line is words side by side, in segments between which there is a gap. Lines follow each other as they are drawn, which
is how they are read in nearly all files; else they are put in order by their place. A gap that runs through several
lines is between the columns of a table, or of the page. A table is what has short cells; columns of a page are full of
words, and are read one after the other, as are notes in the margin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from desktop.core.documents.document import Block, Run, table_row
from desktop.readers.pdf.words import Joiner, Word, is_unspaced

# Measures in heights of a line.
_GAP_IN_LINE = 1.1  # wider than spaces in justified lines and after a sentence, as between columns of a table
_BACK = 0.4  # that a letter may reach into the one before
_SAME_LINE = 0.6  # of the lower one's height is shared
_UNORDERED = 0.3  # of a page's lines stand above the line before them
_ITEM = re.compile(r"(?:[•◦▪‣●○■□–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])$")
"""Matches the first word of an item of a list."""


class Segment:
    """Words of a line between two gaps."""

    __slots__ = ("left", "right", "words")

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.left = min(word.left for word in words)
        self.right = max(word.right for word in words)

    def append_word(self, word: Word) -> None:
        """Extend the segment by a word, on either side."""
        self.words.append(word)
        if word.left < self.left:
            self.left = word.left
        if word.right > self.right:
            self.right = word.right


class Line:
    """Segments with one baseline, from left to right."""

    __slots__ = ("bottom", "segments", "top")

    def __init__(self, segments: list[Segment], bottom: float, top: float) -> None:
        self.segments = segments
        self.bottom = bottom
        self.top = top

    @property
    def height(self) -> float:
        """About the size of its letters."""
        return self.top - self.bottom

    @property
    def left(self) -> float:
        """Its left end."""
        return self.segments[0].left

    @property
    def right(self) -> float:
        """Its right end."""
        return max([segment.right for segment in self.segments])

    @property
    def words(self) -> list[Word]:
        """All of its words."""
        return [word for segment in self.segments for word in segment.words]

    @property
    def last(self) -> Word:
        """The word at its end."""
        return self.segments[-1].words[-1]

    @property
    def letters(self) -> int:
        """How many letters its words have."""
        return sum([len(word.text) for segment in self.segments for word in segment.words])

    def shares_height(self, bottom: float, top: float) -> bool:
        """Return True if something between two heights stands on this line."""
        own, other = self.top - self.bottom, top - bottom
        shared = (self.top if self.top < top else top) - (self.bottom if self.bottom > bottom else bottom)
        return shared > _SAME_LINE * (own if own < other else other)


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Return the lines of words, in order."""
    lines: list[Line] = []
    line: Line | None = None
    before: Word | None = None
    segment: Segment | None = None
    for word in words:
        if line is None or before is None or before.goes_on or not line.shares_height(word.bottom, word.top):
            segment = Segment([word])
            line = Line([segment], word.bottom, word.top)
            lines.append(line)
            before = word
            continue
        height = line.top - line.bottom
        gap, gap_to_left = word.left - before.right, before.left - word.right
        is_next = -_BACK * height <= gap < _GAP_IN_LINE * height and not word.is_apart
        if segment is not None and (is_next or -_BACK * height <= gap_to_left < _GAP_IN_LINE * height):
            segment.append_word(word)
        elif gap > 0 or gap_to_left > 0:
            segment = Segment([word])
            line.segments.insert(sum(each.left < segment.left for each in line.segments), segment)
        else:
            segment = Segment([word])
            line = Line([segment], word.bottom, word.top)
            lines.append(line)
        if word.bottom < line.bottom:
            line.bottom = word.bottom
        if word.top > line.top:
            line.top = word.top
        before = word
    return _by_place(lines) if _is_unordered(lines) else lines


def _is_unordered(lines: Sequence[Line]) -> bool:
    above = sum(
        line.bottom >= before.bottom + _SAME_LINE * before.height
        and min(line.right, before.right) > max(line.left, before.left)
        for before, line in pairwise(lines)
    )
    return above > 2 and above > _UNORDERED * len(lines)


def _by_place(lines: Sequence[Line]) -> list[Line]:
    """Return lines from top to bottom; what stands on one baseline is one line."""
    ordered: list[Line] = []
    for line in sorted(lines, key=lambda each: (-each.bottom, each.left)):
        if ordered and ordered[-1].shares_height(line.bottom, line.top):
            last = ordered[-1]
            last.segments = sorted([*last.segments, *line.segments], key=lambda each: each.left)
            last.bottom, last.top = min(last.bottom, line.bottom), max(last.top, line.top)
        else:
            ordered.append(line)
    return ordered


Gap = tuple[float, float]
Cell = list[Segment]  # its lines, one below the other

# Measures in heights of a line.
_GAP = 0.5  # that remains through all lines of a table
_NARROW_GAP = 0.2  # where several rows have cells on both sides
_SEVERAL = 2
_NEAR = 3.2  # from a row to the next of the same table
_WORDS_OF_PROSE = 4.0  # in a line, on average
_LINES_OF_PROSE = 3
_LINES_OF_ROWS = 0.35  # of a table's lines have several cells; else it is a text with notes in its margin
_FULL = 0.7  # of a column's width is taken by most of its lines
_BETWEEN_ROWS, _WITHIN_ROW, _TO_NEXT_LINE = 0.3, 0.2, 0.5  # from one line to the next
_MOST_LINES_OF_CELL = 8  # of a cell


def _left(cell: Cell) -> float:
    return min([segment.left for segment in cell])


def _right(cell: Cell) -> float:
    return max([segment.right for segment in cell])


class Row:
    """Cells side by side, from left to right; most often those of one line."""

    __slots__ = ("bottom", "cells", "height", "line", "top")

    def __init__(self, line: Line) -> None:
        self.cells = [[segment] for segment in line.segments]
        self.bottom, self.top, self.height = line.bottom, line.top, line.height
        self.line: Line | None = line  # as long as it is that and no more

    @property
    def left(self) -> float:
        """Its left end."""
        return min(map(_left, self.cells))

    @property
    def right(self) -> float:
        """Its right end."""
        return max(map(_right, self.cells))

    def merge_row(self, row: Row) -> None:
        """Take in another row: what stands below a cell is part of it, what stands beside is a cell."""
        for cell in row.cells:
            below = [own for own in self.cells if min(_right(own), _right(cell)) > max(_left(own), _left(cell))]
            if below:
                below[0].extend(cell)
            else:
                self.cells.append(cell)
        self.cells.sort(key=_left)
        self.bottom, self.top = min(self.bottom, row.bottom), max(self.top, row.top)
        self.line = None

    def as_lines(self) -> list[Line]:
        """Return the lines of the row, cell by cell where a cell has several."""
        return [self.line] if self.line else [_line_of([segment]) for cell in self.cells for segment in cell]


def divided(lines: Sequence[Line]) -> Iterator[Line | list[list[Cell]]]:
    """Yield lines, and the rows of tables, in the order in which they are read."""
    rows = _rows_of(lines)
    position = 0
    while position < len(rows):
        if len(rows[position].cells) < 2:
            yield from rows[position].as_lines()
            position += 1
            continue
        band, gaps = _band(rows, position)
        position += len(band)
        columns = [_by_column(row, gaps) for row in band]
        several = sum(sum(map(bool, row)) > 1 for row in columns)
        if several < 2 or not gaps or _is_list(columns):
            yield from chain.from_iterable(row.as_lines() for row in band)
        elif _is_prose(columns) or several < _LINES_OF_ROWS * len(band):
            yield from _one_after_the_other(columns)
        else:
            yield _table_rows(band, columns)


def _rows_of(lines: Sequence[Line]) -> list[Row]:
    """Return the rows of a page: lines, and what is drawn back up to the right of them, the next cell of a table."""
    rows: list[Row] = []
    for line in lines:
        row = Row(line)
        if rows and row.bottom > rows[-1].bottom + 0.2 * row.height and row.left > rows[-1].right:
            start = _first_beside(rows, row)
            if start is not None:
                for other in [*rows[start + 1 :], row]:
                    rows[start].merge_row(other)
                del rows[start + 1 :]
                continue
        rows.append(row)
    return rows


def _first_beside(rows: Sequence[Row], row: Row) -> int | None:
    """Return the index of the first of the last rows beside which a row stands; None if they are no cells."""
    start = len(rows)
    while start and rows[start - 1].bottom < row.top - 0.2 * row.height:
        start -= 1
        if rows[start].right >= row.left or len(rows) - start > _MOST_LINES_OF_CELL:
            return None
    return start if start < len(rows) else None


def _by_column(row: Row, gaps: Sequence[Gap]) -> list[list[Cell]]:
    """Return the cells of a row by the columns that gaps divide it into."""
    columns: list[list[Cell]] = [[] for _ in range(len(gaps) + 1)]
    for cell in row.cells:
        middle = (_left(cell) + _right(cell)) / 2
        columns[sum([middle > (start + end) / 2 for start, end in gaps])].append(cell)
    return columns


def _band(rows: Sequence[Row], start: int) -> tuple[list[Row], list[Gap]]:
    """Return the rows from `start` on through which the same gaps run, and the gaps."""
    band = [rows[start]]
    gaps = [(_right(left), _left(right)) for left, right in pairwise(rows[start].cells)]
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
    while len(band) > 1 and sum(map(bool, _by_column(band[-1], gaps))) < 2 and not _continues(band, gaps):
        band.pop()
    return band, _dividing(gaps, band)


def _dividing(gaps: list[Gap], band: Sequence[Row]) -> list[Gap]:
    """Return the gaps that part two columns: on both sides of which some row has cells, several if it is narrow."""
    number = 0
    while number < len(gaps):
        start, end = gaps[number]
        needed = 1 if end - start >= _GAP * band[0].height else _SEVERAL
        if sum(all(_by_column(row, gaps)[number : number + 2]) for row in band) >= needed:
            number += 1
        else:
            gaps = gaps[:number] + gaps[number + 1 :]
    return gaps


def _continues(band: Sequence[Row], gaps: Sequence[Gap]) -> bool:
    """Return True if the last row, which has one cell, belongs to the rows before: to a column or a cell."""
    *others, before, last = band
    is_close = before.bottom - last.top < 0.5 * last.height
    return last.left > gaps[0][0] or (is_close and _is_prose([_by_column(row, gaps) for row in [*others, before]]))


def _shared(gaps: Sequence[Gap], row: Row) -> Iterator[Gap]:
    """Yield what is left of gaps beside the cells of a row."""
    for start, end in gaps:
        free = [(start, end)]
        for cell in row.cells:
            free = [
                piece
                for left, right in free
                for piece in ((left, min(right, _left(cell))), (max(left, _right(cell)), right))
                if piece[1] > piece[0]
            ]
        yield from free


Columns = Sequence[list[list[Cell]]]  # the cells of each row by column


def _is_prose(rows: Columns) -> bool:
    return all(
        _is_full([segment for cells in column for cell in cells for segment in cell])
        for column in zip(*rows, strict=True)
    )


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


def _is_list(rows: Columns) -> bool:
    """Return True if the first of two columns holds nothing but the marks of items."""
    marks = [segment.words for row in rows for cell in row[0] for segment in cell]
    return len(rows[0]) == 2 and all(len(words) == 1 and _ITEM.match(words[0].text) for words in marks)


def _one_after_the_other(rows: Columns) -> Iterator[Line]:
    """Yield the lines of columns, one column after the other."""
    for cells in chain.from_iterable(zip(*rows, strict=True)):
        segments = list(chain.from_iterable(cells))
        if segments and len(segments) == len(cells):
            yield _line_of(segments)
        else:
            yield from (_line_of([segment]) for segment in segments)


def _line_of(segments: list[Segment]) -> Line:
    words = [word for segment in segments for word in segment.words]
    return Line(segments, min(word.bottom for word in words), max(word.top for word in words))


def _table_rows(band: Sequence[Row], columns: Columns) -> list[list[Cell]]:
    """Return the rows of a table; a line without a first cell that follows closely goes on with the row before."""
    rows: list[list[Cell]] = []
    before: Row | None = None
    has_lines = any(above.bottom - row.top > _BETWEEN_ROWS * row.height for above, row in pairwise(band))
    for row, parted in zip(band, columns, strict=True):
        cells = [list(chain.from_iterable(column)) for column in parted]
        goes_on = False
        if before is not None and not cells[0]:
            distance, used = before.bottom - row.top, sum(map(bool, cells))
            goes_on = (used == 1 and distance < _TO_NEXT_LINE * row.height) or (
                has_lines and used < len(cells) and distance < _WITHIN_ROW * row.height
            )
        if goes_on:
            for written, more in zip(rows[-1], cells, strict=True):
                written += more
        else:
            rows.append(cells)
        before = row
    return rows


# Measures in heights of a line, and shares.
_NEXT_LINE = 1.0  # between two lines of a paragraph at most; they stand at 1.0 to 1.5 of the letters' size
_OTHER_SIZE = 0.15
_BESIDE = 2.0  # that a line may begin to the left or the right of the one before, of the same paragraph
_HEADING_SIZES = ((1.75, 1), (1.4, 2), (1.18, 3))  # times the size of most letters, and the level
_FEW = 3  # letters, such as of a page's number or an index, whose size says nothing
_LONGEST_HEADING, _MOST_LINES = 160, 3  # letters and lines of a heading


class BlockWriter:
    """Writer of blocks, which learns the words of a document page by page: how they are hyphenated, and their size."""

    def __init__(self) -> None:
        self._joiner = Joiner()
        self._letters: Counter[int] = Counter()  # by twice their size

    def learn_words(self, words: Sequence[Word]) -> None:
        """Take in the words of a page."""
        self._joiner.learn_words(words)
        for word in words:
            self._letters[round(2 * (word.top - word.bottom))] += len(word.text)

    def text(self, lines: Iterable[Line | Segment]) -> str:
        """Return the text of lines that go on one in the next."""
        return self._joiner.text([line.words for line in lines])

    def paragraph(self, lines: Sequence[Line], level: int = 0) -> Iterator[Block]:
        """Yield lines as one block, a heading if it is said so or by its size; nothing for none."""
        if lines:
            text = self._joiner.text([line.words for line in lines], _ends_of(lines))
            first = min(word.start for word in lines[0].words)
            yield Block((Run(text),), str(first), level or self._level(lines))

    def table(self, rows: Iterable[Iterable[Sequence[Line | Segment]]]) -> Block:
        """Return rows of cells, each in lines, as a block."""
        rows = [list(row) for row in rows]
        first = min(word.start for row in rows for cell in row for line in cell for word in line.words)
        written = "\n".join(table_row([self.text(cell) for cell in row]) for row in rows)
        return Block((Run(written),), str(first), is_table=True)

    def _level(self, lines: Sequence[Line]) -> int:
        """Return the level of the heading that lines are, 0 for none."""
        letters = sum(line.letters for line in lines)
        if len(lines) > _MOST_LINES or not 2 <= letters <= _LONGEST_HEADING or not self._letters:
            return 0
        usual = self._letters.most_common(1)[0][0] / 2
        size = min(line.height for line in lines)
        return next((level for times, level in _HEADING_SIZES if usual and size >= times * usual), 0)


def blocks_by_place(words: Sequence[Word], writer: BlockWriter) -> Iterator[Block]:
    """Yield the blocks of a page in the order in which they are read."""
    begun: list[Line] = []
    for each in divided(lines_of(words)):
        if isinstance(each, Line) and (not begun or _goes_on(begun, each)):
            begun.append(each)
            continue
        yield from writer.paragraph(begun)
        begun = [each] if isinstance(each, Line) else []
        if not isinstance(each, Line):
            yield writer.table(each)
    yield from writer.paragraph(begun)


def _goes_on(begun: Sequence[Line], line: Line) -> bool:
    """Return True if a line belongs to the paragraph before it."""
    before = begun[-1]
    if before.last.goes_on:
        return True
    height = min(before.height, line.height)
    # At most a little more than between the two lines before, if there are two.
    most = _NEXT_LINE * before.height
    if len(begun) > 1:
        most = max(0.0, begun[-2].bottom - before.top) + 0.25 * before.height
    if not -0.6 * height <= before.bottom - line.top <= most:
        return False
    if abs(before.height - line.height) > _OTHER_SIZE * max(before.height, line.height) and line.letters > _FEW:
        return False
    return abs(line.left - before.left) <= _BESIDE * height or abs(line.right - before.right) <= _BESIDE * height


def _ends_of(lines: Sequence[Line]) -> list[bool]:
    """Return, for each line of a paragraph but the last, True if it ends by itself and not where it was full."""
    right = max(line.right for line in lines)
    return [_ends(line, after, right) for line, after in pairwise(lines)]


def _ends(line: Line, after: Line, right: float) -> bool:
    """Return True if a line ends by itself: if the first word of the next one would have had its place in it."""
    first = after.segments[0].words[0]
    if line.last.goes_on:
        return False
    if _ITEM.match(first.text) and after.last is not first:
        return True
    width = line.height if is_unspaced(first.text[0]) else first.right - first.left
    return right - line.right > width + line.height

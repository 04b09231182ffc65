"""The surroundings of a place in a text that was sent: its page or sheet, its paragraph or row, its neighbours.

Everything is told from the text and its anchors alone, so it holds when the file itself is gone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.documents.document import row_cells
from desktop.core.documents.marks import MarkLine, mark_before
from desktop.core.message import Anchor

_MOST_LETTERS = 20_000  # of a paragraph: more is cut at its lines


@dataclass(frozen=True, slots=True)
class SentParagraph:
    """Letters `start` to `end` of a sent text that belong together: a paragraph, or a row of a table.

    `anchor` is that of the block they are in; None where it is not known. `line`: of a row, its number in the block.
    """

    start: int
    end: int
    anchor: Anchor | None = None
    is_row: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class TableRow:
    """Row of a table: its number there (0 where it is not known), and where its line stands in the sent text.

    `columns`: the numbers of its columns in the file, from 0, where some were left out.
    """

    number: int
    start: int
    end: int
    columns: tuple[int, ...] = ()


def section_at(text: str, anchors: Sequence[Anchor], offset: int) -> MarkLine | None:
    """Return the mark of the page, sheet or slide that a letter stands in; None for a text that is one whole."""
    at = _index_at(anchors, offset)
    if at < 0:
        return mark_before(text, offset + 1)
    if (own := _mark_behind(text, anchors, at, offset)) is not None:
        return own
    number = anchors[at].section
    first = bisect_left(anchors, number, hi=at, key=lambda anchor: anchor.section)
    mark = mark_before(text, anchors[first].offset)
    if mark is None or mark.number != number:
        return None
    # A line of the file itself may look like a mark, and is no gap between two blocks then.
    before = _index_at(anchors, mark.start)
    return None if before >= 0 and mark.start < _block(text, anchors, before)[1] else mark


def paragraph_at(text: str, anchors: Sequence[Anchor], start: int, end: int) -> SentParagraph:
    """Return the paragraph or row that letters `start` to `end` stand in; of several pages, the part on the first."""
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    at = _index_at(anchors, start)
    if at < 0:
        return _between_blank_lines(text, start, end)
    if (mark := _mark_behind(text, anchors, at, start)) is not None:
        return SentParagraph(mark.start, mark.end)
    anchor = anchors[at]
    first, last = _block(text, anchors, at)
    line_start = text.rfind("\n", first, start) + 1 or first
    if _is_row(text, line_start, last):
        line_end = text.find("\n", start, last)
        number = text.count("\n", first, line_start)
        return SentParagraph(line_start, line_end if line_end >= 0 else last, anchor, True, number)
    behind = at
    while last < end and behind + 1 < len(anchors) and anchors[behind + 1].section == anchor.section:
        behind += 1
        last = _block(text, anchors, behind)[1]
    if last - first > _MOST_LETTERS:
        line_end = text.find("\n", max(start, end), last)
        return SentParagraph(line_start, line_end if line_end >= 0 else last, anchor)
    return SentParagraph(first, last, anchor)


def by_section(text: str, anchors: Sequence[Anchor], start: int, end: int) -> list[tuple[int, int]]:
    """Return letters `start` to `end` as the pieces that stand on each page: a quotation may go on over its end."""
    pieces: list[tuple[int, int]] = []
    at = _index_at(anchors, start)
    while 0 <= at < len(anchors) - 1 and anchors[at + 1].offset < end:
        if anchors[at + 1].section != anchors[at].section:
            last = _block(text, anchors, at)[1]
            pieces += [(start, last)] if start < last else []
            start = anchors[at + 1].offset
        at += 1
    return [*pieces, (start, end)]


def neighbourhood(text: str, start: int, end: int, letters: int) -> tuple[int, int]:
    """Return where to begin and to end, so that about `letters` stand on each side of a stretch, in whole blocks."""
    first, last = max(0, start - letters), min(len(text), end + letters)
    if first > 0:
        gap = text.find("\n\n", first, start)
        line = text.find("\n", first, start)
        first = gap + 2 if gap >= 0 else line + 1 if line >= 0 else start
    if last < len(text):
        gap = text.rfind("\n\n", end, last)
        line = text.rfind("\n", end, last)
        last = gap if gap >= 0 else line if line >= 0 else end
    return first, last


def row_at(text: str, anchors: Sequence[Anchor], start: int) -> TableRow | None:
    """Return the row of a table that a letter stands in; None where it is in none."""
    line = text.rfind("\n", 0, start) + 1
    return _row(text, anchors, line) if _is_row(text, line, len(text)) else None


def rows_around(text: str, anchors: Sequence[Anchor], start: int, most: int) -> list[TableRow]:
    """Return the rows of a table around the one that a letter stands in, `most` on each side, and the table's first.

    Empty where the letter is in no row.
    """
    line = text.rfind("\n", 0, start) + 1
    if not _is_row(text, line, len(text)):
        return []
    rows = [line]
    while len(rows) <= most and (above := _row_above(text, rows[0])) is not None:
        rows.insert(0, above)
    for _ in range(most):
        below = text.find("\n", rows[-1]) + 1
        if not below or not _is_row(text, below, len(text)):
            break
        rows.append(below)
    gap = text.rfind("\n\n", 0, line)
    first = gap + 2 if gap >= 0 else 0
    if first < rows[0] and _is_row(text, first, len(text)):
        rows.insert(0, first)
    return [_row(text, anchors, each) for each in rows]


def column_at(line: str, offset: int) -> int:
    """Return in which column of a row, from 0, a letter of its line stands; the last for what is beyond it."""
    column, position = 0, 1
    while position < min(offset, len(line)):
        if line[position] == "\\":
            position += 1
        elif line[position] == "|":
            column += 1
        position += 1
    return min(column, len(row_cells(line)) - 1)


def _index_at(anchors: Sequence[Anchor], offset: int) -> int:
    return bisect_right(anchors, offset, key=lambda anchor: anchor.offset) - 1


def _block(text: str, anchors: Sequence[Anchor], at: int) -> tuple[int, int]:
    """Return where the block of an anchor begins and ends, without the gap and the mark behind it."""
    first = anchors[at].offset
    last = anchors[at + 1].offset if at + 1 < len(anchors) else len(text)
    if at + 1 < len(anchors) and anchors[at + 1].section != anchors[at].section:
        mark = text.rfind("\n\n[", first, last)
        last = mark if mark >= 0 else last
    while last > first and text[last - 1] == "\n":
        last -= 1
    return first, last


def _mark_behind(text: str, anchors: Sequence[Anchor], at: int, offset: int) -> MarkLine | None:
    """Return the mark between a block and the next that a letter stands in, such as the place of "page 4"; or None."""
    last = _block(text, anchors, at)[1]
    mark = mark_before(text, offset + 1) if offset > last else None
    return mark if mark is not None and mark.start > last else None


def _between_blank_lines(text: str, start: int, end: int) -> SentParagraph:
    gap = text.rfind("\n\n", max(0, start - _MOST_LETTERS), start)
    first = gap + 2 if gap >= 0 else (0 if start <= _MOST_LETTERS else text.rfind("\n", 0, start) + 1)
    gap = text.find("\n\n", end, end + _MOST_LETTERS)
    line = text.find("\n", end)
    last = gap if gap >= 0 else len(text) if len(text) - end <= _MOST_LETTERS else line if line >= 0 else len(text)
    line_start = text.rfind("\n", first, start) + 1 or first
    if _is_row(text, line_start, last):
        return SentParagraph(line_start, line if 0 <= line < last else last, is_row=True)
    return SentParagraph(first, last)


def _is_row(text: str, line_start: int, end: int) -> bool:
    """Return True if the line that begins there is a row of a table."""
    line_end = text.find("\n", line_start, end)
    line_end = end if line_end < 0 else line_end
    return text.startswith("| ", line_start) and text.endswith(" |", line_start, line_end)


def _row_above(text: str, line: int) -> int | None:
    """Return where the row above a line begins; None where there is none."""
    if line < 2:
        return None
    above = text.rfind("\n", 0, line - 1) + 1
    return above if _is_row(text, above, line - 1) else None


def _row(text: str, anchors: Sequence[Anchor], line: int) -> TableRow:
    end = text.find("\n", line)
    end = len(text) if end < 0 else end
    at = _index_at(anchors, line)
    if at < 0:
        return TableRow(0, line, end)
    first, _, columns = anchors[at].place.partition(" ")
    number = int(first) + text.count("\n", anchors[at].offset, line) if first.isdecimal() else 0
    kept = tuple(int(each) for each in columns.split(",")) if columns.replace(",", "").isdecimal() else ()
    return TableRow(number, line, end, kept)

"""The blocks of a page whose file does not tell them: paragraphs, headings and tables, by the place of their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from desktop.core.documents.document import Block, Run, table_row
from desktop.readers.pdf.columns import PlacedTable, divided
from desktop.readers.pdf.joining import Joiner, is_unspaced
from desktop.readers.pdf.lines import ITEM, Line, Segment, lines_of
from desktop.readers.pdf.words import Word

# Measures in heights of a line, and shares.
_NEXT_LINE = 1.0  # between two lines of a paragraph at most; they stand at 1.0 to 1.5 of the letters' size
_OTHER_SIZE = 0.15
_BESIDE = 2.0  # that a line may begin to the left or the right of the one before, of the same paragraph
_HEADING_SIZES = ((1.75, 1), (1.4, 2), (1.18, 3))  # times the size of most letters, and the level
_FEW = 3  # letters, such as of a page's number or an index, whose size says nothing
_LONGEST_HEADING, _MOST_LINES = 160, 3  # letters and lines of a heading


class Sizes:
    """Sizes of a document's letters, counted page by page, to tell headings from the text."""

    def __init__(self) -> None:
        self._letters: Counter[int] = Counter()

    def count_words(self, words: Iterable[Word]) -> None:
        """Count the letters of a page."""
        for word in words:
            self._letters[round(2 * (word.top - word.bottom))] += len(word.text)

    def level(self, lines: Sequence[Line]) -> int:
        """Return the level of the heading that lines are, 0 for none."""
        if len(lines) > _MOST_LINES:
            return 0
        letters = sum(line.letters for line in lines)
        if letters > _LONGEST_HEADING or letters < 2:
            return 0
        usual = self._letters.most_common(1)[0][0] / 2 if self._letters else 0.0
        size = min(line.height for line in lines)
        return next((level for times, level in _HEADING_SIZES if usual and size >= times * usual), 0)


def blocks_by_place(words: Sequence[Word], joiner: Joiner, sizes: Sizes) -> Iterator[Block]:
    """Yield the blocks of a page in the order in which they are read."""
    begun: list[Line] = []
    for each in divided(lines_of(words)):
        if isinstance(each, PlacedTable):
            yield from _paragraph(begun, joiner, sizes)
            begun = []
            yield _table(each, joiner)
        elif begun and not _goes_on(begun, each):
            yield from _paragraph(begun, joiner, sizes)
            begun = [each]
        else:
            begun.append(each)
    yield from _paragraph(begun, joiner, sizes)


def _goes_on(begun: Sequence[Line], line: Line) -> bool:
    """Return True if a line belongs to the paragraph before it."""
    before = begun[-1]
    if before.last.goes_on:
        return True
    height = min(before.height, line.height)
    distance = before.bottom - line.top
    if not -0.6 * height <= distance <= _distance_within(begun):
        return False
    if abs(before.height - line.height) > _OTHER_SIZE * max(before.height, line.height) and line.letters > _FEW:
        return False
    return abs(line.left - before.left) <= _BESIDE * height or abs(line.right - before.right) <= _BESIDE * height


def _distance_within(begun: Sequence[Line]) -> float:
    """Return the largest distance to a next line: a little more than between the two before, if there are two."""
    height = begun[-1].height
    if len(begun) < 2:
        return _NEXT_LINE * height
    return max(0.0, begun[-2].bottom - begun[-1].top) + 0.25 * height


def _paragraph(lines: list[Line], joiner: Joiner, sizes: Sizes) -> Iterator[Block]:
    if lines:
        text = joiner.text([line.words for line in lines], ends_of(lines))
        yield Block((Run(text),), str(lines[0].words[0].start), sizes.level(lines))


def ends_of(lines: Sequence[Line]) -> list[bool]:
    """Return, for each line of a paragraph but the last, True if it ends by itself and not where it was full."""
    right = max((line.right for line in lines), default=0.0)
    return [_ends(line, after, right) for line, after in pairwise(lines)]


def _ends(line: Line, after: Line, right: float) -> bool:
    """Return True if a line ends by itself: if the first word of the next one would have had its place in it."""
    first = after.segments[0].words[0]
    if line.last.goes_on:
        return False
    if ITEM.match(first.text) and after.last is not first:
        return True
    room = right - line.right
    width = line.height if is_unspaced(first.text[0]) else first.right - first.left
    return room > width + line.height


def _table(table: PlacedTable, joiner: Joiner) -> Block:
    rows = [table_row([_cell(cell, joiner) for cell in row]) for row in table.rows]
    first = min(word.start for row in table.rows for cell in row for segment in cell for word in segment.words)
    return Block((Run("\n".join(rows)),), str(first), is_table=True)


def _cell(segments: Sequence[Segment], joiner: Joiner) -> str:
    return joiner.text([segment.words for segment in segments])

"""Marks that are given by their places in an answer's whole shown text, and where they stand in each of its leaves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from desktop.rendering.page.box import Mark, MarkKind

_LONGEST = 2_000  # characters of a mark; what is longer is not looked for from far behind its beginning
_GRAVITY = {MarkKind.STANDS: 0, MarkKind.ASIDE: 1, MarkKind.MISSING: 2, MarkKind.AMISS: 3}


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """Letters `start` to `end` of a shown text, which read `text`; `name` tells whoever has set it which it is."""

    start: int
    end: int
    text: str
    kind: MarkKind
    name: int


class PlacedMarks:
    """Marks of one text, in the order in which they stand; they may overlap.

    `blocks` tells of each leaf of the text where it begins in what is shown, and where in what was written: no two of
    an answer's begin in the same place.
    """

    def __init__(self, marks: Sequence[PlacedMark], blocks: Sequence[tuple[int, int]]) -> None:
        self.all = marks
        self._blocks = blocks
        self._by_name = {mark.name: mark for mark in marks}

    def named(self, name: int) -> PlacedMark | None:
        """Return the mark with a name."""
        return self._by_name.get(name)

    def block_of(self, mark: PlacedMark) -> tuple[int, int] | None:
        """Return the leaf in which a mark begins, by where it was written, and the letter in the leaf."""
        at = bisect_right(self._blocks, mark.start, key=lambda block: block[0]) - 1
        if at < 0:
            return None
        start, source = self._blocks[at]
        return source, mark.start - start

    def in_leaf(self, source: int, text: str) -> list[Mark]:
        """Return the marks in a leaf that was written at `source`, whose text is this.

        One whose letters do not stand there is left out: the text is another one.
        """
        at = bisect_left(self._blocks, source, key=lambda block: block[1])
        if at >= len(self._blocks) or self._blocks[at][1] != source:
            return []
        begin, end = self._blocks[at][0], self._blocks[at][0] + len(text)
        first = bisect_left(self.all, begin - _LONGEST, key=attrgetter("start"))
        last = bisect_left(self.all, end, first, key=attrgetter("start"))
        found: list[Mark] = []
        for mark in self.all[first:last]:
            low, high = max(mark.start, begin), min(mark.end, end)
            if low < high and _reads(text[low - begin : high - begin], mark.text[low - mark.start : high - mark.start]):
                found.append(Mark(low - begin, high - begin, mark.kind, mark.name))
        return found


def lines_of(marks: Sequence[Mark]) -> list[Mark]:
    """Return marks as lines that stand apart, in order; where several overlap, the gravest is drawn."""
    if not any(marks[at].end > marks[at + 1].start for at in range(len(marks) - 1)):
        return [Mark(mark.start, mark.end, mark.kind) for mark in marks]
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    lines: list[Mark] = []
    open_marks: list[Mark] = []
    coming = 0
    for low, high in pairwise(edges):
        while coming < len(marks) and marks[coming].start <= low:
            open_marks.append(marks[coming])
            coming += 1
        open_marks = [mark for mark in open_marks if mark.end > low]
        if not open_marks:
            continue
        kind = max((mark.kind for mark in open_marks), key=_GRAVITY.__getitem__)
        if lines and lines[-1].end == low and lines[-1].kind is kind:
            lines[-1] = Mark(lines[-1].start, high, kind)
        else:
            lines.append(Mark(low, high, kind))
    return lines


def _reads(one: str, other: str) -> bool:
    return one == other or one.split() == other.split()

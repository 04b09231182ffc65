"""The lines of a page: words side by side, in segments between which there is a gap.

Lines follow each other as they are drawn, which is how they are read in nearly all files; where a page is drawn from
the bottom up, or in no order, they are put in order by their place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from desktop.readers.pdf.words import Word

# Measures in heights of a line.
_GAP = 1.1  # is wider than spaces in justified lines and after a sentence, and as wide as between columns of a table
_BACK = 0.4  # that a letter may reach into the one before
_SAME_LINE = 0.6  # of the lower one's height is shared
_UNORDERED = 0.3  # of a page's lines stand above the line before them
ITEM = re.compile(r"(?:[•◦▪‣●○■□–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])$")
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
        is_next = -_BACK * height <= gap < _GAP * height and not word.is_apart
        if segment is not None and (is_next or -_BACK * height <= gap_to_left < _GAP * height):
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

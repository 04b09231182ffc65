"""The layout of an answer: which passage, sentence and cell a number stands in, and what stands beside it there."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal

from desktop.core.evidence.checked import ThingKind
from desktop.core.evidence.computing.calculations import decimal_of
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import has_han

_SENTENCE_END = late_regex(r"[.!?](?=\s)|[。！？\n]")
_PART_END = late_regex(r"[.!?;](?=\s)|[。！？；，、\n]|,(?=\s)")
_AROUND_SMALL, _BEHIND_SMALL = 30, 20  # characters around a small number that say that it is computed
_BEHIND = 60  # characters behind a number that say how it came about
_BEFORE_PART, _BEHIND_PART, _SHORTEST_PART, _SHORTEST_HAN = 70, 30, 8, 3  # characters of the part of a sentence
_MOST_ROWS = 30
_TOTAL_ROW = late_regex(
    r"\W*(?:(?:grand|overall|net|gross)\s)?(?:total|sum)(?:\s(?:amount|costs?|price|net|gross|sum))?\W*"
    r"|\W*(?:合计|总计|共计|小计|总和|总额|合计金额|金额合计)\W*",
    re.IGNORECASE,
)


class AnswerLayout:
    """Text of an answer with its things and passages; the things of a stretch are found by their places."""

    def __init__(self, text: str, things: Sequence[Thing], passages: Sequence[Passage]) -> None:
        self.text, self.things, self.passages = text, things, passages
        self._starts = [passage.start for passage in passages]
        self._thing_starts = [thing.start for thing in things]

    def indexes_in(self, start: int, end: int) -> range:
        """Return which of the things stand in a stretch."""
        return range(bisect_left(self._thing_starts, start), bisect_left(self._thing_starts, end))

    def things_in(self, passage: Passage) -> Sequence[Thing]:
        """Return the things of a passage."""
        inside = self.indexes_in(passage.start, passage.end)
        return self.things[inside.start : inside.stop]

    def passage_of(self, thing: Thing) -> Passage | None:
        """Return the passage in which a thing stands."""
        at = bisect_left(self._starts, thing.start + 1) - 1
        return self.passages[at] if at >= 0 else None

    def sentence(self, thing: Thing, passage: Passage | None) -> str:
        """Return the sentence in which a thing stands; of a table the whole row."""
        return self.text[slice(*self.span_of_sentence(thing, passage))]

    def span_of_sentence(self, thing: Thing, passage: Passage | None) -> tuple[int, int]:
        """Return where the sentence of a thing begins and ends; of a table it is the whole row."""
        if passage is None:
            return thing.start, thing.start
        if passage.cells:
            return passage.start, passage.end
        start = passage.start
        for match in _SENTENCE_END.finditer(self.text, passage.start, thing.start):
            start = match.end()
        ends = _SENTENCE_END.search(self.text, thing.end, min(passage.end, thing.end + _BEHIND))
        return start, ends.start() if ends else min(passage.end, thing.end + _BEHIND)

    def label_of(self, passage: Passage | None) -> str:
        """Return what a row, or a line, begins with, as its name."""
        if passage is None:
            return ""
        span = passage.cells[0] if passage.cells else passage.label
        return self.text[slice(*span)] if span is not None else ""

    def head_of(self, thing: Thing, row: Passage) -> str:
        """Return what stands above the column of a thing."""
        column = next((at for at, cell in enumerate(row.cells) if cell[0] <= thing.start < cell[1]), len(row.header))
        return self.text[slice(*row.header[column])] if column < len(row.header) else ""

    def beside(self, thing: Thing, passage: Passage | None) -> tuple[str, str, str]:
        """Return the words before and behind a number in its part of the sentence, and the head of its column."""
        if passage is None:
            return "", "", ""
        if passage.cells:
            label = self.text[slice(*passage.cells[0])]
            cell = next((each for each in passage.cells if each[0] <= thing.start < each[1]), (thing.start, thing.end))
            before, behind = self.text[cell[0] : thing.start], self.text[thing.end : cell[1]]
            return f"{label} {before}", behind, self.head_of(thing, passage)
        start = max(passage.start, thing.start - _BEFORE_PART)
        parts = [match.end() for match in _PART_END.finditer(self.text, start, thing.start)]
        begins = next((each for each in reversed(parts) if thing.start - each >= self._shortest(each)), start)
        ends = _PART_END.search(self.text, thing.end, min(passage.end, thing.end + _BEHIND_PART))
        last = ends.start() if ends else min(passage.end, thing.end + _BEHIND_PART)
        return self.text[begins : thing.start], self.text[thing.end : last], ""

    def _shortest(self, at: int) -> int:
        """Return how long a part of a sentence is at least that says something: of Chinese, a few characters."""
        return _SHORTEST_HAN if has_han(self.text[at : at + 2]) else _SHORTEST_PART

    def part(self, thing: Thing, sentence: str) -> str:
        """Return the words around a thing, within its sentence."""
        if not sentence:
            return ""
        before = _PART_END.split(self.text[max(0, thing.start - _AROUND_SMALL) : thing.start])[-1]
        behind = _PART_END.split(self.text[thing.end : thing.end + _BEHIND_SMALL])[0]
        return f"{before}{thing.text}{behind}"

    def rows_above(self, passage: Passage) -> list[Passage]:
        """Return the rows of the same table above one, without the first, which heads it."""
        at = bisect_left(self._starts, passage.start)
        rows: list[Passage] = []
        while at > 0 and self.passages[at - 1].cells and self.passages[at - 1].paragraph == passage.paragraph:
            at -= 1
            if self.passages[at].header:
                rows.insert(0, self.passages[at])
        return rows

    def cells_of_column(self, thing: Thing, passage: Passage) -> list[tuple[int, int]]:
        """Return the cells of the column of a thing, in all rows of its table but the head."""
        column = next((at for at, cell in enumerate(passage.cells) if cell[0] <= thing.start < cell[1]), None)
        columns = self.columns_of(passage) if column is not None else []
        return columns[column] if column is not None and column < len(columns) else []

    def columns_of(self, row: Passage) -> list[list[tuple[int, int]]]:
        """Return the cells of each column of the table of a row, without the head."""
        at = bisect_left(self._starts, row.start)
        around = self.passages[max(0, at - _MOST_ROWS) : at + _MOST_ROWS]
        rows = [each for each in around if each.paragraph == row.paragraph and each.header]
        columns = max((len(each.cells) for each in rows), default=0)
        return [[each.cells[column] for each in rows if column < len(each.cells)] for column in range(columns)]

    def total_of_column(self, thing: Thing, passage: Passage) -> tuple[list[int], Decimal] | None:
        """Return the numbers above a cell and their sum, for the last row of a table that says it is the total."""
        column = next((at for at, cell in enumerate(passage.cells) if cell[0] <= thing.start < cell[1]), None)
        label = next((words for cell in passage.cells if (words := self.text[slice(*cell)].strip())), "")
        if not column or not _TOTAL_ROW.fullmatch(label):
            return None
        above = [
            other
            for row in self.rows_above(passage)
            if column < len(row.cells)
            for other in self.indexes_in(*row.cells[column])
            if self.things[other].kind is ThingKind.NUMBER
        ]
        values = [decimal_of(self.things[each]) for each in above]
        units = {self.things[each].unit for each in above}
        if len(values) < 2 or any(value is None for value in values) or len(units) > 1 or "%" in units:
            return None  # shares of different wholes have no sum
        return above, sum((value for value in values if value), Decimal(0))

    def passages_above(self, passage: Passage, most: int) -> Sequence[Passage]:
        """Return the passages above one, in order."""
        at = bisect_left(self._starts, passage.start)
        return self.passages[max(0, at - most) : at]

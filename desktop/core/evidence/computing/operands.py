"""The numbers that another one may come of, by how near they stand: in its sentence, its list, the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from desktop.core.evidence.computing.calculations import decimal_of
from desktop.core.evidence.computing.derivation import Operand, operand_of, sums_of_runs
from desktop.core.evidence.computing.from_files import FromFiles
from desktop.core.evidence.computing.known import Known
from desktop.core.evidence.computing.layout import AnswerLayout
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex

_MOST_ABOVE, _MOST_OF_ALL, _MOST_ROWS = 4, 40, 12
_FEW_PASSAGES, _MOST_PASSAGES, _MOST_IN_FILES = 3, 8, 30
_AND = late_regex(r"[\s,]*(?:and|又|零)?\s*")
_RANGE = late_regex(r"\s?[–—~～至-]\s?")
_MINUTES = 60
# The same in another unit: so many of these make one, or one makes so many.
_OTHER_UNITS = {
    "min": (("h", 1 / 60, "/ 60"),),
    "h": (("min", 60.0, "× 60"),),
    "month": (("year", 1 / 12, "/ 12"),),
    "year": (("month", 12.0, "× 12"),),
    "week": (("day", 7.0, "× 7"),),
    "day": (("week", 1 / 7, "/ 7"), ("h", 24.0, "× 24")),
    "t": (("kg", 1000.0, "× 1000"),),
    "kg": (("g", 1000.0, "× 1000"), ("t", 0.001, "/ 1000")),
    "km": (("m", 1000.0, "× 1000"),),
    "m": (("km", 0.001, "/ 1000"), ("cm", 100.0, "× 100")),
}


class Operands:
    """Numbers of one answer, of its question and of the files, as those that others come of."""

    def __init__(
        self,
        text: str,
        things: Sequence[Thing],
        layout: AnswerLayout,
        files: FromFiles,
        known: Known,
        asked: Sequence[Thing],
    ) -> None:
        self._text, self._things, self._layout = text, things, layout
        self._files, self._known = files, known
        self._asked = [operand for each in asked if (operand := operand_of(each))]

    def tiers(self, at: int, passage: Passage | None) -> list[Iterator[Operand]]:
        """Return the numbers that one may come of, the nearest first; they are read as they are asked for."""
        return [
            self._of_sentence(at, passage),
            self._of_files(at, 0, 1),
            chain(self._asked, self._around(at, passage)),
            self._of_files(at, 1, _FEW_PASSAGES),
            self._above(at, passage),
            chain(self._runs(at, passage), self._of_table_above(passage)),
            self._files.sums_near(at),
            chain(self._of_files(at, _FEW_PASSAGES, _MOST_PASSAGES), self._before(at), self._of_short_files()),
        ]

    def _of_sentence(self, at: int, passage: Passage | None) -> Iterator[Operand]:
        """Yield what stands in the same sentence, and what a file has instead of the number itself."""
        start, end = self._layout.span_of_sentence(self._things[at], passage)
        yield from self._in_ranges(start, end)
        yield from self._in(start, end, at)
        rival = self._files.rival(at)
        own = operand_of(rival) if rival is not None else None
        if own is not None:
            yield own

    def _in(
        self,
        start: int,
        end: int,
        at: int,
    ) -> list[Operand]:
        """Return the numbers of a stretch, without the one itself: those nearest to it first."""
        inside = [each for each in self._layout.indexes_in(start, end) if each != at]
        inside.sort(key=lambda each: abs(each - at))
        return list(self._read(inside))

    def _read(
        self,
        those: Iterable[int],
    ) -> Iterator[Operand]:
        for each in those:
            for thing in self._known.numbers(each):
                if operand := operand_of(thing):
                    yield operand
                    yield from self._in_other_units(each, operand)

    def _in_ranges(self, start: int, end: int) -> Iterator[Operand]:
        """Yield how many there are from one number to another: twelve in 1–12."""
        for low, high in pairwise(self._layout.indexes_in(start, end)):
            one, other = self._things[low], self._things[high]
            first, last = decimal_of(one), decimal_of(other)
            if first is not None and last is not None and _RANGE.fullmatch(self._text[one.end : other.start]):
                shown = f"{other.text} − {one.text} + 1"
                yield Operand(float(last - first + 1), "", shown, is_result=True)

    def _in_other_units(self, at: int, operand: Operand) -> Iterator[Operand]:
        """Yield the same in other units, and hours with the minutes behind them as one."""
        for unit, times, shown in _OTHER_UNITS.get(operand.unit, ()):
            yield Operand(operand.value * times, unit, f"{operand.shown} {shown}")
        behind = self._things[at + 1] if operand.unit == "h" and at + 1 < len(self._things) else None
        if behind is not None and behind.unit == "min":
            between = self._text[self._things[at].end : behind.start]
            minutes = operand_of(behind)
            if minutes and _AND.fullmatch(between):
                yield Operand(operand.value + minutes.value / _MINUTES, "h", f"{operand.shown} {minutes.shown}")

    def _around(
        self,
        at: int,
        passage: Passage | None,
    ) -> Iterator[Operand]:
        """Yield what stands in the same passage, right above it, and in its column."""
        if passage is None:
            return
        if passage.cells:
            yield from self._of_column(at, passage)
            return
        yield from self._in(passage.start, passage.end, at)
        for above in self._layout.passages_above(passage, 1):
            if not above.cells:
                yield from self._in(above.start, above.end, at)

    def _above(
        self,
        at: int,
        passage: Passage | None,
    ) -> Iterator[Operand]:
        """Yield what stands in the passages before the one right above it, in order from below, and in its heading."""
        for above in list(reversed(self._layout.passages_above(passage, _MOST_ABOVE)))[1:] if passage else ():
            if not above.cells:
                yield from self._in(above.start, above.end, at)
        if passage is not None and passage.heading is not None:
            yield from self._in(*passage.heading, at)

    def _of_column(
        self,
        at: int,
        passage: Passage,
    ) -> Iterator[Operand]:
        place = self._things[at].start
        column = next((which for which, cell in enumerate(passage.cells) if cell[0] <= place < cell[1]), 0)
        if column < len(passage.header):
            yield from self._in(*passage.header[column], at)
        for row in reversed(self._layout.rows_above(passage)[-_MOST_ROWS:]):
            if column < len(row.cells):
                yield from self._in(*row.cells[column], at)

    def _of_table_above(
        self,
        passage: Passage | None,
    ) -> Iterator[Operand]:
        """Yield the numbers of the table that a sentence follows."""
        if passage is not None and not passage.cells:
            for above in reversed(self._layout.passages_above(passage, _MOST_ROWS)):
                if above.cells:
                    yield from self._in(above.start, above.end, -1)

    def _before(
        self,
        at: int,
    ) -> Iterator[Operand]:
        yield from self._read(range(at - 1, max(-1, at - 1 - _MOST_OF_ALL), -1))

    def _of_files(self, at: int, first: int, last: int) -> Iterator[Operand]:
        for thing in self._files.near_numbers(at, first, last)[:_MOST_IN_FILES]:
            if operand := operand_of(thing):
                yield operand

    def _of_short_files(self) -> Iterator[Operand]:
        for thing in self._files.few_numbers:
            if operand := operand_of(thing):
                yield operand

    def _runs(
        self,
        at: int,
        passage: Passage | None,
    ) -> Iterator[Operand]:
        """Yield the sums of numbers that follow each other above this one: of the items of a list, or in a column."""
        if passage is None:
            return
        if passage.cells:
            yield from sums_of_runs(list(self._of_column(at, passage))[::-1])
        above = self._layout.passages_above(passage, _MOST_ROWS)
        items = [self._in(each.start, each.end, at)[:1] for each in above if not each.cells]
        yield from sums_of_runs([each for item in items for each in item])
        table = next((each for each in reversed(above) if each.cells), None)
        for column in self._layout.columns_of(table) if table is not None and not passage.cells else ():
            cells = [self._in(*cell, at) for cell in column]
            yield from sums_of_runs([cell[0] for cell in cells if len(cell) == 1])

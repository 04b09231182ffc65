"""The numbers and days of an answer that may be reckoned with: those of the files, and what is right instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from desktop.core.evidence.checked import Calculation, Checked, ThingKind, Verdict
from desktop.core.evidence.computing.calculations import decimal_of
from desktop.core.evidence.computing.from_files import FromFiles
from desktop.core.evidence.computing.layout import AnswerLayout
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing

_KNOWN = frozenset((Verdict.FOUND, Verdict.COMPUTED, Verdict.FROM_QUESTION, Verdict.UNCHECKED))
_MOST_BEFORE, _MOST_BEHIND, _MOST_ROWS = 60, 4, 8


class Known:
    """Things of one answer, as far as they may be reckoned with."""

    def __init__(
        self, things: Sequence[Thing], layout: AnswerLayout, files: FromFiles, checked: Mapping[int, Checked]
    ) -> None:
        self._things, self._layout, self._files, self._checked = things, layout, files, checked

    def numbers(self, at: int) -> Iterator[Thing]:
        """Yield the number that a thing is, if it is known; else what it should be, as far as that is told."""
        thing = self._things[at]
        if thing.kind is not ThingKind.NUMBER or at not in self._checked:
            return
        verdict = self._checked[at].verdict
        if verdict in _KNOWN:
            yield thing
        if verdict is Verdict.MISCOMPUTED and (calculation := self._checked[at].calculation):
            yield replace(thing, text=calculation.result, values=(calculation.result.replace(",", ""),))
        rival = self._files.rival(at)
        if verdict in (Verdict.ELSEWHERE, Verdict.NOT_FOUND) and rival is not None and decimal_of(rival) is not None:
            yield rival

    def has_all(self, those: Sequence[int]) -> bool:
        """Return True if all of the things are known."""
        return len(self.things(those)) == len(those)

    def things(self, those: Iterable[int]) -> list[Thing]:
        """Return those of the things that are known."""
        return [self._things[each] for each in those if each in self._checked and self._checked[each].verdict in _KNOWN]

    def numbers_before(self, at: int, passage: Passage | None) -> list[Thing]:
        """Return the numbers that a thing may come of: those before it, and behind it in its passage; nearest last."""
        found: list[Thing] = []
        for other in range(at - 1, -1, -1):
            if len(found) >= _MOST_BEFORE:
                break
            found += self.numbers(other)
        found.reverse()
        behind: list[Thing] = []
        for other in range(at + 1, min(at + 1 + _MOST_BEHIND, len(self._things))):
            if passage is not None and self._things[other].start < passage.end:
                behind += self.numbers(other)
        return [*behind, *found, *self._of_column(at, passage)]

    def _of_column(self, at: int, passage: Passage | None) -> Iterator[Thing]:
        """Yield the numbers above a cell, in its row's label and in the head of its column, which tell how many."""
        if passage is None or not passage.cells:
            return
        place = self._things[at].start
        column = next((which for which, cell in enumerate(passage.cells) if cell[0] <= place < cell[1]), 0)
        spans = [row.cells[column] for row in self._layout.rows_above(passage)[-_MOST_ROWS:] if column < len(row.cells)]
        spans += [passage.header[column]] if column < len(passage.header) else []
        spans += [passage.cells[0]] if column else []
        for start, end in spans:
            for other in self._layout.indexes_in(start, end):
                yield from self.numbers(other)


def settled(checked: Checked, verdict: Verdict, calculation: Calculation | None) -> Checked:
    """Return a thing with the verdict to which a calculation has led; what it was taken for before is gone."""
    return replace(checked, verdict=verdict, calculation=calculation, stands_as="", said_as="", instead=None)


def in_words(value: Decimal) -> str:
    """Return a result as it is shown, with two decimals at most."""
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    written = f"{rounded:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written

"""The numbers of an answer that are computed, and those that are said to be and come to something else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from desktop.core.evidence.attachment import Attached
from desktop.core.evidence.calculations import (
    LEAST_DIGITS,
    WrittenCalculation,
    comes_to,
    decimal_of,
    digits_of,
    formulas_in,
    reckoned,
    result_of,
    says_computed,
    says_how_much,
    says_sum,
)
from desktop.core.evidence.checked import Calculation, Checked, ThingKind, Verdict
from desktop.core.evidence.given import Given
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing

_SENTENCE_END = re.compile(r"[.!?](?=\s)|[。！？\n]")
_PART_END = re.compile(r"[.!?;](?=\s)|[。！？；，、\n]|,(?=\s)")
_KNOWN = frozenset((Verdict.FOUND, Verdict.ELSEWHERE, Verdict.COMPUTED, Verdict.FROM_QUESTION))
_MOST_ASKED = 4  # numbers of the question
_AROUND_SMALL = 30  # characters around a small number that say that it is computed
_BEHIND = 60  # characters behind a number that say how it came about
_MOST_BEFORE = 60
_MOST_IN_FILES, _MOST_DATES = 30, 12
_SAYS_BETWEEN = re.compile(r"\b(?:passed|later|between|from|lasted)\b|历时|相隔|之后|过了", re.IGNORECASE)
_YEAR = re.compile(r"[12]\d{3}(?!\d)")
_SCALES = tuple(Decimal(10) ** zeros for zeros in (0, 3, 4, 6, 8, 9))
_FACTORS = frozenset(("12", "4", "2", "52", "100", "365", "30"))


class Reckoning:
    """Numbers of one answer, after all of them were looked up."""

    def __init__(
        self,
        text: str,
        things: Sequence[Thing],
        passages: Sequence[Passage],
        given: Given,
        asked: Sequence[Thing],
        attached: Mapping[int, Attached],
        near: Mapping[int, Mapping[tuple[int, int], float]],
    ) -> None:
        self._text = text
        self._things = things
        self._passages = passages
        self._given = given
        self._asked = [each for each in asked if each.kind is ThingKind.NUMBER]
        self._attached = attached
        self._near = near
        self._starts = [passage.start for passage in passages]

    def correct(self, checked: dict[int, Checked]) -> None:
        """Change the verdicts of what is computed."""
        at_of = {id(thing): at for at, thing in enumerate(self._things)}
        for formula in formulas_in(self._text, self._things):
            for number in formula.numbers:
                at = at_of[id(number)]
                is_amiss = at in checked and checked[at].verdict.is_amiss
                if is_amiss and (_is_factor(number, self._things) or self._given.has_digits(number)):
                    checked[at] = replace(checked[at], verdict=Verdict.UNCHECKED, places=(), instead=None)
            at = at_of[id(formula.result)]
            if at in checked:
                checked[at] = _of_formula(checked[at], formula)
        for at in sorted(checked):
            if checked[at].kind is ThingKind.NUMBER and checked[at].calculation is None:
                self._correct_one(at, checked)

    def _correct_one(self, at: int, checked: dict[int, Checked]) -> None:
        thing = self._things[at]
        passage = self._passage_of(thing)
        if checked[at].verdict is not Verdict.NOT_FOUND:
            return
        if passage is not None and passage.cells and (total := self._total_of_column(thing, passage)):
            is_right = comes_to(total[1], thing)
            verdict = Verdict.COMPUTED if is_right else Verdict.MISCOMPUTED
            checked[at] = _with(checked[at], verdict, Calculation(total[0], _in_words(total[1])))
            return
        sentence = self._sentence(thing, passage)
        is_small = digits_of(thing) < LEAST_DIGITS
        is_said = says_how_much(self._part(thing, sentence)) if is_small else says_computed(sentence)
        if is_small and not is_said:
            return
        before = self._numbers_before(at, checked, passage)
        numbers = [*before[:-_MOST_ASKED], *self._asked[-_MOST_ASKED:], *before[-_MOST_ASKED:]]
        calculation = reckoned(thing, numbers, self._numbers_in_files(at), is_said=is_said)
        if calculation is None and thing.unit == "year" and _SAYS_BETWEEN.search(sentence):
            calculation = self._years_between(thing, at)
        if calculation is None and (is_said or says_sum(sentence)):
            calculation = next((found for found in self._sums_of_columns(thing)), None)
        if calculation is not None:
            checked[at] = _with(checked[at], Verdict.COMPUTED, calculation)

    def _passage_of(self, thing: Thing) -> Passage | None:
        at = bisect_left(self._starts, thing.start + 1) - 1
        return self._passages[at] if at >= 0 else None

    def _sentence(self, thing: Thing, passage: Passage | None) -> str:
        if passage is None:
            return ""
        if passage.cells:
            return self._text[passage.start : passage.end]
        start = passage.start
        for match in _SENTENCE_END.finditer(self._text, passage.start, thing.start):
            start = match.end()
        ends = _SENTENCE_END.search(self._text, thing.end, min(passage.end, thing.end + _BEHIND))
        return self._text[start : ends.start() if ends else min(passage.end, thing.end + _BEHIND)]

    def _part(self, thing: Thing, sentence: str) -> str:
        """Return the words around a thing, within its sentence."""
        around = self._text[max(0, thing.start - _AROUND_SMALL) : thing.end + _AROUND_SMALL // 2]
        return next((piece for piece in _PART_END.split(around) if thing.text in piece and sentence), "")

    def _numbers_before(self, at: int, checked: Mapping[int, Checked], passage: Passage | None) -> list[Thing]:
        """Return the numbers that a thing may come of: those before it, and behind it in its passage; nearest last."""
        found: list[Thing] = []
        for other in range(at - 1, -1, -1):
            if len(found) >= _MOST_BEFORE:
                break
            found += self._known(other, checked)
        found.reverse()
        behind: list[Thing] = []
        for other in range(at + 1, min(at + 5, len(self._things))):
            if passage is not None and self._things[other].start < passage.end:
                behind += self._known(other, checked)
        return [*behind, *found]

    def _numbers_in_files(self, at: int) -> list[Thing]:
        """Return the numbers of the files that stand near the words beside a thing, the nearest passages first."""
        found = [each.thing for each in self._given.nearest(self._near.get(at, {}))]
        found += [each for each in self._given.few_numbers if each not in found]
        return [each for each in found if each.kind is ThingKind.NUMBER][:_MOST_IN_FILES]

    def _years_between(self, thing: Thing, at: int) -> Calculation | None:
        """Return the two dates of the answer between which so many years lie."""
        dates = [each for each in self._things[max(0, at - _MOST_DATES) : at + _MOST_DATES] if _YEAR.match(each.value)]
        dates = [each for each in dates if each.kind is ThingKind.DATE or each.unit in ("", "year")]
        dates += [
            each.thing for each in self._given.nearest(self._near.get(at, {})) if each.thing.kind is ThingKind.DATE
        ]
        for one, other in combinations(dates, 2):
            if abs(_year(one) - _year(other)) == decimal_of(thing):
                return Calculation(f"{other.text} − {one.text}", thing.text)
        return None

    def _known(self, at: int, checked: Mapping[int, Checked]) -> Iterator[Thing]:
        thing = self._things[at]
        if thing.kind is not ThingKind.NUMBER or at not in checked:
            return
        verdict = checked[at].verdict
        if verdict in _KNOWN or verdict is Verdict.UNCHECKED:
            yield thing
        rival = self._attached[at].rival if at in self._attached else None
        if verdict in (Verdict.ELSEWHERE, Verdict.NOT_FOUND) and rival is not None and decimal_of(rival) is not None:
            yield rival

    def _total_of_column(self, thing: Thing, passage: Passage) -> tuple[str, Decimal] | None:
        """Return the sum of the numbers above a cell, for the last row of a table that says it is the total."""
        column = next((at for at, cell in enumerate(passage.cells) if cell[0] <= thing.start < cell[1]), None)
        others = " ".join(self._text[slice(*cell)] for at, cell in enumerate(passage.cells) if at != column)
        if column is None or not says_sum(others):
            return None
        above: list[Thing] = []
        for each in self._passages:
            if (
                each.paragraph == passage.paragraph
                and each.header
                and each.start < passage.start
                and column < len(each.cells)
            ):
                above += [
                    other for other in self._things if each.cells[column][0] <= other.start < each.cells[column][1]
                ]
        values = [decimal_of(each) for each in above if each.kind is ThingKind.NUMBER]
        if len(values) < 2 or any(value is None for value in values):
            return None
        shown = " + ".join(each.text for each in above if each.kind is ThingKind.NUMBER)
        return shown, sum((value for value in values if value is not None), Decimal(0))

    def _sums_of_columns(self, thing: Thing) -> Iterator[Calculation]:
        for column in self._given.columns:
            if found := column.sum_that_is(thing):
                yield found


def _year(date: Thing) -> int:
    return int(date.value[:4]) if _YEAR.match(date.value) else 0


def _of_formula(checked: Checked, formula: WrittenCalculation) -> Checked:
    result = result_of(formula)
    if result is None:
        return checked
    # 15 × 2.4 = 36 million: what is multiplied by goes without saying.
    is_right = any(comes_to(result * scale, formula.result, is_about=formula.is_about) for scale in _SCALES)
    calculation = Calculation(formula.shown, _in_words(result))
    return _with(checked, Verdict.COMPUTED if is_right else Verdict.MISCOMPUTED, calculation)


def _with(checked: Checked, verdict: Verdict, calculation: Calculation) -> Checked:
    return replace(checked, verdict=verdict, calculation=calculation, stands_as="", said_as="", instead=None)


def _is_factor(number: Thing, things: Sequence[Thing]) -> bool:
    """Return True for a number that belongs to the calculation: twelve months, or 1.03 for three per cent more."""
    if number.value in _FACTORS:
        return True
    value = decimal_of(number)
    if value is None or not Decimal(0) < value < 3:
        return False
    shares = {abs(value - 1) * 100, value * 100}
    return any(each.unit == "%" and decimal_of(each) in shares for each in things) or any(
        each.unit == "p" and decimal_of(each) == value * 100 for each in things
    )


def _in_words(value: Decimal) -> str:
    rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    written = f"{rounded:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written

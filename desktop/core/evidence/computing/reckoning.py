"""The numbers of an answer that are computed, and those that are said to be and come to something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations

from desktop.core.evidence.attachment import Attached
from desktop.core.evidence.checked import Calculation, Checked, ThingKind, Verdict
from desktop.core.evidence.computing.calculations import (
    LEAST_DIGITS,
    WrittenCalculation,
    comes_to,
    decimal_of,
    digits_of,
    formulas_in,
    product_of,
    reckoned,
    result_of,
    share_of,
)
from desktop.core.evidence.computing.from_files import FromFiles
from desktop.core.evidence.computing.layout import AnswerLayout
from desktop.core.evidence.computing.wording import (
    says_between,
    says_computed,
    says_difference,
    says_how_much,
    says_quotient,
    says_sum,
    says_yearly,
)
from desktop.core.evidence.given import Given
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing, figures_in

_KNOWN = frozenset((Verdict.FOUND, Verdict.ELSEWHERE, Verdict.COMPUTED, Verdict.FROM_QUESTION))
_MOST_ASKED = 4  # numbers of the question
_MOST_BEFORE = 60
_SCALES = tuple(Decimal(10) ** zeros for zeros in (0, 3, 4, 6, 8, 9))
_MOST_OF_SHARE, _MOST_ITEMS, _MOST_ROWS = 4, 14, 8
_A_YEAR = (12, 4, 52)
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
        self._layout = AnswerLayout(text, things, passages)
        self._files = FromFiles(things, given, attached, near)
        self._known_results: dict[tuple[str, str], Calculation] = {}  # of numbers that were computed before

    def correct(self, checked: dict[int, Checked]) -> None:
        """Change the verdicts of what is computed."""
        at_of = {id(thing): at for at, thing in enumerate(self._things)}
        for formula in formulas_in(self._text, self._things):
            for number in formula.numbers:
                at = at_of.get(id(number), -1)  # none for what stands in brackets
                is_amiss = at in checked and checked[at].verdict.is_amiss
                if is_amiss and (_is_factor(number, self._things) or self._given.has_digits(number)):
                    checked[at] = replace(checked[at], verdict=Verdict.UNCHECKED, places=(), instead=None)
            at = at_of[id(formula.result)]
            if at in checked:
                checked[at] = _of_formula(checked[at], formula)
        for at in sorted(checked):
            thing = self._things[at]
            if thing.kind is not ThingKind.NUMBER or checked[at].calculation is not None:
                continue
            if checked[at].verdict is Verdict.NOT_FOUND:
                self._correct_missing(at, checked)
            elif checked[at].verdict is Verdict.ELSEWHERE:
                self._correct_elsewhere(at, checked)
            calculation = checked[at].calculation
            if calculation is not None and digits_of(thing) >= LEAST_DIGITS:
                self._known_results.setdefault((thing.value, thing.unit), calculation)

    def _correct_missing(self, at: int, checked: dict[int, Checked]) -> None:
        thing = self._things[at]
        passage = self._layout.passage_of(thing)
        if passage is not None and passage.cells and (total := self._layout.total_of_column(thing, passage)):
            is_right = comes_to(total[1], thing)
            if is_right or not self._is_right_total(thing, passage, checked):
                verdict = Verdict.COMPUTED if is_right else Verdict.MISCOMPUTED
                checked[at] = _with(checked[at], verdict, Calculation(total[0], _in_words(total[1])))
                return
        calculation = self._known_results.get((thing.value, thing.unit)) or next(self._attempts(at, checked), None)
        if calculation is not None:
            checked[at] = _with(checked[at], Verdict.COMPUTED, calculation)

    def _is_right_total(self, thing: Thing, passage: Passage, checked: Mapping[int, Checked]) -> bool:
        """Return True for a total that is right although a number above it is not, by what the file says for that."""
        column = next((which for which, cell in enumerate(passage.cells) if cell[0] <= thing.start < cell[1]), 0)
        total = Decimal(0)
        for row in self._layout.rows_above(passage):
            for at in self._layout.indexes_in(*row.cells[column]) if column < len(row.cells) else ():
                rival = self._files.rival(at)
                is_amiss = at in checked and checked[at].verdict.is_amiss
                total += _decimal(rival if is_amiss and rival is not None else self._things[at])
        return comes_to(total, thing)

    def _attempts(self, at: int, checked: Mapping[int, Checked]) -> Iterator[Calculation]:
        """Yield how a number may have come about, the surest first."""
        thing = self._things[at]
        passage = self._layout.passage_of(thing)
        yield from self._files.converted(at)
        sentence = self._layout.sentence(thing, passage)
        before = self._numbers_before(at, checked, passage)
        if thing.unit == "%":
            beside = [*self._asked[-2:], *before][-_MOST_OF_SHARE:]
            last = checked[at - 1].calculation if at - 1 in checked else None
            yield from share_of(thing, [*beside, *(figures_in(last.shown, ".") if last else ())], sentence)
            yield from self._share_of_column(thing, passage)
            yield from self._change_in_row(thing, passage)
            yield from self._files.share_of_nearest(at, before)
        if thing.unit in ("h", "min"):
            yield from self._files.hours_between(at, self._text)
        yield from self._of_list(thing, passage)
        yield from self._files.of_passage(at)
        yield from self._files.times_given(at, before)
        if says_how_much(self._layout.part(thing, sentence)):
            yield from self._files.difference(at, before)
        if says_yearly(sentence):
            yield from _of_a_year(thing, before[-2:])
        is_small = digits_of(thing) < LEAST_DIGITS
        is_said = says_how_much(self._layout.part(thing, sentence)) if is_small else says_computed(sentence)
        if is_small and not is_said:
            return
        numbers = [*before[:-_MOST_ASKED], *self._asked[-_MOST_ASKED:], *before[-_MOST_ASKED:]]
        is_quotient = thing.unit == "%" or says_quotient(sentence)
        if calculation := reckoned(
            thing, numbers, self._files.numbers_in_files(at), is_said=is_said, is_quotient_said=is_quotient
        ):
            yield calculation
        if thing.unit == "year" and says_between(sentence) and (years := self._files.years_between(thing, at)):
            yield years
        if is_said or says_sum(sentence):
            yield from self._files.sums_of_columns(thing)

    def _correct_elsewhere(self, at: int, checked: dict[int, Checked]) -> None:
        """Leave a number alone that stands as something else by chance, and comes of those just before it."""
        thing = self._things[at]
        sentence = self._layout.sentence(thing, self._layout.passage_of(thing))
        before = [each for other in range(max(0, at - _MOST_ASKED), at) for each in self._known(other, checked)]
        calculation = product_of(thing, before) if digits_of(thing) > LEAST_DIGITS else None
        if calculation is None and says_difference(self._layout.part(thing, sentence)):
            calculation = reckoned(thing, before, self._files.numbers_in_files(at), is_said=True)
        if calculation is not None:
            checked[at] = _with(checked[at], Verdict.COMPUTED, calculation)

    def _of_list(self, thing: Thing, passage: Passage | None) -> Iterator[Calculation]:
        """Yield the sum of what the items of a list, or the rows of a table, come to that stand above a number."""
        if passage is None or digits_of(thing) < LEAST_DIGITS:
            return
        last: list[Thing] = []
        for above in reversed(self._layout.passages_above(passage, _MOST_ITEMS)):
            inside = [each for each in self._layout.things_in(above) if decimal_of(each) and each.unit == thing.unit]
            if inside:
                last.insert(0, inside[-1])
            if len(last) > 1 and comes_to(sum((_decimal(each) for each in last), Decimal(0)), thing):
                yield Calculation(" + ".join(each.text for each in last), thing.text)

    def _share_of_column(self, thing: Thing, passage: Passage | None) -> Iterator[Calculation]:
        """Yield the share that a number of a row has of another one in the same column of the table."""
        if passage is None or not passage.cells:
            return
        rows = [each for each in self._passages if each.paragraph == passage.paragraph and each.header]
        for column in range(1, len(passage.cells)):
            numbers = self._numbers_of_cell(passage, column)
            wholes = [each for row in rows for each in self._numbers_of_cell(row, column)]
            for number in numbers:
                for whole in wholes[:_MOST_ROWS]:
                    if comes_to(100 * _decimal(number) / _decimal(whole), thing):
                        yield Calculation(f"{number.text} / {whole.text}", thing.text)

    def _change_in_row(self, thing: Thing, passage: Passage | None) -> Iterator[Calculation]:
        """Yield the change, or the share, of two numbers of a row; a minus sign is not looked at."""
        if passage is None or not passage.cells:
            return
        numbers = [each for column in range(len(passage.cells)) for each in self._numbers_of_cell(passage, column)]
        for one, other in permutations(numbers[:_MOST_ROWS], 2):
            if one.unit == other.unit and decimal_of(other):
                for shown, value in (
                    ("", _decimal(one) / _decimal(other)),
                    (" − 1", _decimal(one) / _decimal(other) - 1),
                ):
                    if comes_to(100 * value, thing):
                        yield Calculation(f"{one.text} / {other.text}{shown}", thing.text)

    def _numbers_of_cell(self, row: Passage, column: int) -> list[Thing]:
        if column >= len(row.cells):
            return []
        inside = self._layout.indexes_in(*row.cells[column])
        found = [self._things[each] for each in inside]
        found += [rival for each in inside if (rival := self._files.rival(each)) is not None]
        return [each for each in found if decimal_of(each) and each.unit != "%"]

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
        return [*behind, *found, *self._of_column(at, checked, passage)]

    def _of_column(self, at: int, checked: Mapping[int, Checked], passage: Passage | None) -> Iterator[Thing]:
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
                yield from self._known(other, checked)

    def _known(self, at: int, checked: Mapping[int, Checked]) -> Iterator[Thing]:
        thing = self._things[at]
        if thing.kind is not ThingKind.NUMBER or at not in checked:
            return
        verdict = checked[at].verdict
        if verdict in _KNOWN or verdict is Verdict.UNCHECKED:
            yield thing
        if verdict is Verdict.MISCOMPUTED and (calculation := checked[at].calculation):
            yield replace(thing, text=calculation.result, values=(calculation.result.replace(",", ""),))
        rival = self._files.rival(at)
        if verdict in (Verdict.ELSEWHERE, Verdict.NOT_FOUND) and rival is not None and decimal_of(rival) is not None:
            yield rival


def _of_a_year(thing: Thing, before: Sequence[Thing]) -> Iterator[Calculation]:
    """Yield what comes to a number in a year: twelve months, four quarters, 52 weeks."""
    for one in before:
        for times in _A_YEAR:
            if one.unit == thing.unit and decimal_of(one) and _decimal(one) * times == decimal_of(thing):
                yield Calculation(f"{one.text} × {times}", thing.text)


def _decimal(thing: Thing) -> Decimal:
    return decimal_of(thing) or Decimal(0)


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

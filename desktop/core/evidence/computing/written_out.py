"""The calculations that an answer writes out, by signs or in the columns of its tables, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from desktop.core.evidence.checked import Calculation, Checked, Instead, ThingKind, Verdict
from desktop.core.evidence.computing.calculations import (
    WrittenCalculation,
    comes_to,
    decimal_of,
    formulas_in,
    result_of,
)
from desktop.core.evidence.computing.columns import TableNumber, reckoned_columns
from desktop.core.evidence.computing.from_files import FromFiles
from desktop.core.evidence.computing.known import in_words, settled
from desktop.core.evidence.computing.layout import AnswerLayout
from desktop.core.evidence.given import Given
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex

_SCALES = tuple(Decimal(10) ** zeros for zeros in (0, 3, 4, 6, 8, 9))
_FACTORS = frozenset(("12", "4", "2", "52", "100", "365", "30"))
_CONVERSIONS = {
    "": ("7", "12", "24", "30", "52", "60", "100", "360", "365", "1000", "10000"),
    "day": ("5", "7", "30", "365"),
    "month": ("3", "12"),
    "week": ("4", "52"),
    "h": ("24",),
    "min": ("60",),
    "person": (),
}
_SIGN_BEFORE, _SIGN_BEHIND = late_regex(r"[×*·÷/]\s?$"), late_regex(r"\s?[×*·÷/]\s?\d")
_UNSETTLED = (Verdict.NOT_FOUND, Verdict.ELSEWHERE, Verdict.UNCHECKED)


class WrittenOut:
    """Calculations of one answer."""

    def __init__(
        self,
        text: str,
        things: Sequence[Thing],
        passages: Sequence[Passage],
        given: Given,
        layout: AnswerLayout,
        files: FromFiles,
    ) -> None:
        self._text, self._things, self._passages = text, things, passages
        self._given, self._layout, self._files = given, layout, files
        # Results that are right, and the places of their terms, some of which are not known; by their own.
        self.of_unknown: dict[int, tuple[Calculation, list[int]]] = {}

    def correct(self, checked: dict[int, Checked]) -> None:
        """Change the verdicts of results, and of the numbers that they are reckoned from."""
        at_of = {id(thing): at for at, thing in enumerate(self._things)}
        for formula in formulas_in(self._text, self._things):
            self._check_formula(formula, at_of, checked)
        for at, thing in enumerate(self._things):
            if at in checked and checked[at].verdict is Verdict.NOT_FOUND and self._is_conversion(thing):
                checked[at] = replace(checked[at], verdict=Verdict.UNCHECKED, instead=None)
        for rows in self._tables(checked):
            for cell in reckoned_columns(rows):
                if checked[cell.at].verdict not in _UNSETTLED:
                    continue
                result = Calculation(cell.shown, in_words(Decimal(str(cell.result))))
                if cell.is_right and cell.is_sure:
                    checked[cell.at] = settled(checked[cell.at], Verdict.COMPUTED, result)
                elif not cell.is_sure:
                    checked[cell.at] = settled(checked[cell.at], Verdict.UNCHECKED, None)
                elif checked[cell.at].verdict is Verdict.NOT_FOUND:
                    checked[cell.at] = settled(checked[cell.at], Verdict.MISCOMPUTED, result)

    def _tables(self, checked: Mapping[int, Checked]) -> list[list[dict[int, TableNumber]]]:
        """Return the rows of each table, with the cells that hold one number."""
        tables: dict[int, list[dict[int, int]]] = {}
        for row in self._passages:
            cells = {}
            for column, span in enumerate(row.cells if row.header else ()):
                inside = [each for each in self._layout.indexes_in(*span) if each in checked]
                if len(inside) == 1 and decimal_of(self._things[inside[0]]) is not None:
                    cells[column] = inside[0]
            if cells:
                tables.setdefault(row.paragraph, []).append(cells)
        return [self._with_files(rows, checked) for rows in tables.values()]

    def _with_files(
        self, rows: Sequence[Mapping[int, int]], checked: Mapping[int, Checked]
    ) -> list[dict[int, TableNumber]]:
        """Return the numbers of a table with what the files say of them."""
        found: list[dict[int, TableNumber]] = [{} for _ in rows]
        for column in {column for row in rows for column in row}:
            verdicts = [checked[row[column]].verdict for row in rows if column in row]
            is_given = 2 * verdicts.count(Verdict.FOUND) > len(verdicts)
            for row, cells in zip(rows, found, strict=True):
                if column in row:
                    at = row[column]
                    is_amiss = is_given and checked[at].verdict.is_amiss
                    cells[column] = TableNumber(at, self._things[at], self._files.rival(at), is_given, is_amiss)
        return found

    def _check_formula(
        self, formula: WrittenCalculation, at_of: Mapping[int, int], checked: dict[int, Checked]
    ) -> None:
        at = at_of[id(formula.result)]
        written = _of_formula(checked[at], formula) if at in checked else None
        is_right = written is not None and written.verdict is Verdict.COMPUTED
        for number in formula.numbers:
            other = at_of.get(id(number), -1)  # none for what stands in brackets
            is_amiss = other in checked and checked[other].verdict.is_amiss
            is_known = not formula.is_in_cell or is_right
            if is_amiss and (_is_factor(number, self._things) or (is_known and self._given.has_digits(number))):
                checked[other] = replace(checked[other], verdict=Verdict.UNCHECKED, places=(), instead=None)
        if written is None:
            return
        terms = [
            each
            for number in formula.numbers
            for each in self._layout.indexes_in(number.start, number.end)
            if self._things[each].kind is ThingKind.NUMBER
        ]
        if is_right and written.calculation and any(checked[each].verdict.is_amiss for each in terms):
            self.of_unknown[at] = written.calculation, terms
            return
        is_given = formula.is_in_cell and checked[at].verdict is Verdict.FOUND
        if not is_given:
            checked[at] = written
        if not is_right:
            self._blame_operand(at, formula, at_of, checked)

    def _blame_operand(
        self, at: int, formula: WrittenCalculation, at_of: Mapping[int, int], checked: dict[int, Checked]
    ) -> None:
        """Take a number of a calculation for wrong whose result is right with the one that a file has there."""
        for which, number in enumerate(formula.numbers):
            other = at_of.get(id(number), -1)
            if other not in checked:
                continue
            for each in self._files.near(other):
                if each.thing.unit != number.unit or not decimal_of(each.thing) or each.thing.value == number.value:
                    continue
                numbers = (*formula.numbers[:which], each.thing, *formula.numbers[which + 1 :])
                right = _of_formula(checked[at], replace(formula, numbers=numbers))
                if right.verdict is Verdict.COMPUTED:
                    checked[at] = checked[at] if checked[at].verdict is Verdict.FOUND else right
                    place = self._given.indexes[each.source].place(each.thing.start, each.thing.end)
                    verdict = Verdict.ELSEWHERE if checked[other].places else Verdict.NOT_FOUND
                    instead = Instead(each.thing.text, "", place)
                    checked[other] = replace(checked[other], verdict=verdict, instead=instead)
                    return

    def _is_conversion(self, thing: Thing) -> bool:
        """Return True for a number by which one is multiplied that nobody has to give: 52 weeks, 12 months."""
        is_said = _SIGN_BEFORE.search(self._text, max(0, thing.start - 3), thing.start) is not None
        return (is_said or _SIGN_BEHIND.match(self._text, thing.end) is not None) and thing.value in _CONVERSIONS.get(
            thing.unit, ()
        )


def _of_formula(checked: Checked, formula: WrittenCalculation) -> Checked:
    result = result_of(formula)
    if result is None:
        return checked
    # 15 × 2.4 = 36 million: what is multiplied by goes without saying.
    is_right = any(comes_to(result * scale, formula.result, is_about=formula.is_about) for scale in _SCALES)
    calculation = Calculation(formula.shown, in_words(result))
    return settled(checked, Verdict.COMPUTED if is_right else Verdict.MISCOMPUTED, calculation)


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

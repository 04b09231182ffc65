"""The numbers of an answer that are computed, and those that are said to be and come to something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from desktop.core.evidence.attachment import Attached
from desktop.core.evidence.checked import Calculation, Checked, ThingKind, Verdict
from desktop.core.evidence.computing.calculations import (
    LEAST_DIGITS,
    comes_to,
    decimal_of,
    digits_of,
    is_slip,
    multiplied_in,
    reckoned,
    share_of,
)
from desktop.core.evidence.computing.derivation import (
    BY_CHANCE,
    BY_CHANCE_IF_SAID,
    Derivation,
    Derived,
)
from desktop.core.evidence.computing.from_files import FromFiles
from desktop.core.evidence.computing.known import Known, in_words, settled
from desktop.core.evidence.computing.layout import AnswerLayout
from desktop.core.evidence.computing.operands import Operands
from desktop.core.evidence.computing.terms import Terms
from desktop.core.evidence.computing.wording import (
    Hints,
    is_bound,
    is_roughly,
    says_computed,
    says_difference,
    says_how_much,
    says_quotient,
    says_result,
    says_shares,
    says_sum,
)
from desktop.core.evidence.computing.written_out import WrittenOut
from desktop.core.evidence.given import Given
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.thing import Thing, figures_in

_MOST_ASKED = 4  # numbers of the question
_BEFORE = 24  # characters before a number that say that it is rounded
_MOST_OF_SHARE, _MOST_ROWS = 4, 8
_NEAREST = 2  # groups of operands: of the same sentence, and of the passage of a file that is like it


class Reckoning:
    """Numbers of one answer, after all of them were looked up; `checked` is what became of each so far."""

    def __init__(
        self,
        text: str,
        things: Sequence[Thing],
        passages: Sequence[Passage],
        given: Given,
        asked: Sequence[Thing],
        attached: Mapping[int, Attached],
        near: Mapping[int, Mapping[tuple[int, int], float]],
        checked: dict[int, Checked],
    ) -> None:
        self._text, self._things, self._passages = text, things, passages
        self._checked = checked
        self._asked = [each for each in asked if each.kind is ThingKind.NUMBER]
        self._layout = AnswerLayout(text, things, passages)
        self._files = FromFiles(things, given, attached, near)
        self._known = Known(things, self._layout, self._files, checked)
        self._terms = Terms(text, things, self._layout, self._files, self._known)
        self._operands = Operands(text, things, self._layout, self._files, self._known, self._asked)
        self._written = WrittenOut(text, things, passages, given, self._layout, self._files)
        self._operands_at = set(multiplied_in(text, things))
        self._known_results: dict[tuple[str, str], Calculation] = {}  # of numbers that were computed before

    def correct(self) -> None:
        """Change the verdicts of what is computed."""
        self._written.correct(self._checked)
        for at in sorted(self._checked):
            thing, checked = self._things[at], self._checked[at]
            if checked.calculation is None:
                self._correct_one(at, thing, checked.verdict)
            calculation = self._checked[at].calculation
            if calculation is not None and thing.kind is ThingKind.NUMBER and digits_of(thing) >= LEAST_DIGITS:
                self._known_results.setdefault((thing.value, thing.unit), calculation)

    def _correct_one(self, at: int, thing: Thing, verdict: Verdict) -> None:
        match thing.kind, verdict:
            case ThingKind.DATE, Verdict.NOT_FOUND:
                if calculation := self._terms.day(at):
                    self._settle(at, Verdict.COMPUTED, calculation)
            case ThingKind.NUMBER, Verdict.NOT_FOUND:
                self._correct_missing(at)
            case ThingKind.NUMBER, Verdict.ELSEWHERE:
                self._correct_elsewhere(at)

    def _settle(self, at: int, verdict: Verdict, calculation: Calculation | None) -> None:
        self._checked[at] = settled(self._checked[at], verdict, calculation)

    def _correct_missing(self, at: int) -> None:
        thing = self._things[at]
        passage = self._layout.passage_of(thing)
        if at in self._written.of_unknown:
            written, terms = self._written.of_unknown[at]
            if self._known.has_all(terms):
                self._settle(at, Verdict.COMPUTED, written)
            return
        if passage is not None and passage.cells and (total := self._layout.total_of_column(thing, passage)):
            above, value = total
            is_right = comes_to(value, thing)
            if is_right and not self._known.has_all(above):
                return  # the sum of a figure that is wrong itself
            if is_right or not self._is_right_total(thing, passage):
                shown = " + ".join(self._things[each].text for each in above)
                verdict = Verdict.COMPUTED if is_right else Verdict.MISCOMPUTED
                self._settle(at, verdict, Calculation(shown, in_words(value)))
                return
        calculation = self._known_results.get((thing.value, thing.unit)) or next(self._attempts(at), None)
        if calculation is not None:
            self._settle(at, Verdict.COMPUTED, calculation)
        elif derived := self._derived(at):
            self._settle_derived(at, derived)

    def _is_right_total(self, thing: Thing, passage: Passage) -> bool:
        """Return True for a total that is right although a number above it is not, by what the file says for that."""
        column = next((which for which, cell in enumerate(passage.cells) if cell[0] <= thing.start < cell[1]), 0)
        total = Decimal(0)
        for row in self._layout.rows_above(passage):
            for at in self._layout.indexes_in(*row.cells[column]) if column < len(row.cells) else ():
                rival = self._files.rival(at)
                is_amiss = at in self._checked and self._checked[at].verdict.is_amiss
                total += _decimal(rival if is_amiss and rival is not None else self._things[at])
        return comes_to(total, thing)

    def _attempts(self, at: int) -> Iterator[Calculation]:
        """Yield how a number may have come about, the surest first."""
        thing = self._things[at]
        passage = self._layout.passage_of(thing)
        yield from self._files.converted(at)
        sentence = self._layout.sentence(thing, passage)
        before = self._known.numbers_before(at, passage)
        if thing.unit == "%":
            beside = [*self._asked[-2:], *before][-_MOST_OF_SHARE:]
            if digits_of(thing) < 2:  # which any two numbers may come to
                beside = [each for each in beside if each.text in sentence]
            last = self._checked[at - 1].calculation if at - 1 in self._checked else None
            yield from share_of(thing, [*beside, *(figures_in(last.shown, ".") if last else ())], sentence)
            yield from self._share_of_column(thing, passage)
        yield from self._terms.spans(at)
        if thing.unit in ("h", "min"):
            yield from self._files.hours_between(at, self._text)
        yield from self._files.of_passage(at)
        yield from self._files.sums_beside(thing, self._layout.label_of(passage))
        if says_how_much(self._layout.part(thing, sentence)):
            yield from self._files.difference(at, before)
        is_small = digits_of(thing) < LEAST_DIGITS
        is_said = says_how_much(self._layout.part(thing, sentence)) if is_small else says_computed(sentence)
        if is_small and not is_said:
            return
        numbers = [*before[:-_MOST_ASKED], *self._asked[-_MOST_ASKED:], *before[-_MOST_ASKED:]]
        is_quotient = thing.unit == "%" or says_quotient(sentence)
        if calculation := reckoned(thing, numbers, is_said=is_said, is_quotient_said=is_quotient):
            yield calculation
        if is_said or says_sum(sentence):
            yield from self._files.sums_of_columns(thing)

    def _derived(self, at: int, *, only_near: bool = False) -> Derived | None:
        """Return what a number comes of by steps that nothing names, from what stands near to what stands far."""
        thing = self._things[at]
        if thing.start in self._operands_at or is_bound(self._text, thing.start, thing.end):
            return None  # with those others are reckoned
        passage = self._layout.passage_of(thing)
        before = self._text[max(0, thing.start - _BEFORE) : thing.start]
        before_it, behind, head = self._layout.beside(thing, passage)
        sentence = self._layout.sentence(thing, passage)
        wording = Hints.of(f"{sentence} {head}")
        rival = self._files.rival(at)
        is_said = (
            says_result(before_it, behind, head)
            or (thing.unit == "%" and says_shares(sentence))
            or self._goes_on(at, passage)
            or (rival is None and is_roughly(before) and (wording.is_reckoned or wording.is_product))
        )
        if rival is not None and (calculation := self._times(at, rival, passage)):
            return Derived(calculation, True)
        if not is_said and self._is_in_given_column(at, passage):
            return None
        is_clear = is_said and not (rival is not None and is_slip(thing, rival))
        by_chance = BY_CHANCE_IF_SAID if is_clear else BY_CHANCE
        if rival is not None and not is_said:
            return None
        derivation = Derivation(thing, wording, before, by_chance=by_chance)
        tiers = self._operands.tiers(at, passage)
        found = derivation.found(tiers[:_NEAREST] if only_near else tiers, only_two=only_near)
        return found if found is None or found.is_sure or is_clear else None

    def _times(self, at: int, price: Thing, passage: Passage | None) -> Calculation | None:
        """Return what a price of the file comes to, times a number beside: of two hours at €165."""
        for other in self._layout.indexes_in(*self._layout.span_of_sentence(self._things[at], passage)):
            for count in self._known.numbers(other) if other != at else ():
                if count.unit not in ("%", price.unit) and _decimal(count) * _decimal(price) == _decimal(
                    self._things[at]
                ):
                    return Calculation(f"{count.text} × {price.text}", self._things[at].text)
        return None

    def _settle_derived(self, at: int, derived: Derived) -> None:
        if derived.is_sure:
            self._settle(at, Verdict.COMPUTED, derived.calculation)
        else:
            self._settle(at, Verdict.UNCHECKED, None)

    def _goes_on(self, at: int, passage: Passage | None) -> bool:
        """Return True for a number that follows one of its unit in the same sentence, which is computed."""
        start, _ = self._layout.span_of_sentence(self._things[at], passage)
        before = at - 1
        return (
            before in self._checked
            and self._things[before].start >= start
            and self._things[before].unit == self._things[at].unit
            and self._checked[before].calculation is not None
        )

    def _is_in_given_column(self, at: int, passage: Passage | None) -> bool:
        """Return True for a cell of a column of which the other numbers stand in the files."""
        cells = self._layout.cells_of_column(self._things[at], passage) if passage is not None else []
        others = [
            each for cell in cells for each in self._layout.indexes_in(*cell) if each != at and each in self._checked
        ]
        found = sum(self._checked[each].verdict is Verdict.FOUND for each in others)
        return found > 1 and 2 * found > len(others)

    def _correct_elsewhere(self, at: int) -> None:
        """Leave a number alone that stands as something else by chance, and comes of those just before it."""
        thing = self._things[at]
        sentence = self._layout.sentence(thing, self._layout.passage_of(thing))
        before = [each for other in range(max(0, at - _MOST_ASKED), at) for each in self._known.numbers(other)]
        calculation = None
        if says_difference(self._layout.part(thing, sentence)):
            calculation = reckoned(thing, before, is_said=True)
        if calculation is not None:
            self._settle(at, Verdict.COMPUTED, calculation)
        elif says_result(*self._layout.beside(thing, self._layout.passage_of(thing))):
            derived = self._derived(at, only_near=True)
            if derived is not None and derived.calculation is not None:
                self._settle_derived(at, derived)

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

    def _numbers_of_cell(self, row: Passage, column: int) -> list[Thing]:
        if column >= len(row.cells):
            return []
        inside = self._layout.indexes_in(*row.cells[column])
        found = [self._things[each] for each in inside]
        found += [rival for each in inside if (rival := self._files.rival(each)) is not None]
        return [each for each in found if decimal_of(each) and each.unit != "%"]


def _decimal(thing: Thing) -> Decimal:
    return decimal_of(thing) or Decimal(0)

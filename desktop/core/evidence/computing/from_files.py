"""The numbers of an answer that come of numbers in the files: of those that stand near the words beside them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from desktop.core.evidence.attachment import Attached
from desktop.core.evidence.checked import Calculation, ThingKind
from desktop.core.evidence.computing.calculations import comes_to, decimal_of
from desktop.core.evidence.computing.derivation import Operand, operand_of, sums_of_runs
from desktop.core.evidence.given import Given
from desktop.core.evidence.index import SourceIndex, Standing
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex
from desktop.core.text.plain_compare import squeezed

_TIME, _AND = late_regex(r"\d\d:\d\d$"), late_regex(r"[\s,]*(?:and|又|零)?\s*")
_MINUTES = {"h": 60, "min": 1}
_MOST_DATES = 12
_MOST_COUNTS, _MOST_PRICES, _FEW_PASSAGES = 4, 8, 3
# The larger unit, the smaller, and how many of these make one.
_LARGER = (
    ("year", "month", 12),
    ("week", "day", 7),
    ("day", "h", 24),
    ("h", "min", 60),
    ("km", "m", 1000),
    ("m", "cm", 100),
    ("cm", "mm", 10),
    ("t", "kg", 1000),
    ("kg", "g", 1000),
    ("GW", "MW", 1000),
    ("MW", "kW", 1000),
)
_CONVERSIONS: dict[str, list[tuple[str, Decimal, str]]] = {}
for _large, _small, _many in _LARGER:
    _CONVERSIONS.setdefault(_large, []).append((_small, Decimal(_many), f"/ {_many}"))
    _CONVERSIONS.setdefault(_small, []).append((_large, 1 / Decimal(_many), f"× {_many}"))


class FromFiles:
    """Numbers of the files that stand near the words beside each thing of an answer."""

    def __init__(
        self,
        things: Sequence[Thing],
        given: Given,
        attached: Mapping[int, Attached],
        near: Mapping[int, Mapping[tuple[int, int], float]],
    ) -> None:
        self._things, self._given = things, given
        self._attached, self._near = attached, near

    def rival(self, at: int) -> Thing | None:
        """Return the value that a file gives for what the answer speaks of, where it is another one."""
        rival = self._attached[at].rival if at in self._attached else None
        return rival.thing if rival is not None else None

    def _nearest(self, at: int, most: int) -> Iterator[list[Standing]]:
        return self._given.nearest_by_passage(self._near.get(at, {}), most)

    def converted(self, at: int) -> Iterator[Calculation]:
        """Yield the same in a smaller or larger unit, where it stands so in a file: sixty months for five years."""
        thing = self._things[at]
        value = decimal_of(thing)
        for unit, factor, sign in _CONVERSIONS.get(thing.unit, ()) if value else ():
            other = replace(thing, unit=unit, values=(_plain((value or Decimal(0)) * factor),))
            for each in self._given.with_value(other, self._near.get(at, {})):
                if each.thing.unit == unit:
                    yield Calculation(f"{each.thing.text} {sign}", thing.text)

    def of_passage(self, at: int) -> Iterator[Calculation]:
        """Yield the sum of all numbers of one kind in a passage that stands near: of the points of four criteria."""
        thing = self._things[at]
        for standing in self._nearest(at, _FEW_PASSAGES):
            numbers = [each.thing for each in standing if each.thing.unit == thing.unit and decimal_of(each.thing)]
            if len(numbers) > 2 and sum(map(_decimal, numbers)) == decimal_of(thing):
                yield Calculation(" + ".join(each.text for each in numbers), thing.text)

    def difference(self, at: int, before: Sequence[Thing]) -> Iterator[Calculation]:
        """Yield the difference of two numbers that stand near the same words, one of them in the file."""
        thing = self._things[at]
        rival = self.rival(at)
        passages = [[each.thing for each in standing] for standing in self._nearest(at, _FEW_PASSAGES)]
        for near in [*passages, *([[rival, *before[-2:], *passages[0]]] if rival and passages else [])]:
            numbers = [each for each in near if decimal_of(each) and each.unit in ("", thing.unit)]
            for one, other in combinations(numbers[:_MOST_PRICES], 2):
                if abs(_decimal(one) - _decimal(other)) == decimal_of(thing):
                    yield Calculation(f"{one.text} − {other.text}", thing.text)

    def near(self, at: int) -> list[Standing]:
        """Return the figures of the passages that stand near the words beside a thing."""
        return self._given.nearest(self._near.get(at, {}))

    def nearest_passages(self, at: int) -> Iterator[tuple[SourceIndex, list[Standing]]]:
        """Yield the figures of the nearest passages, with the file of each."""
        for standing in self._nearest(at, _FEW_PASSAGES):
            if standing:
                yield self._given.indexes[standing[0].source], standing

    def near_numbers(self, at: int, first: int, last: int) -> list[Thing]:
        """Return the numbers of the files in the passages that stand near the words beside a thing, by their order."""
        passages = list(self._nearest(at, last))[first:]
        return [each.thing for standing in passages for each in standing if each.thing.kind is ThingKind.NUMBER]

    @property
    def few_numbers(self) -> list[Thing]:
        """The numbers of the files, where these are short."""
        return self._given.few_numbers

    def sums_near(self, at: int) -> Iterator[Operand]:
        """Yield the sums of numbers below each other in the tables that stand near the words beside a thing."""
        done: set[tuple[int, int]] = set()
        for standing in self._nearest(at, _FEW_PASSAGES):
            for each in standing:
                key = each.source, each.passage.paragraph
                if each.passage.cells and key not in done:
                    done.add(key)
                    for numbers in self._given.columns_of(*key):
                        yield from sums_of_runs([one for number in numbers if (one := operand_of(number))])

    def hours_between(self, at: int, text: str) -> Iterator[Calculation]:
        """Yield the two times of day between which so many hours and minutes lie; `text`: the answer's."""
        thing = self._things[at]
        first = at - 1 if thing.unit == "min" and at and self._things[at - 1].unit == "h" else at
        length, last = Decimal(0), first
        for each in self._things[first : first + 2]:
            is_beside = last == first or _AND.fullmatch(text[self._things[first].end : each.start])
            if each.unit in _MINUTES and is_beside:
                length, last = length + _decimal(each) * _MINUTES[each.unit], last + 1
        times = [each for each in self._things[max(0, at - _MOST_DATES) : at + _MOST_DATES] if _TIME.match(each.value)]
        near = self._given.nearest(self._near.get(at, {}))
        times += [each.thing for each in near if _TIME.match(each.thing.value)]
        for one, other in combinations(times, 2):
            if length and abs(_minutes(one) - _minutes(other)) == length:
                yield Calculation(f"{other.text} − {one.text}", thing.text)

    def sums_beside(self, thing: Thing, label: str) -> Iterator[Calculation]:
        """Yield the sums of a column over the rows with a label in a cell, and of what ends the lines that begin so."""
        words = squeezed(label)
        for index in self._given.indexes if words else ():
            found: dict[tuple[int, int], list[Thing]] = defaultdict(list)
            for span in index.squeezed.places(words):
                at = index.passage_number(span[0])
                passage = index.passages[at]
                if span in passage.cells or (span[0] == passage.start and not passage.cells):
                    numbers = [each.thing for each in index.standing(at) if decimal_of(each.thing) is not None]
                    for each in numbers if passage.cells else numbers[-1:]:
                        found[passage.paragraph, bisect_right(passage.cells, (each.start, 1 << 60))].append(each)
            for those in found.values():
                if len(those) > 1 and comes_to(sum(map(_decimal, those), Decimal(0)), thing):
                    yield Calculation(" + ".join(each.text for each in those), thing.text)

    def sums_of_columns(self, thing: Thing) -> Iterator[Calculation]:
        """Yield the sums of columns that come to a number."""
        for column in self._given.columns:
            if found := column.sum_that_is(thing):
                yield found


def _minutes(time: Thing) -> int:
    hour, minute = time.value.split(":")
    return 60 * int(hour) + int(minute)


def _decimal(thing: Thing) -> Decimal:
    return decimal_of(thing) or Decimal(0)


def _plain(value: Decimal) -> str:
    rounded = format(value.quantize(Decimal("0.000001")), "f")
    return rounded.rstrip("0").rstrip(".")

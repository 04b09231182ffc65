"""The way in which a number may come of others, looked for from what stands nearest to what stands far.

Any number comes of enough others by chance. So each attempt is counted, and what is found counts only while so many
attempts would hardly have come to a number with as many digits: a small number must come of those right beside it, and
one of six digits may come of any that the files and the answer have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from desktop.core.evidence.checked import Calculation
from desktop.core.evidence.computing.calculations import decimal_of, slack_of
from desktop.core.evidence.computing.wording import Hints, is_roughly
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex

_SPREAD = 4.0  # how many times its own size the numbers lie apart that are reckoned from those beside one
# How many numbers that come of nothing may be taken for computed: where no word says that it is, and where one does.
BY_CHANCE, BY_CHANCE_IF_SAID = 0.03, 0.1
_UNCLEAR = 0.5  # from which on nothing can be told
_UNSAID = 2.5  # attempts that one counts for whose way of reckoning no word speaks of
_MOST_OF_THREE = 8  # operands of which three are combined
_MOST_TRIES = 5_000
_NEAREST, _NEAR, _AROUND, _FAR = 2, 3, 5, 7  # groups of numbers, from the nearest on
_MOST_GROUPS = 8
_MOST_ROUND = 20.0  # attempts that a sum of round numbers counts for
_COUNTS = frozenset(("", "person", "th"))
_YEAR = late_regex(r"(?:19|20)\d\d")
_RATIO = "ratio"
_SHORTEST_RUN = 3
_SCALED = 10_000
_MANY = _COUNTS | {"day", "week", "month", "year", "h"}  # by which a share is multiplied: for each day late
# Other times of a year, a week, a day, an hour: by what a number is multiplied or divided.
_TIMES = (12.0, 52.0, 4.0, 7.0, 365.0, 30.0, 24.0, 60.0, 2.0, 52 / 12)
_SHOWN_TIMES = {52 / 12: "52 / 12"}


@dataclass(frozen=True, slots=True)
class Operand:
    """Number that another one may come of: its value, what it counts, and how it is written."""

    value: float
    unit: str
    shown: str
    is_result: bool = False  # a sum of others, which may be the number itself

    @property
    def is_scaled(self) -> bool:
        """True for 18.2 million, whose unit may have been named before."""
        return not self.unit and self.value >= _SCALED and not self.shown[-1:].isdigit()


@dataclass(frozen=True, slots=True)
class _Step:
    """Result of a step: how it is written, what it comes to and counts, and how many attempts it is worth."""

    shown: str
    value: float
    unit: str
    is_said: bool
    is_round: bool = False  # sums and products of round numbers are round, quotients seldom


@dataclass(frozen=True, slots=True)
class Derived:
    """Way in which a number may have come about; `is_sure`: that chance would hardly have come to it."""

    calculation: Calculation | None
    is_sure: bool


_UNTOLD = Derived(None, False)
_SAID_WAYS = 3


def operand_of(thing: Thing) -> Operand | None:
    """Return a number as an operand; None for a version, a year or a zero, with which nobody reckons."""
    value = decimal_of(thing)
    if thing.unit in ("year", *_COUNTS) and _YEAR.fullmatch(thing.value):
        return None
    return Operand(float(value), thing.unit, thing.text.strip()) if value else None


class _Pools:
    """Numbers that stand near, the nearest first, each once; those of a group are read when they are asked for."""

    def __init__(self, tiers: Iterable[Iterable[Operand]]) -> None:
        self._tiers = iter(tiers)
        self._made: list[list[Operand]] = []
        self._known: set[tuple[float, str]] = set()

    def up_to(self, depth: int) -> Sequence[list[Operand]]:
        """Return the groups up to one, as far as there are so many."""
        while len(self._made) <= depth and (tier := next(self._tiers, None)) is not None:
            self._made.append(list(self._new(tier)))
        return self._made[: depth + 1]

    def _new(self, tier: Iterable[Operand]) -> Iterator[Operand]:
        for each in tier:
            if (each.value, each.unit) not in self._known:
                self._known.add((each.value, each.unit))
                yield each


def sums_of_runs(numbers: Sequence[Operand]) -> Iterator[Operand]:
    """Yield the sums of numbers of one unit that follow each other from the first, or to the last; all of them first.

    And what is left of the first one without the others: of what is paid, without what comes in.
    """
    for size in range(len(numbers), _SHORTEST_RUN - 1, -1):
        for run in dict.fromkeys((tuple(numbers[:size]), tuple(numbers[-size:]))):
            if all(one.unit == other.unit for one, other in pairwise(run)) and run[0].unit != "%":
                total, written = sum(each.value for each in run), [each.shown for each in run]
                yield Operand(total, run[0].unit, f"({' + '.join(written)})", is_result=True)
                yield Operand(2 * run[0].value - total, run[0].unit, f"({' − '.join(written)})", is_result=True)


class Derivation:
    """One number, while it is looked for what it comes of."""

    def __init__(self, thing: Thing, wording: Hints, before: str, *, by_chance: float) -> None:
        """`before`: the words right before it; `by_chance`: how often chance may come to such a number."""
        self._unit, self._text = thing.unit, thing.text.strip()
        self._said = abs(float(decimal_of(thing) or 0))
        self._is_about = is_roughly(before)
        self._slack = self._slack_of(thing, is_about=self._is_about)
        self._wording = wording
        self._tries = 0.0
        spread = self._said * _SPREAD
        chance = min(1.0, 2 * self._slack / spread) if spread else 1.0
        self._sure, self._most = by_chance / chance, min(_UNCLEAR / chance, _MOST_TRIES)
        self._of_round = min(_MOST_ROUND, max(1.0, self._roundness() / (4 * self._slack or 1.0)))

    def found(self, tiers: Iterable[Iterable[Operand]], *, only_two: bool = False) -> Derived | None:
        """Return what the number comes of; `tiers` are the numbers that stand near, the nearest first.

        Where so much had to be tried that chance may have come to it, or would come to it before all of it is tried,
        it is not told.
        """
        if not self._said:
            return None
        pools = _Pools(tiers)
        near, far = range(_AROUND), range(_AROUND, _MOST_GROUPS)
        ways: list[tuple[bool, Iterator[_Step]]] = [
            (True, self._results(pools)),
            (True, self._among(pools, range(_NEAREST))),
            (True, self._among(pools, range(_NEAREST, _NEAR))),
            (True, self._among(pools, range(_NEAR, _AROUND))),
            (True, self._of_three(pools, only_two=only_two)),
            (True, self._among(pools, far)),
            (False, self._among(pools, near)),
            (False, self._among(pools, far)),
            (False, self._of_three(pools, only_two=only_two)),
        ]
        for number, (is_said, steps) in enumerate(ways):
            found = self._first(steps, is_said=is_said)
            if found is not None:
                return found
            if self._tries > self._most:
                return _UNTOLD if number < _SAID_WAYS and self._most < _MOST_TRIES else None
        return None

    def _results(self, pools: _Pools) -> Iterator[_Step]:
        """Yield the sums that stand near, which may be the number itself."""
        for pool in pools.up_to(_MOST_GROUPS) if self._wording.is_sum or self._wording.is_difference else ():
            for each in pool:
                if each.is_result:
                    yield _Step(each.shown, each.value, each.unit, True, True)

    def _among(self, pools: _Pools, depths: Iterable[int]) -> Iterator[_Step]:
        """Yield what one number, or two, come to: those of some groups, also with those of nearer ones."""
        for depth in depths:
            made = pools.up_to(depth)
            pool = made[depth] if depth < len(made) else ()
            yield from self._of_one(pool)
            for other in made[: min(depth, 1)]:
                yield from self._of_two(other, pool)
            if depth < _FAR:
                yield from self._of_each_two(pool)
            for other in made[1 : min(depth, _AROUND)]:
                yield from self._of_two(other, pool)

    def _slack_of(self, thing: Thing, *, is_about: bool) -> float:
        slack = float(slack_of(thing))
        if is_about and self._said >= 100 and self._said == int(self._said):
            slack = max(slack, self._roundness() / 2)
        return slack * 1.0001 + self._said * 1e-9

    def _roundness(self) -> float:
        """Return the size of the last digit that is no zero: ten, of 6,750."""
        if self._said != int(self._said) or not self._said:
            return 0.0
        digits = str(int(self._said))
        return float(10 ** (len(digits) - len(digits.rstrip("0"))))

    def _first(self, steps: Iterator[_Step], *, is_said: bool) -> Derived | None:
        """Return the first step that comes to the number, as long as it is none that chance would come to."""
        low, high = self._said - self._slack, self._said + self._slack
        weight = 1.0 if is_said else _UNSAID
        for step in steps:
            if step.is_said is not is_said:
                continue
            for shown, value in self._as_said(step):
                if (value < 0 and self._wording.is_rise) or (value > 0 and self._wording.is_fall and "− 1" in shown):
                    continue
                self._tries += weight * (self._of_round if step.is_round else 1.0)
                if low <= abs(value) <= high and self._tries <= self._most:
                    return Derived(Calculation(shown, self._text), self._tries <= self._sure)
            if self._tries > self._most:
                return None
        return None

    def _as_said(self, step: _Step) -> Iterator[tuple[str, float]]:
        """Yield a result as what is said can be, by what it counts: as a share, or as it is."""
        if step.unit == _RATIO:
            if self._unit == "%":
                yield step.shown, 100 * step.value
                yield f"{step.shown} − 1", 100 * (step.value - 1)
            elif self._unit in _MANY:  # so many km at so many a year are years
                yield step.shown, step.value
        elif self._unit == "points" or step.unit == "%" or self._unit == "%":
            if step.unit == "%" and self._unit in ("%", "points"):
                yield step.shown, step.value
        elif self._unit == step.unit or self._unit in _COUNTS or step.unit in _COUNTS:
            yield step.shown, step.value

    def _of_one(self, operands: Sequence[Operand]) -> Iterator[_Step]:
        for one in operands:
            if self._is_about and one.unit == self._unit and not one.is_result:
                yield _Step(one.shown, one.value, one.unit, True, True)
            if one.unit == "%":
                if one.value < 100 and self._wording.is_rest:
                    yield _Step(f"100 % − {one.shown}", 100 - one.value, "%", True, True)
            elif self._wording.is_of_time and self._unit != "%":
                for times in _TIMES:
                    sign = _SHOWN_TIMES.get(times, f"{times:g}")
                    yield _Step(f"{one.shown} × {sign}", one.value * times, one.unit, True, True)
                    yield _Step(f"{one.shown} / {sign}", one.value / times, one.unit, True)

    def _of_two(self, some: Sequence[Operand], others: Sequence[Operand]) -> Iterator[_Step]:
        for one in some:
            for other in others:
                yield from self._combined(one, other)

    def _of_each_two(self, pool: Sequence[Operand]) -> Iterator[_Step]:
        for at, one in enumerate(pool):
            for other in pool[:at]:
                yield from self._combined(one, other)

    def _of_three(self, pools: _Pools, *, only_two: bool) -> Iterator[_Step]:
        few = [each for pool in pools.up_to(1) for each in pool][:_MOST_OF_THREE] if not only_two else []
        for step in self._of_each_two(few):
            within = Operand(step.value, "" if step.unit == _RATIO else step.unit, f"({step.shown})")
            for third in few:
                for last in self._combined(within, third):
                    yield _Step(last.shown, last.value, last.unit, step.is_said and last.is_said, last.is_round)

    def _combined(self, one: Operand, other: Operand) -> Iterator[_Step]:
        """Yield what two numbers come to, by what they count."""
        if (one.unit == "%") != (other.unit == "%"):
            share, whole = (one, other) if one.unit == "%" else (other, one)
            yield from self._of_share(share, whole)
            return
        wording = self._wording
        is_alike = one.unit == other.unit or (one.unit in _COUNTS and other.unit in _COUNTS)
        if is_alike or one.is_scaled or other.is_scaled:
            larger, smaller = (one, other) if one.value >= other.value else (other, one)
            difference = larger.value - smaller.value
            unit = one.unit or other.unit
            yield _Step(f"{larger.shown} − {smaller.shown}", difference, unit, wording.is_difference, True)
            yield _Step(f"{one.shown} + {other.shown}", one.value + other.value, unit, wording.is_sum, True)
        if one.unit != "%" and (one.unit != other.unit or one.unit in _COUNTS) and 1 not in (one.value, other.value):
            unit = next((unit for unit in (one.unit, other.unit) if unit == self._unit), one.unit or other.unit)
            shown = f"{one.shown} × {other.shown}"
            yield _Step(shown, one.value * other.value, unit, wording.is_product, True)
        yield from self._quotients(one, other)

    def _quotients(self, one: Operand, other: Operand) -> Iterator[_Step]:
        is_ratio = one.unit == other.unit or (one.unit in _COUNTS and other.unit in _COUNTS)
        is_ratio = is_ratio or (self._unit == "%" and (one.is_scaled or other.is_scaled))
        is_said = self._wording.is_share if self._unit == "%" else self._wording.is_quotient
        for upper, lower in ((one, other), (other, one)):
            if lower.value in (0, 1):
                continue
            may_be_ratio = is_ratio or (self._unit == "%" and (upper.unit in _COUNTS or lower.unit in _COUNTS))
            if may_be_ratio or self._unit != "%":
                unit = _RATIO if may_be_ratio else upper.unit
                yield _Step(f"{upper.shown} / {lower.shown}", upper.value / lower.value, unit, is_said)
            if is_ratio and self._unit == "%" and one.unit != "%":
                whole = upper.value + lower.value
                shown = f"{upper.shown} / ({upper.shown} + {lower.shown})"
                yield _Step(shown, 100 * upper.value / whole if whole else 0.0, "%", is_said and self._wording.is_sum)

    def _of_share(self, share: Operand, whole: Operand) -> Iterator[_Step]:
        """Yield the share of an amount, and the amount with it or without it."""
        part, is_said = share.value / 100, self._wording.is_share
        if self._unit == "%":
            if whole.unit in _MANY:
                yield _Step(f"{share.shown} × {whole.shown}", share.value * whole.value, "%", is_said, True)
            return
        steps = [
            (f"{share.shown} × {whole.shown}", part * whole.value),
            (f"{whole.shown} + {share.shown}", (1 + part) * whole.value),
            (f"{whole.shown} − {share.shown}", (1 - part) * whole.value),
            (f"{whole.shown} / {share.shown}", whole.value / part),
        ]
        if -1 < part < 1:
            steps.append((f"{whole.shown} / (1 + {share.shown})", whole.value / (1 + part)))
            steps.append((f"{whole.shown} / (1 − {share.shown})", whole.value / (1 - part)))
        for shown, value in steps:
            yield _Step(shown, value, whole.unit, is_said, True)

"""The columns of an answer's tables whose cells come of other cells of their rows: a change, a product, a difference.

What two rows have in common tells how the others are to be reckoned, and so which of them are not right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

from desktop.core.evidence.computing.calculations import decimal_of, slack_of
from desktop.core.evidence.thing import Thing

_FEWEST_ROWS, _MOST_ROWS, _MOST_COLUMNS = 3, 40, 8
_ALIKE = 0.5  # of the rows, that are reckoned alike
_LEAST_OF_ROWS = 2


@dataclass(frozen=True, slots=True)
class TableNumber:
    """Number of a cell: which of the things it is, and the value that a file has instead, if it is another one."""

    at: int
    thing: Thing
    rival: Thing | None = None
    is_given: bool = False  # of a column whose numbers stand in the files
    is_amiss: bool = False

    @property
    def values(self) -> tuple[float, ...]:
        """The values that others may come of."""
        numbers = (self.thing, self.rival)
        return tuple(float(value) for each in numbers if each is not None and (value := decimal_of(each)) is not None)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Cell that comes of others: how it is written, what it comes to, and True if the answer says so."""

    at: int
    shown: str
    result: float
    is_right: bool
    is_sure: bool = True  # none of those that it comes of is amiss


_WAYS: Mapping[str, Callable[[float, float], float]] = {
    "{0} × {1}": lambda a, b: a * b,
    "{0} − {1}": lambda a, b: a - b,
    "{0} + {1}": lambda a, b: a + b,
    "{0} / {1}": lambda a, b: a / b,
}
_SHARES: Mapping[str, Callable[[float, float], float]] = {
    "{0} / {1}": lambda a, b: 100 * a / b,
    "{0} / {1} − 1": lambda a, b: 100 * (a / b - 1),
}


def reckoned_columns(rows: Sequence[Mapping[int, TableNumber]]) -> Iterator[Reckoned]:
    """Yield the cells of the columns that come of others; `rows` have the cells that hold one number, by column."""
    columns = sorted({column for row in rows for column in row})[:_MOST_COLUMNS]
    if len(rows) > _MOST_ROWS:
        return
    for column in columns:
        those = [row for row in rows if column in row]
        if len(those) >= _FEWEST_ROWS and not those[0][column].is_given:
            yield from _best(column, columns, those)


def _best(column: int, columns: Sequence[int], rows: Sequence[Mapping[int, TableNumber]]) -> Iterator[Reckoned]:
    best: list[Reckoned] = []
    is_share = all(row[column].thing.unit == "%" for row in rows)
    for one, other in permutations([each for each in columns if each != column], 2):
        both = [row for row in rows if one in row and other in row]
        for shown, way in (_SHARES if is_share else _WAYS).items() if len(both) >= _FEWEST_ROWS else ():
            found = [_reckoned(row[column], row[one], row[other], shown, way) for row in both]
            right = sum(each.is_right for each in found)
            if right >= max(_LEAST_OF_ROWS, _ALIKE * len(found)) and right > sum(each.is_right for each in best):
                best = found
    yield from best


def _reckoned(
    cell: TableNumber, one: TableNumber, other: TableNumber, shown: str, way: Callable[[float, float], float]
) -> Reckoned:
    said, slack = abs(float(decimal_of(cell.thing) or 0)), float(slack_of(cell.thing)) * 1.001
    results = [abs(way(a, b)) for a in one.values for b in other.values if b]
    is_right = any(abs(result - said) <= slack + 1e-9 * said for result in results)
    # What a file has is rather right than what the answer has instead.
    result = results[-1] if results else said
    is_sure = not (one.is_amiss or other.is_amiss)
    return Reckoned(cell.at, shown.format(one.thing.text, other.thing.text), result, is_right, is_sure)

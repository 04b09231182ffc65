"""The figures of docs/evidence.md: what is said of the things of answers over files, in shares that only get better.

A change of the rules may raise the floors, and never lower them. Which things they are is told by
`tests.evidence.measure -v`.
"""

from __future__ import annotations

import pytest

from tests.evidence.cases import ANSWERS, cases_in
from tests.evidence.measure import measured

# In the order of `Figures.aims`; the fifth is of places, the sixth and the seventh are at most.
FLOORS = (0.98, 0.38, 0.86, 0.94, 0.96, 0.002, 0.01)


@pytest.fixture(scope="module")
def figures():
    return measured(cases_in(ANSWERS))


@pytest.mark.parametrize(("at", "floor"), list(enumerate(FLOORS)))
def test_what_is_said_holds_what_it_promises(figures, at, floor):
    aim = figures.aims[at]
    assert aim.share <= floor if aim.is_at_most else aim.share >= floor, str(aim)


def test_there_are_enough_of_them(figures):
    wrong = ("wrong", "else", "near", "miscomputed")
    assert figures.of(("ok", "computed", "question", *wrong)) >= 2_500
    assert figures.of(wrong) >= 600
    assert figures.of(("else",)) >= 200

"""Answers side by side are compared by their places: the differences of two, what most agree on of more."""

from __future__ import annotations

from desktop.core.claims.claim import Shown
from desktop.runtime.compare import Compared, compared


def test_two_are_compared_and_more_are_counted() -> None:
    two = compared([None, "founded in 1998", "founded in 2001"], Shown)
    assert two.places == (1, 2)
    assert two.differences is not None
    assert [(pair.old.text, pair.new.text) for pair in two.differences.pairs] == [("1998", "2001")]
    three = compared(["in 1998", "in 1998", "in 2001"], Shown)
    assert three.agreement is not None
    assert len(three.agreement.disputed) == 2
    assert compared(["in 1998", None], Shown) == Compared((0,))

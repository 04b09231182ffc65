"""The conclusion of a comparison, in one word: whether the answers agree, and what that says of the numbers in them.

Numbers that each answer has otherwise, and that stand in nothing that was given, are probably made up. Which of two
that differ is right is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.claims.claim import Finding, Kind, Shown
from desktop.core.claims.differences import Agreement, Differences
from desktop.core.claims.finding import claims_of

_VALUES = (Kind.NUMBER, Kind.DATE)


class Outcome(StrEnum):
    """Outcome of a comparison, as far as it can be said in a sentence."""

    AGREE = "agree"  # in all that can be checked
    INVENTED = "invented"  # values that are not in what was given, and differ each time
    CHANGED = "changed"  # the same thing has another value
    OTHER = "other"  # they say different things


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Outcome, and the claims that it rests on: the values made up, or the first that has changed."""

    outcome: Outcome
    claims: tuple[Finding, ...] = ()


def conclude(found: Differences | Agreement, given: str | None) -> Conclusion | None:
    """Return what a comparison comes to; None where there is nothing that can be checked.

    `given`: all that the answers can rest on; None where that is not known.
    """
    differing, has_shared = _differing(found)
    if not differing:
        is_agreement = has_shared and (not isinstance(found, Differences) or found.is_empty)
        return Conclusion(Outcome.AGREE) if is_agreement else _other(found)
    values = [claim for claim in differing if claim.kind in _VALUES]
    if given is not None and values and (invented := _not_in(values, given)):
        return Conclusion(Outcome.INVENTED, tuple(invented))
    return Conclusion(Outcome.CHANGED, (differing[0],))


def ungiven(found: Differences, given: str, *, has_files: bool = False) -> list[Finding]:
    """Return the numbers and dates in which two answers differ and that stand in nothing that was given.

    `has_files`: the answers are to come from these, and what both say is looked for, too.
    """
    differing = [claim for pair in found.pairs for claim in (pair.old, pair.new)]
    shared = found.both if has_files else ()
    every = (*differing, *found.only_old, *found.only_new, *shared)
    values = [claim for claim in every if claim.kind in _VALUES]
    known = _keys_in(given)
    return [claim for claim in values if known.isdisjoint(claim.keys) and not _is_small(claim)]


def _is_small(claim: Finding) -> bool:
    """Return True for a bare digit: answers number their points."""
    return claim.kind is Kind.NUMBER and not claim.unit and len(claim.text.strip()) == 1


def _keys_in(given: str) -> set[tuple[Kind, str]]:
    (known,) = claims_of([Shown(given)])
    return {key for claim in known for key in claim.keys}


def _differing(found: Differences | Agreement) -> tuple[list[Finding], bool]:
    """Return the claims that have another value in another answer, and True if there are some that agree."""
    if isinstance(found, Differences):
        return [claim for pair in found.pairs for claim in (pair.new, pair.old)], bool(found.both)
    return [claim for support in found.disputed for claim in support.made[:1]], bool(found.shared)


def _other(found: Differences | Agreement) -> Conclusion | None:
    is_other = isinstance(found, Differences) and (found.only_old or found.only_new)
    return Conclusion(Outcome.OTHER) if is_other else None


def _not_in(values: Iterable[Finding], given: str) -> list[Finding]:
    """Return the values, if none of them stands in what was given."""
    values = list(values)
    keys = _keys_in(given)
    return [] if any(not keys.isdisjoint(claim.keys) for claim in values) else values

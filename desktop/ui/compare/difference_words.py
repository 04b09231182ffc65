"""The differences and agreements of answers as lines of words. They are found by `core.claims.differences`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.core.claims.claim import Claim
from desktop.core.claims.differences import Agreement, Differences, Pair, Support
from desktop.runtime.compare.answer_differences import Compared
from desktop.ui.words import fill, number, translate

_LONGEST = 48  # characters of one claim: a quotation is known by its beginning
_MOST = 8  # claims in one line
_BETWEEN = " · "


def lines(compared: Compared, headings: Sequence[str]) -> list[str]:
    """Return the lines about answers under these headings, the differences first; none if nothing was compared."""
    if compared.differences is not None:
        old, new = (headings[place] for place in compared.places)
        return _of_two(compared.differences, old, new)
    if compared.agreement is not None:
        return _of_several(compared.agreement, compared.places)
    return []


def _of_two(found: Differences, old: str, new: str) -> list[str]:
    said = []
    if found.pairs:
        said.append(fill(translate("differences", "Differs: %1"), _listed(map(_pair, found.pairs))))
    only = translate("differences", "Only in “%1”: %2")
    for heading, claims in ((old, found.only_old), (new, found.only_new)):
        if claims:
            said.append(fill(only, heading, _listed(_once(claims))))
    if found.is_empty:
        said.append(
            translate("differences", "Nothing that can be checked differs.")
            if found.both
            else translate("differences", "There is nothing in these answers that could be compared by itself.")
        )
    if found.both:
        said.append(fill(translate("differences", "The same: %1"), _listed(_once(found.both))))
    if not found.is_whole:
        said.append(translate("differences", "Only the beginning was compared: the answers are very long."))
    return said


def _of_several(found: Agreement, places: Sequence[int]) -> list[str]:
    said = []
    if found.disputed:
        each = [_supported(support, places) for support in found.disputed]
        said.append(fill(translate("differences", "Not all answers say: %1"), _listed(each)))
    if found.shared:
        each = [_shown(support.claim) for support in found.shared]
        said.append(fill(translate("differences", "All answers say: %1"), _listed(each)))
    if found.disputed:
        said.append(translate("differences", "What a model makes up, it seldom makes up twice in the same way."))
    elif found.shared:
        said.append(translate("differences", "Nothing that can be checked differs."))
    else:
        said.append(translate("differences", "There is nothing in these answers that could be compared by itself."))
    return said


def _pair(pair: Pair) -> str:
    values = _shown(pair.old), _shown(pair.new)
    if pair.label:
        return fill(translate("differences", "%1 %2 ↔ %3", "a word, and what two answers say"), pair.label, *values)
    return fill(translate("differences", "%1 ↔ %2", "what two answers say"), *values)


def _supported(support: Support, places: Sequence[int]) -> str:
    """Return a claim, and which answers make it, counted from 1."""
    answers = ", ".join(number(places[at] + 1) for at in support.answers)
    return fill(
        translate("differences", "%1 (%2)", "a claim, and the answers that make it"), _shown(support.claim), answers
    )


def _once(claims: Iterable[Claim]) -> list[str]:
    """Return each claim once, as it is first written."""
    return [_shown(claim) for claim in {claim.key: claim for claim in reversed(list(claims))}.values()][::-1]


def _shown(claim: Claim) -> str:
    words = " ".join(claim.text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _listed(items: Iterable[str]) -> str:
    """Return the first of them, and how many more there are."""
    every = list(items)
    shown = _BETWEEN.join(every[:_MOST])
    if len(every) <= _MOST:
        return shown
    return fill(translate("differences", "%1 and %2 more"), shown, number(len(every) - _MOST))

"""The differences and agreements of answers as lines of words. They are found by `core.claims.differences`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.conclusion import Outcome
from desktop.core.claims.differences import Agreement, Differences, Pair, Support
from desktop.runtime.compare import Compared
from desktop.ui.words import fill, listed, number, translate

_LONGEST = 48  # characters of one claim: a quotation is known by its beginning
_MOST = 8  # claims in one line
_BETWEEN = " · "


def lines(compared: Compared, headings: Sequence[str], left_out: str = "") -> list[str]:
    """Return the lines about answers under these headings; none if nothing was compared.

    The first is the conclusion, where there is one. `left_out`: the part of the prompt that one answer did not have.
    """
    said = _concluded(compared, left_out)
    if left_out and compared.ungiven:
        words = translate("differences", "In no part of your prompt, so worked out or made up: %1")
        said.append(fill(words, _listed(_once(compared.ungiven))))
    agrees = compared.conclusion is not None and compared.conclusion.outcome is Outcome.AGREE
    if compared.differences is not None:
        old, new = (headings[place] for place in compared.places)
        return [*said, *_of_two(compared.differences, old, new)[len(said) * agrees :]]
    if compared.agreement is not None:
        return [*said, *_of_several(compared.agreement, compared.places)[: -1 if agrees else None]]
    return []


def notes(compared: Compared, at: int, headings: Sequence[str]) -> dict[str, str]:
    """Return what is highlighted in one of the answers that were compared, each with what the others say instead."""
    found = compared.differences
    if found is not None:
        is_old = at == 0
        other = headings[compared.places[1 - at]]
        only = fill(translate("differences", "Not in “%1”"), other)
        noted = {claim.text: only for claim in (found.only_old if is_old else found.only_new)}
        words = translate("differences", "“%1” says: %2", "the heading of an answer, and a value in it")
        for pair in found.pairs:
            mine, others = (pair.old, pair.new) if is_old else (pair.new, pair.old)
            noted[mine.text] = fill(words, other, _shown(others))
        return noted
    if compared.agreement is None:
        return {}
    few = translate("differences", "Only %1 of %2 answers say this")
    return {
        made.text: fill(few, number(len(each.answers)), number(len(compared.places)))
        for each in compared.agreement.disputed
        for answer, made in zip(each.answers, each.made, strict=True)
        if answer == at
    }


def _concluded(compared: Compared, left_out: str) -> list[str]:
    """Return the conclusion in one sentence, if there is any."""
    found = compared.conclusion
    if found is None:
        return []
    match found.outcome:
        case Outcome.AGREE if left_out:
            words = translate("differences", "Leaving out “%1” changed nothing that can be checked.")
            return [fill(words, left_out)]
        case Outcome.AGREE:
            return [_agree(len(compared.places))]
        case Outcome.INVENTED if not left_out:
            return [
                translate("differences", "These numbers are not in your text, and differ each time: probably made up.")
            ]
        case Outcome.CHANGED | Outcome.INVENTED if left_out:
            return [fill(_changed(found.claims[0]), left_out)]
        case _:
            return []


def _agree(answers: int) -> str:
    if answers == 2:
        return translate("differences", "Both agree.")
    return translate("differences", "All of them agree.")


def _changed(claim: Finding) -> str:
    match claim.kind:
        case Kind.NUMBER if _is_year(claim):
            return translate("differences", "Leaving out “%1” changed the date.")
        case Kind.DATE:
            return translate("differences", "Leaving out “%1” changed the date.")
        case Kind.NUMBER:
            return translate("differences", "Leaving out “%1” changed a number.")
        case Kind.NAME:
            return translate("differences", "Leaving out “%1” changed a name.")
        case _:
            return translate("differences", "Leaving out “%1” changed what can be checked.")


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


def _is_year(claim: Finding) -> bool:
    return not claim.unit and claim.text.isdigit() and len(claim.text) == 4 and claim.text[0] in "12"


def _pair(pair: Pair) -> str:
    values = _shown(pair.old), _shown(pair.new)
    if pair.label:
        return fill(translate("differences", "%1 %2 ↔ %3", "a word, and what two answers say"), pair.label, *values)
    return fill(translate("differences", "%1 ↔ %2", "what two answers say"), *values)


def _supported(support: Support, places: Sequence[int]) -> str:
    """Return a claim, and which answers make it, counted from 1."""
    answers = listed(number(places[at] + 1) for at in support.answers)
    return fill(
        translate("differences", "%1 (%2)", "a claim, and the answers that make it"), _shown(support.claim), answers
    )


def _once(claims: Iterable[Finding]) -> list[str]:
    """Return each claim once, as it is first written."""
    return [_shown(claim) for claim in {claim.key: claim for claim in reversed(list(claims))}.values()][::-1]


def _shown(claim: Finding) -> str:
    words = " ".join(claim.text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _listed(items: Iterable[str]) -> str:
    """Return the first of them, and how many more there are."""
    every = list(items)
    shown = _BETWEEN.join(every[:_MOST])
    if len(every) <= _MOST:
        return shown
    return fill(translate("differences", "%1 and %2 more"), shown, number(len(every) - _MOST))

"""The differences between answers side by side, in words. They are found by `runtime.compare` on another thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.differences import Agreement, Differences, Outcome, Pair, Support
from desktop.runtime.compare import Compared
from desktop.ui.words import listed, number, say, say_each

_LONGEST = 48  # characters of one claim: a quotation is known by its beginning
_MOST = 8  # claims in one line
_IN_WORDS = (Kind.DATE, Kind.NUMBER, Kind.NAME)


def lines(compared: Compared, headings: Sequence[str], left_out: str = "") -> list[str]:
    """Return the lines about answers under these headings; none if nothing was compared.

    The first is the conclusion, where there is one. `left_out`: the part of the prompt that one answer did not have.
    """
    said: list[str] = []
    conclusion = compared.conclusion
    outcome = conclusion.outcome if conclusion is not None else Outcome.OTHER
    match outcome:
        case Outcome.AGREE if left_out:
            said.append(say("compare.leaving_out_changed_nothing", left_out=left_out))
        case Outcome.AGREE if len(compared.places) == 2:
            said.append(say("compare.both_agree"))
        case Outcome.AGREE:
            said.append(say("compare.all_of_them_agree"))
        case Outcome.INVENTED if not left_out:
            said.append(say("compare.these_numbers_are_not_in_your"))
        case Outcome.CHANGED | Outcome.INVENTED if left_out and conclusion is not None:
            said.append(_changed(conclusion.claims[0], left_out))
    if left_out or outcome is not Outcome.INVENTED:
        said += lines_on_ungiven(compared)
    is_agreed = outcome is Outcome.AGREE
    if compared.differences is not None:
        old, new = (headings[place] for place in compared.places)
        return [*said, *_of_two(compared.differences, old, new)[int(is_agreed) :]]
    if compared.agreement is not None:
        return [*said, *_of_several(compared.agreement, compared.places)[: -1 if is_agreed else None]]
    return []


def lines_on_ungiven(compared: Compared) -> list[str]:
    """Return the line on what stands in nothing that was given, if there is any such thing."""
    found = compared.ungiven
    return [say("compare.in_nothing_that_you_gave", listed=_listed(_once(found)))] if found else []


def notes(compared: Compared, at: int, headings: Sequence[str]) -> dict[str, str]:
    """Return what is highlighted in one of the answers that were compared, each with what is to be known of it."""
    noted = {claim.text: say("compare.not_given") for claim in compared.ungiven}
    found = compared.differences
    if found is not None:
        other = headings[compared.places[1 - at]]
        only = say("compare.not_in", other=other)
        noted |= {claim.text: only for claim in (found.only_new if at else found.only_old)}
        for pair in found.pairs:
            mine, others = (pair.new, pair.old) if at else (pair.old, pair.new)
            noted[mine.text] = say("compare.says", other=other, shown=_shown(others))
    for each in compared.agreement.disputed if compared.agreement is not None else ():
        few, every = number(len(each.answers)), number(len(compared.places))
        made = (claim for answer, claim in zip(each.answers, each.made, strict=True) if answer == at)
        noted |= {claim.text: say("compare.only_some_say_this", few=few, all=every) for claim in made}
    return noted


def _changed(claim: Finding, left_out: str) -> str:
    is_year = claim.kind is Kind.NUMBER and not claim.unit and len(claim.text) == 4 and claim.text[0] in "12"
    kind = Kind.DATE if is_year and claim.text.isdigit() else claim.kind
    if kind in _IN_WORDS:
        return say_each("compare.changed", kind, left_out=left_out)
    return say("compare.changed_what_can_be_checked", left_out=left_out)


def _of_two(found: Differences, old: str, new: str) -> list[str]:
    said = []
    if found.pairs:
        said.append(say("compare.differs", listed=_listed(map(_pair, found.pairs))))
    for heading, claims in ((old, found.only_old), (new, found.only_new)):
        if claims:
            said.append(say("compare.only_in", heading=heading, listed=_listed(_once(claims))))
    if found.is_empty:
        said.append(_nothing_differs(has_same=bool(found.both)))
    if found.both:
        said.append(say("compare.the_same", listed=_listed(_once(found.both))))
    if not found.is_whole:
        said.append(say("compare.only_the_beginning_was_compared_the"))
    return said


def _of_several(found: Agreement, places: Sequence[int]) -> list[str]:
    said = []
    if found.disputed:
        said.append(say("compare.not_all_answers_say", listed=_listed(_by(each, places) for each in found.disputed)))
    if found.shared:
        said.append(say("compare.all_answers_say", listed=_listed(_shown(each.claim) for each in found.shared)))
    if found.disputed:
        said.append(say("compare.what_a_model_makes_up_it"))
    else:
        said.append(_nothing_differs(has_same=bool(found.shared)))
    return said


def _nothing_differs(*, has_same: bool) -> str:
    if has_same:
        return say("compare.nothing_that_can_be_checked_differs")
    return say("compare.there_is_nothing_in_these_answers")


def _pair(pair: Pair) -> str:
    label = f"{pair.label} " if pair.label else ""
    return f"{label}{_shown(pair.old)} ↔ {_shown(pair.new)}"


def _by(support: Support, places: Sequence[int]) -> str:
    """Return a claim, and which answers make it, counted from 1."""
    answers = listed(number(places[at] + 1) for at in support.answers)
    return say("compare.claim_and_answers", shown=_shown(support.claim), answers=answers)


def _once(claims: Sequence[Finding]) -> list[str]:
    """Return each claim once, as it is first written."""
    first: dict[object, Finding] = {}
    for claim in claims:
        first.setdefault(claim.key, claim)
    return list(map(_shown, first.values()))


def _shown(claim: Finding) -> str:
    words = " ".join(claim.text.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _listed(items: Iterable[str]) -> str:
    """Return the first of them, and how many more there are."""
    every = list(items)
    shown = " · ".join(every[:_MOST])
    return shown if len(every) <= _MOST else say("compare.and_more", shown=shown, every=number(len(every) - _MOST))

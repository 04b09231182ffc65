"""Differences between two answers that can be checked, their agreements, and where several answers agree.

Compares what `claims` finds: numbers, dates, names, quotations, links and code. Which of two that differ is right, and
whether prose means the same, is not judged here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from desktop.core.claims import dates as claims_dates
from desktop.core.claims import names as claims_names
from desktop.core.claims.claim import LOOKED_AT, MOST_OF_A_KIND, Finding, Kind, Shown, blanked
from desktop.core.claims.finding import claims_of
from desktop.core.claims.measures import measure_of
from desktop.core.claims.surroundings import Surroundings, likeness, shared_word, surroundings

# Claims without a match for which a counterpart is looked for, on each side; nobody reads a longer list.
_MOST_PAIRED = 300
_SAYS_NOTHING = 20  # claims around which a word stands


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims about the same thing that differ; `label`: the word beside both, such as "founded"; may be empty."""

    old: Finding
    new: Finding
    label: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """Claims of two answers, each in one of these lists, with all its places; `both` as they stand in the new answer.

    `is_whole`: False where an answer is longer, or had more claims of a kind, than what is compared.
    """

    only_old: tuple[Finding, ...] = ()
    only_new: tuple[Finding, ...] = ()
    both: tuple[Finding, ...] = ()
    pairs: tuple[Pair, ...] = ()
    is_whole: bool = True

    @property
    def is_empty(self) -> bool:
        """True if nothing that can be checked differs."""
        return not (self.only_old or self.only_new or self.pairs)


@dataclass(frozen=True, slots=True)
class Support:
    """Finding, and the answers (by their place) that make it, each in its own words in `made`."""

    answers: tuple[int, ...]
    made: tuple[Finding, ...]

    @property
    def claim(self) -> Finding:
        """The claim as it was first written."""
        return self.made[0]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Claims of several answers: those that all make, and those that only some do; in the order of the first answer."""

    shared: tuple[Support, ...] = ()
    disputed: tuple[Support, ...] = ()


def compare(old: Shown, new: Shown) -> Differences:
    """Return the differences of `new` from `old`."""
    of_old, of_new = claims_of([old, new])
    olds, news = _Claims(of_old), _Claims(of_new)
    unmatched_old = [claim for claim in of_old if not news.have(claim)]
    unmatched_new = [claim for claim in of_new if not olds.have(claim)]
    pairs = _paired(
        unmatched_old[:_MOST_PAIRED], _besides(old, of_old), unmatched_new[:_MOST_PAIRED], _besides(new, of_new)
    )
    paired_old = {(pair.old.key, pair.old.unit) for pair in pairs}
    paired_new = {(pair.new.key, pair.new.unit) for pair in pairs}
    return Differences(
        only_old=tuple(claim for claim in unmatched_old if (claim.key, claim.unit) not in paired_old),
        only_new=tuple(claim for claim in unmatched_new if (claim.key, claim.unit) not in paired_new),
        both=tuple(claim for claim in of_new if olds.have(claim)),
        pairs=tuple(pairs),
        is_whole=_is_whole(old, of_old) and _is_whole(new, of_new),
    )


def agreement(answers: Sequence[Shown]) -> Agreement:
    """Return what several answers to the same question have in common."""
    claims = [_Claims(each) for each in claims_of(list(answers))]
    shared: list[Support] = []
    disputed: list[Support] = []
    seen = _Claims([])
    for place, each in enumerate(claims):
        for claim in each.in_order:
            if seen.have(claim):
                continue
            seen.add(claim)
            found = {other: claim if other == place else those.find(claim) for other, those in enumerate(claims)}
            made = {other: same for other, same in found.items() if same is not None}
            support = Support(tuple(made), tuple(made.values()))
            (shared if len(made) == len(claims) else disputed).append(support)
    return Agreement(tuple(shared), tuple(disputed))


@dataclass
class _Claims:
    """Claims of one answer, among which another's can be looked up."""

    in_order: list[Finding]
    _by_key: dict[tuple[Kind, str], list[Finding]] = field(default_factory=lambda: defaultdict(list), init=False)
    _dates: list[Finding] = field(default_factory=list, init=False)
    _names_with: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list), init=False)
    _years: dict[str, Finding] = field(default_factory=dict, init=False)
    _measures: dict[tuple[str, Decimal], Finding] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for claim in self.in_order:
            self.add(claim)

    def add(self, claim: Finding) -> None:
        same = self._by_key.get(claim.key)
        for key in claim.keys:
            self._by_key[key].append(claim)
        if measure := measure_of(claim):
            self._measures.setdefault(measure, claim)
        if same:
            return
        if claim.kind is Kind.DATE:
            self._dates.append(claim)
            self._years.setdefault(claims_dates.year_of(claim), claim)
        elif claim.kind is Kind.NAME:
            for word in claim.value.split():
                self._names_with[word].append(claim)

    def have(self, claim: Finding) -> bool:
        """Return True if the same is said here, in whatever form."""
        return self.find(claim) is not None

    def find(self, claim: Finding) -> Finding | None:
        """Return the claim that says the same here, in whatever form; None where there is none."""
        for key in claim.keys:
            for same in self._by_key.get(key, ()):
                if _units_agree(claim.unit, same.unit):
                    return same
        match claim.kind:
            case Kind.NUMBER:
                measure = measure_of(claim)
                return self._years.get(claim.value) or (self._measures.get(measure) if measure else None)
            case Kind.DATE:
                of_year = self._by_key.get((Kind.NUMBER, claims_dates.year_of(claim)), ())
                return next((each for each in self._dates if _may_be_same(claim, each)), next(iter(of_year), None))
            case Kind.NAME:
                # One of the two is a part of the other, so that they have a word in common.
                near = (name for word in claim.value.split() for name in self._names_with.get(word, ()))
                return next((name for name in near if claims_names.may_be_same(claim.value, name.value)), None)
            case _:
                return None


def _may_be_same(one: Finding, other: Finding) -> bool:
    return any(claims_dates.may_be_same(mine, its) for mine in one.values for its in other.values)


def _units_agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _is_whole(answer: Shown, claims: list[Finding]) -> bool:
    return (
        answer.is_whole
        and len(answer.text) <= LOOKED_AT
        and all(count < MOST_OF_A_KIND for count in Counter(claim.kind for claim in claims).values())
    )


def _besides(answer: Shown, claims: list[Finding]) -> str:
    """Return the answer with its claims blanked out."""
    return blanked(answer.text, ((claim.start, claim.end) for claim in claims))


def _paired(olds: list[Finding], old_text: str, news: list[Finding], new_text: str) -> list[Pair]:
    """Return pairs of claims of the same kind that stand among the same words.

    Each in one pair at most, the most alike first.
    """
    of_old = {at: surroundings(claim, old_text) for at, claim in enumerate(olds)}
    of_new = {at: surroundings(claim, new_text) for at, claim in enumerate(news)}
    scored = [
        (score, -old, -new)
        for old, new in _candidates(olds, of_old, news, of_new)
        if (score := likeness(olds[old], of_old[old], news[new], of_new[new])) > 0
    ]
    pairs: dict[int, Pair] = {}
    taken: set[int] = set()
    for _, old, new in sorted(scored, reverse=True):
        if -old not in pairs and -new not in taken:
            taken.add(-new)
            label = shared_word(of_old[-old], of_new[-new])
            pairs[-old] = Pair(olds[-old], news[-new], label)
    return _once(pairs[at] for at in sorted(pairs))


def _candidates(
    olds: list[Finding], of_old: dict[int, Surroundings], news: list[Finding], of_new: dict[int, Surroundings]
) -> set[tuple[int, int]]:
    """Return the places (old, new) of claims with a word around them in common.

    A word that stands around very many says nothing, and is left out.
    """
    by_word: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for at, around in of_new.items():
        for word in around.words:
            by_word[news[at].kind, word].append(at)
    found: set[tuple[int, int]] = set()
    for at, around in of_old.items():
        for word in around.words:
            those = by_word.get((olds[at].kind, word), ())
            if len(those) <= _SAYS_NOTHING:
                found |= {(at, other) for other in those}
    return found


def _once(pairs: Iterable[Pair]) -> list[Pair]:
    """Return each pair of values once, where it first stands."""
    seen: dict[tuple[str, ...], Pair] = {}
    for pair in pairs:
        seen.setdefault((pair.old.value, pair.old.unit, pair.new.value, pair.new.unit), pair)
    return list(seen.values())

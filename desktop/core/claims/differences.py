"""Differences between answers that can be checked, their agreements, and what these come to in one word.

Compares what `claims` finds: numbers, dates, names, quotations, links and code. Two claims with different values are
about the same thing by the words beside them: "It was founded in 1998" and "founded 2001". Numbers that each answer has
otherwise, and that stand in nothing that was given, are probably made up; which of two is right is not judged here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from desktop.core.claims import dates as claims_dates
from desktop.core.claims import finding as claims_names
from desktop.core.claims.claim import LOOKED_AT, MOST_OF_A_KIND, Finding, Kind, Shown, blanked
from desktop.core.claims.finding import claims_of
from desktop.core.claims.numbers import measure_of
from desktop.core.text.scripts import HAN, has_han

# Characters that are looked at on each side, within the sentence and the line.
_BEFORE, _AFTER = 60, 30
_SENTENCE_END = re.compile(r"[.!?]\s|[。！？；\n\t]")
_WORD = re.compile(f"[A-Za-zÀ-ÖØ-öø-ÿ]{{2,}}|[{HAN}]")
_HAN_BEFORE = re.compile(f"[{HAN}]{{1,6}}$")
# Words that stand beside everything.
_BESIDE_EVERYTHING = (
    "the an in on at by for from to of with and or is was were are be been it its this that these those as has have had"
    " he she they about around over under than more less most some all only also into up per which who when where there"
    " year years approximately roughly nearly almost just did does do not but so then after before since until between"
    " der die das ein eine in im am und ist war"
)
_COMMON = frozenset(_BESIDE_EVERYTHING.split()) | frozenset("的了是在和与于有为年月日个约一这那其")
_NEAR = 4  # words: those beside a claim weigh more than the rest of its sentence
_ENOUGH = 0.3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Words of content around a claim, the nearest first; `words` in the form in which they are compared."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    shown: dict[str, str]
    chinese: str = ""  # the characters directly before it

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.before) | frozenset(self.after)


def surroundings(claim: Finding, text: str) -> Surroundings:
    """Return the words around a claim, in its sentence. In `text` the claims themselves are blanked out."""
    before = text[max(0, claim.start - _BEFORE) : claim.start]
    after = text[claim.end : claim.end + _AFTER]
    if ends := list(_SENTENCE_END.finditer(before)):
        before = before[ends[-1].end() :]
    if end := _SENTENCE_END.search(after):
        after = after[: end.start()]
    shown: dict[str, str] = {}
    words = [_compared(before, shown)[::-1], _compared(after, shown)]
    chinese = _HAN_BEFORE.search(before)
    return Surroundings(tuple(words[0]), tuple(words[1]), shown, chinese[0] if chinese else "")


def _likeness(old: Finding, around_old: Surroundings, new: Finding, around_new: Surroundings) -> float:
    """Return how surely two claims are about the same thing; 0 where it is not sure enough."""
    if not _comparable(old, new):
        return 0.0
    one, other = around_old.words, around_new.words
    if not one or not other:
        return 0.0
    alike = len(one & other) / min(len(one), len(other), 8)
    near = _near(around_old) & _near(around_new)
    score = 0.5 * min(alike, 1.0) + (0.3 if near else 0.0) + (0.2 if old.unit and old.unit == new.unit else 0.0)
    return score if score > _ENOUGH else 0.0


def _shared_word(old: Surroundings, new: Surroundings) -> str:
    """Return the word beside both claims, as the new answer writes it; the nearest one before them if there is any."""
    if chinese := _same_end(old.chinese, new.chinese):
        return chinese
    for near, others in ((old.before[:_NEAR], new.before[:_NEAR]), (old.after[:_NEAR], new.after[:_NEAR])):
        word = next((word for word in near if word in others), "")
        if word:
            return new.shown[word]
    return ""


def _same_end(one: str, other: str) -> str:
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return one[len(one) - length :]


def _comparable(old: Finding, new: Finding) -> bool:
    if old.kind is not new.kind or (old.value, old.unit) == (new.value, new.unit):
        return False
    if old.kind is not Kind.NUMBER:
        return True
    if old.unit and new.unit and (old.unit == "%") != (new.unit == "%"):
        return False
    return _is_year(old) == _is_year(new)


def _is_year(claim: Finding) -> bool:
    return len(claim.value) == 4 and claim.value.isdigit() and claim.unit in ("", "year")


def _near(around: Surroundings) -> frozenset[str]:
    return frozenset((*around.before[:_NEAR], *around.after[:2]))


def _compared(text: str, shown: dict[str, str]) -> list[str]:
    """Return the words of content in order; Chinese in twos, since a character alone says little."""
    found: list[str] = []
    last = None
    for match in _WORD.finditer(text):
        word = match[0]
        if has_han(word):
            if last is not None and last.end() == match.start() and has_han(last[0]):
                word = last[0] + word
                found.append(word)
                shown[word] = word
        elif word.lower() not in _COMMON:
            stem = word.lower().rstrip("s")[:12]
            found.append(stem)
            shown[stem] = word
        last = match
    return found


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
        if (score := _likeness(olds[old], of_old[old], news[new], of_new[new])) > 0
    ]
    pairs: dict[int, Pair] = {}
    taken: set[int] = set()
    for _, old, new in sorted(scored, reverse=True):
        if -old not in pairs and -new not in taken:
            taken.add(-new)
            label = _shared_word(of_old[-old], of_new[-new])
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

"""References of an answer to clauses and pages: does what the answer says stand there, or in another one?"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.claims.claim import Finding, Kind
from desktop.core.documents.document import SectionKind
from desktop.core.evidence.checked import Checked, SourcePlace, Verdict
from desktop.core.evidence.clauses import CLAUSE, ROW, Clause
from desktop.core.evidence.given import Given, SourceIndex
from desktop.core.evidence.words import words_in

_PLACED = {
    Kind.QUOTATION: 3.0,
    Kind.NUMBER: 1.0,
    Kind.DATE: 1.0,
    Kind.NAME: 0.6,
    Kind.IDENTIFIER: 1.0,
}
_OF_TITLE = 1.6
_SECTIONS = frozenset(kind.value for kind in SectionKind)
_LEAST, _LEAST_ALONE, _SHARE = 1.2, 1.0, 0.5
_BET, _NONE = 2.4, 0.1
_MOST_PASSAGES, _MOST_PLACES, _MOST_RANKED = 150, 50, 12  # that are looked at for one word, and for one thing
_FEW = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """What a reference of an answer is given for: its words, and the things in it that stand in the sources."""

    words: frozenset[str]
    things: tuple[Checked, ...]


def referred(reference: Finding, statement: Statement, given: Given, source: int | None = None) -> Checked:
    """Return what became of looking up a reference; `source`: the file that the words beside it name."""
    family, number = reference.unit, reference.value
    cited = [
        (index, each)
        for index in given.indexes
        for each in index.clauses.named(family, number)
        if source is None or index.number == source
    ]
    every = sum(len(index.clauses.of_family(family)) for index in given.indexes)
    if every < (1 if cited else _FEW):
        return Checked.of(reference, Verdict.UNCHECKED)
    scores = _Scores(statement, family, given)
    ranked = [each for each in scores.best(given, family) if source is None or each[1].number == source]
    if not cited:
        stands_as = ranked[0][2].number if ranked and ranked[0][0] >= _LEAST else ""
        return Checked.of(reference, Verdict.NOT_FOUND, stands_as=stands_as)
    score = max(scores.of(index, each) for index, each in cited)
    cited.sort(key=lambda one: -scores.of(*one))
    places = tuple(_place(index, each) for index, each in cited)
    for best_score, index, best in ranked:
        if any(_overlap(index, best, *one) for one in cited):
            continue
        rows = [row for row in index.clauses.named(ROW, number) if best.start <= row.start < best.end]
        if rows and family == CLAUSE:
            return Checked.of(reference, Verdict.FOUND, tuple(_place(index, row) for row in rows))
        stands = _place(index, best)
        if best_score >= _BET and score <= _NONE * best_score:
            return Checked.of(reference, Verdict.ELSEWHERE, (stands,), stands_as=best.number)
        if best_score >= (_LEAST if score else _LEAST_ALONE) and score <= _SHARE * best_score:
            return Checked.of(reference, Verdict.NOT_FOUND, (stands,), stands_as=best.number)
        break
    return Checked.of(reference, Verdict.FOUND, places)


def _place(index: SourceIndex, clause: Clause) -> SourcePlace:
    """Return where a clause begins; of a page, its first line."""
    if clause.family not in _SECTIONS:
        return index.place(clause.start, clause.behind_number)
    words = index.text[clause.behind_number : clause.end]
    start = clause.behind_number + len(words) - len(words.lstrip())
    return index.place(start, start + len(words.lstrip().partition("\n")[0]))


class _Scores:
    """How much of a statement stands in each clause of a family."""

    def __init__(self, statement: Statement, family: str, given: Given) -> None:
        self._found: dict[tuple[int, int], float] = defaultdict(float)  # by source and start of a clause
        for word in statement.words:
            self._count_word(word, family, given)
        for thing in statement.things:
            self._count_thing(thing, family, given)
        self._starts: dict[int, list[int]] = defaultdict(list)
        for number, start in sorted(self._found):
            self._starts[number].append(start)

    def _count_word(self, word: str, family: str, given: Given) -> None:
        having = {
            (index.number, clause.start): (index, clause)
            for index in given.indexes
            for at in _few(index.words.get(word, ()))
            if (clause := index.clauses.at(index.passages[at].start, family)) is not None
        }
        for key, (index, clause) in having.items():
            is_title = word in index.words_of(clause.start, index.title_end(clause))
            self._found[key] += (_OF_TITLE if is_title else 1.0) / len(having)

    def _count_thing(self, thing: Checked, family: str, given: Given) -> None:
        having: dict[tuple[int, int], bool] = {}
        for at, place in enumerate(thing.places[:_MOST_PLACES]):
            clause = given.indexes[place.source].clauses.at(place.start, family)
            if clause is not None:
                # The first place is the one whose words suit the answer best.
                having.setdefault((place.source, clause.start), at == 0)
        weight = _PLACED.get(thing.kind, 0.0)
        for key, is_first in having.items():
            self._found[key] += weight if len(having) == 1 else weight * (0.9 if is_first else 0.3)

    def of(self, index: SourceIndex, clause: Clause) -> float:
        """Return the score of a clause, with those that are within it."""
        begun = self._starts.get(index.number, [])
        first, last = bisect_left(begun, clause.start), bisect_left(begun, clause.end)
        return sum(self._found[index.number, start] for start in begun[first:last])

    def best(self, given: Given, family: str) -> list[tuple[float, SourceIndex, Clause]]:
        """Return the clauses with something of the statement, the best first; of two the inner one."""
        found = []
        for number, start in heapq.nlargest(_MOST_RANKED, self._found, key=self._found.__getitem__):
            index = given.indexes[number]
            clause = index.clauses.at(start, family)
            if clause is not None:
                found.append((self.of(index, clause), index, clause))
        return sorted(found, key=lambda each: (-each[0], each[2].end - each[2].start))


def _few(passages: Sequence[int]) -> Sequence[int]:
    """Return the passages of a word; none where they are so many that it tells nothing."""
    return passages if len(passages) <= _MOST_PASSAGES else ()


def _overlap(one_index: SourceIndex, one: Clause, index: SourceIndex, each: Clause) -> bool:
    return one_index is index and one.start < each.end and each.start < one.end


def words_of_statement(text: str, start: int, end: int, things: Sequence[Finding]) -> frozenset[str]:
    """Return the words of content of a stretch, without those of the things in it."""
    inside = {
        place
        for each in things
        if each.kind is not Kind.QUOTATION
        for place in range(max(start, each.start), min(end, each.end))
    }
    return frozenset(word for place, word in words_in(text, start, end) if place not in inside)

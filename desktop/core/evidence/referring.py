"""What an answer quotes and refers to, looked up in the sources.

Of a quotation: does it stand there word for word, else do most of its words stand in a row? Of a clause or a page:
does what the answer says stand there, or in another one?
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

from desktop.core.claims.claim import Finding, Kind
from desktop.core.documents.document import SectionKind
from desktop.core.evidence.checked import Checked, Difference, SourcePlace, Verdict
from desktop.core.evidence.clauses import CLAUSE, ROW, Clause
from desktop.core.evidence.given import Given, SourceIndex
from desktop.core.evidence.words import word_set, words_in
from desktop.core.text.scripts import HAN, count_han, squeezed

# What is left out of a quotation, or put in: each piece between is looked for by itself.
_LEFT_OUT = re.compile(r"\[[^\]\n]{0,80}\]|…+|\.{3,}|（(?:略|下略|省略)）|\((?:…|\.\.\.)\)")
_LEAST_QUOTED = 4  # words or characters of a quotation that can be told from a phrase
_ALIKE = 0.55  # from this share of its words on, it is the same passage
_MOST_SEEDS, _MOST_WORDS = 50, 120
_MOST_QUOTED, _MOST_IN_PASSAGES = 4, 1_500
# A word by which quotations are compared; a Chinese character is one.
WORD = re.compile(rf"[{HAN}]|[^\W_]+(?:['’.,-][^\W_]+)*%?")

_Near = tuple[float, SourcePlace, tuple[Difference, ...]]


def looked_up(quotation: Finding, indexes: Sequence[SourceIndex]) -> Checked:
    """Return what became of looking a quotation up."""
    words = quotation.text.strip('“”„"«»「」『』‘’ ')
    pieces = [piece for piece in (squeezed(each) for each in _LEFT_OUT.split(words)) if piece]
    found: list[SourcePlace] = []
    for index in indexes:
        places = [index.squeezed.places(piece) for piece in pieces]
        if pieces and all(places):
            found += [index.place(*span) for span in places[0]]
    if found:
        return Checked.of(quotation, Verdict.FOUND, tuple(found))
    return _nearest(quotation, words, indexes)


def _nearest(quotation: Finding, words: str, indexes: Sequence[SourceIndex]) -> Checked:
    said = [match[0].casefold() for match in WORD.finditer(words)][:_MOST_WORDS]
    best: _Near | None = None
    languages = {index.is_chinese for index in indexes}
    if (count_han(words) * 4 > len(words) and languages == {False}) or (not count_han(words) and languages == {True}):
        return Checked.of(quotation, Verdict.UNCHECKED)  # translated
    for index in indexes if len(said) >= _LEAST_QUOTED else ():
        near = _near_in(index, said, words)
        if near is not None and (best is None or near[0] > best[0]):
            best = near
    if best is not None and best[0] >= _ALIKE:
        return Checked.of(quotation, Verdict.NEAR, (best[1],), differences=best[2])
    return Checked.of(quotation, Verdict.NOT_FOUND)


def _near_in(index: SourceIndex, said: list[str], words: str) -> _Near | None:
    """Return how alike the most alike passage is, with its place, and the words that differ."""
    best: _Near | None = None
    for at in index.nearest_passages(word_set(words), _MOST_QUOTED):
        # A quotation may begin before a passage, and go on behind it.
        first, last = max(0, at - 1), min(len(index.passages) - 1, at + 2)
        spans = [
            match.span()
            for match in WORD.finditer(index.visible, index.passages[first].start, index.passages[last].end)
        ][:_MOST_IN_PASSAGES]
        near = _alike(index, said, spans, words)
        if near is not None and (best is None or near[0] > best[0]):
            best = near
    return best


def _alike(index: SourceIndex, said: list[str], spans: list[tuple[int, int]], words: str) -> _Near | None:
    stands = [index.text[begin:end].casefold() for begin, end in spans]
    places: dict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(stands):
        places[word].append(at)
    votes: dict[int, int] = defaultdict(int)
    for at, word in enumerate(said):
        for place in places.get(word, ())[:_MOST_SEEDS]:
            votes[place - at] += 1
    if not votes:
        return None
    # Words put in or left out shift what follows by a few.
    begins = max(votes, key=lambda at: sum(votes.get(at + shift, 0) for shift in range(-4, 5)))
    window = spans[max(0, begins - 4) : max(0, begins) + len(said) + 6]
    matcher = SequenceMatcher(None, said, stands[max(0, begins - 4) : max(0, begins) + len(said) + 6], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return None
    share = sum(block.size for block in blocks) / len(said)
    last = blocks[-1]
    passage = index.place(window[blocks[0].b][0], window[last.b + last.size - 1][1])
    return share, passage, tuple(_differences(index, blocks, window, words))


def _differences(
    index: SourceIndex, blocks: list[Match], window: Sequence[tuple[int, int]], words: str
) -> Iterator[Difference]:
    """Yield the words of the quotation that are others in the passage, in order."""
    spans = [match.span() for match in WORD.finditer(words)][:_MOST_WORDS]
    # Before the first words that agree, and behind the last, as many of the file's are set against those of the answer.
    said_at, stands_at = 0, max(0, blocks[0].b - blocks[0].a)
    for block in [*blocks, None]:
        said_end = block.a if block else len(spans)
        stands_end = block.b if block else min(len(window), stands_at + len(spans) - said_at)
        if said_end > said_at or stands_end > stands_at:
            said = words[spans[said_at][0] : spans[said_end - 1][1]] if said_end > said_at else ""
            stands = index.text[window[stands_at][0] : window[stands_end - 1][1]] if stands_end > stands_at else ""
            yield Difference(said, " ".join(stands.split()))
        if block:
            said_at, stands_at = block.a + block.size, block.b + block.size


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

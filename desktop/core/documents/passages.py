"""The passages of a document that bear on a question: full-text ranking by rules, in English and Chinese, offline.

A paragraph, a few lines of a long one, or a row of a table is ranked by BM25 on the words that it shares with the
question; what is chosen keeps its heading, and a row the first row of its table. Nothing is read by a model.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from desktop.core.documents.document import Document
from desktop.core.documents.selection import Selection
from desktop.core.text.scripts import has_han
from desktop.core.text.terms import content_of, terms_in

T = TypeVar("T")

_EARLIER = 0.35  # what a word of an earlier question weighs beside one of this
_NUMBER = 2.0  # what a number weighs beside a word: of things of one kind it tells which is meant
_SHORT = 5  # words of a follow-up, at most, that leans on the question before it
_LEANS = re.compile(
    r"\A\W*(?:and|or|but|so|then|ok|what about|how about)\b"
    r"|\b(?:it|its|that|this|those|they|them|there|one|ones|his|her)\b"
    r"|\A(?:那么?|还有|另外|以及|呢|再|它|他们?|她)|呢[?？]?\Z|[它他她这那](?:[个些家份边里]|的)?",
    re.IGNORECASE,
)
_IN_NAME, _IN_HEADING, _IN_FILE = 1.6, 1.3, 0.5  # what a word counts for there
_SHARE_OF_FILE = 0.3
_SATURATION, _LENGTH_SHARE = 1.2, 0.5
_MEAN = 120  # words of a passage
_LEAST_SHARE = 0.2  # of the best score, for what goes along


@dataclass(frozen=True, slots=True)
class Part:
    """Part of a question: any of these terms stands for it. `weight`: 1 for a word, less for one of a question before.

    Of a Chinese word each sign is a part, by the pairs that it is in, since nothing tells where its words end.
    """

    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, and the words of it that tell what it is about, as they were typed, with their terms.

    `needed`: terms of which a passage has one at least; empty where any will do.
    """

    parts: tuple[Part, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()

    @property
    def terms(self) -> dict[str, float]:
        """The terms that are looked for, each with the weight of its part."""
        return {term: part.weight for part in reversed(self.parts) for term in part.terms}


def question_of(text: str, before: Sequence[str] = ()) -> Question:
    """Return what is looked for with a question; a short one leans on those before it, the newest last."""
    own = content_of(text)
    # One sign alone ("关") is mostly what is left of a word; in the files it stands in pairs.
    own = {word: terms for word, terms in own.items() if len(word) > 1 or not has_han(word)} or own
    parts = [part for word in own for part in _parts_of_word(word)]
    earlier = list(before) if leans(text) else []
    # What is short, but says by itself what it is about, leans on them for the order alone.
    needed = frozenset(term for part in parts for term in part.terms) if not _LEANS.search(text) else frozenset()
    while earlier:
        words = content_of(earlier.pop())
        known = {part.terms for part in parts}
        weight = _EARLIER if own else 1.0
        parts += [each for word in words for each in _parts_of_word(word, weight) if each.terms not in known]
        if len(words) > 1:
            break
    return Question(tuple(dict.fromkeys(parts)), own, needed)


def leans(text: str) -> bool:
    """Return True for a question that may be understood only with those before it."""
    return len(content_of(text)) <= _SHORT or _LEANS.search(text) is not None


def question_of_words(words: Iterable[str]) -> Question:
    """Return what is looked for with words that a file may use which answers a question."""
    parts = (part for each in words for word in content_of(each) for part in _parts_of_word(word))
    return Question(tuple(dict.fromkeys(parts)))


def _parts_of_word(word: str, weight: float = 1.0) -> Iterator[Part]:
    terms = terms_in(word)
    if not has_han(word):
        yield Part(tuple(terms), weight * _NUMBER if word[0].isdecimal() else weight)
        return
    for at in range(len(word)):
        yield Part(tuple(terms[max(0, at - 1) : at + 1]), weight / 2)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[T]):
    """Passage of whatever kind with its terms, by where they stand."""

    passage: T
    body: Counter[str]
    heading: frozenset[str]
    name: frozenset[str]
    file: frozenset[str]  # those of the question that stand anywhere in its file; of a long one, in its section


@dataclass(frozen=True, slots=True)
class Ranked(Generic[T]):
    """Passage with how much it bears on a question, and what it has of it, as in `Passage`."""

    passage: T
    score: float
    parts: Mapping[tuple[str, ...], float]


def rarity_of(question: Question, holding: Mapping[str, int], of: int) -> dict[str, float]:
    """Return what each term of a question tells, by in how many of all `of` passages it stands."""
    return {term: math.log(1 + of / (holding.get(term, 0) + 0.5)) for term in question.terms}


def ranked(
    question: Question, candidates: Iterable[Candidate[T]], rarity: Mapping[str, float], least: float
) -> tuple[list[Ranked[T]], float]:
    """Return the passages that bear on a question, the best first, and the share of it that the best of them has.

    There are none where none has the `least` share. `rarity`: of each term, as `rarity_of` says. What stands elsewhere
    in the file counts, since the parties of a contract, say, are named on its first page alone.
    """
    worth = {part: part.weight * min(rarity[term] for term in part.terms) for part in question.parts}
    total = sum(worth.values())
    found: list[Ranked[T]] = []
    best_share = 0.0
    for each in candidates:
        length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * each.body.total() / _MEAN
        own: set[str] = set()
        score = 0.0
        for term, weight in question.terms.items():
            count = each.body[term]
            part = count * (_SATURATION + 1) / (count + _SATURATION * length)
            part += _IN_HEADING * (term in each.heading) + _IN_NAME * (term in each.name)
            if part:
                own.add(term)
            elif term in each.file:
                part = _IN_FILE
            score += weight * rarity[term] * part
        if question.needed and own.isdisjoint(question.needed):
            continue
        parts = {part.terms: worth[part] for part in worth if not own.isdisjoint(part.terms)}
        share = sum(parts.values())
        around = sum(worth[part] for part in worth if not each.file.isdisjoint(part.terms)) - share
        share, around = share / total, max(0, around) / total
        best_share = max(best_share, share + _SHARE_OF_FILE * around)
        found.append(Ranked(each.passage, score * (0.25 + share + _IN_FILE * around), parts))
    if not found or best_share < least:
        return [], best_share
    best = max(each.score for each in found)
    kept = (each for each in found if each.score >= _LEAST_SHARE * best)
    return sorted(kept, key=lambda each: -each.score), best_share


_LONG = 2_400  # letters of a paragraph that is taken by its lines, so many letters of them at a time
_LINES = 600


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph, or some lines of one or of a table (`rows`, else none), with its terms."""

    section: int
    block: int
    rows: range
    terms: Counter[str]
    heading: int | None  # the index of the unit that is its heading
    head_row: int | None  # the index of the first row of its table
    letters: int


class PassageFinder:
    """A document prepared for finding passages; takes about 0.3 s a megabyte, so make it off the GUI thread."""

    def __init__(self, document: Document) -> None:
        self._units = _units_of(document)
        self._holding = Counter(term for unit in self._units for term in unit.terms)

    def selection(
        self, text: str, base: Selection, room: float, cost: Callable[[int], float]
    ) -> tuple[Selection, int] | None:
        """Return `base` with only the passages that bear on a question, and how many there are.

        `room`: tokens that they may take, `cost` gives those of so many letters. None if no word of the question is in
        the document, or not even the best passage fits.
        """
        chosen: set[int] = set()
        left = room
        for index in self._ranked(text):
            unit = self._units[index]
            if base.sections is not None and unit.section not in base.sections:
                continue
            along = {each for each in (index, unit.heading, unit.head_row) if each is not None} - chosen
            price = sum(cost(self._units[each].letters) for each in along)
            if price <= left:
                chosen |= along
                left -= price
        if not chosen:
            return None
        units = [self._units[index] for index in chosen]
        return replace(
            base,
            passages=frozenset((unit.section, unit.block) for unit in units),
            rows=frozenset((unit.section, unit.block, row) for unit in units for row in unit.rows),
        ), len(units)

    def _ranked(self, text: str) -> list[int]:
        question = question_of(text)
        rarity = rarity_of(question, self._holding, len(self._units))
        there = frozenset(rarity.keys() & self._holding.keys())
        of_section: dict[int, set[str]] = defaultdict(set)
        for unit in self._units:
            of_section[unit.section] |= there & unit.terms.keys()
        if len(of_section) == 1:  # what stands anywhere in a document tells none of its passages from the others
            of_section.clear()
        candidates: list[Candidate[int]] = []
        for index, unit in enumerate(self._units):
            heading = self._units[unit.heading].terms.keys() if unit.heading is not None else frozenset()
            if not (there.isdisjoint(unit.terms) and there.isdisjoint(heading)):
                around = frozenset(of_section[unit.section])
                candidates.append(Candidate(index, unit.terms, frozenset(heading), frozenset(), around))
        return [each.passage for each in ranked(question, candidates, rarity, 0.0)[0]]


def _units_of(document: Document) -> list[_Unit]:
    units: list[_Unit] = []
    for section in document.sections:
        heading: int | None = None
        head_row: int | None = None
        for at, block in enumerate(section.blocks):
            if not block.is_table:
                head_row = None
                for text, rows in _parts_of(block.text):
                    units.append(_Unit(section.number, at, rows, Counter(terms_in(text)), heading, None, len(text)))
                heading = len(units) - 1 if block.level else heading
                continue
            for row, line in enumerate(block.text.split("\n")):
                rows = range(row, row + 1)
                units.append(_Unit(section.number, at, rows, Counter(terms_in(line)), heading, head_row, len(line)))
                head_row = len(units) - 1 if head_row is None else head_row
    return units


def _parts_of(text: str) -> Iterator[tuple[str, range]]:
    """Yield a paragraph, or a few lines of a long one at a time, with which of its lines they are: none for all."""
    if len(text) <= _LONG or "\n" not in text:
        yield text, range(0)
        return
    taken: list[str] = []
    letters = 0
    lines = text.split("\n")
    for row, line in enumerate(lines):
        taken.append(line)
        letters += len(line)
        if letters >= _LINES or row == len(lines) - 1:
            yield "\n".join(taken), range(row + 1 - len(taken), row + 1)
            taken, letters = [], 0

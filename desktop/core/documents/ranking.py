"""How passages of files are ranked by the words that they share with a question.

Beginnings of English words and pairs of Chinese signs are compared, never meanings.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

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
    parts = [part for word in own for part in _parts_of(word)]
    earlier = list(before) if leans(text) else []
    # What is short, but says by itself what it is about, leans on them for the order alone.
    needed = frozenset(term for part in parts for term in part.terms) if not _LEANS.search(text) else frozenset()
    while earlier:
        words = content_of(earlier.pop())
        known = {part.terms for part in parts}
        weight = _EARLIER if own else 1.0
        parts += [each for word in words for each in _parts_of(word, weight) if each.terms not in known]
        if len(words) > 1:
            break
    return Question(tuple(dict.fromkeys(parts)), own, needed)


def leans(text: str) -> bool:
    """Return True for a question that may be understood only with those before it."""
    return len(content_of(text)) <= _SHORT or _LEANS.search(text) is not None


def question_of_words(words: Iterable[str]) -> Question:
    """Return what is looked for with words that a file may use which answers a question."""
    parts = (part for each in words for word in content_of(each) for part in _parts_of(word))
    return Question(tuple(dict.fromkeys(parts)))


def _parts_of(word: str, weight: float = 1.0) -> Iterator[Part]:
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

"""The passages of a document that bear on a question: full-text ranking by rules, in English and Chinese, offline.

A paragraph, a few lines of a long one, or a row of a table is ranked by BM25 on the words that it shares with the
question; what is chosen keeps its heading, and a row the first row of its table. Nothing is read by a model.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from desktop.core.documents.document import Document
from desktop.core.documents.selection import Selection
from desktop.core.text.scripts import HAN

# Words of a question that tell nothing of what it is about.
EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after all also an and any are as ask at be been before being between both but by can could did do
        does doing each every explain find for from get give given go had has have having he her here him his how i if
        in into is it its itself just know let list long make many may me mean means more most much must my name need no
        nor not of on once one only or other our out over own page pages please question read say says see shall she
        should show so some such sum summarise summarize tell text than that the their them then there these they this
        those to under up us use very want was we were what when where which while who whom whose why will with within
        would you your document file contract according following
        """,
    )
)
EMPTY_HAN = re.compile(
    r"请问?|帮我|告诉我?|一下|这份|这个|那个|哪些|哪个|哪里|什么|怎么样?|怎样|如何|为什么|多少|是否|有没有|可以|能否|根据|文件|文档|其中|以及|或者"
    r"|[的了吗呢吧啊是在有和与及或也都就被把对从到给让我你他她它们这那些个]"
)
_WORD = re.compile(rf"[{HAN}]+|(?:(?![{HAN}])[^\W_])+")
_HAN_EDGE = re.compile(rf"(?<=[{HAN}])(?=[^\s{HAN}])|(?<=[^\s{HAN}])(?=[{HAN}])")
_NO_WORD = re.compile(r"[\W_]+")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ed", "es", "s")
_SATURATION, _LENGTH_SHARE = 1.2, 0.6  # of BM25: k1 and b
_HEADING_SHARE = 0.5  # of a heading's words for what stands below it
_LONG = 2_400  # letters of a paragraph that is taken by its lines, so many letters of them at a time
_LINES = 600
_LEAST_SHARE = 0.15  # of the best score; what is below has little to do with the question


@dataclass(frozen=True, slots=True)
class _Unit:
    """A paragraph, or some lines of one or of a table (`rows`, else none), with its words folded."""

    section: int
    block: int
    rows: range
    folded: str
    heading: int | None  # the index of the unit that is its heading
    head_row: int | None  # the index of the first row of its table
    letters: int


class PassageFinder:
    """A document prepared for finding passages; takes about 0.1 s a megabyte, so make it off the GUI thread."""

    def __init__(self, document: Document) -> None:
        self._units = _units_of(document)
        self._mean = max(1.0, sum(len(unit.folded) for unit in self._units) / max(1, len(self._units)))

    def selection(
        self, question: str, base: Selection, room: float, cost: Callable[[int], float]
    ) -> tuple[Selection, int] | None:
        """Return `base` with only the passages that bear on the question, and how many there are.

        `room`: tokens that they may take, `cost` gives those of so many letters. None if no word of the question is in
        the document, or not even the best passage fits.
        """
        scores = self._scores(terms_of(question))
        best = max(scores, default=0.0)
        if best <= 0:
            return None
        chosen: set[int] = set()
        left = room
        for index in sorted(range(len(scores)), key=lambda each: (-scores[each], each)):
            if scores[index] < _LEAST_SHARE * best:
                break
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

    def _scores(self, terms: list[str]) -> list[float]:
        own = [0.0] * len(self._units)
        for term in terms:
            counts = [_count(term, unit.folded) for unit in self._units]
            holding = sum(1 for count in counts if count)
            if not holding:
                continue
            rarity = math.log(1 + (len(counts) - holding + 0.5) / (holding + 0.5))
            for index, count in enumerate(counts):
                if count:
                    length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * len(self._units[index].folded) / self._mean
                    own[index] += rarity * count * (_SATURATION + 1) / (count + _SATURATION * length)
        return [
            score + (_HEADING_SHARE * own[unit.heading] if unit.heading is not None else 0.0)
            for score, unit in zip(own, self._units, strict=True)
        ]


def terms_of(question: str) -> list[str]:
    """Return what is looked for in the folded text of a document: beginnings of words, pairs of Chinese characters.

    And numbers, which stand there as a whole.
    """
    found: dict[str, None] = {}
    for word in _WORD.findall(EMPTY_HAN.sub(" ", unicodedata.normalize("NFKC", question).lower())):
        if re.match(f"[{HAN}]", word):
            pairs = [word[at : at + 2] for at in range(len(word) - 1)] or [word]
            found.update(dict.fromkeys(pairs))
        elif word not in EMPTY_WORDS and (len(word) > 1 or word.isdigit()):
            found[word if word.isdecimal() else f" {_stem(word)}"] = None
    return list(found)


def _count(term: str, folded: str) -> int:
    """Return how often a term stands in a text: 99 does not in 990."""
    count = folded.count(term)
    if count and term.isdecimal():
        return len(re.findall(rf"(?<!\d){term}(?!\d)", folded))
    return count


def _stem(word: str) -> str:
    """Return the beginning of an English word that its other forms share, where enough of it is left."""
    if word.isascii() and word.isalpha():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
        if word.endswith("e") and len(word) > 4:
            return word[:-1]
    return word


def _folded(text: str) -> str:
    folded = f" {_NO_WORD.sub(' ', unicodedata.normalize('NFKC', text).lower())} "
    return folded if folded.isascii() else _HAN_EDGE.sub(" ", folded)


def _units_of(document: Document) -> list[_Unit]:
    units: list[_Unit] = []
    for section in document.sections:
        heading: int | None = None
        head_row: int | None = None
        for at, block in enumerate(section.blocks):
            if not block.is_table:
                head_row = None
                for text, rows in _parts_of(block.text):
                    units.append(_Unit(section.number, at, rows, _folded(text), heading, None, len(text)))
                heading = len(units) - 1 if block.level else heading
                continue
            for row, line in enumerate(block.text.split("\n")):
                rows = range(row, row + 1)
                units.append(_Unit(section.number, at, rows, _folded(line), heading, head_row, len(line)))
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

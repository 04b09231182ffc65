"""The passages of a document that bear on a question: full-text ranking by rules, in English and Chinese, offline.

A paragraph, a few lines of a long one, or a row of a table is ranked by BM25 on the words that it shares with the
question; what is chosen keeps its heading, and a row the first row of its table. Nothing is read by a model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from desktop.core.documents.document import Document
from desktop.core.documents.ranking import Candidate, question_of, ranked, rarity_of
from desktop.core.documents.selection import Selection
from desktop.core.text.terms import terms_in

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

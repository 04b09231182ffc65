"""Index of a source: its passages, clauses and words, made once and asked for each answer.

Figures and names are read passage by passage, when an answer may speak of what stands there: a long file has more of
them than any answer.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_right
from collections import defaultdict
from functools import cached_property

from desktop.core.claims.claim import Finding, Kind, blanked
from desktop.core.claims.finding import addresses_in, figures_in, identifiers_in, without
from desktop.core.claims.measures import NOTHING_COUNTED, Counted, counted_below
from desktop.core.claims.names import known_names, names_in, people_in
from desktop.core.claims.numbers import decimal_sign
from desktop.core.documents.marks import MarkLine, mark_lines
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.core.evidence.clauses import ROW, Clause, ClauseMap, clauses_in, rows_in
from desktop.core.evidence.contexts import Context, Contexts
from desktop.core.evidence.digits import keys_in
from desktop.core.evidence.passages import Passage, passages_in, read_in
from desktop.core.evidence.squeezed import SqueezedText
from desktop.core.evidence.words import compared, raw_words, word_set, words_in
from desktop.core.text.scripts import has_han, is_chinese

_LONGEST_TITLE = 80
_PIECE = 20_000  # characters at a time: Python lets no other thread run while a pattern goes through a text
_MOST_SEARCHED = 400_000  # characters in which names of people are looked for
_SAMPLE = 40_000  # characters that show in which ways a file writes
_COMMON = 300  # passages, from which on a word leads to none
_ALL_AMOUNTS = re.compile(
    r"\b(?:[Aa]mounts|[Ff]igures|[Pp]rices)\b[^.\n|]{0,40}\bin [^.\n|]{0,30}|单位[:：][^\n|]{0,12}"
)


class Standing:
    """Thing that stands in a source; the words that it is attached to are looked at when they are asked for."""

    __slots__ = ("_at", "_contexts", "passage", "passage_at", "source", "thing")

    def __init__(self, thing: Finding, index: SourceIndex, passage_at: int, contexts: Contexts, at: int) -> None:
        self.thing = thing
        self.source = index.number
        self.passage = index.passages[passage_at]
        self.passage_at = passage_at
        self._contexts, self._at = contexts, at

    @property
    def context(self) -> Context:
        """The words that it is attached to."""
        return self._contexts.of(self._at)


class SourceIndex:
    """Index of one source; `number` is its place among those of a conversation."""

    def __init__(self, source: GivenText, number: int) -> None:
        self.source = source
        self.number = number
        self.text = source.text
        marks = list(mark_lines(self.text))
        self.visible = _without_marks(self.text, marks)
        self.passages = passages_in(self.visible, are_cells_tabbed=False)
        self._starts = [passage.start for passage in self.passages]
        rows = ((each.start, each.end, each.cells[0]) for each in self.passages if each.header)
        clauses = [*clauses_in(self.visible, self._starts, marks), *rows_in(self.visible, rows)]
        self.clauses = ClauseMap(sorted(clauses, key=lambda each: each.start))
        self._headings = sorted((each.start, each.behind_number) for each in self.clauses.all if each.family != ROW)
        self._with_figures: set[int] = set()  # passages that may have one
        self._standing: dict[int, list[Standing]] = {}
        self._names: dict[int, list[Standing]] = {}
        self._words_of: dict[tuple[int, int], frozenset[str]] = {}

    @property
    def words(self) -> dict[str, list[int]]:
        """The passages in which each word of content stands, a row of a table having those above it too."""
        return self._survey[0]

    @property
    def figures(self) -> dict[str, list[int]]:
        """The passages in which a figure of each key may stand."""
        return self._survey[1]

    @cached_property
    def _survey(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        words: dict[str, list[int]] = defaultdict(list)
        figures: dict[str, list[int]] = defaultdict(list)
        header: tuple[tuple[int, int], ...] = ()
        of_header: set[str] = set()
        for at, passage in enumerate(self.passages):
            text = self.visible[passage.start : passage.end]
            raw = raw_words(text)
            found = compared(raw)
            if passage.header:
                if passage.header is not header:
                    header = passage.header
                    of_header = word_set(self.visible[header[0][0] : header[-1][1]])
                found |= of_header
            for word in found:
                words[word].append(at)
            for key in keys_in(text, raw):
                figures[key].append(at)
                self._with_figures.add(at)
        return words, figures

    @cached_property
    def is_chinese(self) -> bool:
        return is_chinese(self.text[:_SAMPLE])

    @cached_property
    def squeezed(self) -> SqueezedText:
        """The letters and digits of the text alone, in which quotations are looked for."""
        return SqueezedText(self.visible, [(passage.start, passage.end) for passage in self.passages])

    @cached_property
    def known_names(self) -> frozenset[str]:
        """The words that are names also where a sentence begins."""
        return known_names(self.visible[:_SAMPLE])

    @cached_property
    def people(self) -> frozenset[str]:
        """The Chinese names of people in the text."""
        text = self.visible[:_MOST_SEARCHED] if has_han(self.visible[:_SAMPLE]) else ""
        return frozenset(
            each.text
            for at in range(0, len(text), _PIECE)
            for each in people_in(text[max(0, at - _LONGEST_TITLE) : at + _PIECE])
        )

    @cached_property
    def _decimal(self) -> str:
        text = self.visible[: 10 * _PIECE]
        return decimal_sign(*(text[at : at + _PIECE] for at in range(0, len(text), _PIECE)))

    @cached_property
    def _counted_in_tables(self) -> Counted:
        """What the text says of the amounts of all its tables: "All amounts in EUR thousand"."""
        said = {counted_below(each[0], is_column=False) for each in _ALL_AMOUNTS.finditer(self.visible[:_SAMPLE])}
        said.discard(NOTHING_COUNTED)
        return said.pop() if len(said) == 1 else NOTHING_COUNTED

    def words_of(self, start: int, end: int) -> frozenset[str]:
        """Return the words of content of a stretch, such as a title."""
        known = self._words_of.get((start, end))
        if known is None:
            known = self._words_of[start, end] = frozenset(word for _, word in words_in(self.text, start, end))
        return known

    def title_end(self, clause: Clause) -> int:
        """Return where the first line of a clause ends; of a long one, it is no title."""
        end = self.text.find("\n", clause.start, clause.start + _LONGEST_TITLE)
        return end if end >= 0 else clause.behind_number

    def nearest_passages(self, words: set[str], most: int) -> list[int]:
        """Return the passages that have most of these words, the rare ones before all."""
        votes: dict[int, float] = defaultdict(float)
        for word in words:
            those = self.words.get(word, ())
            for at in those if len(those) <= _COMMON else ():
                votes[at] += 1 / len(those)
        return heapq.nlargest(most, votes, key=lambda at: (votes[at], -at))

    def standing(self, at: int, kind: Kind = Kind.NUMBER) -> list[Standing]:
        """Return the figures that stand in a passage, its names for that kind; names take long, and few are asked."""
        if kind is Kind.NAME:
            return self._names_at(at)
        known = self._standing.get(at)
        if known is None:
            figures = self._read(self.passages[at]) if self.figures and at in self._with_figures else []
            known = self._standing[at] = self._placed(figures, at)
        return known

    def _names_at(self, at: int) -> list[Standing]:
        known = self._names.get(at)
        if known is None:
            figures = [each.thing for each in self.standing(at)]
            passage = self.passages[at]
            words = self.visible[passage.start : passage.end]
            spans = [(each.start - passage.start, each.end - passage.start) for each in figures]
            names = [_moved(each, passage.start) for each in self._names_in(blanked(words, spans))]
            every = sorted([*figures, *names], key=lambda thing: thing.start)
            placed = self._placed(every, at)
            known = self._names[at] = [each for each in placed if each.thing.kind is Kind.NAME]
        return known

    def _placed(self, things: list[Finding], at: int) -> list[Standing]:
        things = [each for each in things if not _starts_within(each.start, self._headings)]
        contexts = Contexts(self.visible, self.passages[at], things)
        return [Standing(each, self, at, contexts, which) for which, each in enumerate(things)]

    def place(self, start: int, end: int) -> SourcePlace:
        """Return a place in this source, with its clause."""
        clause = self.clauses.at(start)
        return SourcePlace(self.number, start, end, clause.number if clause else "")

    def _read(self, passage: Passage) -> list[Finding]:
        words = self.visible[passage.start : passage.end]
        found = [_moved(each, passage.start) for each in self._figures_in(words)]
        return read_in(self.visible, passage, found, self._counted_in_tables)

    def _figures_in(self, words: str) -> list[Finding]:
        identifiers = list(identifiers_in(words))
        addresses = addresses_in(words) if "@" in words or "www." in words or "//" in words else []
        rest = without(words, sorted([*identifiers, *addresses], key=_start))
        return sorted([*identifiers, *addresses, *figures_in(rest, self._decimal)], key=_start)

    def _names_in(self, words: str) -> list[Finding]:
        return names_in(words, self.known_names)


def _without_marks(text: str, marks: list[MarkLine]) -> str:
    spans: list[tuple[int, int]] = []
    for mark in sorted(marks, key=lambda each: each.start):
        # The title of a sheet or a slide belongs to the text.
        inner = (mark.title_at, mark.end - 1) if mark.title else (mark.end, mark.end)
        spans += [(mark.start, inner[0]), (inner[1], mark.end)]
    return blanked(text, spans).replace("\0", " ") if spans else text


def _start(thing: Finding) -> int:
    return thing.start


def _moved(thing: Finding, by: int) -> Finding:
    return Finding(thing.kind, thing.text, thing.start + by, thing.end + by, thing.values, thing.unit)


def _starts_within(start: int, spans: list[tuple[int, int]]) -> bool:
    at = bisect_right(spans, (start, 1 << 60)) - 1
    return at >= 0 and spans[at][0] <= start < spans[at][1]

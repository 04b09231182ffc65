"""All that was given in a conversation: its sources, each with its passages, clauses and words.

An index is made once and asked for each answer: what stands there by its value, and by the words beside it. Figures and
names are read passage by passage, when an answer may speak of what stands there: a long file has more of them than any
answer.
"""

from __future__ import annotations

import heapq
import math
import re
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from desktop.core.claims.claim import Finding, Kind, blanked
from desktop.core.claims.dates import may_be_same
from desktop.core.claims.finding import (
    addresses_in,
    figures_in,
    identifiers_in,
    known_names,
    names_in,
    people_in,
    without,
)
from desktop.core.claims.numbers import NOTHING_COUNTED, Counted, counted_below, decimal_sign, measure_of
from desktop.core.documents.marks import MarkLine, mark_lines
from desktop.core.evidence.checked import GivenText, SourcePlace
from desktop.core.evidence.clauses import ROW, Clause, ClauseMap, clauses_in, rows_in
from desktop.core.evidence.passages import Context, Contexts, Passage, passages_in, read_in
from desktop.core.evidence.words import SqueezedText, compared, keys_in, keys_of, raw_words, word_set, words_in
from desktop.core.text.number_words import CURRENCY_UNITS
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


_LEFT_OUT = frozenset((*CURRENCY_UNITS, "th", "person", "points", "year"))
_ALWAYS_SAID = frozenset(("%", "week", "month", "h", "min", "working day"))
# The 25th and 25日, 40 °C and 40度.
_SAME_BESIDES = frozenset((("th", "day"), ("day", "th"), ("°C", "kWh"), ("kWh", "°C")))
_DIGITS_OF_YEAR = 4
_HEAD = 120  # characters of a source that say which it is
_FEWEST_READ, _ENOUGH = 8, 8  # passages that are read in any case, and places at which no more are
_MOST_READ = 24  # passages that are read for one figure
_MOST_NEAR = 8  # passages that are read for the words beside a thing
_COMMON_FROM, _COMMON_SHARE, _COMMON_TO = 60, 0.12, 150  # passages, from which on a word leads to none of them
_SAMPLE_OF_WORDS = 20_000  # characters of a source in which the words of another's name are looked for
_READ_AHEAD = 2_000  # passages that are read before anything is asked, some eighty pages
_WORTH = 0.08  # of a word, below which it leads to no passage
_FEWEST = 8  # passages from which on it is told how rare a word is
_MOST_INDEXES = 2  # conversations in turn, each with all its files


class Given:
    """Sources of a conversation, with the ways to what stands in them."""

    def __init__(self, sources: Iterable[GivenText], earlier: Iterable[SourceIndex] = ()) -> None:
        """Index the sources, but for those that are the same at the same place among `earlier` ones."""
        known = {each.number: each for each in earlier}
        self.indexes = [
            index
            if (index := known.get(number)) is not None and index.source == source
            else SourceIndex(source, number)
            for number, source in enumerate(sources)
        ]
        self._passages = sum(len(index.passages) for index in self.indexes)
        self._of_one = _words_of_one(self.indexes)
        self._rarities: dict[str, float] = {}

    def prepare(self) -> None:
        """Make what every answer asks for, before there is one."""
        for index in self.indexes:
            _ = index.words, index.figures, index.is_chinese, index.squeezed, index.known_names, index.people
            for at in range(min(len(index.passages), _READ_AHEAD)):
                index.standing(at)

    def rarity(self, word: str) -> float:
        """Return how much a word tells one thing from another, from 0 to 1."""
        known = self._rarities.get(word)
        if known is None:
            known = self._rarities[word] = self._rarity(word)
        return known

    def _rarity(self, word: str) -> float:
        if word in self._of_one:
            return 1.0
        # A figure beside another is known in its context alone, and seldom stands there twice.
        count = 1 if word[0] == "=" else self._count(word.removeprefix("#"))
        if not count:
            return 0.0
        every = max(_FEWEST, self._passages) + 1
        return min(1.0, max(0.0, math.log(every / (count + 0.5)) / math.log(every)))

    def _count(self, word: str) -> int:
        return sum(len(index.words.get(word, ())) for index in self.indexes) or (1 if word >= "\u3400" else 0)

    def named_source(self, words: Mapping[str, float], least: float) -> int | None:
        """Return which of several sources words of so much weight name; None where they name none, or two alike."""
        named: dict[int, float] = defaultdict(float)
        for word, number in self._of_one.items() if len(self.indexes) > 1 else ():
            named[number] = max(named[number], words.get(word, 0.0))
        best = sorted(named.items(), key=lambda each: -each[1])[:2]
        if not best or best[0][1] < least or (len(best) > 1 and best[1][1] >= best[0][1]):
            return None
        return best[0][0]

    def with_value(
        self, thing: Finding, near: Mapping[tuple[int, int], float], *, in_row: bool = False
    ) -> list[Standing]:
        """Return where the same stands, however it is written there.

        `near`: how near each passage is to what the answer says, by which some are chosen of very many. `in_row`: in a
        table or a calculation, where units are left out.
        """
        found: list[Standing] = []
        for index in self.indexes:
            those = self._may_hold(index, thing, near)
            for read, at in enumerate(those):
                if read > _FEWEST_READ and len(found) >= _ENOUGH:
                    break
                found += [each for each in index.standing(at, thing.kind) if _stands_for(thing, each, index, in_row)]
        return sorted(found, key=lambda each: (each.source, each.thing.start))

    def _may_hold(self, index: SourceIndex, thing: Finding, near: Mapping[tuple[int, int], float]) -> list[int]:
        """Return the passages that may have a thing, or of very many some; the nearest first."""
        if thing.kind in (Kind.NUMBER, Kind.DATE):
            found = {at for key in keys_of(thing) for at in index.figures.get(key, ())}
        elif thing.kind is Kind.IDENTIFIER:
            found = {at for key in keys_in(thing.text, ()) for at in index.figures.get(key, ())}
        else:
            every = sorted((index.words.get(word, []) for word in word_set(thing.text)), key=len)
            found = set(every[0]) if every else set()
        return heapq.nsmallest(_MOST_READ, found, key=lambda at: (-near.get((index.number, at), 0.0), at))

    def nearness(self, words: Mapping[str, float]) -> dict[tuple[int, int], float]:
        """Return how much of these words each passage has, by source and passage."""
        scores: dict[tuple[int, int], float] = defaultdict(float)
        for word, weight in words.items():
            worth = self.rarity(word) * weight
            if worth < _WORTH:
                continue
            for index in self.indexes:
                those = index.words.get(word, ())
                if len(those) <= max(_COMMON_FROM, min(_COMMON_SHARE * len(index.passages), _COMMON_TO)):
                    for at in those:
                        scores[index.number, at] += worth
        return scores

    def nearest(self, near: Mapping[tuple[int, int], float], kind: Kind = Kind.NUMBER) -> list[Standing]:
        """Return the things of the nearest passages: the figures, or for that kind the names."""
        best = heapq.nlargest(_MOST_NEAR, near, key=lambda each: (near[each], -each[1]))
        return [each for number, at in best for each in self.indexes[number].standing(at, kind)]

    @cached_property
    def people(self) -> frozenset[str]:
        """The Chinese names of people in the sources."""
        return frozenset().union(*(index.people for index in self.indexes))

    @cached_property
    def dotted(self) -> frozenset[str]:
        """The numbers of clauses such as 4.2."""
        return frozenset().union(*(index.clauses.dotted for index in self.indexes))


class Indexes:
    """What was given in the last few conversations, kept since it is the same for each answer below it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[GivenText, ...], Given] = OrderedDict()

    def of(self, sources: tuple[GivenText, ...]) -> Given:
        """Return the sources with their indexes, which may take a while."""
        index = self._kept.pop(sources, None)
        if index is None:
            # A further file or text leaves those before it at their places, which are long to index.
            same = [known for known in self._kept.values() if known.indexes[0].source == sources[0]]
            index = Given(sources, same[-1].indexes if same else ())
        self._kept[sources] = index
        while len(self._kept) > _MOST_INDEXES:
            self._kept.popitem(last=False)
        return index


def _words_of_one(indexes: list[SourceIndex]) -> dict[str, int]:
    """Return the words in the names and first lines of several sources by which one of them is meant."""
    found: dict[str, set[int]] = defaultdict(set)
    for index in indexes if len(indexes) > 1 else ():
        for word in word_set(f"{index.source.name.rpartition('.')[0]}\n{index.text[:_HEAD]}"):
            found[word].add(index.number)
    texts = [word_set(index.text[:_SAMPLE_OF_WORDS]) for index in indexes]
    return {
        word: next(iter(those))
        for word, those in found.items()
        if len(those) == 1 and not any(word in words for at, words in enumerate(texts) if at not in those)
    }


def _stands_for(thing: Finding, each: Standing, index: SourceIndex, in_row: bool) -> bool:
    """Return True if what stands in a file is the same as a thing, what it counts as well."""
    other = each.thing
    if other.kind is Kind.DATE and thing.kind is Kind.NUMBER:
        return any(_is_part_of(thing, value, its) for value in thing.values for its in other.values)
    if other.kind is not thing.kind:
        return False
    if thing.kind is Kind.DATE:
        return any(may_be_same(value, its) for value in thing.values for its in other.values)
    if (measure := measure_of(thing)) is not None and measure == measure_of(other):
        return True
    if set(bare(thing)).isdisjoint(bare(other)):
        return False
    if thing.kind is not Kind.NUMBER or thing.unit == other.unit:
        return True
    if (thing.unit, other.unit) in _SAME_BESIDES:
        return any(each.text.endswith(("日", "号", "度")) for each in (thing, other))
    if thing.unit and other.unit:  # a table in EUR thousand may have a row of people
        return thing.unit == "person" and len(other.values) > 1 and thing.value == other.values[-1]
    if each.passage.cells or _may_be_left_out(thing if thing.unit else other):
        return True
    if not thing.unit:
        return in_row
    # In prose it is said once for several numbers: 31 grams, and of the other 214.
    those = index.standing(each.passage_at) if thing.unit not in _ALWAYS_SAID else ()
    return any(beside.thing.unit == thing.unit for beside in those)


def bare(thing: Finding) -> list[str]:
    """Return the values without signs: a table of differences has −0.86, and a sentence says by how much."""
    return [value.lstrip("-") for value in thing.values]


def _may_be_left_out(thing: Finding) -> bool:
    """Return True for a unit that goes without saying: a currency, people, a year of four digits."""
    return thing.unit in _LEFT_OUT and (thing.unit != "year" or len(thing.value) == _DIGITS_OF_YEAR)


def _is_part_of(thing: Finding, value: str, date: str) -> bool:
    """Return True if a number is the year of a date, or its day: "the 25th"."""
    if thing.unit in ("", "year") and len(value) == 4:
        return date.startswith(value)
    is_day = thing.unit == "th" or (thing.unit in ("", "day") and thing.text.endswith(("日", "号")))
    return is_day and value.isdigit() and len(value) <= 2 and date.endswith(f"-{int(value):02}")

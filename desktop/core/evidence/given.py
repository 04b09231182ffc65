"""All that was given in a conversation: its sources, what stands in them by its value, and by the words beside it."""

from __future__ import annotations

import heapq
import math
import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from desktop.core.evidence.checked import GivenText, ThingKind
from desktop.core.evidence.computing.calculations import Column
from desktop.core.evidence.digits import keys_in, keys_of
from desktop.core.evidence.index import SourceIndex, Standing
from desktop.core.evidence.thing import Thing
from desktop.core.evidence.words import word_set
from desktop.core.text.number_words import CURRENCY_UNITS
from desktop.core.text.plain_compare import squeezed

_LEFT_OUT = frozenset((*CURRENCY_UNITS, "th", "person", "points", "year"))
_SAID_ONCE = frozenset(("%", "km", "m", "m²", "m³", "kg", "g", "t", "kWh", "kW", "MW", "GW", "°C"))  # of two
_ALWAYS_SAID = frozenset(("%", "week", "month", "h", "min", "working day"))  # also in a table, or above its column
_MEASURES = frozenset("个分部处层项条次户笔家件套台份位张辆节种票")
_DIGITS_OF_YEAR = 4
_HEAD = 120  # characters of a source that say which it is
_FEWEST_READ, _ENOUGH = 8, 8  # passages that are read in any case, and places at which no more are
_MOST_READ = 24  # passages that are read for one figure
_MOST_NEAR = 8  # passages that are read for the words beside a thing
_COMMON_FROM, _COMMON_SHARE, _COMMON_TO = 60, 0.12, 150  # passages, from which on a word leads to none of them
_SAMPLE = 20_000  # characters of a source in which the words of another's name are looked for
_FEW_PASSAGES = 40
_READ_AHEAD = 2_000  # passages that are read before anything is asked, some eighty pages
_MOST_COLUMNS = 200  # of which sums are looked for
_MOST_ROWS = 30  # of a table of which columns are added up
_TWO_HAN = 0.8  # two characters are half a word, and each is counted twice
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
        self._columns_of: dict[tuple[int, int], list[list[Thing]]] = {}

    def prepare(self) -> None:
        """Make what every answer asks for, before there is one."""
        for index in self.indexes:
            _ = index.words, index.figures, index.is_chinese, index.squeezed, index.known_names, index.people
            for at in range(min(len(index.passages), _READ_AHEAD)):
                index.standing(at)
        _ = self.columns

    @cached_property
    def columns(self) -> list[Column]:
        """The numbers of each column of the tables."""
        found: dict[tuple[int, int, int], list[Thing]] = defaultdict(list)
        for index in self.indexes:
            for passage in index.passages:
                if passage.header and len(found) < _MOST_COLUMNS:
                    for column, number in index.numbers_of_row(passage):
                        found[index.number, passage.paragraph, column].append(number)
        return [Column(numbers) for numbers in found.values() if len(numbers) > 1]

    def columns_of(self, source: int, paragraph: int) -> list[list[Thing]]:
        """Return the numbers of each column of a table, of the rows that hold one each there; of a long one, none."""
        known = self._columns_of.get((source, paragraph))
        if known is None:
            index = self.indexes[source]
            rows = [at for at, each in enumerate(index.passages) if each.paragraph == paragraph and each.header]
            found: dict[int, list[Thing]] = defaultdict(list)
            for at in rows if len(rows) <= _MOST_ROWS else ():
                for column, cell in enumerate(index.passages[at].cells):
                    inside = [each.thing for each in index.standing(at) if cell[0] <= each.thing.start < cell[1]]
                    if len(inside) == 1 and inside[0].kind is ThingKind.NUMBER:
                        found[column].append(inside[0])
            known = self._columns_of[source, paragraph] = [each for each in found.values() if len(each) > 1]
        return known

    def is_name_of_source(self, words: str) -> bool:
        """Return True for words that are the name of a file, or a part of it."""
        small = squeezed(words)
        return bool(small) and any(small in squeezed(index.source.name) for index in self.indexes)

    def is_in_name(self, thing: Thing) -> bool:
        """Return True for a number in the name of a file: Sales Q3 2026."""
        return any(value in re.findall(r"\d+", index.source.name) for index in self.indexes for value in thing.values)

    def has_digits(self, thing: Thing) -> bool:
        """Return True if a number stands in a source at whatever scale: 2.4, of 2.4 million."""
        return any(index.figures.get(key) for index in self.indexes for key in keys_of(thing))

    @cached_property
    def few_numbers(self) -> list[Thing]:
        """The numbers of the files, where these are short."""
        if self._passages > _FEW_PASSAGES:
            return []
        return [
            each.thing
            for index in self.indexes
            for at in range(len(index.passages))
            for each in index.standing(at)
            if each.thing.kind is ThingKind.NUMBER
        ]

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
        rarity = min(1.0, max(0.0, math.log(every / (count + 0.5)) / math.log(every)))
        return rarity * (_TWO_HAN if word[0] >= "\u3400" else 1.0)

    def _count(self, word: str) -> int:
        return sum(len(index.words.get(word, ())) for index in self.indexes) or (1 if word >= "\u3400" else 0)

    def tells_source(self, word: str) -> bool:
        """Return True for a word of the name of one source among several."""
        return word in self._of_one

    def leaning(self, words: Mapping[str, float], source: int) -> float:
        """Return how closely words are attached to the name of a source."""
        return max((words.get(word, 0.0) for word, number in self._of_one.items() if number == source), default=0.0)

    def with_value(
        self, thing: Thing, near: Mapping[tuple[int, int], float], *, in_row: bool = False
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

    def _may_hold(self, index: SourceIndex, thing: Thing, near: Mapping[tuple[int, int], float]) -> list[int]:
        """Return the passages that may have a thing, or of very many some; the nearest first."""
        if thing.kind in (ThingKind.NUMBER, ThingKind.DATE):
            found = {at for key in keys_of(thing) for at in index.figures.get(key, ())}
        elif thing.kind is ThingKind.IDENTIFIER:
            found = {at for key in keys_in(thing.text, ()) for at in index.figures.get(key, ())}
        else:
            every = sorted((index.words.get(word, []) for word in word_set(thing.text)), key=len)
            found = set(every[0]) if every else set()
        if len(found) <= _MOST_READ:
            return sorted(found, key=lambda at: (-near.get((index.number, at), 0.0), at))
        is_near = [at for at in found if (index.number, at) in near]
        nearest = heapq.nlargest(_MOST_READ, is_near, key=lambda at: near[index.number, at])
        return nearest or sorted(found)[:_MOST_READ]

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

    def nearest(self, near: Mapping[tuple[int, int], float], kind: ThingKind = ThingKind.NUMBER) -> list[Standing]:
        """Return the things of the nearest passages: the figures, or for that kind the names."""
        best = heapq.nlargest(_MOST_NEAR, near, key=lambda each: (near[each], -each[1]))
        return [each for number, at in best for each in self.indexes[number].standing(at, kind)]

    def nearest_by_passage(self, near: Mapping[tuple[int, int], float], most: int) -> Iterator[list[Standing]]:
        """Yield the things of the few nearest passages, passage by passage."""
        for number, at in heapq.nlargest(most, near, key=lambda each: (near[each], -each[1])):
            yield self.indexes[number].standing(at)

    def people(self) -> Iterator[str]:
        """Yield the Chinese names of people in the sources."""
        for index in self.indexes:
            yield from index.people


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
    return {
        word: next(iter(those))
        for word, those in found.items()
        if len(those) == 1 and not any(word in word_set(each.text[_HEAD:_SAMPLE]) for each in indexes)
    }


def _stands_for(thing: Thing, each: Standing, index: SourceIndex, in_row: bool) -> bool:
    """Return True if what stands in a file is the same as a thing, what it counts as well."""
    if not _is_same(thing, each.thing):
        return False
    if thing.unit and not each.thing.unit and _counts_other(thing, each.thing, index.visible):
        return False
    return bool(
        thing.kind is not ThingKind.NUMBER
        or each.passage.cells
        or (in_row and not thing.unit)
        or _may_lack(thing, each.thing)
        or _is_left_out(thing, each.thing, index.standing(each.passage_at))
    )


def units_agree(one: Thing, other: Thing) -> bool:
    """Return True if two numbers may count the same."""
    return not one.unit or not other.unit or one.unit == other.unit


def _is_same(thing: Thing, other: Thing) -> bool:
    if thing.kind is other.kind is ThingKind.NUMBER:
        if thing.unit in _ALWAYS_SAID and not other.unit:
            return False
        return units_agree(thing, other) and not set(thing.values).isdisjoint(other.values)
    if other.kind is not ThingKind.DATE or thing.kind not in (ThingKind.DATE, ThingKind.NUMBER):
        return thing.kind is other.kind and not set(thing.values).isdisjoint(other.values)
    return any(
        is_same_day(value, its) if thing.kind is ThingKind.DATE else _is_part_of(thing, value, its)
        for value in thing.values
        for its in other.values
    )


def _is_part_of(thing: Thing, value: str, date: str) -> bool:
    """Return True if a number is the year of a date, or its day: "the 25th"."""
    if thing.unit in ("", "year") and len(value) == 4:
        return date.startswith(value)
    is_day = thing.unit == "th" or (thing.unit in ("", "day") and thing.text.endswith(("日", "号")))
    return is_day and value.isdigit() and len(value) <= 2 and date.endswith(f"-{int(value):02}")


def _may_lack(one: Thing, other: Thing) -> bool:
    """Return True if of two numbers in sentences one may lack its unit: a currency is left out, days are not."""
    unit = one.unit or other.unit
    if unit == "year" and len(one.value) < _DIGITS_OF_YEAR:
        return one.unit == other.unit
    return other.kind is not ThingKind.NUMBER or one.unit == other.unit or unit in _LEFT_OUT


def _counts_other(thing: Thing, other: Thing, text: str) -> bool:
    """Return True if a measure word behind the number of a file says that it counts something else: six lifts."""
    return other.kind is ThingKind.NUMBER and thing.unit != "person" and text[other.end : other.end + 1] in _MEASURES


def _is_left_out(thing: Thing, other: Thing, beside: Iterable[Standing]) -> bool:
    """Return True if the file says once for two numbers what they count: 31 grams, and of the other 214."""
    return thing.unit in _SAID_ONCE and not other.unit and any(each.thing.unit == thing.unit for each in beside)


def is_same_day(one: str, other: str) -> bool:
    """Return True if two dates are the same as far as both say, or two times of day."""
    if ":" in one or ":" in other:
        return one == other
    return all(a == b or "?" in (a, b) for a, b in zip(one.split("-"), other.split("-"), strict=False))

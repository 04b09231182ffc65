"""The words that a thing is attached to, in an answer and in a file alike, and how closely each is.

In a row of a table these are the other cells and what stands above the column; in prose the words beside it, within
the same part of the sentence before all. By them a figure that stands in the file as something else is noticed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from desktop.core.claims.claim import Finding, Kind
from desktop.core.evidence.passages import Passage
from desktop.core.evidence.words import words_in

# What parts the words of a paragraph: the end of a sentence, a semicolon, and what is less.
_BREAK = re.compile(
    r"(?P<sentence>(?<![.\s]\w)(?<!\b(?:Mr|Ms|Dr|No|no|Nr|St|vs))(?<!\b(?:Art|Sec|Mrs))[.!?][”’)]{0,2}(?=\s)|[。！？])"
    r"|(?P<part>[;；])"
    r"|(?P<open>[(（])"
    r"|(?P<close>[)）])"
    r"|[:：](?!\d)|(?<!\d)[,，]|[,，](?!\d{3})|、|\b(?:and|or|but|plus|while|of which)\b|(?<=\s)[–—-](?=\s)"
    r"|[和与及或]|其中|以及"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERS = re.compile(r"(?<![\w.,])\d[\d-]*(?![\w.,%])")  # 2025, CP 40-200
_FAR = 400  # characters; what stands further away says nothing of a thing
_SHORT_ASIDE = 14  # characters in brackets, behind which what stood before them goes on
_MOST_WORDS, _MOST_THINGS, _MOST_CELLS = 60, 20, 60  # on each side
# How much a word counts by what lies between it and the thing: nothing, a comma, a semicolon, a full stop.
_BY_BREAK = (1.0, 0.55, 0.3, 0.1)
_BY_BREAK_OF_NAME = (1.0, 0.7, 0.5, 0.3)  # of whom a paragraph goes on to speak as "she"
_BEHIND = 0.85
_ROW, _OTHER_CELL, _HEADING, _LABEL, _LABEL_OF_OTHERS, _SUBJECT = 1.0, 0.25, 0.3, 0.9, 0.5, 0.6
_NEAR, _MIDDLE = 30, 80  # characters
_OF_ANOTHER = 0.35  # words that stand closer to another thing of its kind
_ANOTHER_FIGURE, _MONTH = 1.0, 0.5
_HAN_FILLERS = frozenset("的以为是和与及或按前后内起至到支付元每")
_FIGURES = (Kind.NUMBER, Kind.DATE, Kind.REFERENCE)


@dataclass(slots=True)
class Context:
    """Words that a thing is attached to, each with its closeness from 0 to 1.

    `labels`: what its row, its column or its line is called, each as words.
    """

    words: dict[str, float] = field(default_factory=dict)
    row: tuple[int, int] | None = None  # what its row or list item is called
    column: tuple[int, int] | None = None
    labels: list[frozenset[str]] = field(default_factory=list)

    def note(self, word: str, weight: float) -> None:
        """Note a word, at the closest of its places."""
        if weight > self.words.get(word, 0.0):
            self.words[word] = weight

    def note_thing(self, thing: Finding, weight: float) -> None:
        """Note another thing; of a day its month as well, whatever the year."""
        if thing.kind is Kind.DATE and "-" in thing.value:
            month, day = thing.value.split("-")[1:]
            self.note(f"=m{month}", weight * _MONTH)
            if day != "?":
                self.note(f"={month}-{day}", weight)
        else:
            self.note(f"={thing.value}", weight)


class Contexts:
    """The contexts of the things of a passage; each is made when it is asked for, since most never are."""

    def __init__(self, text: str, passage: Passage, things: Sequence[Finding]) -> None:
        self._text, self._passage, self._things = text, passage, things
        self._made: dict[int, Context] = {}
        self._layout: _Row | _Prose | None = None

    def of(self, index: int) -> Context:
        """Return the context of the thing of this index."""
        known = self._made.get(index)
        if known is None:
            if self._layout is None:
                layout = _Row if self._passage.cells else _Prose
                self._layout = layout(self._text, self._passage, self._things)
            known = self._made[index] = self._layout.context(index)
            if self._passage.heading is not None:
                for word in _label(self._text, self._passage.heading):
                    known.note(word, _HEADING)
            _note_next(self._text, self._things[index], known)
        return known


class _Row:
    """Row of a table, with its cells."""

    def __init__(self, text: str, passage: Passage, things: Sequence[Finding]) -> None:
        self._text, self._passage, self._things = text, passage, things
        starts = [cell[0] for cell in passage.cells]
        self._cell_of = [max(0, bisect_right(starts, thing.start) - 1) for thing in things]
        self._words = [list(words_in(text, *cell)) for cell in passage.cells]
        self._is_label = [any(not _is_in_figure(place, things) for place, _ in those) for those in self._words]
        self._labels = [at for at, is_label in enumerate(self._is_label) if is_label][:2]

    def context(self, index: int) -> Context:
        """Return the context of a thing."""
        text, passage, labels = self._text, self._passage, self._labels
        thing, own = self._things[index], self._cell_of[index]
        context = Context()
        near = range(max(0, own - _MOST_CELLS), min(len(self._words), own + _MOST_CELLS + 1))
        first, last = (bisect_left(self._cell_of, at) for at in (near.start, near.stop))
        for at in (*labels[:1], *near):
            weight = _ROW if at == own or self._is_label[at] else _OTHER_CELL
            for place, word in self._words[at]:
                if not thing.start <= place < thing.end:
                    context.note(word, weight)
        named = [passage.cells[at] for at in labels if at != own][:1]
        context.row = named[0] if named else None
        context.labels += [_label(text, cell) for cell in named]
        if own < len(passage.header):
            context.column = passage.header[own]
            context.labels.append(_label(text, passage.header[own]))
        for label in context.labels:
            for word in label:
                context.note(word, _ROW)
        for other, its_cell in zip(self._things[first:last], self._cell_of[first:last], strict=True):
            if its_cell != own and _tells(other, thing):
                # "From 25 pieces" says which row it is; the figures of a row belong to it.
                context.note_thing(
                    other,
                    _ROW if its_cell == 0 or (self._is_label[its_cell] and not self._is_label[own]) else _OTHER_CELL,
                )
        return context


class _Prose:
    """Paragraph, with its words and where its sentences, their parts and the bits between commas begin."""

    def __init__(self, text: str, passage: Passage, things: Sequence[Finding]) -> None:
        self._text, self._passage, self._things = text, passage, things
        self._begin_segments()
        placed = [each for each in words_in(text, passage.start, passage.end) if not _is_in_figure(each[0], things)]
        self._places = [place for place, _ in placed]
        self._words = [word for _, word in placed]
        self._of_word = [self._segment(place) for place in self._places]
        self._of_thing = [self._segment(thing.start) for thing in things]
        self._kinds: dict[Kind, _OfKind] = {}

    def _kind(self, kind: Kind) -> _OfKind:
        known = self._kinds.get(kind)
        if known is None:
            those = [
                (thing.start, *segment)
                for thing, segment in zip(self._things, self._of_thing, strict=True)
                if thing.kind is kind
            ]
            known = self._kinds[kind] = _OfKind(those, self._places, self._of_word)
        return known

    def _begin_segments(self) -> None:
        self._starts, self._segments = [self._passage.start], [(0, 0, 0)]
        sentence = part = bit = 0
        opened = -_FAR, 0
        breaks = _BREAK.finditer(self._text, self._passage.start, self._passage.end)
        for count, match in enumerate(breaks, 1):
            if match["open"]:
                opened = match.end(), bit  # what stands in brackets belongs to what stands before them
            elif match["close"] and match.start() - opened[0] <= _SHORT_ASIDE:
                bit = opened[1]
            else:
                bit = count
            if match["sentence"]:
                sentence, part = count, count
            elif match["part"]:
                part = count
            self._starts.append(match.end())
            self._segments.append((sentence, part, bit))

    def _segment(self, place: int) -> tuple[int, int, int]:
        return self._segments[bisect_right(self._starts, place) - 1]

    def context(self, index: int) -> Context:
        """Return the context of a thing."""
        thing, context = self._things[index], Context()
        self._note_words(index, thing, context)
        for at in range(max(0, index - _MOST_THINGS), min(len(self._things), index + _MOST_THINGS)):
            other = self._things[at]
            is_near = thing.start - _FAR <= other.start <= thing.end + _FAR
            if at != index and is_near and _tells(other, thing):
                level = _level(self._of_thing[at], self._of_thing[index])
                context.note_thing(other, _ANOTHER_FIGURE * _BY_BREAK[level])
        self._note_label(thing, context)
        return context

    def _note_words(self, index: int, thing: Finding, context: Context) -> None:
        own_words = {word for _, word in words_in(thing.text)} if thing.kind is Kind.NAME else ()
        middle = bisect_left(self._places, thing.start)
        weights = _BY_BREAK_OF_NAME if thing.kind is Kind.NAME else _BY_BREAK
        kind, segment = self._kind(thing.kind), self._of_thing[index]
        rank = kind.rank(thing.start)
        for at in range(max(0, middle - _MOST_WORDS), min(len(self._places), middle + _MOST_WORDS)):
            place = self._places[at]
            if thing.start <= place < thing.end or self._words[at] in own_words:
                continue
            distance = thing.start - place if place < thing.start else place - thing.end
            if distance > _FAR:
                continue
            level = _level(self._of_word[at], segment)
            weight = weights[level] * (1.0 if distance <= _NEAR else 0.9 if distance <= _MIDDLE else 0.75)
            if place > thing.end:
                weight *= _BEHIND
            if level < 3:
                weight = kind.weighed(weight, at, level, rank, is_before=place < thing.start)
            context.note(self._words[at], weight)

    def _note_label(self, thing: Finding, context: Context) -> None:
        label = self._passage.label
        if label is None or label[1] > thing.start:
            return
        is_same = self._segment(label[1])[0] == self._segment(thing.start)[0]
        weight = _LABEL if is_same else _LABEL_OF_OTHERS
        within = self._things[: bisect_left(self._things, label[1], key=lambda each: each.start)]
        if any(each.kind is thing.kind for each in within):
            return  # then it is that one's
        context.row = label
        context.labels.append(_label(self._text, label))
        for _, word in words_in(self._text, *label):
            context.note(word, weight)
        for each in within:
            if _tells(each, thing):
                context.note_thing(each, _LABEL)  # "up to 5 days before:" tells which of the rows is meant


class _OfKind:
    """The things of one kind in a paragraph, and how near the nearest of them is to each word."""

    def __init__(
        self, things: list[tuple[int, int, int, int]], places: Sequence[int], of_word: Sequence[tuple[int, int, int]]
    ) -> None:
        self._starts = [start for start, *_ in things]
        self._behind = [bisect_right(self._starts, place) for place in places]
        self._nearest: list[int] = []
        self._leads: list[bool] = []  # of each word: no thing of the kind stands before it in its part
        for at, segment in zip(self._behind, of_word, strict=True):
            beside = [things[each][1:] for each in (at - 1, at) if 0 <= each < len(things)]
            self._nearest.append(min((_level(each, segment) for each in beside), default=3))
            self._leads.append(at == 0 or things[at - 1][1:3] != segment[:2])

    def rank(self, start: int) -> int:
        """Return which of the things begins at a place."""
        return bisect_left(self._starts, start)

    def weighed(self, weight: float, word: int, level: int, rank: int, *, is_before: bool) -> float:
        """Return the closeness of a word, less if it is another one's; `level` as between it and the thing."""
        if is_before and self._leads[word] and level < 2:
            return max(weight, _SUBJECT)  # what its part of the sentence begins with
        if self._nearest[word] < level:
            return weight * _OF_ANOTHER
        between = rank - self._behind[word] if is_before else self._behind[word] - rank - 1
        if between <= 0:
            return weight
        return weight * (_OF_ANOTHER if is_before else 0.5 ** min(between, 3))


def _level(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """Return what lies between two places: 0 nothing, 1 a comma, 2 a semicolon, 3 the end of a sentence."""
    if one == other:
        return 0
    return 3 if one[0] != other[0] else 2 if one[1] != other[1] else 1


def _label(text: str, span: tuple[int, int]) -> frozenset[str]:
    return _words_of(text[slice(*span)])


@lru_cache(maxsize=4_000)
def _words_of(label: str) -> frozenset[str]:
    """Return the words and numbers of a heading or a head of a column, which each of what stands below asks for."""
    return frozenset((*(word for _, word in words_in(label)), *(f"={number}" for number in _NUMBERS.findall(label))))


def _tells(other: Finding, thing: Finding) -> bool:
    """Return True if a thing says of another one which it is: a date, or a number that counts something else."""
    if other.kind is Kind.NUMBER and thing.kind is Kind.NUMBER:
        if _YEAR.fullmatch(other.value) and not _YEAR.fullmatch(thing.value):
            return True
        return bool(other.unit or thing.unit) and other.unit != thing.unit
    return other.kind in (Kind.DATE, Kind.IDENTIFIER, Kind.NUMBER) and other.kind is not thing.kind


def _note_next(text: str, thing: Finding, context: Context) -> None:
    """Note the word directly behind a number, which is mostly what it counts."""
    if thing.kind is not Kind.NUMBER:
        return
    behind = text[thing.end : thing.end + 24]
    if "\u4e00" <= behind[:1] <= "\u9fff":
        if behind[0] not in _HAN_FILLERS:
            context.note(f"#{behind[0]}", 1.0)
    elif behind[:1] == " ":
        word = next((word for place, word in words_in(behind) if place == 1), "")
        if word and word[0] < "\u3400":
            context.note(f"#{word}", 1.0)


def _is_in_figure(place: int, things: Sequence[Finding]) -> bool:
    at = bisect_right(things, place, key=lambda each: each.start) - 1
    return at >= 0 and place < things[at].end and things[at].kind in _FIGURES

"""The passages of a text, and the words in them that a thing is attached to, in an answer and in a file alike.

Passages are paragraphs as they are read, and rows of tables with what stands above their columns. A paragraph of a PDF
is broken into lines where the page ends; here it is one passage again. Offsets are those of the text. In a row a thing
is attached to the other cells and what stands above the column; in prose to the words beside it, within the same part
of the sentence before all. By them a figure that stands in the file as something else is noticed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.finding import counted
from desktop.core.claims.numbers import NOTHING_COUNTED, Counted, counted_below
from desktop.core.evidence.words import words_in
from desktop.core.text.number_words import CURRENCY_UNITS
from desktop.core.text.scripts import HAN, has_han

# The end of a sentence, but not behind "Mr" or a letter alone.
SENTENCE_END = r"(?<![.\s(]\w)(?<!\b(?:Mr|Ms|Dr|No|no|vs))(?<!\b(?:Art|Sec|Mrs))[.!?][”\"’)]{0,2}(?=\s)|[。！？]"
_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
_LONG_LINE, _LONG_CHINESE_LINE = 45, 24  # a shorter one was not broken because it was long
_BEGINS = re.compile(
    r"\s*(?:[-•*·–]\s|\(?\d{1,2}[.)、．]|\(\w\)|（[一二三四五六七八九十\d]+）|第[一二三四五六七八九十百\d]+[条章节款]|[一二三四五六七八九十]{1,3}、"
    r"|(?:Clause|Section|Article|§)\s*\d|\d+\.\d+\s+[A-Z]|[A-Z][\w ,/&()-]{1,45}:\s|[\u4e00-\u9fff]{2,10}：)"
)
_NUMBERED = re.compile(r"^(?:[A-Za-z§]+ ?)?\d+(?:\.\d+)*[.)]?\s|\([^()]*\)$")
# Rent: 4,150, and what stands bold before the sentences of a point: "Extra work. Your rate is fine."
_LABEL_LINE = re.compile(
    r"[^\n:：。.!?]{1,60}?[:：]|(?:[-•*·–] |\(?\d{1,2}[.)] )?[A-Z][^\n:：。.!?\d,]{1,32}\.(?= [A-Z])"
    r"|[^\n:：。.!?\d，]{2,14}。(?= )"
)
_HAS_DIGIT = re.compile(r"\d")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_GOES_ON = re.compile(r"[:：]\s*\S")
_NUMBER = re.compile(r"[ \t]*(?P<number>\d{1,2}(?:\.\d{1,2}){0,2})(?![\d%])")
_INNER = re.compile(
    r"(?<=[。；;：:.!?])\s?(?P<number>\d{1,2}(?:\.\d{1,2}){1,2}(?= ?[A-Z\u4e00-\u9fff“\"])"
    r"|\d{1,2}(?=[.、．] ?[A-Z\u4e00-\u9fff“\"]))"
)
# 05-18 or 18.05., which only the head of its column tells from two numbers.
_DAY_OF_CELL = re.compile(r"(?P<first>\d\d?)(?P<sign>[-/.])(?P<second>\d\d?)\.?")
_DATES_BELOW = re.compile(r"\b(?:date|day|due|posted|booked)\b|日|时间", re.IGNORECASE)
_COUNTS_ON = re.compile(rf"[ ]?(?:[^\W_]|[{HAN}×xX*/÷+%])")
_LONGEST = 3_000  # of a passage; what is longer goes on in another
_LONGEST_HEADING, _LONGEST_CAPTION = 70, 240


class Passage(NamedTuple):
    """Passage at letters `start` to `end`. `cells`: of a row; `header`: the first row of its table, if it is another.

    `heading` is the passage's that stands above it as a heading, `label` what a line is called, and of a row the line
    above its table; None where there is none. A tuple, since a long file has tens of thousands, and these are made
    several times as fast.
    """

    start: int
    end: int
    cells: tuple[tuple[int, int], ...] = ()
    header: tuple[tuple[int, int], ...] = ()
    heading: tuple[int, int] | None = None
    label: tuple[int, int] | None = None
    paragraph: int = 0  # passages of one paragraph, or one list, share a number


def passages_in(text: str, *, are_cells_tabbed: bool) -> list[Passage]:
    """Return the passages of a text, in order.

    Cells of a row stand between tabs, as an answer is shown, or between bars, as a file is sent.
    """
    found: list[Passage] = []
    heading: tuple[int, int] | None = None
    header: tuple[tuple[int, int], ...] = ()
    caption: tuple[int, int] | None = None
    paragraph = 0
    for start, end, is_first in _runs(text, are_cells_tabbed):
        words = text[start:end]
        cells = _cells(text, start, end, are_cells_tabbed)
        if cells:
            is_other = bool(header) and len(header) >= len(cells) and not is_first
            if not is_other:
                header = cells
                paragraph += 1
            if not is_other:
                caption = _caption_of(found)
            found.append(Passage(start, end, cells, header if is_other else (), heading, caption, paragraph))
            continue
        header = ()
        if _is_heading(words, is_first=is_first or are_cells_tabbed):
            heading = start, end
            found.append(Passage(start, end, heading=None, paragraph=paragraph))
            continue
        if is_first:
            paragraph += 1
        for begin, stop in pairwise((start, *([] if are_cells_tabbed else _inner(text, start, end)), end)):
            label = _LABEL_LINE.match(text, begin, stop)
            found.append(Passage(begin, stop, heading=heading, label=label and label.span(), paragraph=paragraph))
        if label and label.end() >= start + len(words.rstrip()) and are_cells_tabbed:
            heading = start, end  # what introduces a list
    return found


def _inner(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where the clauses begin that stand behind the first one in the same paragraph: 4.1 …. 4.2 …"""
    first = _NUMBER.match(text, start, end)
    last = first["number"] if first else ""
    for match in _INNER.finditer(text, start, end):
        head, _, number = match["number"].rpartition(".")
        before, _, count = last.rpartition(".")
        if match["number"] == "1" or (last and head == before and int(number) == int(count) + 1):
            last = match["number"]
            yield match.start("number")


def _caption_of(before: list[Passage]) -> tuple[int, int] | None:
    """Return the short line directly above a table, which may say what its numbers count."""
    last = before[-1] if before else None
    is_caption = last is not None and not last.cells and last.end - last.start <= _LONGEST_CAPTION
    return (last.start, last.end) if last is not None and is_caption else None


def _runs(text: str, are_cells_tabbed: bool) -> Iterator[tuple[int, int, bool]]:
    """Yield the stretches of the text that are read in one, and whether an empty line stands before them."""
    start = end = -1
    is_first, is_blank = True, True
    for line in _LINE.finditer(text):
        words = line[0].strip()
        if not words:
            if start >= 0:
                yield start, end, is_first
                start = -1
            is_blank = True
            continue
        at, behind = line.start(), line.start() + len(line[0].rstrip())
        goes_on = (
            start >= 0
            and not are_cells_tabbed
            and not _is_row(words)
            and not _is_row(text[start:end])
            and not _BEGINS.match(words)
            and _was_broken(text, start, end)
            and behind - start < _LONGEST
        )
        if goes_on:
            end = behind
            continue
        if start >= 0:
            yield start, end, is_first
        is_first = is_blank if start < 0 else False
        is_blank = False
        start, end = at, behind
    if start >= 0:
        yield start, end, is_first


def _was_broken(text: str, start: int, end: int) -> bool:
    """Return True if the last line of what was read so far is so long that it may go on in the next."""
    last = text[text.rfind("\n", start, end) + 1 if "\n" in text[start:end] else start : end]
    return len(last) >= (_LONG_CHINESE_LINE if has_han(last) else _LONG_LINE)


def _is_row(words: str) -> bool:
    return words.startswith("|") and words.endswith("|") and len(words) > 2


def _cells(text: str, start: int, end: int, are_tabbed: bool) -> tuple[tuple[int, int], ...]:
    words = text[start:end]
    if are_tabbed:
        if "\t" not in words:
            return ()
        return tuple(_split(text, start, end, "\t"))
    return tuple(_split(text, start + 1, end - 1, "|")) if _is_row(words) else ()


def _split(text: str, start: int, end: int, sign: str) -> Iterator[tuple[int, int]]:
    if "\\" not in text[start:end]:
        at = start
        for piece in text[start:end].split(sign):
            stripped = piece.strip()
            first = at + (piece.find(stripped) if stripped else len(piece))
            yield first, first + len(stripped)
            at += len(piece) + 1
        return
    at = start
    while at <= end:
        behind = text.find(sign, at, end)
        while behind > at and text[behind - 1] == "\\":
            behind = text.find(sign, behind + 1, end)
        stop = end if behind < 0 else behind
        piece = text[at:stop]
        first = at + len(piece) - len(piece.lstrip())
        yield first, max(first, at + len(piece.rstrip()))
        at = stop + 1


def _is_heading(words: str, *, is_first: bool) -> bool:
    """Return True for a short line without an end, which stands above something."""
    return (
        is_first
        and len(words) <= _LONGEST_HEADING
        and words[-1] not in ".,;:!?。，；：！？、"
        and "\n" not in words
        and not _GOES_ON.search(_IN_BRACKETS.sub("", words))
        and not _HAS_DIGIT.search(_NUMBERED.sub("", words))
    )


def read_in(
    text: str, passage: Passage, findings: Sequence[Finding], usual: Counted = NOTHING_COUNTED
) -> list[Finding]:
    """Return the findings of a passage with what stands above them: the unit of their column, days for 05-18.

    `usual`: what the text says of all its tables.
    """
    days = [_day_of_cell(text, cell, head) for cell, head in zip(passage.cells, passage.header, strict=False)]
    found = [each for each in days if each is not None]
    for each in findings:
        if not any(day.start <= each.start < day.end for day in days if day is not None):
            found.append(_with_unit_above(each, text, passage, usual))
    return sorted(found, key=lambda each: (each.start, -each.end))


def _day_of_cell(text: str, cell: tuple[int, int], head: tuple[int, int]) -> Finding | None:
    """Return the day of a year that a cell names alone, below a head that says so."""
    found = _DAY_OF_CELL.fullmatch(text, *cell)
    if found is None or not _DATES_BELOW.search(text, *head):
        return None
    first, second = int(found["first"]), int(found["second"])
    # With points the day comes first; else the month does, where it can be one.
    month, day = (second, first) if found["sign"] == "." or first > 12 else (first, second)
    is_day = 1 <= month <= 12 and 1 <= day <= 31
    return Finding(Kind.DATE, found[0], *cell, (f"?-{month:02}-{day:02}",)) if is_day else None


def _with_unit_above(each: Finding, text: str, passage: Passage, usual: Counted) -> Finding:
    """Return a number with the unit that stands above its column, its table or its list: 万元, kg, (EUR million)."""
    if each.kind is not Kind.NUMBER or each.unit or not (passage.header or passage.heading):
        return each
    found = _counted_above(each, text, passage)
    if found == NOTHING_COUNTED and passage.cells:
        found = usual
    return counted(each, *found) if found != NOTHING_COUNTED else each


def _counted_above(each: Finding, text: str, passage: Passage) -> Counted:
    above = [passage.heading]
    if passage.header:
        column = bisect_right(passage.cells, (each.start, 1 << 60)) - 1
        if 0 <= column < len(passage.header):
            found = counted_below(text[slice(*passage.header[column])], is_column=True)
            if found != NOTHING_COUNTED:
                return found
        found = counted_below(text[slice(*passage.header[0])], is_column=True)
        if found[0] != 1 or found[1] in CURRENCY_UNITS:
            return found  # what stands above the names of the rows holds for the whole table
        above = [passage.cells[0], passage.header[0], passage.label, passage.heading]
    elif passage.label is None or text[passage.label[1] : each.start].strip() or _COUNTS_ON.match(text, each.end):
        return NOTHING_COUNTED  # only what a line gives alone is counted as its list says
    heads = (counted_below(text[slice(*span)], is_column=False) for span in above if span is not None)
    return next((found for found in heads if found != NOTHING_COUNTED), NOTHING_COUNTED)


# What parts the words of a paragraph: the end of a sentence, a semicolon, and what is less.
_BREAK = re.compile(
    rf"(?P<sentence>{SENTENCE_END})|(?P<part>[;；])"
    r"|(?P<open>[(（])|(?P<close>[)）])"
    r"|[:：](?!\d)|(?<!\d)[,，]|[,，](?!\d{3})|、|\b(?:and|or|but|plus|while|of which)\b|(?<=\s)[–—-](?=\s)"
    r"|[和与及或]|其中"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERS = re.compile(r"(?<![\w.,])\d[\d-]*(?![\w.,%])")  # 2025, CP 40-200
_FAR = 400  # characters; what stands further away says nothing of a thing
_SHORT_ASIDE = 14  # characters in brackets
_MOST_WORDS, _MOST_THINGS, _MOST_CELLS = 60, 20, 60  # on each side
# How much a word counts by what lies between it and the thing: nothing, a comma, a semicolon, a full stop.
_BY_BREAK = (1.0, 0.55, 0.3, 0.1)
_BY_BREAK_OF_NAME = (1.0, 0.7, 0.5, 0.3)  # of whom a paragraph goes on to speak as "she"
_BEHIND = 0.85
_ROW, _OTHER_CELL, _HEADING, _LABEL, _LABEL_OF_OTHERS, _SUBJECT = 1.0, 0.25, 0.3, 0.9, 0.5, 0.6
_OF_ANOTHER = 0.35  # words that stand closer to another thing of its kind
_MONTH = 0.5
_FIGURES = (Kind.NUMBER, Kind.DATE, Kind.REFERENCE)
_Segment = tuple[int, int, int]  # which sentence, which part of it, which bit between commas


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

    def of(self, index: int) -> Context:
        """Return the context of the thing of this index."""
        known = self._made.get(index)
        if known is None:
            known = self._made[index] = self._in_row(index) if self._passage.cells else self._in_prose(index)
            if self._passage.heading is not None:
                for word in self._label(self._passage.heading):
                    known.note(word, _HEADING)
            self._note_next(self._things[index], known)
        return known

    def _label(self, span: tuple[int, int]) -> frozenset[str]:
        return _words_of(self._text[slice(*span)])

    def _note_next(self, thing: Finding, context: Context) -> None:
        """Note the word directly behind a number, which is mostly what it counts."""
        behind = self._text[thing.end : thing.end + 24] if thing.kind is Kind.NUMBER else ""
        if "\u4e00" <= behind[:1] <= "\u9fff":
            context.note(f"#{behind[0]}", 1.0)
        elif behind[:1] == " ":
            word = next((word for place, word in words_in(behind) if place == 1), "")
            if word and word[0] < "\u3400":
                context.note(f"#{word}", 1.0)

    def _words_besides(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        """Yield the words of a stretch that are no part of a figure, each with its place."""
        for place, word in words_in(self._text, start, end):
            at = bisect_right(self._things, place, key=lambda each: each.start) - 1
            if at < 0 or place >= self._things[at].end or self._things[at].kind not in _FIGURES:
                yield place, word

    # A row of a table, with its cells.

    @cached_property
    def _cell_of(self) -> list[int]:
        starts = [cell[0] for cell in self._passage.cells]
        return [max(0, bisect_right(starts, thing.start) - 1) for thing in self._things]

    @cached_property
    def _words_of_cells(self) -> list[list[tuple[int, str]]]:
        return [list(words_in(self._text, *cell)) for cell in self._passage.cells]

    @cached_property
    def _has_words(self) -> list[bool]:
        return [any(self._words_besides(*cell)) for cell in self._passage.cells]

    @cached_property
    def _labels(self) -> list[int]:
        return [at for at, has_words in enumerate(self._has_words) if has_words][:2]

    def _in_row(self, index: int) -> Context:
        passage, thing, own = self._passage, self._things[index], self._cell_of[index]
        context = Context()
        labels = self._labels
        near = range(max(0, own - _MOST_CELLS), min(len(passage.cells), own + _MOST_CELLS + 1))
        for at in (*labels[:1], *near):
            weight = _ROW if at == own or self._has_words[at] else _OTHER_CELL
            for place, word in self._words_of_cells[at]:
                if not thing.start <= place < thing.end:
                    context.note(word, weight)
        context.row = next((passage.cells[at] for at in labels if at != own), None)
        context.column = passage.header[own] if own < len(passage.header) else None
        context.labels += [self._label(span) for span in (context.row, context.column) if span is not None]
        for label in context.labels:
            for word in label:
                context.note(word, _ROW)
        first, last = bisect_left(self._cell_of, near.start), bisect_left(self._cell_of, near.stop)
        for other, cell in zip(self._things[first:last], self._cell_of[first:last], strict=True):
            if cell != own and _tells(other, thing):
                # "From 25 pieces" says which row it is; the figures of a row belong to it.
                says_which = cell == 0 or (self._has_words[cell] and not self._has_words[own])
                context.note_thing(other, _ROW if says_which else _OTHER_CELL)
        return context

    # A paragraph, with where its sentences, their parts and the bits between commas begin.

    @cached_property
    def _segments(self) -> tuple[list[int], list[_Segment]]:
        starts, segments = [self._passage.start], [(0, 0, 0)]
        sentence = part = 0
        opened = -_FAR, 0
        for count, match in enumerate(_BREAK.finditer(self._text, self._passage.start, self._passage.end), 1):
            if match["sentence"]:
                sentence = part = count
            elif match["part"]:
                part = count
            bit = count
            if match["open"]:
                opened = match.end(), segments[-1][2]
                bit = opened[1]  # what stands in brackets belongs to what stands before them
            elif match["close"] and match.start() - opened[0] <= _SHORT_ASIDE:
                bit = opened[1]  # which goes on behind them
            starts.append(match.end())
            segments.append((sentence, part, bit))
        return starts, segments

    def _segment(self, place: int) -> _Segment:
        starts, segments = self._segments
        return segments[bisect_right(starts, place) - 1]

    @cached_property
    def _placed(self) -> list[tuple[int, str, _Segment]]:
        words = self._words_besides(self._passage.start, self._passage.end)
        return [(place, word, self._segment(place)) for place, word in words]

    def _in_prose(self, index: int) -> Context:
        thing, context = self._things[index], Context()
        segment = self._segment(thing.start)
        own_words = {word for _, word in words_in(thing.text)} if thing.kind is Kind.NAME else ()
        others = [each.start for each in self._things if each.kind is thing.kind and each is not thing]
        by_break = _BY_BREAK_OF_NAME if thing.kind is Kind.NAME else _BY_BREAK
        middle = bisect_left(self._placed, thing.start, key=lambda each: each[0])
        for place, word, its_segment in self._placed[max(0, middle - _MOST_WORDS) : middle + _MOST_WORDS]:
            distance = thing.start - place if place < thing.start else place - thing.end
            if thing.start <= place < thing.end or word in own_words or distance > _FAR:
                continue
            level = _level(its_segment, segment)
            weight = by_break[level] * (_BEHIND if place > thing.end else 1.0)
            before = bisect_right(others, place)
            leads = not before or self._segment(others[before - 1])[:2] != its_segment[:2]
            if place < thing.start and level < 2 and leads:
                weight = max(weight, _SUBJECT)  # what its part of the sentence begins with
            elif level < 3:
                weight *= self._share(thing, others, before, level, its_segment, is_before=place < thing.start)
            context.note(word, weight)
        for other in self._things[max(0, index - _MOST_THINGS) : index + _MOST_THINGS]:
            is_near = thing.start - _FAR <= other.start <= thing.end + _FAR
            if other is not thing and is_near and _tells(other, thing):
                context.note_thing(other, _BY_BREAK[_level(self._segment(other.start), segment)])
        self._note_label(thing, context)
        return context

    def _share(
        self, thing: Finding, others: list[int], before: int, level: int, segment: _Segment, *, is_before: bool
    ) -> float:
        """Return how much of a word is a thing's, and not another's of its kind, of which so many stand before it."""
        beside = [self._segment(others[at]) for at in (before - 1, before) if 0 <= at < len(others)]
        if any(_level(each, segment) < level for each in beside):
            return _OF_ANOTHER
        between = abs(bisect_left(others, thing.start) - before)
        if not between:
            return 1.0
        return _OF_ANOTHER if is_before else 0.5 ** min(between, 3)

    def _note_label(self, thing: Finding, context: Context) -> None:
        label = self._passage.label
        if label is None or label[1] > thing.start:
            return
        within = [each for each in self._things if each.start < label[1]]
        if any(each.kind is thing.kind for each in within):
            return  # then it is that one's
        is_same = self._segment(label[1])[0] == self._segment(thing.start)[0]
        context.row = label
        context.labels.append(self._label(label))
        for _, word in words_in(self._text, *label):
            context.note(word, _LABEL if is_same else _LABEL_OF_OTHERS)
        for each in within:
            if _tells(each, thing):
                context.note_thing(each, _LABEL)  # "up to 5 days before:" tells which of the rows is meant


def _level(one: _Segment, other: _Segment) -> int:
    """Return what lies between two places: 0 nothing, 1 a comma, 2 a semicolon, 3 the end of a sentence."""
    if one == other:
        return 0
    return 3 if one[0] != other[0] else 2 if one[1] != other[1] else 1


@lru_cache(maxsize=4_000)
def _words_of(label: str) -> frozenset[str]:
    """Return the words and numbers of a heading or a head of a column, which each of what stands below asks for."""
    return frozenset((*(word for _, word in words_in(label)), *(f"={number}" for number in _NUMBERS.findall(label))))


def _tells(other: Finding, thing: Finding) -> bool:
    """Return True if a thing says of another one which it is: a date, or a number that counts something else."""
    if other.kind is Kind.NUMBER and thing.kind is Kind.NUMBER:
        is_year = _YEAR.fullmatch(other.value) and not _YEAR.fullmatch(thing.value)
        return bool(is_year or other.unit != thing.unit)
    return other.kind in (Kind.DATE, Kind.IDENTIFIER, Kind.NUMBER) and other.kind is not thing.kind

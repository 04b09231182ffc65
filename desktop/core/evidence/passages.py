"""The passages of a text: paragraphs as they are read, and rows of tables with what stands above their columns.

A paragraph of a PDF is broken into lines where the page ends; here it is one passage again. Offsets are those of the
text, so that nothing has to be put back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from desktop.core.claims.claim import Finding, Kind
from desktop.core.claims.finding import counted
from desktop.core.claims.measures import NOTHING_COUNTED, Counted, counted_below
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
_LABEL = re.compile(
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
            label = _LABEL.match(text, begin, stop)
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

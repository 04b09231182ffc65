"""The clauses, pages, rows and notes of a text by their numbers, and the references to such in an answer.

Each way of writing one is a row of `_WORDS`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from desktop.core.claims.claim import MOST_OF_A_KIND, Finding, Kind
from desktop.core.documents.document import SectionKind
from desktop.core.documents.marks import MarkLine
from desktop.core.text.number_words import CHINESE_NUMERALS, chinese_value

CLAUSE, CHAPTER, ROW, NOTE, ANNEX, TABLE = "clause", "part", "row", "note", "annex", "table"
_DEEPEST = 4  # 1.2.3.4
_MOST_NESTED = 40  # clauses within one that lie before a place
_LONGEST_ROW = 5  # characters of a first cell that numbers its row

_HAN_NUMBER = rf"[{CHINESE_NUMERALS}]{{1,6}}|\d{{1,4}}(?:\.\d{{1,3}}){{0,3}}"
_NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,3}(?:\([a-z\d]{1,2}\))?"
# The words before, and in Chinese behind, the number of what is referred to.
_WORDS = {
    CLAUSE: "clauses?|cls?|sections?|sec|articles?|art|paragraphs?|paras?|conditions?|items?|points?|nos?|nr|ziffer",
    CHAPTER: "chapters?|parts?",
    SectionKind.PAGE: "pages?|pp|p",
    SectionKind.SLIDE: "slides?",
    SectionKind.SHEET: "sheets?|tabs?",
    ROW: "rows?|pos|position|line",
    NOTE: "notes?",
    ANNEX: "annex|appendix|schedule|exhibit",
    TABLE: "table",
}
_HAN_BEFORE = {NOTE: "注", ANNEX: "附件|附表|附录", TABLE: "表", ROW: "序号", "sheet": "工作表", "slide": "幻灯片"}
_HAN_BEHIND = {
    CLAUSE: "条|款|项|点",
    CHAPTER: "章|部分",
    SectionKind.PAGE: "页",
    SectionKind.SLIDE: "张幻灯片",
    ROW: "行",
}
# How many there are is part of naming one: "page 1 of 2".
_OF_ALL = re.compile(r" of \d{1,4}\b|\s?[，,（(]?\s?共\s?\d{1,4}\s?[页张]")
_OF_WHICH = (SectionKind.PAGE, SectionKind.SLIDE, SectionKind.SHEET)
_CLAUSE_WORD = r"clauses?|sections?|sec\.|articles?|art\.|paragraphs?|para\.|conditions?|item"
_BEGINNING = re.compile(
    r"[ \t]*(?:"
    rf"(?:(?P<chapter_en>chapter|part)|(?:{_CLAUSE_WORD}|§)) ?(?P<named>\d{{1,3}}(?:\.\d{{1,3}}){{0,3}})(?![\d,])"
    rf"|第(?P<han>{_HAN_NUMBER})(?:(?P<han_chapter>章|编|部分)|[条節节款])"
    r"|(?P<sub>\d{1,2}(?:\.\d{1,2}){1,3})\.?(?=[ \t]+(?-i:[A-Z\u4e00-\u9fff\"“★▲*(（]))"
    r"|(?P<point>\d{1,2})[.．、](?=\s*(?-i:[A-Z\u4e00-\u9fff\"“★▲*]))"
    rf"|(?P<list>[{CHINESE_NUMERALS}]{{1,3}})、"
    r"|(?P<note>note|注) ?(?P<note_number>\d{1,2})[:：.]?"
    r"|(?P<annex>annex|appendix|schedule|附件|附表|附录) ?"
    rf"(?P<annex_number>\d{{1,2}}|[{CHINESE_NUMERALS}]{{1,2}}|(?-i:[A-H])(?![a-z]))"
    rf"|(?:table|表) ?(?P<table_number>\d{{1,2}}(?:[.-]\d{{1,2}})?|[{CHINESE_NUMERALS}]{{1,2}})"
    r"|(?<=\n\n)(?P<bare>\d{1,2})(?=[ \t]+(?-i:[A-Z])[^\n.]{1,60}(?:\n|$|\. ))"
    r")",
    re.IGNORECASE,
)
_FAMILY_OF_WORD = {
    word.replace("?", ""): family for family, words in _WORDS.items() for word in words.replace("s?", "").split("|")
}
_EVERY_WORD = "|".join(sorted("|".join(_WORDS.values()).split("|"), key=len, reverse=True))
_REFERENCE = re.compile(
    rf"(?<![A-Za-z])(?:(?P<kind>{_EVERY_WORD})(?![A-Za-z])|(?P<sign>§§?))(?P<point>\.?)[ \u00a0]{{0,2}}"
    rf"(?P<numbers>{_NUMBER}(?:(?:\s?[-–,]\s?|,? and |\sto\s|,? or ){_NUMBER})*)(?![\d%]|[,.-]\d)"
    rf"|第(?P<han>(?:{_HAN_NUMBER})(?:[、至到和-](?:第)?(?:{_HAN_NUMBER}))*)\s?"
    rf"(?P<han_kind>{'|'.join(_HAN_BEHIND.values())})(?!车间|项目)"
    rf"|(?P<lettered>annex|appendix|schedule|exhibit|附件|附录) ?(?P<letter>(?-i:[A-H]))(?![A-Za-z])"
    rf"|(?<![\d.])(?P<han_bare>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}) ?条"
    rf"|(?P<han_word>{'|'.join(_HAN_BEFORE.values())})\s?(?P<han_digits>\d{{1,3}}(?:[.-]\d{{1,2}})?|[{CHINESE_NUMERALS}]{{1,3}})"
    rf"(?![\d{CHINESE_NUMERALS}])",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<![\d.,£$€¥])\d{1,2}(?:\.\d{1,2}){1,3}(?:\([a-z]\))?(?![\d%]|[.,]\d)")
_LEADS = re.compile(r"(?:[(（\t\n]|\b(?:see|under|in|per|and|with|cf\.?)\s|[按依见据,，、和及])\s?$", re.IGNORECASE)
_ENDS = re.compile(r"\s?(?:[)）\t\n,，;；。、和及]|\.(?!\d)|$|and\b|says|允许|规定|约定|is\b|requires|missing|gives)")
_ONE = re.compile(rf"{_NUMBER}|[{CHINESE_NUMERALS}]+")
_LETTER = re.compile("[A-H]")


@dataclass(frozen=True, slots=True)
class Clause:
    """Clause, page or sheet at letters `start` to `end` of a text; `family` tells those that are counted together."""

    family: str
    number: str
    start: int
    end: int
    behind_number: int  # where its words begin


def clauses_in(text: str, starts: Sequence[int], marks: list[MarkLine]) -> list[Clause]:
    """Return all of them, in the order of the text for each family; `starts`: where its passages begin."""
    found = list(_sections(text, marks))
    begun = sorted(_begun(text, starts, marks), key=lambda each: each[2])
    ends = [len(text)] * (_DEEPEST + 1)  # where a clause of each depth ends at the latest
    for family, number, start, behind in reversed(begun):
        depth = 0 if family in (CHAPTER, ANNEX) else 1 if family != CLAUSE else min(_DEEPEST, 1 + number.count("."))
        found.append(Clause(family, number, start, ends[depth], behind))
        ends[depth:] = [start] * (_DEEPEST + 1 - depth)
    return sorted(found, key=lambda each: each.start)


def rows_in(text: str, rows: Iterator[tuple[int, int, tuple[int, int]]]) -> Iterator[Clause]:
    """Yield the rows that begin with their number; `rows`: where each begins and ends, and its first cell."""
    for start, end, cell in rows:
        words = text[slice(*cell)].strip(" .)")
        if (
            0 < len(words) <= _LONGEST_ROW
            and words.isalnum()
            and words.isascii()
            and (words.isdigit() or len(words) == 1)
        ):
            yield Clause(ROW, words, start, end, cell[1])


def _sections(text: str, marks: list[MarkLine]) -> Iterator[Clause]:
    sections = [mark for mark in marks if mark.kind is not None]
    for at, mark in enumerate(sections):
        end = sections[at + 1].start if at + 1 < len(sections) else len(text)
        if mark.kind is not None:
            yield Clause(mark.kind.value, str(mark.number), mark.start, end, mark.end)


def _begun(text: str, starts: Sequence[int], marks: list[MarkLine]) -> Iterator[tuple[str, str, int, int]]:
    for start in starts:
        if match := _BEGINNING.match(text, start):
            yield _numbered(match, 0)
    for mark in marks:
        begun = _BEGINNING.match(mark.title) if mark.title else None
        if begun:
            yield _numbered(begun, mark.title_at)


def _numbered(match: re.Match[str], offset: int) -> tuple[str, str, int, int]:
    named = {NOTE: "note_number", ANNEX: "annex_number", TABLE: "table_number"}
    family = next((each for each, group in named.items() if match[group]), CLAUSE)
    number = match[named[family]] if family != CLAUSE else None
    if number is None:
        groups = ("han", "list", "named", "sub", "point", "bare")
        number = next(match[group] for group in groups if match[group])
        family = CHAPTER if match["chapter_en"] or match["han_chapter"] else CLAUSE
    return family, _in_digits(number), match.start() + offset, match.end() + offset


def _in_digits(number: str) -> str:
    if number[0] in CHINESE_NUMERALS:
        return str(chinese_value(number))
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in number)


def references_in(text: str, dotted: Collection[str]) -> list[Finding]:
    """Return the references of an answer, in order; `unit` is the family, the value the number.

    `dotted`: the numbers such as 4.2 that clauses of the files have, which are often named alone.
    """
    found: list[Finding] = []
    for match in islice(_REFERENCE.finditer(text), MOST_OF_A_KIND):
        is_bare = match["kind"] and not match["point"] and match["kind"].lower() in ("no", "nos", "art", "p")
        if is_bare and text[max(0, match.start() - 1) : match.start()] not in ("(", "（"):
            continue  # "no 4", but （P4）
        group = next(each for each in ("numbers", "han", "han_bare", "han_digits", "letter") if match[each])
        numbers = list((_LETTER if match["letter"] else _ONE).finditer(match[group]))
        for at, one in enumerate(numbers[: MOST_OF_A_KIND - len(found)]):
            start = match.start() if at == 0 else match.start(group) + one.start()
            end = match.end() if at == len(numbers) - 1 else match.start(group) + one.end()
            number = _in_digits(one[0]).partition("(")[0]
            family = _family(match)
            if family == NOTE and "." in number:
                family = CLAUSE  # "Also note 2.1"
            if family in _OF_WHICH and at == len(numbers) - 1 and (of_all := _OF_ALL.match(text, end)):
                end = of_all.end()
            found.append(Finding(Kind.REFERENCE, text[start:end], start, end, (number,), family))
    if dotted:
        found += _dotted_in(text, dotted, found)
    return sorted(found, key=lambda each: each.start)


def _dotted_in(text: str, dotted: Collection[str], others: Sequence[Finding]) -> Iterator[Finding]:
    taken = [(each.start, each.end) for each in others]
    for match in islice(_DOTTED.finditer(text), MOST_OF_A_KIND):
        number = match[0].partition("(")[0]
        is_led = _LEADS.search(text, max(0, match.start() - 8), match.start()) or match.start() == 0
        is_alone = text[match.start() - 1 : match.start()] in ("(", "（") and text[match.end() : match.end() + 1] in (
            ")",
            "）",
        )
        if (
            (number in dotted or is_alone)
            and is_led
            and _ENDS.match(text, match.end())
            and not any(start <= match.start() < end for start, end in taken)
        ):
            yield Finding(Kind.REFERENCE, match[0], match.start(), match.end(), (number,), CLAUSE)


def _family(match: re.Match[str]) -> str:
    if match["kind"]:
        word = match["kind"].lower()
        return str(_FAMILY_OF_WORD.get(word) or _FAMILY_OF_WORD.get(word.rstrip("s"), CLAUSE))
    for written, table in ((match["han_kind"], _HAN_BEHIND), (match["han_word"], _HAN_BEFORE)):
        if written:
            return str(next(family for family, words in table.items() if written in words.split("|")))
    return ANNEX if match["letter"] else CLAUSE


class ClauseMap:
    """The clauses of a text, by number and by place."""

    def __init__(self, clauses: list[Clause]) -> None:
        self.all = clauses
        self._families: dict[str, list[Clause]] = {}
        self._by_number: dict[tuple[str, str], list[Clause]] = {}
        for each in clauses:
            self._families.setdefault(each.family, []).append(each)
            self._by_number.setdefault((each.family, each.number), []).append(each)
        self._starts = {family: [each.start for each in those] for family, those in self._families.items()}

    @property
    def dotted(self) -> set[str]:
        """The numbers of clauses within others, such as 4.2."""
        return {each.number for each in self._families.get(CLAUSE, ()) if "." in each.number}

    def of_family(self, family: str) -> list[Clause]:
        """Return the clauses of a family; where the file has none, its sections stand in for them."""
        return next(filter(None, (self._families.get(near) for near in _near(family))), [])

    def named(self, family: str, number: str) -> list[Clause]:
        """Return the clauses of this number; a file may count anew in each part."""
        return next(filter(None, (self._by_number.get((near, number)) for near in _near(family))), [])

    def at(self, place: int, family: str = CLAUSE) -> Clause | None:
        """Return the innermost clause of a family at a place."""
        those = self.of_family(family)
        starts = self._starts.get(those[0].family, []) if those else []
        index = bisect_right(starts, place) - 1
        for at in range(index, max(-1, index - _MOST_NESTED), -1):
            if those[at].end > place:
                return those[at]
        return None


def _near(family: str) -> tuple[str, ...]:
    if family == CLAUSE:
        return (family, SectionKind.CHAPTER.value, ROW)
    if family == CHAPTER:
        return (family, SectionKind.CHAPTER.value, CLAUSE)
    return (family, CLAUSE) if family in (ROW, NOTE) else (family,)

"""The clauses, pages and sheets of a text by their numbers, and the references to such in an answer."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from desktop.core.claims.claim import MOST_OF_A_KIND
from desktop.core.documents.document import SectionKind
from desktop.core.documents.marks import MarkLine
from desktop.core.evidence.checked import ThingKind
from desktop.core.evidence.thing import Thing
from desktop.core.text.late_regex import late_regex
from desktop.core.text.number_words import CHINESE_NUMERALS, chinese_value

CLAUSE, CHAPTER = "clause", "part"
_DEEPEST = 4  # 1.2.3.4

_HAN_NUMBER = rf"[{CHINESE_NUMERALS}]{{1,6}}|\d{{1,4}}(?:\.\d{{1,3}}){{0,3}}"
_CLAUSE_WORD = r"clauses?|sections?|sec\.|articles?|art\.|paragraphs?|para\.|conditions?|annex|schedule"
_BEGINNING = late_regex(
    r"[ \t]*(?:"
    rf"(?:(?P<chapter_en>chapter|part)|(?:{_CLAUSE_WORD}|§)) ?(?P<named>\d{{1,3}}(?:\.\d{{1,3}}){{0,3}})(?![\d,])"
    rf"|第(?P<han>{_HAN_NUMBER})(?:(?P<han_chapter>章|编|部分)|[条節节款])"
    r"|(?P<sub>\d{1,2}(?:\.\d{1,2}){1,3})\.?(?=[ \t]+(?-i:[A-Z\u4e00-\u9fff]))"
    r"|(?P<point>\d{1,2})[.．、](?=\s*(?-i:[A-Z\u4e00-\u9fff]))"
    rf"|(?P<list>[{CHINESE_NUMERALS}]{{1,3}})、"
    r"|(?<=\n\n)(?P<bare>\d{1,2})(?=[ \t]+(?-i:[A-Z])[^\n.]{1,60}(?:\n|$))"
    r")",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,3}(?:\(\d{1,2}\))?"
_REFERENCE = late_regex(
    rf"(?<![A-Za-z])(?:(?P<kind>{_CLAUSE_WORD}|chapters?|pages?|pp?\.|slides?|sheets?)|(?P<sign>§§?))\s?"
    rf"(?P<numbers>{_NUMBER}(?:(?:\s?[-–,]\s?|,? and |\sto\s|,? or ){_NUMBER})*)(?![\d%]|,\d|\.\d)"
    rf"|第(?P<han>(?:{_HAN_NUMBER})(?:[、至到和-](?:第)?(?:{_HAN_NUMBER}))*)\s?(?P<han_kind>[条章节页]|张幻灯片|款)"
    r"|(?P<han_word>幻灯片|工作表)\s?(?P<han_digits>\d{1,3})",
    re.IGNORECASE,
)
_ONE = late_regex(rf"{_NUMBER}|[{CHINESE_NUMERALS}]+")
_FAMILIES = {
    "page": SectionKind.PAGE,
    "pp": SectionKind.PAGE,
    "p": SectionKind.PAGE,
    "slide": SectionKind.SLIDE,
    "sheet": SectionKind.SHEET,
}
_HAN_FAMILIES = {
    "页": SectionKind.PAGE,
    "张幻灯片": SectionKind.SLIDE,
    "幻灯片": SectionKind.SLIDE,
    "工作表": SectionKind.SHEET,
    "章": CHAPTER,
}
_HEADS = late_regex(
    r"^\W*(?:clause|section|article|ref|reference|条款|条款号|条|依据|§|(?P<page>page|页码|页)|(?P<slide>slide|幻灯片))s?\W*$",
    re.IGNORECASE,
)


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
        depth = 0 if family == CHAPTER else min(_DEEPEST, 1 + number.count("."))
        found.append(Clause(family, number, start, ends[depth], behind))
        ends[depth:] = [start] * (_DEEPEST + 1 - depth)
    return sorted(found, key=lambda each: each.start)


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
    numerals = match["han"] or match["list"]
    number = numerals or match["named"] or match["sub"] or match["point"] or match["bare"]
    is_chapter = match["chapter_en"] or match["han_chapter"]
    return CHAPTER if is_chapter else CLAUSE, _in_digits(number), match.start() + offset, match.end() + offset


def _in_digits(number: str) -> str:
    return number if number[0].isascii() else str(chinese_value(number))


def references_in(text: str) -> list[Thing]:
    """Return the references of an answer, in order; `unit` is the family, `values` the number."""
    found: list[Thing] = []
    for match in islice(_REFERENCE.finditer(text), MOST_OF_A_KIND):
        family = _family(match)
        group = "numbers" if match["numbers"] else "han" if match["han"] else "han_digits"
        numbers = list(_ONE.finditer(match[group]))
        for at, one in enumerate(numbers):
            start = match.start() if at == 0 else match.start(group) + one.start()
            end = match.end() if at == len(numbers) - 1 else match.start(group) + one.end()
            number = _in_digits(one[0]).partition("(")[0]
            found.append(Thing(ThingKind.REFERENCE, text[start:end], start, end, (number,), family))
    return found


def _family(match: re.Match[str]) -> str:
    if match["kind"]:
        word = match["kind"].lower().rstrip(".").rstrip("s")
        return CHAPTER if word == "chapter" else str(_FAMILIES.get(word, CLAUSE))
    return str(_HAN_FAMILIES.get(match["han_kind"] or match["han_word"] or "", CLAUSE))


def family_of_column(words: str) -> str:
    """Return the family of what stands in a column of clauses or pages; empty for any other column."""
    found = _HEADS.match(words)
    if found is None:
        return ""
    if found["page"]:
        return SectionKind.PAGE.value
    return SectionKind.SLIDE.value if found["slide"] else CLAUSE


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


_MOST_NESTED = 40  # clauses within one that lie before a place


def _near(family: str) -> tuple[str, ...]:
    if family in (CLAUSE, CHAPTER):
        return (family, SectionKind.CHAPTER.value)
    return (family,)

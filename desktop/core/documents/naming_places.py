"""Asking a model to name the place of each statement: the places that files have, and the sentence that asks for them.

The sentence is a part of the user's message, where it is seen, stored and sent again. The places that come back are
checked with everything else in an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from desktop.core.documents.document import SectionKind
from desktop.core.documents.marks import mark_lines
from desktop.core.message import AttachmentPart, Part
from desktop.core.text.scripts import is_chinese

_LOOKED_AT = 40_000  # characters of a file, which hold its second page
_LEAST = 2  # pages of a file, from which on it says something to name one
_LEAST_CLAUSES = 3
_CLAUSE = re.compile(
    r"^[ \t]*(?:第[一二三四五六七八九十百\d]{1,6}[条款]|(?:Clause|Article|Section|§) ?\d{1,3}"
    r"|\d{1,2}\.\d{1,2}\.? +[A-Z\u4e00-\u9fff])",
    re.MULTILINE,
)


class PlaceWord(StrEnum):
    """Kind of place that a statement can be given for."""

    PAGE = "page"
    SHEET = "sheet"
    SLIDE = "slide"
    CLAUSE = "clause"


_OF_SECTION = {
    SectionKind.PAGE: PlaceWord.PAGE,
    SectionKind.SHEET: PlaceWord.SHEET,
    SectionKind.SLIDE: PlaceWord.SLIDE,
}
_CHINESE = {
    PlaceWord.PAGE: "页码",
    PlaceWord.SHEET: "工作表",
    PlaceWord.SLIDE: "幻灯片页码",
    PlaceWord.CLAUSE: "条款号",
}
_ANY = "|".join(PlaceWord)
_ANY_CHINESE = "|".join(_CHINESE.values())
_SENTENCE = re.compile(
    rf"\s*(?:Name the (?:{_ANY})(?:(?:, | or )(?:{_ANY}))* for each statement\."
    rf"|请为每句话注明(?:{_ANY_CHINESE})(?:[、或](?:{_ANY_CHINESE}))*。)\s*\Z"
)


def places_in(parts: Iterable[Part]) -> tuple[PlaceWord, ...]:
    """Return the kinds of places that the files among these parts have, in the order of `PlaceWord`."""
    found: set[PlaceWord] = set()
    for part in parts:
        if isinstance(part, AttachmentPart):
            goes_on = any(anchor.section > 1 for anchor in part.anchors[-1:])
            found |= _places_of(part.text[:_LOOKED_AT], goes_on)
    return tuple(word for word in PlaceWord if word in found)


def sentence_for(places: Iterable[PlaceWord], text: str) -> str:
    """Return the sentence that asks for the place of each statement, in the language of a text."""
    named = list(places)
    if is_chinese(text):
        return f"请为每句话注明{_joined([_CHINESE[each] for each in named], '、', '或')}。"
    return f"Name the {_joined([each.value for each in named], ', ', ' or ')} for each statement."


def asking_for_places(text: str, places: Iterable[PlaceWord], language_of: str = "") -> str:
    """Return a message with the sentence at its end, once; `language_of`: a text in its language, where it has none."""
    words = without_asking(text)
    sentence = sentence_for(places, words if words.strip() else language_of)
    return f"{words}\n\n{sentence}" if words.strip() else sentence


def without_asking(text: str) -> str:
    """Return a message without the sentence at its end, where it has one."""
    return _SENTENCE.sub("", text)


@lru_cache(maxsize=64)
def _places_of(text: str, goes_on: bool) -> frozenset[PlaceWord]:
    """Return the places of the beginning of a file; `goes_on`: it has more than one page, sheet or slide."""
    counts: dict[SectionKind, int] = {}
    for mark in mark_lines(text):
        if mark.kind is not None:
            counts[mark.kind] = counts.get(mark.kind, 0) + 1
    found = {word for kind, word in _OF_SECTION.items() if counts.get(kind, 0) >= (1 if goes_on else _LEAST)}
    if not found and len(_CLAUSE.findall(text)) >= _LEAST_CLAUSES:
        found = {PlaceWord.CLAUSE}
    return frozenset(found)


def _joined(words: list[str], between: str, last: str) -> str:
    return last.join(filter(None, (between.join(words[:-1]), words[-1])))

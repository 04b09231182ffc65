"""The marks that tell a model where in a file a text stands, and the sentence that asks it to name such places.

They are in the language of the file, English or Chinese (`resources/marks.toml`), and the same wherever a text is sent,
shown or looked up. The sentence is a part of the user's message, where it is seen, stored and sent again; the places
that come back are checked with everything else in an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Literal

from desktop.core.documents.document import Document, Run, Section, SectionKind
from desktop.core.message import AttachmentPart, Part
from desktop.core.resources import table
from desktop.core.text.scripts import is_chinese

Language = Literal["en", "zh"]

_LETTERS_READ = 4000  # are enough to tell a language


@dataclass(frozen=True, slots=True)
class MarkLine:
    """Line of a text that was sent which is no text of the file: the mark of a section, or a page's header.

    `kind` is None for a header or footer. `title` begins at letter `title_at` of the text.
    """

    start: int
    end: int
    kind: SectionKind | None = None
    number: int = 0
    title: str = ""
    title_at: int = 0


def mark_lines(text: str) -> Iterator[MarkLine]:
    """Yield the lines of a sent text that were put there to mark it, in order."""
    at = text.find("[")
    while at >= 0:
        # Looked for letter by letter only where a line begins so: one pattern on all of a long text would take long.
        mark = _mark_at(text, at)
        if mark is not None:
            yield mark
        at = text.find("[", at + 1 if mark is None else mark.end)


def mark_before(text: str, offset: int) -> MarkLine | None:
    """Return the last mark of a section that begins before a letter of a sent text."""
    at = text.rfind("[", 0, offset)
    while at >= 0:
        mark = _mark_at(text, at)
        if mark is not None and mark.kind is not None:
            return mark
        at = text.rfind("[", 0, at)
    return None


def _mark_at(text: str, at: int) -> MarkLine | None:
    if at > 0 and text[at - 1] != "\n":
        return None
    sections, header = _patterns()
    if found := header.match(text, at):
        return MarkLine(found.start(), found.end())
    for kind, pattern in sections:
        if found := pattern.match(text, at):
            number = found["number"] or found["number_zh"]
            title = found["title"].lstrip(":： ")
            return MarkLine(found.start(), found.end(), kind, int(number), title, found.end("title") - len(title))
    return None


@cache
def _patterns() -> tuple[list[tuple[SectionKind, re.Pattern[str]]], re.Pattern[str]]:
    """Return what finds the marks of each kind of section, and what finds a header or footer, in either language."""
    words = table("marks.toml")

    def of(kind: str) -> re.Pattern[str]:
        en, zh = (re.escape(words[each]["sections"][kind]) for each in ("en", "zh"))
        number = re.escape("{number}")
        en, zh = en.replace(number, r"(?P<number>\d{1,6})"), zh.replace(number, r"(?P<number_zh>\d{1,6})")
        return re.compile(rf"\[(?:{en}|{zh})(?P<title>[^\n]*)\]$", re.MULTILINE)

    headers = "|".join(words[each]["asides"]["header"] for each in words)
    sections = [(SectionKind(kind), of(kind)) for kind in words["en"]["sections"]]
    return sections, re.compile(rf"\[(?:{headers})[:：][^\n]*\]$", re.MULTILINE)


def _words(language: Language) -> Any:
    return table("marks.toml")[language]


def language_of(document: Document) -> Language:
    """Return the language of a document's marks: Chinese if its beginning is, else English."""
    said, letters = [], 0
    for block in (block for section in document.sections for block in section.blocks):
        said.append(block.text)
        letters += len(said[-1])
        if letters >= _LETTERS_READ:
            break
    return "zh" if is_chinese("\n".join(said)) else "en"


def section_mark(section: Section, language: Language) -> str:
    """Return the line in front of a section, such as "[Page 4]"; empty for a text that is one whole."""
    if section.kind is SectionKind.WHOLE:
        return ""
    words = _words(language)
    mark = words["sections"][section.kind].format(number=section.number)
    if section.title and section.kind is not SectionKind.PAGE:
        mark = words["titled"] % (mark, section.title)
    if section.is_hidden:
        mark = words["hidden_title"] % (mark, words["hidden"])
    return f"[{mark}]"


def marked(run: Run, language: Language) -> str:
    """Return the words of a run as they are sent: the text itself as it is, what stands beside it in brackets."""
    if run.aside is None or not run.text.strip():
        return run.text
    words = _words(language)
    kind = words["asides"][run.aside]
    said: str = words["aside"] % (words["by"] % (kind, run.by) if run.by else kind, run.text)
    return said


def chosen_in_words(kind: SectionKind, numbers: Sequence[int], of: int, language: Language) -> str:
    """Return which sections are sent, for the line at the fence: "pages 1–3, 7 and 12 of 14"; empty for all."""
    if len(numbers) >= of or kind is SectionKind.WHOLE or not numbers:
        return ""
    words = _words(language)
    *others, last = [f"{first}–{last}" if last > first else str(first) for first, last in _ranges(numbers)]
    listed = words["several"] % ((", " if language == "en" else "、").join(others), last) if others else last
    said: str = words["chosen"].format(kind=words["counted"][kind][len(numbers) > 1], numbers=listed, of=of)
    return said


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


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

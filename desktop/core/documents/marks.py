"""The marks that tell a model where in a file a text stands, and which of its words are not the text itself.

They are in the language of the file, English or Chinese (`resources/marks.toml`), and the same wherever a text is sent,
shown or looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from desktop.core.documents.document import Document, Run, Section, SectionKind
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

"""The marks that tell a model where in a file a text stands, and which of its words are not the text itself.

They are in the language of the file, English or Chinese, and the same wherever a text is sent, shown or looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from desktop.core.documents.document import Aside, Document, Run, Section, SectionKind
from desktop.core.text.scripts import is_chinese

Language = Literal["en", "zh"]

_SECTION_MARKS: dict[Language, dict[SectionKind, str]] = {
    "en": {
        SectionKind.PAGE: "Page {number}",
        SectionKind.SHEET: "Sheet {number}",
        SectionKind.SLIDE: "Slide {number}",
        SectionKind.CHAPTER: "Section {number}",
        SectionKind.MAIL: "Mail {number}",
        SectionKind.FILE: "File {number}",
    },
    "zh": {
        SectionKind.PAGE: "第 {number} 页",
        SectionKind.SHEET: "工作表 {number}",
        SectionKind.SLIDE: "幻灯片 {number}",
        SectionKind.CHAPTER: "第 {number} 节",
        SectionKind.MAIL: "邮件 {number}",
        SectionKind.FILE: "文件 {number}",
    },
}
_HIDDEN: dict[Language, str] = {"en": "hidden", "zh": "隐藏"}
_ASIDES: dict[Language, dict[Aside, str]] = {
    "en": {
        Aside.FOOTNOTE: "footnote",
        Aside.COMMENT: "comment",
        Aside.INSERTED: "inserted",
        Aside.DELETED: "deleted",
        Aside.NOTE: "speaker's note",
        Aside.HIDDEN: "hidden",
        Aside.HEADER: "header or footer",
    },
    "zh": {
        Aside.FOOTNOTE: "脚注",
        Aside.COMMENT: "批注",
        Aside.INSERTED: "插入",
        Aside.DELETED: "删除",
        Aside.NOTE: "备注",
        Aside.HIDDEN: "隐藏",
        Aside.HEADER: "页眉页脚",
    },
}
# (one, several) of each kind, and the frame of "pages 4, 7 and 12 of 14".
_COUNTED: dict[SectionKind, tuple[str, str]] = {
    SectionKind.PAGE: ("page", "pages"),
    SectionKind.SHEET: ("sheet", "sheets"),
    SectionKind.SLIDE: ("slide", "slides"),
    SectionKind.CHAPTER: ("section", "sections"),
    SectionKind.MAIL: ("mail", "mails"),
    SectionKind.FILE: ("file", "files"),
}
_MEASURES: dict[SectionKind, str] = {
    SectionKind.PAGE: "页",
    SectionKind.SHEET: "张工作表",
    SectionKind.SLIDE: "张幻灯片",
    SectionKind.CHAPTER: "节",
    SectionKind.MAIL: "封邮件",
    SectionKind.FILE: "个文件",
}
_LETTERS_READ = 4000  # are enough to tell a language


def _pattern(frame: str) -> str:
    return re.escape(frame).replace(r"\{number\}", r"\d{1,6}").replace(r"\ ", " ")


_KINDS = {
    kind: "|".join(_pattern(_SECTION_MARKS[language][kind]) for language in ("en", "zh"))
    for kind in _SECTION_MARKS["en"]
}
_MARK_LINE = re.compile(
    r"^\[(?:" + "|".join(f"(?P<{kind.value}>{ways})" for kind, ways in _KINDS.items()) + r")(?P<title>[^\n]*)\]$",
    re.MULTILINE,
)
_HEADER_LINE = re.compile(
    rf"^\[(?:{'|'.join(_ASIDES[each][Aside.HEADER] for each in _ASIDES)})[:：][^\n]*\]$", re.MULTILINE
)
_NUMBER = re.compile(r"\d+")


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
        mark = _mark_at(text, at) if at == 0 or text[at - 1] == "\n" else None
        if mark is not None:
            yield mark
        at = text.find("[", at + 1 if mark is None else mark.end)


def mark_before(text: str, offset: int) -> MarkLine | None:
    """Return the last mark of a section that begins before a letter of a sent text."""
    at = text.rfind("[", 0, offset)
    while at >= 0:
        mark = _mark_at(text, at) if at == 0 or text[at - 1] == "\n" else None
        if mark is not None and mark.kind is not None:
            return mark
        at = text.rfind("[", 0, at)
    return None


def _mark_at(text: str, at: int) -> MarkLine | None:
    found = _MARK_LINE.match(text, at)
    if found is None:
        header = _HEADER_LINE.match(text, at)
        return MarkLine(header.start(), header.end()) if header else None
    kind = SectionKind(_kind_of(found))
    number = _NUMBER.search(found[kind.value])
    title = found["title"].lstrip(":： ")
    return MarkLine(
        found.start(), found.end(), kind, int(number[0]) if number else 0, title, found.end("title") - len(title)
    )


def _kind_of(found: re.Match[str]) -> str:
    return next(name for name, words in found.groupdict().items() if words is not None and name != "title")


def language_of(document: Document) -> Language:
    """Return the language of a document's marks: Chinese if its beginning is, else English."""
    said, letters = [], 0
    for section in document.sections:
        for block in section.blocks:
            said.append(block.text)
            letters += len(said[-1])
            if letters >= _LETTERS_READ:
                return "zh" if is_chinese("\n".join(said)) else "en"
    return "zh" if is_chinese("\n".join(said)) else "en"


def section_mark(section: Section, language: Language) -> str:
    """Return the line in front of a section, such as "[Page 4]"; empty for a text that is one whole."""
    if section.kind is SectionKind.WHOLE:
        return ""
    words = _SECTION_MARKS[language][section.kind].format(number=section.number)
    if section.title and section.kind is not SectionKind.PAGE:
        words += f": {section.title}" if language == "en" else f"：{section.title}"
    if section.is_hidden:
        words += f" ({_HIDDEN[language]})" if language == "en" else f"（{_HIDDEN[language]}）"
    return f"[{words}]"


def marked(run: Run, language: Language) -> str:
    """Return the words of a run as they are sent: the text itself as it is, what stands beside it in brackets."""
    if run.aside is None or not run.text.strip():
        return run.text
    kind = _ASIDES[language][run.aside]
    if run.by:
        kind += f" by {run.by}" if language == "en" else f"（{run.by}）"
    return f"[{kind}: {run.text}]" if language == "en" else f"[{kind}：{run.text}]"


def chosen_in_words(kind: SectionKind, numbers: Sequence[int], of: int, language: Language) -> str:
    """Return which sections are sent, for the line at the fence: "pages 1–3, 7 and 12 of 14"; empty for all."""
    if len(numbers) >= of or kind is SectionKind.WHOLE or not numbers:
        return ""
    ranges = [f"{first}–{last}" if last > first else str(first) for first, last in _ranges(numbers)]
    if language == "zh":
        measure = _MEASURES[kind]
        return f"第 {'、'.join(ranges)} {measure}，共 {of} {measure}"
    listed = f"{', '.join(ranges[:-1])} and {ranges[-1]}" if len(ranges) > 1 else ranges[0]
    return f"{_COUNTED[kind][len(numbers) > 1]} {listed} of {of}"


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found

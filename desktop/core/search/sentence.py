"""The sentence in which something was found, on one line, with what was searched for marked in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.core.search.hits import Marks
from desktop.core.text.find import first_occurrence, occurrences
from desktop.core.text.late_regex import late_regex

_BEFORE, _AFTER = 60, 200  # characters around the first word
_END = late_regex(r"[.!?][\"”’)]*\s|[。！？；][”’」』）]*|\n")
# Marks of Markdown that mean nothing on one line: of headings, lists, quotations, tables; of emphasis and code.
_LINE_MARKS = late_regex(r"^[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|>[ \t]?)+|\||^[ \t|:-]+$", re.MULTILINE)
_INLINE_MARKS = late_regex(r"\*\*|__|`+")
ELLIPSIS = "…"


def first_place(text: str, typed: str, words: Sequence[str]) -> tuple[int, int] | None:
    """Return where in `text` the typed text stands, else the first place of any of its words; None if nowhere."""
    whole = first_occurrence(text, typed)
    if whole is not None:
        return whole
    places = [place for word in words if (place := first_occurrence(text, word)) is not None]
    return min(places, default=None)


def sentence_at(text: str, place: tuple[int, int], words: Sequence[str]) -> tuple[str, Marks]:
    """Return the sentence around a place of `text`, shortened and without Markdown, and where words stand in it."""
    begin, is_cut = _begin(text, place[0])
    end = min(len(text), place[1] + _AFTER)
    after = _END.search(text, max(begin, place[1] - 1), end)
    plain = _INLINE_MARKS.sub("", _LINE_MARKS.sub(" ", text[begin : after.end() if after else end]))
    shown = " ".join(plain.split())
    if is_cut:
        shown = f"{ELLIPSIS} {shown}"
    if after is None and end < len(text):
        shown = f"{shown} {ELLIPSIS}"
    return shown, marks_in(shown, words)


def marks_in(sentence: str, words: Sequence[str]) -> Marks:
    """Return where any of the words stands in a sentence, in order, those that touch joined."""
    found = sorted(place for word in words for place in occurrences(sentence, word))
    marks: list[tuple[int, int]] = []
    for start, end in found:
        if marks and start <= marks[-1][1]:
            start, end = marks[-1][0], max(end, marks.pop()[1])
        marks.append((start, end))
    return tuple(marks)


def _begin(text: str, at: int) -> tuple[int, bool]:
    """Return where the sentence around `at` begins, and False; or a word some way before it, and True."""
    earliest = max(0, at - _BEFORE)
    ends = [found.end() for found in _END.finditer(text, earliest, at)]
    if ends or earliest == 0:
        return (ends[-1] if ends else 0), False
    space = text.find(" ", earliest, at)
    return (space + 1 if space >= 0 else earliest), True

"""Occurrences of a query in a text: what finding in a conversation counts, marks and walks.

Upper and lower case are the same, so are an accent that is part of its letter and one that follows it, letters of full
and of half width, and a number whatever stands between its thousands. White space in the query stands for any white
space, line breaks among it. Offsets are those of the text as it was given, also where a letter has two in lower case
("ß", "ﬁ"). Words of Markdown: `rendering`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

# Letters of full width, as Chinese and Japanese input methods write them, and the Turkish capital that would become
# two characters. One for one, so offsets stay.
_SAME = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x130: 0x69}
_HAS_SAME = re.compile("[\uff01-\uff5e\u3000\u0130]")
# Characters that can become one with the letter before them though Unicode does not call them combining: vowel signs
# of India and its neighbours, and the later parts of a Korean syllable.
_JOINING = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
) | {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
_THOUSANDS = re.compile(r"\d{1,3}(?:[,.'’]?\d{3})+")
_BETWEEN_THOUSANDS = "[,.'’ \u00a0\u202f]?"
_LONGEST_STEP = 1 << 16  # characters; a longer text is cut before it is looked at


Places = tuple[tuple[int, int], ...]
"""Where in a text something is found: the start of each block of the source that has it, and how often it is there."""


@dataclass(frozen=True, slots=True)
class FoundIn:
    """Occurrences of a query in one message: in what was thought, and in what was said."""

    message_id: str
    in_reasoning: Places = ()
    in_text: Places = ()
    count: int = field(init=False)  # in all; reckoned once, since it is asked for again at each step

    def __post_init__(self) -> None:
        counted = sum(count for places in (self.in_reasoning, self.in_text) for _, count in places)
        object.__setattr__(self, "count", counted)


def occurrences(text: str, query: str) -> list[tuple[int, int]]:
    """Return start and end of every place where `query` stands in `text`, in order and apart.

    None for an empty query.
    """
    pattern = _pattern(query)
    if pattern is None:
        return []
    folded, keeps_offsets = _folded(text)
    found = [match.span() for match in pattern.finditer(folded)]
    return found if keeps_offsets or not found else _in_source(found, _steps(text))


def first_occurrence(text: str, query: str) -> tuple[int, int] | None:
    """Return start and end of the first place where `query` stands in `text`, or None."""
    pattern = _pattern(query)
    if pattern is None:
        return None
    folded, keeps_offsets = _folded(text)
    match = pattern.search(folded)
    if match is None or keeps_offsets:
        return match.span() if match is not None else None
    return _in_source([match.span()], _steps(text))[0]


def comparable(text: str) -> str:
    """Return the text in the form in which it is compared; offsets in it are not those of the text."""
    return _folded(text)[0]


def stands_in(word: str, text: str) -> bool:
    """Return True if a word stands in a text, both in their comparable form."""
    if len(pieces_of(word)) == 1:
        return word in text
    pattern = _pattern(word)
    return pattern is not None and pattern.search(text) is not None


def pieces_of(word: str) -> list[str]:
    """Return the thousands of a number, between which there may be something; another word as it is."""
    if not _THOUSANDS.fullmatch(word):
        return [word]
    digits = re.sub(r"\D", "", word)
    first = len(digits) % 3
    return [*([digits[:first]] if first else ()), *(digits[at : at + 3] for at in range(first, len(digits), 3))]


@lru_cache(maxsize=32)
def _pattern(query: str) -> re.Pattern[str] | None:
    words = comparable(query).split()
    if not words:
        return None
    return re.compile(r"\s+".join(_BETWEEN_THOUSANDS.join(map(re.escape, pieces_of(word))) for word in words))


def _folded(text: str) -> tuple[str, bool]:
    """Return the comparable form, and True if each of its characters stands where the text's own does."""
    if text.isascii():
        return text.lower(), True
    if _HAS_SAME.search(text):
        text = text.translate(_SAME)
    folded = text.casefold()  # of a character never comes less than one
    if unicodedata.is_normalized("NFC", folded):
        return folded, len(folded) == len(text)
    return unicodedata.normalize("NFC", folded), False


@dataclass(slots=True)
class _Steps:
    """Pieces of a text, each with its beginning in the folded text and in the text itself.

    Most are long and keep their offsets; where they are not kept, a piece is one letter with its accents.
    """

    in_folded: list[int]
    in_text: list[int]

    def start(self, place: int) -> int:
        """Return where in the text the letter begins that stands at `place` in the folded text."""
        step = bisect_right(self.in_folded, place) - 1
        return self.in_text[step] + (place - self.in_folded[step] if self._keeps_offsets(step) else 0)

    def end(self, place: int) -> int:
        """Return where in the text the letter ends that ends at, or holds, `place` in the folded text."""
        step = bisect_right(self.in_folded, place - 1) - 1
        if self._keeps_offsets(step):
            return self.in_text[step] + place - self.in_folded[step]
        return self.in_text[step + 1]

    def _keeps_offsets(self, step: int) -> bool:
        folded = self.in_folded[step + 1] - self.in_folded[step]
        return folded == self.in_text[step + 1] - self.in_text[step]


def _steps(text: str) -> _Steps:
    steps = _Steps([0], [0])
    waiting = [(0, len(text))]
    while waiting:
        start, end = waiting.pop()
        middle = _cut(text, start, end)
        folded, keeps_offsets = _folded(text[start:end]) if end - start < _LONGEST_STEP or not middle else ("", False)
        if middle and not keeps_offsets:
            waiting += [(middle, end), (start, middle)]
        else:
            steps.in_folded.append(steps.in_folded[-1] + len(folded))
            steps.in_text.append(end)
    return steps


def _cut(text: str, start: int, end: int) -> int:
    """Return a place about half way that is not within a letter with its accents; 0 where all is one such letter."""
    middle = (start + end) // 2
    after = next((place for place in range(middle, end) if place > start and _is_letter(text[place])), 0)
    return after or next((place for place in range(middle - 1, start, -1) if _is_letter(text[place])), 0)


def _is_letter(character: str) -> bool:
    return not unicodedata.combining(character) and character not in _JOINING


def _in_source(found: list[tuple[int, int]], steps: _Steps) -> list[tuple[int, int]]:
    """Return the same places in the text itself, widened to whole letters; two within one letter count once."""
    places: list[tuple[int, int]] = []
    for start, end in found:
        first, last = steps.start(start), steps.end(end)
        if not places or first >= places[-1][1]:
            places.append((first, last))
    return places

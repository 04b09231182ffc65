"""Words to text: what stands between two of them, the hyphen at the end of a line, and lines that run to the left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from desktop.readers.pdf.words import TO_THE_LEFT, Word

_SOFT_HYPHEN = "\xad"
_HYPHENATED = re.compile(r"\w-$")
_JOINS_HALVES = {"and", "or", "und", "oder", "bzw.", "et", "ou"}  # as in "pre- and post-war"
# Letters that are written without spaces between words: Chinese, Japanese, their punctuation, full-width forms.
_UNSPACED = re.compile("[\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_SEVERAL, _SHARE_OF_BREAKS = 2, 1 / 300  # words that are broken at a line's end, where a program hyphenates
_EDGES = ".,;:!?()[]{}\"'“”‘’„«»"


class Joiner:
    """Joiner of words to text; it remembers the words of a document, to know which are written with a hyphen."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._words = self._broken = 0

    def learn_words(self, words: Iterable[Word]) -> None:
        """Remember the words of a page; the halves of a word that is broken are none."""
        is_half = False
        for word in words:
            text = word.text.strip(_EDGES).lower()
            if not (is_half or word.goes_on):
                self._known.add(text)
            self._words += 1
            self._broken += is_half and word.text[:1].islower()
            is_half = word.goes_on

    def text(self, lines: Iterable[Sequence[Word]], breaks: Sequence[bool] = ()) -> str:
        """Return the text of lines that go on one in the next; `breaks` tells behind which of them the line ends."""
        said: list[str] = []
        before: Word | None = None
        for number, words in enumerate(lines):
            ordered = in_reading_order(words)
            for position, word in enumerate(ordered):
                if before is not None:
                    if position:
                        said.append(" " if word is not before else "")
                    elif number <= len(breaks) and breaks[number - 1]:
                        said.append("-\n" if before.goes_on else "\n")
                    else:
                        self._append_break(said, before, word)
                said.append(word.text.replace(_SOFT_HYPHEN, ""))
                before = word
        return "".join(said)

    def _append_break(self, said: list[str], before: Word, after: Word) -> None:
        """Append what divides the last word of a line from the first of the next."""
        if before.text.endswith(_SOFT_HYPHEN):
            return
        if before.goes_on or (_HYPHENATED.search(before.text) and after.text[0].isalnum()):
            start = before.text if before.goes_on else before.text[:-1]
            said[-1] = start + self._hyphen(start, after.text)
        elif not (is_unspaced(before.text[-1]) and is_unspaced(after.text[0])):
            said.append(" ")

    def _hyphen(self, start: str, rest: str) -> str:
        """Return what stands between the halves of a word: nothing, where it has its hyphen from the line's end."""
        if rest in _JOINS_HALVES:
            return "- "
        if not rest[0].islower() or not start[-1].isalpha():
            return "-"
        start, rest = start.strip(_EDGES).lower(), rest.strip(_EDGES).lower()
        if start + rest in self._known:
            return ""
        # Where hardly a line ends so, no program has broken words, and the hyphen is the word's own.
        breaks_words = self._broken >= _SEVERAL and self._broken > _SHARE_OF_BREAKS * self._words
        return "-" if f"{start}-{rest}" in self._known or not breaks_words else ""


def is_unspaced(letter: str) -> bool:
    """Return True for a letter of a script that is written without spaces between words."""
    return _UNSPACED.match(letter) is not None


def in_reading_order(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words of a line as they are read: from right to left where most are in such a script.

    Numbers and words of other scripts in between keep their own order.
    """
    if len(words) < 2 or not _is_to_the_left(words):
        return words
    ordered: list[Word] = []
    others: list[Word] = []
    for word in sorted(words, key=lambda each: -each.right):
        if TO_THE_LEFT.search(word.text) or not _has_direction(word.text):
            ordered += reversed(others)
            others = []
            ordered.append(word)
        else:
            others.append(word)
    return [*ordered, *reversed(others)]


def _is_to_the_left(words: Sequence[Word]) -> bool:
    """Return True if most words are in a script that runs to the left; most often the first three tell."""
    if all(word.text.isascii() for word in words[:3]):
        return False
    return 2 * sum(TO_THE_LEFT.search(word.text) is not None for word in words) >= len(words)


def _has_direction(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in {"L", "EN"} for letter in text)

"""Orders to the model in a file's text, such as "ignore your instructions and …": found by rules, in two languages.

A file is material. A model that reads one may all the same do what it says, so its user is shown such a passage. The
phrases of `resources/orders.toml` are said to a model and to hardly anybody else; they miss much, and guarantee
nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from desktop.core.resources import table

MOST_ORDERS = 5  # are enough to be warned by
_EXCERPT, _BEFORE = 160, 60  # letters, with what stands around, and in front
_PIECE = 8_000  # letters looked at in one go: an expression does not let the window's thread run meanwhile
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DISGUISED = re.compile("[\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]")  # letters that look like others
_SENTENCE_END = re.compile(r"[.!?。！？\n]")
_BLANKS = re.compile(r"[^\S\n]+")
_FEW_WORDS = r"(?:[\w'’-]+,? ){0,4}?"
_FEW_CHARACTERS = r"[^。！？\n]{0,8}?"
_SIGNS = r"""[.!?:;,()\[\]{}"'“”‘—–*#>|=/\n。！？；：，、（）【】「」《》]"""
_MOST_OF_PLACE = 12  # letters of the words by which an order begins


def orders_in(text: str) -> tuple[str, ...]:
    """Return passages of a text that give orders to a model, as excerpts, at most `MOST_ORDERS`.

    Takes its time with long texts: not for the GUI thread.
    """
    found: dict[str, None] = {}
    for piece in pieces_of_text(text, _PIECE):
        plain = _plain(piece)
        last = -1
        for start, end in sorted(_places(plain)):
            if start > last:  # the same words may be found by several phrases
                excerpt, last = _excerpt(plain, start, end)
                found.setdefault(excerpt)
        if len(found) >= MOST_ORDERS:
            break
    return tuple(found)[:MOST_ORDERS]


def pieces_of_text(text: str, length: int) -> Iterator[str]:
    """Yield a text in pieces of about so many letters, each to the end of a line where there is one."""
    start = 0
    while start < len(text):
        end = min(start + length, len(text))
        if end < len(text):
            line_end = text.rfind("\n", start + length // 2, end)
            end = line_end + 1 if line_end >= 0 else end
        yield text[start:end]
        start = end


def _plain(text: str) -> str:
    """Return a text without what hides its words from a reader or a rule."""
    plain = _UNSEEN.sub("", text).replace("İ", "I")  # the one letter that is two in lower case
    if _DISGUISED.search(plain):
        plain = unicodedata.normalize("NFKC", plain)
    return _BLANKS.sub(" ", plain)


def _excerpt(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the sentence with the stretch, shortened, and where it ends."""
    ends = (each.end() for each in _SENTENCE_END.finditer(text, max(0, start - _BEFORE), start))
    begin = max(ends, default=max(0, start - _BEFORE))
    after = _SENTENCE_END.search(text, end)
    stop = max(min(after.end() if after else len(text), begin + _EXCERPT), end)
    return text[begin:stop].strip(), stop


def _places(text: str) -> Iterator[tuple[int, int]]:
    lowered = text.lower().replace("’", "'")
    for before, phrase in _phrases():
        for found in phrase.finditer(lowered):
            start = found.start()
            if before is None or start == 0 or before.search(lowered, max(0, start - _MOST_OF_PLACE), start):
                yield found.span()


@cache
def _phrases() -> list[tuple[re.Pattern[str] | None, re.Pattern[str]]]:
    """Return the phrases of both languages, each with what has to stand right before it, if anything."""
    found = []
    for language, few in (("en", _FEW_WORDS), ("zh", _FEW_CHARACTERS)):
        words: Mapping[str, Any] = table("orders.toml")[language]
        lists: Mapping[str, list[str]] = words["lists"]
        places = {
            "{order}": re.compile(rf"(?:{_SIGNS}|{_one_of(lists['order'], language)}) ?\Z"),
            "{line}": re.compile(r"[\n\[<(#*\".>!\]] ?\Z"),
        }
        for phrase in words["phrases"]:
            first, *rest = phrase.split()
            before = places.get(first)
            steps = [_step(each, lists, language, few) for each in (rest if before else [first, *rest])]
            found.append((before, re.compile("".join(steps))))
    return found


def _step(step: str, lists: Mapping[str, list[str]], language: str, few: str) -> str:
    if step == "..":
        return few
    word = step.removesuffix("?")
    words = _one_of(lists[word[1:-1]] if word.startswith("{") else [word], language)
    gap = ",? ?" if language == "en" else ""  # edges keep words apart
    return f"(?:{words}{gap})?" if step.endswith("?") else f"{words}{gap}"


def _one_of(words: list[str], language: str) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(_whole_word if language == 'en' else re.escape, longest_first))})"


def _whole_word(word: str) -> str:
    begin, end = r"\b" * word[0].isalnum(), r"\b" * word[-1].isalnum()
    return f"{begin}{re.escape(word)}{end}"

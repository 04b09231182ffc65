"""Words of content, in the form in which those of an answer and of a file are compared.

Latin words lose their endings, Chinese comes in twos, since a character alone says little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from desktop.core.text.late_regex import late_regex
from desktop.core.text.scripts import HAN

# P2 and D-110 tell one row from another, and are words of their own; so are the 3 of "level 3" never.
_WORD = late_regex(
    r"(?:[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth) [Qq]uarter(?![a-z])|"
    rf"(?<=[a-z] )[A-Z](?![\w'’.&])|[A-Za-z]{{1,4}}-?\d[\dA-Za-z-]*|[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][a-z]+)?|[{HAN}]+"
)
_STOP_WORDS = (
    "the an in on at by for from to of with and or is was are were be been being it its this that these those"
    " as has have had he she they you your we our us their his her about around over under than more less most"
    " least some all only also into up per which who whom whose when where what there then so but if not no do"
    " does did done can could may might must shall should will would just very each every any other another"
    " such both either same own out off too again once here how why after before until since between during"
    " within through says said say states stated means following follows reads file document text answer"
    " according please date amount amounts total one two three first second third given gives give get gets set sets"
    " named names called i.e e.g etc via der die das und ein eine"
)
_STOP = frozenset(_STOP_WORDS.split())
_HAN_STOP = frozenset(
    "的了是在和与及或于有为以按从由对向将被把其该本此这那各每并而也都就则即可应须需请您我你他她它们个之所"
)
_BOUNDS = frozenset(("以上", "以下", "以内", "以外", "以前", "以后"))
_LONG, _STEM = 6, 5  # of longer words the beginning is compared: insured, insurance, insurer
# What is called by different words in offices, each group one word.
_SAME = {
    word: group.split()[0]
    for group in (
        "notic cancel terminat termination",
        "start begin begins began beginn commenc commence",
        "end ends ended expir expire expires ending",
        "price cost costs fee fees charg charge prices",
        "phone tel telep extension exten",
        "pay paid payme payment",
        "buy purch",
    )
    for word in group.split()
}


def words_in(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Yield each word of content with its place in the text, between two places of it."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        word = match[0]
        if word[0] >= "\u3400":
            for offset, two in _twos(word):
                yield match.start() + offset, two
        elif stem := _FORMS[word]:
            yield match.start(), stem


class _Forms(dict[str, str]):
    """The compared form of each Latin word that was met."""

    def __missing__(self, word: str) -> str:
        if len(self) > _MOST_FORMS:
            self.clear()
        form = self[word] = _compared(word)
        return form


_MOST_FORMS = 100_000
_QUARTERS = {"fi": "q1", "se": "q2", "th": "q3", "fo": "q4"}
_FORMS = _Forms()


def raw_words(text: str) -> list[str]:
    """Return the words of a text as they are written; Chinese in runs."""
    return _WORD.findall(text)


def word_set(text: str) -> set[str]:
    """Return the words of content of a text."""
    return compared(raw_words(text))


def compared(raw: Iterable[str]) -> set[str]:
    """Return the words of content among words as they are written."""
    words = list(raw)
    latin = [word for word in words if word < "\u3400"]
    found = set(map(_FORMS.__getitem__, latin))
    if len(latin) < len(words):
        found.update(*(_two_set(word) for word in words if word >= "\u3400"))
    found.discard("")
    return found


def _compared(word: str) -> str:
    """Return the compared form of what is written without Chinese."""
    if " " in word:
        return _QUARTERS[word[:2].lower()]
    if any(map(str.isdigit, word)):
        return word.lower().replace("-", "")
    return stem_of(word)


def stem_of(word: str) -> str:
    """Return the compared form of a Latin word; empty for one that stands beside everything."""
    small = word.lower().partition("'")[0].partition("’")[0]
    if len(word) == 1 and word.isupper():
        return small  # Workshop A
    if len(small) < 2 or small in _STOP:
        return ""
    if len(small) > 3 and small.endswith("s") and not small.endswith("ss"):
        small = small[:-1]
    if len(small) >= _LONG:
        small = small[:_STEM]
        if small[-1] == "d":
            small = small[:-1] + "s"  # decide, decision
    return _SAME.get(small, small)


@lru_cache(maxsize=20_000)
def _two_set(run: str) -> frozenset[str]:
    return frozenset(two for _, two in _twos(run))


@lru_cache(maxsize=20_000)
def _twos(run: str) -> tuple[tuple[int, str], ...]:
    """Return the twos of a run of Chinese characters, each with its place in it."""
    if len(run) == 1:
        return () if run in _HAN_STOP else ((0, run),)
    return tuple(
        (offset, run[offset : offset + 2])
        for offset in range(len(run) - 1)
        if (run[offset] not in _HAN_STOP and run[offset + 1] not in _HAN_STOP) or run[offset : offset + 2] in _BOUNDS
    )

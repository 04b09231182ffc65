"""Sources that well-read people know: laws, cases, standards, studies, books, journals, sites, quotations.

They stand in `resources/signs/known_sources.txt`, one a line below its kind. A name has to stand whole in a text, of
"Emma + Austen" both, and a title in brackets such as 《论语》 as a title.
"""

from __future__ import annotations

import re
from functools import cache

from desktop.core.resources import resource_path
from desktop.core.text.plain_compare import squeezed
from desktop.core.text.scripts import has_han

_TITLE = re.compile(r"(?:《|[.．] ?)([^《》.．\n]+)(?:》|\[[JM]\])")  # 《乡土中国》, 费孝通. 乡土中国[M]
_SUBTITLE = re.compile("[·：:（(—]")
_WORD = re.compile(r"\w+")
_NAMES = ("laws", "cases", "studies", "books")
_LEAST_QUOTED = 10  # letters of a quotation that is a part of a known one
_MANUALS = ("docs", "doc", "support", "help", "learn", "developer", "developers", "api", "dev", "wiki", "packages")
_NO_SITE = ("example.", "localhost", "your", "company.", "domain.")


def names_known(text: str) -> bool:
    """Return True if a known law, case, study or book is named in a text."""
    if not _titles()["books"].isdisjoint(_titles_in(text)):
        return True
    letters, said = squeezed(text), f" {_words(text)} "
    by_first_word, chinese = _names()
    if any(each in letters for each in chinese):
        return True
    return any(
        all(f" {part} " in said for part in parts)
        for word in dict.fromkeys(said.split())
        for parts in by_first_word.get(word, ())
    )


def is_known_journal(title: str) -> bool:
    """Return True if a title is that of a known newspaper or journal."""
    return _words(title) in _journals() or not _titles()["journals"].isdisjoint(_titles_in(title))


def is_known_standard(name: str, number: str) -> bool:
    """Return True if one of the publishers in a standard's name has a known one of this number."""
    return any(f"{publisher} {number}" in _standards() for publisher in _WORD.findall(name))


def is_known_site(host: str) -> bool:
    """Return True for a host that is known, or below one that is; for a manual; and for one that stands for any."""
    parts = host.split(".")
    return (
        parts[0] in _MANUALS
        or host.startswith(_NO_SITE)
        or any(".".join(parts[at:]) in _sites() for at in range(len(parts)))
    )


def is_known_quotation(words: str) -> bool:
    """Return True if words are, hold, or are a part of what is often quoted."""
    letters = squeezed(words)
    return any(each in letters or (len(letters) >= _LEAST_QUOTED and letters in each) for each in _quotations())


@cache
def _lines() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    kind: list[str] = []
    for line in resource_path("signs", "known_sources.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = found.setdefault(line.strip("[]"), [])
        elif line:
            kind.append(line)
    return found


@cache
def _names() -> tuple[dict[str, list[list[str]]], list[str]]:
    """Return the names of several words by their first, each with all that has to stand there, and the Chinese ones."""
    by_first_word: dict[str, list[list[str]]] = {}
    chinese = []
    for name in (line for kind in _NAMES for line in _lines()[kind]):
        if not has_han(name):
            parts = [_words(part) for part in name.split(" + ")]
            by_first_word.setdefault(parts[0].split()[0], []).append(parts)
        elif not name.startswith("《"):
            chinese.append(squeezed(name))
    return by_first_word, chinese


@cache
def _titles() -> dict[str, set[str]]:
    """Return the Chinese titles of journals, and of all else."""
    return {
        "books": {title for kind in _NAMES for line in _lines()[kind] for title in _TITLE.findall(line)},
        "journals": {title for line in _lines()["journals"] for title in _TITLE.findall(line)},
    }


@cache
def _journals() -> frozenset[str]:
    return frozenset(map(_words, _lines()["journals"]))


@cache
def _standards() -> frozenset[str]:
    return frozenset(_lines()["standards"])


@cache
def _sites() -> frozenset[str]:
    return frozenset(_lines()["sites"])


@cache
def _quotations() -> frozenset[str]:
    return frozenset(map(squeezed, _lines()["quotations"]))


def _titles_in(text: str) -> set[str]:
    """Return the titles in brackets, also without what stands behind a point or colon."""
    titles = _TITLE.findall(text)
    return {*titles, *(_SUBTITLE.split(title)[0] for title in titles)}


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.replace("’", "'").replace("'", "").casefold()))

"""A claim: something in an answer that can be checked against another one, and where it stands.

Values only. What counts as one is found by `numbers`, `dates`, `names` and `quoted`; which
claims agree is `differences`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

# Claims of one kind in one text. A longer list is no help to anybody, and bounds what a comparison costs.
MOST_OF_A_KIND = 2_000
# Characters of an answer that are looked at: thirty pages and more.
LOOKED_AT = 200_000
_BLANK = "\0"  # stands where something is that the next rules are not to see


class ClaimKind(StrEnum):
    """What can be checked."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    LINK = "link"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Claim:
    """`text` as it is shown, at `start` to `end`; `value` is what it comes to, however it is written.

    `unit`: what is counted, for numbers; empty where none is named. `others`: the less likely values, where the form
    can be read in more than one way: 1.234, or 3/5/2026.
    """

    kind: ClaimKind
    text: str
    start: int
    end: int
    value: str
    unit: str = ""
    others: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """All that it can come to, the likeliest first."""
        return (self.value, *self.others)

    @property
    def key(self) -> tuple[ClaimKind, str]:
        """What is the same in all claims that say the same, but for units."""
        return self.kind, self.value

    @property
    def keys(self) -> tuple[tuple[ClaimKind, str], ...]:
        """One of each value: where two claims have one in common, they can mean the same."""
        return tuple((self.kind, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as a reader sees it, and what cannot be seen from its letters: which are code, and where links lead."""

    text: str
    code: tuple[tuple[int, int], ...] = ()
    links: tuple[tuple[int, int, str], ...] = ()
    is_whole: bool = True  # not cut, because it is too long to be compared


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these stretches, in order, out of sight of any rule; all else keeps its place."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], _BLANK * (end - start)]
            at = end
    return "".join([*pieces, text[at:]])


def in_small_letters(text: str) -> str:
    """The same in small letters, with each at its place."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(sign.lower()[0] for sign in text)


def found(
    kind: ClaimKind,
    pattern: re.Pattern[str],
    text: str,
    value_of: Callable[[re.Match[str]], str],
    looked_at: str | None = None,
) -> Iterator[Claim]:
    """The claims that a pattern finds in `looked_at`, another form of the text; a match without a value is none."""
    count = 0
    for match in pattern.finditer(text if looked_at is None else looked_at):
        value = value_of(match)
        if value:
            yield Claim(kind, text[match.start() : match.end()], match.start(), match.end(), value)
            count += 1
            if count == MOST_OF_A_KIND:
                return

"""Claims: the values in an answer that can be checked against another answer, and their places.

Values only. Claims are found by `numbers`, `dates`, `names` and `quoted`; which of them agree is `differences`.
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
    """Kind of a claim that can be checked."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    QUOTATION = "quotation"
    LINK = "link"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Claim:
    """Claim: `text` as it is shown, at `start` to `end`; `value` is its one form, however it is written.

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
        """All values that it may have, the likeliest first."""
        return (self.value, *self.others)

    @property
    def key(self) -> tuple[ClaimKind, str]:
        """The key that all claims of the same value share, whatever their units."""
        return self.kind, self.value

    @property
    def keys(self) -> tuple[tuple[ClaimKind, str], ...]:
        """The keys of all values: two claims that have one in common can mean the same."""
        return tuple((self.kind, value) for value in self.values)


@dataclass(frozen=True, slots=True)
class Shown:
    """Answer as a reader sees it, with what its letters do not show: which are code, and where links lead.

    `blocks` tells of each block where it begins in the text, and where it was written.
    """

    text: str
    code: tuple[tuple[int, int], ...] = ()
    links: tuple[tuple[int, int, str], ...] = ()
    is_whole: bool = True  # not cut, because it is too long to be compared
    blocks: tuple[tuple[int, int], ...] = ()


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with these stretches, given in order, blanked out, so that no rule sees them.

    All else keeps its place.
    """
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        if start >= at:
            pieces += [text[at:start], _BLANK * (end - start)]
            at = end
    return "".join([*pieces, text[at:]])


def in_small_letters(text: str) -> str:
    """Return the text in small letters, each at its place."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(sign.lower()[0] for sign in text)


def found(
    kind: ClaimKind,
    pattern: re.Pattern[str],
    text: str,
    value_of: Callable[[re.Match[str]], str],
    looked_at: str | None = None,
) -> Iterator[Claim]:
    """Yield the claims that a pattern finds in `looked_at`, another form of the text; a match without a value is none.

    At most `MOST_OF_A_KIND`.
    """
    count = 0
    for match in pattern.finditer(text if looked_at is None else looked_at):
        value = value_of(match)
        if value:
            yield Claim(kind, text[match.start() : match.end()], match.start(), match.end(), value)
            count += 1
            if count == MOST_OF_A_KIND:
                return

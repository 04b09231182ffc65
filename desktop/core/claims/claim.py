"""Claims: the values in an answer that can be checked against another answer, and their places.

Values only. Claims are found by `numbers`, `dates` and `finding`; which of them agree is `differences`.
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


class Kind(StrEnum):
    """Kind of a thing that can be checked."""

    NUMBER = "number"  # with its unit, sums of money and percentages too
    DATE = "date"  # and time of day
    NAME = "name"
    QUOTATION = "quotation"
    ADDRESS = "address"  # on the web, of a mailbox
    CODE = "code"
    REFERENCE = "reference"  # to a clause, a page, a sheet; its unit tells which of these
    IDENTIFIER = "identifier"  # number of an invoice, of a telephone, of an account


@dataclass(frozen=True, slots=True)
class Finding:
    """Thing that can be checked: `text` as it is shown, at letters `start` to `end`.

    `values`: its one form, however it is written; more of them, the likeliest first, where the form can be read in
    more than one way: 1.234, or 3/5/2026. `unit`: what is counted, for numbers; empty where none is named.
    """

    kind: Kind
    text: str
    start: int
    end: int
    values: tuple[str, ...]
    unit: str = ""

    @property
    def value(self) -> str:
        """The likeliest value."""
        return self.values[0]

    @property
    def key(self) -> tuple[Kind, str]:
        """The key that all findings of the same value share, whatever their units."""
        return self.kind, self.value

    @property
    def keys(self) -> tuple[tuple[Kind, str], ...]:
        """The keys of all values: two findings that have one in common can mean the same."""
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
    kind: Kind,
    pattern: re.Pattern[str],
    text: str,
    value_of: Callable[[re.Match[str]], str],
    looked_at: str | None = None,
) -> Iterator[Finding]:
    """Yield the claims that a pattern finds in `looked_at`, another form of the text; a match without a value is none.

    At most `MOST_OF_A_KIND`.
    """
    count = 0
    for match in pattern.finditer(text if looked_at is None else looked_at):
        value = value_of(match)
        if value:
            yield Finding(kind, text[match.start() : match.end()], match.start(), match.end(), (value,))
            count += 1
            if count == MOST_OF_A_KIND:
                return

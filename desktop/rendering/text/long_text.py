"""A paragraph beyond all measure as several parts, so that only the part of it in sight is read and laid out.

Nobody writes ten pages without a paragraph; models that have lost their way do. A part ends with a sentence where there
is one, so that the line which breaks there looks like the end of a paragraph. Where the parts end is told by the text
as it was written, before anything is read in it: a text of megabytes is cut in the time that it takes to look through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from desktop.rendering.text.leaves import Container, Leaf

# A part is read and laid out in some milliseconds; links and emphasis are dearer than letters.
LONG = 8_000
_MANY_SIGNS = 400
_REACH = 600  # characters beyond that, within which a good place for its end is looked for
_MOST_MARKS = 40  # above and below one letter, beyond which they are parted from it
_LOOK_AHEAD = _MOST_MARKS + 2  # characters behind a cut that it depends on
_SHORTEST = _MANY_SIGNS + _REACH + _LOOK_AHEAD
_TRIED = 6  # good places that may turn out to be within a link or emphasis, before any is taken
_WITHIN = 300  # characters before a place, in which it is looked for what is open there

_SIGNS = "![]*_`~<$@&\\"  # the first, since an image is dearer than a link
_LEAST_KNOWN = LONG + _REACH + _LOOK_AHEAD  # characters, before a text with few signs is cut
_SIGN = re.compile(f"[{re.escape(_SIGNS)}]")
_CUTS = (
    re.compile(r"(?<=[^\s\\])(?: *\n|(?<=[.!?]) )(?=\S)|(?<=[。！？])(?=\S)"),
    re.compile(r"(?<=[^\s\\]) (?=\S)|(?<=[\u2e80-\U0003ffff])(?=[\u2e80-\U0003ffff])"),
)


@dataclass(frozen=True, slots=True)
class TextCut:
    """End of a part in its text, and where the next one begins; between the two stands white space, or nothing."""

    end: int
    after: int


def no_cut_within(_: str) -> bool:
    """Return True: a plain text has nothing that a cut might tear."""
    return True


def count_signs(text: str) -> int:
    """Return how many characters may begin or end a link, emphasis and the like."""
    return sum(text.count(sign) for sign in _SIGNS)


def is_short(letters: int, signs: int) -> bool:
    """Return True if a text with so many characters, so many of them signs, has no cut for certain."""
    return letters < (_SHORTEST if signs > _MANY_SIGNS else _LEAST_KNOWN)


def fits_into_a_part(letters: int, signs: int) -> bool:
    """Return True if a text with so many characters, so many of them signs, may stay in one piece."""
    return letters <= LONG and signs <= _MANY_SIGNS


def least_end(text: str, start: int = 0) -> int:
    """Return where a part that begins at `start` ends at the earliest, if the text reaches so far."""
    end = start + LONG
    if len(text) - start > _MANY_SIGNS and sum(text.count(sign, start, end) for sign in _SIGNS) > _MANY_SIGNS:
        return next(islice(_SIGN.finditer(text, start), _MANY_SIGNS, None)).start()
    return end


def next_cut(text: str, start: int, stop: int, is_closed: Callable[[str], bool] = no_cut_within) -> TextCut | None:
    """Return where the part that begins at `start` ends; None while less than that is known, which is up to `stop`.

    `is_closed` returns True if a piece of text leaves nothing open that reaches beyond its end.
    """
    if stop - start < _SHORTEST:
        return None
    least = least_end(text, start)
    most = least + _REACH
    if stop < most + _LOOK_AHEAD:
        return None
    found = [match for cut in _CUTS for match in islice(cut.finditer(text, least, most), _TRIED)]
    for match in found:
        if is_closed(text[max(start, match.start() - _WITHIN) : match.start()]):
            break
    else:
        if not found:
            blind = _beside_marks(text, most)
            return TextCut(blind, blind)
        match = found[0]
    return TextCut(match.start(), match.end())


def cuts(text: str, is_closed: Callable[[str], bool] = no_cut_within) -> Iterator[TextCut]:
    """Yield all cuts of a text that is complete."""
    start = 0
    while cut := next_cut(text, start, len(text), is_closed):
        yield cut
        start = cut.after


def without_markers(containers: tuple[Container, ...]) -> tuple[Container, ...]:
    """Return the containers of a part that is not the first: the markers of items stand at the first alone."""
    if not any(container.marker for container in containers):
        return containers
    return tuple(replace(container, marker="") for container in containers)


def split_long(leaf: Leaf) -> list[Leaf]:
    """Return a leaf of plain text, or its parts."""
    parts: list[Leaf] = []
    start, joint = 0, None
    for cut in cuts(leaf.text):
        parts.append(_part(leaf, start, cut.end, joint))
        start, joint = cut.after, leaf.text[cut.end : cut.after]
    return [*parts, _part(leaf, start, len(leaf.text), joint)] if parts else [leaf]


def _part(leaf: Leaf, start: int, end: int, joint: str | None) -> Leaf:
    containers = leaf.containers if joint is None else without_markers(leaf.containers)
    source = (leaf.source[0], leaf.source[0])  # where it ends in the source is not known
    return Leaf(leaf.kind, leaf.text[start:end], (), containers, leaf.level, source=source, joint=joint)


def _beside_marks(text: str, at: int) -> int:
    """Return the next place that does not part a letter from the marks above and below it; there may be none near."""
    for place in range(at, at + _MOST_MARKS):
        is_joined = "\u200d" in (text[place], text[place - 1])
        if not is_joined and not unicodedata.category(text[place]).startswith("M"):
            return place
    return at

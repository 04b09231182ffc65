r"""A formula that stands by itself: the lines from `$$` to `$$` or from `\[` to `\]`.

Models put any lines between them, also such that would be headings or items elsewhere, and now and then a blank one. A
`$$` may also be a slip of the pen, so how far a formula reaches is bounded; what turns out to be none is read again
as text by `block_parser`.
"""

from __future__ import annotations

import re

from desktop.rendering.markdown.inline import References
from desktop.rendering.markdown.open_containers import BlockPosition
from desktop.rendering.text.leaves import Leaf, LeafKind

# Bounds of a formula. Until its end has come it is shown as it was written, and so would be all of an answer after a
# stray `$$`.
_MOST_LINES = 100
_MOST_BLANK_LINES = 3
LONGEST = 8_000

_CLOSINGS = {"$$": "$$", r"\[": r"\]"}
_OPENINGS = tuple(_CLOSINGS)

# Without one of these soon after it, `\[` is an escaped bracket, as in `\[see below\]`.
_SIGN_OF_MATHS = re.compile(r"[\\^_=+<>]")
_SOON = 30  # characters; `block_rules` waits for so many before it calls the line text


class OpenMaths:
    """Formula that takes lines until `is_closed`; keeps them as they were written in case it is none."""

    def __init__(self, opening: str, place: BlockPosition) -> None:
        self.place = place
        self.is_closed = False
        self.first_end = place.end  # of its first line in the source
        self.lines: list[tuple[str, int]] = []  # whole lines after the first, and where each starts in the source
        self._opening = opening
        self._closing = _CLOSINGS[opening]
        self._inner: list[str] = []  # lines without the markers and the white space before them, and the opening

    def clone(self, references: References) -> OpenMaths:
        other = OpenMaths(self._opening, BlockPosition(self.place.containers, self.place.start, self.place.end))
        other.lines, other._inner, other.is_closed = self.lines.copy(), self._inner.copy(), self.is_closed
        return other

    @property
    def first_line(self) -> str:
        """The first line, without the markers before it."""
        return self._opening + self._inner[0]

    def add_line(self, text: str, end: int) -> bool:
        """Take a line without its markers, which ends at `end` in the source.

        False if this is no formula after all.
        """
        is_first = not self._inner
        self._inner.append(text[len(self._opening) :] if is_first else text)
        before, found, after = self._inner[-1].partition(self._closing)
        if is_first and self._opening != "$$" and before.strip() and not _SIGN_OF_MATHS.search(before, 0, _SOON):
            return False
        if found:
            self.is_closed, self.place.end = True, end
            return not after.strip() and self._is_formula("\n".join([*self._inner[:-1], before]))
        self.place.end = end
        return (is_first or not text.startswith(_OPENINGS)) and self._is_in_bounds()

    def leaf(self) -> Leaf:
        """Return the text that it was written as, while its end has not come."""
        text = self._opening + "\n".join(self._inner)
        return Leaf(LeafKind.PARAGRAPH, text, containers=self.place.containers, source=self.place.source)

    def formula(self) -> Leaf:
        latex = "\n".join(line for line in self._inner if line).rstrip().removesuffix(self._closing).strip()
        return Leaf(LeafKind.FORMULA, latex, containers=self.place.containers, source=self.place.source)

    def _is_formula(self, content: str) -> bool:
        return bool(content.strip()) and (self._opening == "$$" or _SIGN_OF_MATHS.search(content) is not None)

    def _is_in_bounds(self) -> bool:
        lines = self._inner
        return (
            len(lines) <= _MOST_LINES
            and lines.count("") <= _MOST_BLANK_LINES
            and sum(len(line) for line in lines) <= LONGEST
        )


def opening_of_maths(text: str) -> str:
    """Return the delimiter with which a formula begins on this line, or an empty string."""
    return text[:2] if text.startswith(_OPENINGS) else ""

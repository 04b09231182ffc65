"""The work that may be done before the event loop has its turn again, counted in letters that are laid out.

Counted, not timed: what is laid out in one go depends on the text alone, not on how busy the machine is.
"""

from __future__ import annotations

from desktop.rendering.text.leaves import Leaf, LeafKind

_AT_ONCE = 10_000  # letters: about ten milliseconds, and more than a screen of dense text
_LITTLE = 1_000  # letters that leave enough of it to the next turn
_UNREAD_SIGN = 50  # letters, for what it takes to read a link or emphasis
_SIGNS = "![]*_`~<$@&\\"
_SPAN = 5
_CELL = 80
_ROWS = 60  # of a table that are laid out when it is made


class LayoutBudget:
    """Budget of one pass over what is in sight, shared by all texts there; the first leaf is always within it."""

    def __init__(self, letters: float = _AT_ONCE) -> None:
        self._left = letters
        self.spent = 0.0  # letters
        self._is_begun = False  # something has been laid out, or put off
        self.is_short = False  # something has been put off

    def allows(self, leaf: Leaf) -> bool:
        """Return True if a leaf may be laid out now, which then counts; else another pass must follow."""
        cost = _cost_of(leaf)
        if self._left < cost and self._is_begun:
            self.is_short = True
            return False
        self.count(cost)
        return True

    @property
    def is_worn(self) -> bool:
        """True if the next turn needs another one; the few words that an answer has grown by leave enough."""
        return self.is_short or self.spent > _LITTLE

    def count(self, letters: float) -> None:
        """Count letters that have been laid out in this turn already."""
        self._is_begun = self._is_begun or letters > 0
        self._left -= letters
        self.spent += letters


def _cost_of(leaf: Leaf) -> float:
    """Return about how many letters of prose take as long to lay out as a leaf that has no box yet."""
    match leaf.kind:
        case LeafKind.PARAGRAPH | LeafKind.HEADING if leaf.is_read:
            return leaf.weight + _SPAN * len(leaf.spans)
        case LeafKind.PARAGRAPH | LeafKind.HEADING:
            return leaf.weight + _UNREAD_SIGN * sum(map(leaf.outline.count, _SIGNS))
        case LeafKind.TABLE if leaf.table is not None:
            return float(_CELL * min(_ROWS, len(leaf.table.rows)) * len(leaf.table.aligns))
        case _:
            return float(_CELL)  # code is laid out as it is painted, a formula elsewhere

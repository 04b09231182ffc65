"""Formulas without typesetting: black blocks of known sizes, there from the beginning or when a test says so."""

from __future__ import annotations

from PySide6.QtGui import QPainterPath

from desktop.rendering.formula.outline import Formula
from desktop.rendering.formula.typesetter import Key


def block(width=3.0, ascent=0.8, descent=0.2):
    """A black rectangle; lengths in ems."""
    outlines = QPainterPath()
    outlines.addRect(0.0, -ascent, width, ascent + descent)
    return Formula(outlines, (), width, ascent, descent)


class Formulas:
    """What a page asks. All that is asked for is there, but for what is `withheld` and what is called "broken"."""

    def __init__(self, *, withheld=False, sizes=None):
        self.asked: list[Key] = []
        self.withheld = withheld
        self._sizes = sizes or {}

    def lookup(self, latex, display):
        self.asked.append((latex, display))
        if self.withheld or latex == "broken":
            return None
        return self._sizes.get(latex) or block()

    def is_turned_down(self, latex, display):
        return latex == "broken" and not self.withheld

    def release(self):
        """Have all that was asked for, or turn it down; answers what is said to be ready then."""
        self.withheld = False
        return frozenset(self.asked)

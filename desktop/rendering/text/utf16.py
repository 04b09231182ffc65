"""Offsets in characters, as Python counts them, and in units of UTF-16, as Qt does.

They differ behind every character beyond U+FFFF, most emoji among them.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_WIDE = re.compile("[\U00010000-\U0010ffff]")  # two units each


class Units:
    """Offsets in one text, counted in both ways."""

    __slots__ = ("_units", "_wide")

    def __init__(self, text: str) -> None:
        wide = [] if text.isascii() else [found.start() for found in _WIDE.finditer(text)]
        self._wide = wide
        self._units = [offset + before for before, offset in enumerate(wide)]

    def to_qt(self, offset: int) -> int:
        """Return the unit at which a character begins."""
        return offset + bisect_left(self._wide, offset) if self._wide else offset

    def to_python(self, unit: int) -> int:
        """Return the character to which a unit belongs."""
        return unit - bisect_left(self._units, unit) if self._units else unit

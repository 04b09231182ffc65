"""Letters that nobody sees, made visible, and offsets in characters and in units of UTF-16.

Python counts characters, Qt the units: they differ behind every character beyond U+FFFF, most emoji among them.
"""

from __future__ import annotations

import re
from bisect import bisect_left

_WIDE = re.compile("[\U00010000-\U0010ffff]")  # two units each
# Marks, overrides and isolates of direction, spaces and joiners of no width, soft hyphen, fillers that are painted as
# nothing, and the tag letters in which a hidden sentence can be written. One variation selector chooses the look of an
# emoji; several in a row, or those of the supplement after anything but an ideograph, can only carry a message.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
    "|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    "|(?<![\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
)

# What has letters read in another order than they stand in; in a text of Arabic or Hebrew the marks and isolates may.
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OVERRIDES = re.compile("[\u202d\u202e]")
_FROM_RIGHT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)

# What no font has a picture for, and the line ends at which Qt would stop; a tab stays.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_SIGNS = {"\n": "↵", "\r": "↵", "\u2028": "↵", "\u2029": "↵"}

_STACKED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f]{4}"
)


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


def show_invisible(text: str) -> str:
    """Return the text with each such character replaced by its number: ‹U+202E›."""
    if text.isascii():
        return text
    return _INVISIBLE.sub(lambda found: f"‹U+{ord(found.group()):04X}›", text)


def in_order(text: str) -> str:
    """Return the text without what would have it read in another order than it stands in. One for one."""
    if text.isascii():
        return text
    return (_OVERRIDES if _FROM_RIGHT.search(text) else _STEERING).sub("\u200b", text)


def show_controls(text: str) -> str:
    """Return the text with control characters, such as a terminal's escapes, and foreign line ends as signs.

    One for one: offsets stay.
    """
    return _CONTROL.sub(lambda found: _SIGNS.get(found.group(), "\ufffd"), text)


def has_stacked_marks(text: str) -> bool:
    """Return True if so many combining marks stand over one letter that they reach far out of their line."""
    return not text.isascii() and _STACKED.search(text) is not None

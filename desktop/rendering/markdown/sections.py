"""The places where a long Markdown text may be cut so that each piece reads by itself as it does in the whole.

A conversation opens at its end. With this, the end of an answer of a megabyte is read first, and what stands above it
section by section.
"""

from __future__ import annotations

import re

SHORTEST = 16_000  # characters of a section; what stands at the end of one fills some screens

# A blank line, and after it a line that begins with a letter, a heading or emphasis at the very left: it ends every
# list, quote and table, and goes on with none.
_CUT = re.compile(r"\n[ \t]*\n(?=[^\W\d_]|#{1,6} |\*\*\S)")
# What is read the same nowhere but in the whole: definitions of links and footnotes reach everywhere.
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,1000}\]:", re.MULTILINE)
_FENCE = re.compile(r"^([ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})([^\n]*)", re.MULTILINE)
# A line at the very left ends a list or quote, and with it the code in it; a text with such code is not cut after it.
_AT_LEFT = re.compile(r"\n(?=[^\s>])")
_MATHS = re.compile(r"^[ \t>]*(\$\$|\\\[|\\\])|(\$\$|\\\])[ \t]*$", re.MULTILINE)


def section_starts(text: str) -> list[int]:
    """Return offsets at which sections begin, the first 0; only that where the text is short or can't be cut."""
    if len(text) < 2 * SHORTEST or "\r" in text or "\0" in text:
        return [0]
    if not _CUT.search(text, SHORTEST) or ("]:" in text and _DEFINITION.search(text)):
        return [0]
    if ("$$" in text or "\\[" in text) and _MATHS.search(text):
        return [0]
    closed = _Closed(text)
    starts = [0]
    while True:
        found = _CUT.search(text, starts[-1] + SHORTEST)
        while found is not None and closed.within(found.end()):
            found = _CUT.search(text, max(found.start() + 1, closed.end_around(found.end()) - 2))
        if found is None or found.end() > len(text) - 1:
            return starts
        starts.append(found.end())


class _Closed:
    """Ranges of a text in fenced code, in order; asked from the beginning to the end."""

    def __init__(self, text: str) -> None:
        self._ranges: list[tuple[int, int]] = []
        self._at = 0
        opened: re.Match[str] | None = None
        for fence in _FENCE.finditer(text) if "```" in text or "~~~" in text else ():
            if opened is None:
                if fence[2][0] == "~" or "`" not in fence[3]:
                    opened = fence
            elif _closes(opened, fence):
                if opened[1] and _AT_LEFT.search(text, opened.end(), fence.start() - 1):
                    break
                self._ranges.append((opened.start(), fence.end()))
                opened = None
        if opened is not None:
            self._ranges.append((opened.start(), len(text)))

    def within(self, offset: int) -> bool:
        """Return True if a place is in code."""
        while self._at < len(self._ranges) and self._ranges[self._at][1] < offset:
            self._at += 1
        return self._at < len(self._ranges) and self._ranges[self._at][0] <= offset

    def end_around(self, offset: int) -> int:
        """Return where the code ends in which a place is."""
        return self._ranges[self._at][1] if self.within(offset) else offset


def _closes(opened: re.Match[str], fence: re.Match[str]) -> bool:
    """Return True if a fence ends the code that another one has begun."""
    if fence[2][0] != opened[2][0] or len(fence[2]) < len(opened[2]) or fence[3].strip(" \t"):
        return False
    return bool(opened[1]) or (len(fence[1]) <= 3 and not fence[1].strip(" "))

"""A line of Markdown and how far its markers have been read, in characters and in columns.

Tabs reach to the next multiple of four columns and may be used up in part. What a marker means is not known here.
"""

from __future__ import annotations

import re

CODE_INDENT = 4
"""A line indented by so many columns begins nothing but code."""

_TAB = 4
_SPACE = re.compile(r"[ \t]*")


class LineCursor:
    """Cursor in a line. `next`, `indent` and `is_blank` tell what comes; the methods move."""

    __slots__ = ("_begun_tab", "_column", "_offset", "indent", "is_blank", "next", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._offset = 0
        self._column = 0
        self._begun_tab = False  # the tab at the offset has been used up in part
        self.next = 0  # offset of the next character that is not white space
        self.indent = 0  # columns of white space before it
        self.is_blank = False
        self._measure()

    def _measure(self) -> None:
        """Measure the white space before what is still unread."""
        found = _SPACE.match(self.text, self._offset)
        space = found[0] if found is not None else ""
        self.next = self._offset + len(space)
        self.indent = len(space)
        if "\t" in space:
            begun = self._column % _TAB
            self.indent = len((" " * begun + space).expandtabs(_TAB)) - begun
        self.is_blank = self.next == len(self.text)

    @property
    def peek(self) -> str:
        """The next character that is not white space; an empty string when the rest is blank."""
        return self.text[self.next] if self.next < len(self.text) else ""

    @property
    def content(self) -> str:
        """The unread part, without the white space before it."""
        return self.text[self.next :]

    @property
    def rest(self) -> str:
        """The unread part, with its white space; a tab used up in part leaves spaces."""
        if self._begun_tab:
            return " " * (_TAB - self._column % _TAB) + self.text[self._offset + 1 :]
        return self.text[self._offset :]

    def skip_columns(self, count: int) -> None:
        """Move over so many columns of white space; stops at the line's end or at a letter."""
        while count > 0 and self._offset < self.next:
            width = _TAB - self._column % _TAB if self.text[self._offset] == "\t" else 1
            self._begun_tab = width > count
            moved = min(width, count)
            self._column += moved
            self.indent -= moved
            count -= width
            if not self._begun_tab:
                self._offset += 1

    def skip_to_next(self) -> None:
        """Move over all white space."""
        self._column += self.indent
        self._offset = self.next
        self._begun_tab = False
        self.indent = 0

    def skip_marker(self, length: int) -> None:
        """Move over the white space and so many characters of a marker after it."""
        self._column += self.indent + length
        self._offset = self.next + length
        self._begun_tab = False
        self._measure()

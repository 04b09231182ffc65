"""A growing plain text as leaves: the user's words, a thinking trace. Nothing in it is interpreted.

A step is what stands between blank lines; one that grows too long is cut at the end of a line or a sentence, so that
appending costs the same however long the text is.
"""

from __future__ import annotations

import re

from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.long_text import LONG, cuts
from desktop.rendering.text.shown_text import Position

_STEP_END = re.compile(r"\n[ \t\r]*\n")
_BLANK_LINES = re.compile(r"(?:[ \t\r]*\n)+")


class PlainDocument:
    """Plain text that grows, of the same shape as `MarkdownDocument`, for text that is shown as it is."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._pieces: list[str] = []
        self._tail = ""  # the step that grows
        self._tail_at = 0  # where it begins in the source
        self._settled = 0  # leaves that will not change

    @property
    def source(self) -> str:
        """The text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def text_between(self, start: Position, end: Position) -> str:
        """Return what was written between two positions, with the blank lines between the steps."""
        if not self.leaves:
            return ""
        last = self.leaves[min(end.index, len(self.leaves) - 1)]
        stop = last.source[0] + end.offset if end.index < len(self.leaves) else last.source[1]
        first = self.leaves[start.index].source[0] + start.offset if start.index >= 0 else self.leaves[0].source[0]
        return self.source[first : min(stop, last.source[1])]

    def append(self, text: str) -> int:
        """Add text at the end; return the index of the first leaf that may differ from before."""
        self._pieces.append(text)
        first = self._settled
        self._tail += text
        self._settle_steps()
        del self.leaves[self._settled :]
        if self._tail.strip():
            self.leaves.append(self._leaf(self._tail))
        return first

    def finish(self) -> int:
        """Complete the text, and return what `append` does."""
        return len(self.leaves)

    def _settle_steps(self) -> None:
        """Freeze every step that has ended. What is shown of a step never becomes less."""
        start = 0
        while True:
            if blank := _BLANK_LINES.match(self._tail, start, start + LONG):
                start = blank.end()
            end = self._step_end(start)
            if end < 0:
                break
            step = self._tail[start:end]
            if step.strip():
                del self.leaves[self._settled :]
                self.leaves.append(self._leaf(step, offset=start))
                self._settled += 1
            start = end
        self._tail = self._tail[start:]
        self._tail_at += start

    def _step_end(self, start: int) -> int:
        """Return where the step that begins at `start` ends; -1 while it still grows."""
        found = _STEP_END.search(self._tail, start, start + LONG)
        if found:
            return found.end()
        return next((start + after for _, after in cuts(self._tail[start:])), -1)

    def _leaf(self, text: str, offset: int = 0) -> Leaf:
        shown = text.rstrip(" \t\r\n")
        start = self._tail_at + offset
        return Leaf(LeafKind.PARAGRAPH, shown, source=(start, start + len(shown)))


def plain_leaves(text: str) -> list[Leaf]:
    """Return the leaves of a plain text that is complete."""
    document = PlainDocument()
    document.append(text)
    document.finish()
    return document.leaves

"""A growing plain text as leaves: the user's words, a thinking trace. Nothing in it is interpreted.

A step is what stands between blank lines; one that grows too long is cut at the end of a line or a sentence, so that
appending costs the same however long the text is. So is what stands whole in a file: the part in sight is laid out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from desktop.rendering.text.leaves import Container, Leaf, LeafKind
from desktop.rendering.text.shown_text import Position

LONG = 8_000
_REACH = 600  # characters beyond that, within which a good place for the end of a part is looked for

_CUTS = (
    re.compile(r"(?<=[^\s\\])(?: *\n|(?<=[.!?]) )(?=\S)|(?<=[。！？])(?=\S)"),
    re.compile(r"(?<=[^\s\\]) (?=\S)|(?<=[\u2e80-\U0003ffff])(?=[\u2e80-\U0003ffff])"),
)


def cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where parts of a text end, and where the next one begins: between them stands white space, or nothing."""
    start = 0
    while len(text) - start > LONG + _REACH:
        least = start + LONG
        found = next((found for cut in _CUTS if (found := cut.search(text, least, least + _REACH))), None)
        end, start = found.span() if found is not None else (least, least)
        yield end, start


def without_markers(containers: tuple[Container, ...]) -> tuple[Container, ...]:
    """Return the containers of a part that is not the first: the markers of items stand at the first alone."""
    return tuple(replace(container, marker="") for container in containers)


def split_long(leaf: Leaf) -> list[Leaf]:
    """Return a leaf of plain text, or its parts; where these end in the source is not known."""
    source = leaf.source[0], leaf.source[0]
    parts: list[Leaf] = []
    start, joint = 0, None
    for end, after in cuts(leaf.text):
        parts.append(replace(leaf, text=leaf.text[start:end], source=source, joint=joint))
        start, joint = after, leaf.text[end:after]
    return [*parts, replace(leaf, text=leaf.text[start:], source=source, joint=joint)] if parts else [leaf]


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

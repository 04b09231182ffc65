"""A growing plain text as leaves: a person's words, a thinking trace. Nothing in it is interpreted.

A step is what stands between blank lines; one that grows too long is cut at the end of a line or a sentence, so that
appending costs the same however long the text is.
"""

from __future__ import annotations

import re

from desktop.rendering.leaves import Leaf, LeafKind

_STEP_END = re.compile(r"\n[ \t]*\n\s*")
_LONGEST_STEP = 2000
_CUT = re.compile(r"\n|(?<=[.!?]) |(?<=[。！？])")


class PlainDocument:
    """See `MarkdownDocument`; the same shape, for text that is shown as it is."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._pieces: list[str] = []
        self._tail = ""  # the step that grows
        self._tail_at = 0  # where it begins in the source
        self._settled = 0  # leaves that will not change

    @property
    def source(self) -> str:
        """All text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def append(self, text: str) -> int:
        """Add text at the end; answers the index of the first leaf that may differ from before."""
        self._pieces.append(text)
        first = self._settled
        self._tail += text
        self._settle_steps()
        del self.leaves[self._settled :]
        if self._tail.strip():
            self.leaves.append(self._leaf(self._tail, settled=len(self._tail)))
        return first

    def finish(self) -> int:
        """No more text will come; answers as `append` does."""
        return len(self.leaves)

    def _settle_steps(self) -> None:
        """Freeze every step that has ended."""
        start = 0
        while True:
            end, resume = self._step_end(start)
            if end < 0:
                break
            step = self._tail[start:end]
            if step.strip():
                del self.leaves[self._settled :]
                self.leaves.append(self._leaf(step, offset=start))
                self._settled += 1
            start = resume
        self._tail = self._tail[start:]
        self._tail_at += start

    def _step_end(self, start: int) -> tuple[int, int]:
        """Where the step that begins at `start` ends, and where the next begins; (-1, -1) while it still grows."""
        window = self._tail[start : start + 2 * _LONGEST_STEP]
        found = _STEP_END.search(window)
        if found and found.end() < len(window):  # more blank lines may still belong to this gap
            return start + found.start(), start + found.end()
        if len(window) < 2 * _LONGEST_STEP:
            return -1, -1
        cuts = [cut.end() for cut in _CUT.finditer(window, _LONGEST_STEP // 2)]
        at = start + (cuts[-1] if cuts else _LONGEST_STEP)
        return at, at

    def _leaf(self, text: str, offset: int = 0, settled: int = 0) -> Leaf:
        shown = text.rstrip("\n")
        start = self._tail_at + offset
        return Leaf(LeafKind.PARAGRAPH, shown, source=(start, start + len(text)), settled=min(settled, len(shown)))

"""A Markdown text that grows while it is written, as leaves of which only the last ones change."""

from __future__ import annotations

from desktop.rendering.leaves import Leaf
from desktop.rendering.markdown_leaves import normalize, parse


class MarkdownDocument:
    """`leaves` is a live list: those before the index that `append` returns are the very same objects as before."""

    def __init__(self, text: str = "") -> None:
        self.leaves: list[Leaf] = []
        self._source = ""
        if text:
            self.append(text)

    @property
    def source(self) -> str:
        """The Markdown so far, as the leaves count it."""
        return self._source

    def append(self, text: str) -> int:
        """Take more text; returns the index of the first leaf that may differ from before."""
        self._source = normalize(self._source + text)
        return self._replace(parse(self._source))

    def finish(self) -> int:
        """The text is complete; returns the index of the first leaf that may differ from before."""
        return self._replace(parse(self._source))

    def _replace(self, fresh: list[Leaf]) -> int:
        same = 0
        while same < min(len(fresh), len(self.leaves)) and fresh[same] == self.leaves[same]:
            same += 1
        self.leaves[same:] = fresh[same:]
        return same

"""The search in the text of a file: counted a little at a time, so that nothing waits for it."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.text.find import occurrences
from desktop.rendering.text.leaves import Leaf, LeafKind
from desktop.rendering.text.shown_text import leaf_text

_SLICE_SECONDS = 0.006

Occurrence = tuple[int, int, int]
"""The index of a leaf, start and end in its text."""


class TextFind(QObject):
    """The places where a query stands in the leaves of a text, and the one that is walked to."""

    changed = Signal()  # more have been found, or the search stands at another

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[Occurrence] = []
        self._at = -1
        self._job: Iterator[None] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._work_on)

    @property
    def count(self) -> int:
        return len(self._found)

    @property
    def position(self) -> int:
        """Which place the search stands at, from 1; 0 for none."""
        return self._at + 1

    @property
    def current(self) -> Occurrence | None:
        return self._found[self._at] if 0 <= self._at < len(self._found) else None

    @property
    def is_done(self) -> bool:
        """True if all of the text has been searched."""
        return self._job is None

    def search(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> None:
        """Begin anew. The search stands at the first place at or after a leaf, as soon as there is one."""
        self._found, self._at = [], -1
        self._job = self._searched(leaves, query, from_leaf) if query.strip() else None
        if self._job is None:
            self._timer.stop()
        else:
            self._timer.start()
        self.changed.emit()

    def step(self, by: int) -> None:
        """Walk to another place, past the last to the first."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self.changed.emit()

    def _searched(self, leaves: Sequence[Leaf], query: str, from_leaf: int) -> Iterator[None]:
        for index, leaf in enumerate(leaves):
            if leaf.kind is not LeafKind.FOLD:
                self._found += [(index, start, end) for start, end in occurrences(leaf_text(leaf), query)]
            if self._at < 0 and self._found and self._found[-1][0] >= from_leaf:
                self._at = bisect_left(self._found, (from_leaf, 0, 0))
            yield
        if self._at < 0 and self._found:
            self._at = 0

    def _work_on(self) -> None:
        until = time.monotonic() + _SLICE_SECONDS
        while self._job is not None and time.monotonic() < until:
            if next(self._job, self) is self:
                self._job = None
        if self._job is None:
            self._timer.stop()
        self.changed.emit()

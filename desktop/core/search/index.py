"""The seam between the program and its index of everything that was said; implemented in `store/search`."""

from __future__ import annotations

from typing import Protocol

from desktop.core.search.hits import Choices, SearchBatch
from desktop.core.search.query import SearchQuery


class SearchWalk(Protocol):
    """One search, which goes on where its last step ended."""

    def step(self, most: int) -> SearchBatch:
        """Return further hits, about `most` of them, after some hundredths of a second at the latest.

        Raises `StoreError`.
        """
        ...


class SearchIndex(Protocol):
    """Index of all conversations. Its methods block on the disk, but not on the store's thread."""

    def walk(self, query: SearchQuery) -> SearchWalk:
        """Return a new search; nothing is read yet."""
        ...

    def fill(self) -> float:
        """Take up some of what is not in the index yet; return the share that is, 1.0 where nothing is left.

        Raises `StoreError` where the disk takes nothing; searching goes on all the same.
        """
        ...

    def choices(self) -> Choices:
        """Return by what a search can be narrowed down. Raises `StoreError`."""
        ...

    def interrupt(self) -> None:
        """Have a step that runs on another thread end at once, with what it has."""
        ...

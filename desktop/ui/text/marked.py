"""The underlined words of one text: which of them is under a point, which one is open, where each stands."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.rendering.page.placed_marks import PlacedMarks
from desktop.rendering.page.stack import Page
from desktop.rendering.text.shown_text import Position


class MarkedWords:
    """The marks on a page that were set by their places; each has a name, a number."""

    def __init__(self, page: Page, surface: QWidget) -> None:
        self._page = page
        self._surface = surface

    @property
    def names(self) -> list[int]:
        """The names of all of them, in the order in which they stand."""
        placed = self._page.marks.placed
        return [mark.name for mark in placed.all] if placed is not None else []

    @property
    def open_name(self) -> int | None:
        """The name of the one that is being looked at."""
        return self._page.marks.open_name

    def show_marks(self, placed: PlacedMarks | None) -> None:
        """Underline these, or none."""
        self._page.marks.set_placed(placed)
        self._surface.update()

    def open_mark(self, name: int | None) -> None:
        """Show one of them as being looked at, or none."""
        if name != self._page.marks.open_name:
            self._page.marks.open_name = name
            self._surface.update()

    def at(self, letter: Position | None) -> int | None:
        """Return the name of the mark at a letter."""
        mark = self._page.marks.placed_at(letter) if letter is not None else None
        return mark.name if mark is not None else None

    def top_of(self, name: int) -> float | None:
        """Return the top of the line in which a mark begins, in pixels of the page.

        None while that part of the text has not been read.
        """
        found = self._page.marks.leaf_of_placed(name)
        return self._page.top_of_text(*found) if found is not None else None

"""What stands out in one text: marked words, and the link or the Copy of a block that the keyboard is at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.rendering.page.marks import Finder
from desktop.rendering.page.placed_marks import PlacedMarks
from desktop.rendering.page.stack import Page
from desktop.rendering.text.shown_text import Position
from desktop.rendering.text.targets import Target, next_target, target_before


class MarkedWords:
    """The marks on a page. Those that were set by their places have a name each, a number."""

    def __init__(self, page: Page, surface: QWidget) -> None:
        self._page = page
        self._surface = surface

    def set_finder(self, finder: Finder | None) -> None:
        """Highlight what is searched for; None ends that."""
        self._page.marks.set_finder(finder)
        self._surface.update()

    def occurrence(self, at: int, which: int) -> tuple[int, int, int] | None:
        """Return one match of the search, as leaf, start and end, or None; see `PageMarks.occurrence`."""
        return self._page.marks.occurrence(at, which)

    def set_current(self, occurrence: tuple[int, int, int] | None) -> None:
        """Highlight one occurrence more strongly."""
        self._page.marks.set_current(occurrence)
        self._surface.update()

    def set_differing(self, finder: Finder | None) -> None:
        """Highlight where another answer differs; None removes the highlight."""
        self._page.marks.set_differing(finder)
        self._surface.update()

    def differing_at(self, position: Position) -> str:
        """Return the highlighted words at a position, where another answer differs; empty where there are none."""
        return self._page.marks.differing_at(position)

    def set_passage(self, leaves: range) -> None:
        """Have these leaves stand out as a whole, with a rule beside them; none for an empty range."""
        self._page.marks.passage = leaves
        self._surface.update()

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

    def hover(self, letter: Position | None) -> bool:
        """Underline the mark under the pointer, which may be one that is not otherwise. Return True if there is one."""
        name = self.at(letter)
        if name != self._page.marks.hovered_name:
            self._page.marks.hovered_name = name
            self._surface.update()
        return name is not None

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


class TextTargets(QObject):
    """The focusable targets on the leaves of a page, as they are at the moment."""

    moved = Signal()  # to another target, or to none

    def __init__(self, page: Page, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page

    @property
    def current(self) -> Target | None:
        """The target with the keyboard focus; None if it is elsewhere."""
        return self._page.marks.target

    @property
    def has_any(self) -> bool:
        """True if there is something to press."""
        return next_target(self._page.leaves) is not None

    def enter(self, reason: Qt.FocusReason) -> None:
        """Focus the first target, the last, or the one before, by where the focus came from."""
        match reason:
            case Qt.FocusReason.TabFocusReason:
                self._go_to(next_target(self._page.leaves))
            case Qt.FocusReason.BacktabFocusReason:
                self._go_to(target_before(self._page.leaves))
            case _:
                self._go_to(self.current or next_target(self._page.leaves))

    def step(self, *, forward: bool) -> bool:
        """Go to the next target. Return False if there is none, and the focus is to leave the text."""
        if self.current is None:
            return False
        walk = next_target if forward else target_before
        found = walk(self._page.leaves, self.current)
        if found is not None:
            self._go_to(found)
        return found is not None

    def leave(self) -> None:
        """Forget the target: the focus has gone elsewhere."""
        self._go_to(None)

    def _go_to(self, target: Target | None) -> None:
        if target != self.current:
            self._page.marks.target = target
            self.moved.emit()

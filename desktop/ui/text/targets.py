"""The keyboard within one text: from link to link and to the Copy of each code block, and pressing them.

What a press comes to is the text's; here stands only where the keyboard is.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from desktop.rendering.page.stack import Page
from desktop.rendering.page.targets import Target, first_target, last_target, next_target, target_before


class TextTargets(QObject):
    """Walks the leaves of a page, as they are from time to time."""

    moved = Signal()  # to another target, or to none

    def __init__(self, page: Page, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page

    @property
    def current(self) -> Target | None:
        """Where the keyboard is; None while it is elsewhere."""
        return self._page.marks.target

    @property
    def has_any(self) -> bool:
        """Whether there is something to press."""
        return first_target(self._page.leaves) is not None

    def enter(self, reason: Qt.FocusReason) -> None:
        """The keyboard has come to the text: from above, from below, or back to where it was."""
        match reason:
            case Qt.FocusReason.TabFocusReason:
                self._go_to(first_target(self._page.leaves))
            case Qt.FocusReason.BacktabFocusReason:
                self._go_to(last_target(self._page.leaves))
            case _:
                self._go_to(self.current or first_target(self._page.leaves))

    def step(self, *, forward: bool) -> bool:
        """Go to the next target; False when there is none, and the keyboard shall go on to what stands beyond."""
        if self.current is None:
            return False
        walk = next_target if forward else target_before
        found = walk(self._page.leaves, self.current)
        if found is not None:
            self._go_to(found)
        return found is not None

    def leave(self) -> None:
        """The keyboard has gone elsewhere."""
        self._go_to(None)

    def _go_to(self, target: Target | None) -> None:
        if target != self.current:
            self._page.marks.target = target
            self.moved.emit()

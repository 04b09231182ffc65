"""The keyboard within one text: from link to link and to the Copy of each code block, and pressing them.

The effect of a press is the text's; here is only the keyboard's position.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal

from desktop.rendering.page.stack import Page
from desktop.rendering.text.targets import Target, first_target, last_target, next_target, target_before


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
        return first_target(self._page.leaves) is not None

    def enter(self, reason: Qt.FocusReason) -> None:
        """Focus the first target, the last, or the one before, by where the focus came from."""
        match reason:
            case Qt.FocusReason.TabFocusReason:
                self._go_to(first_target(self._page.leaves))
            case Qt.FocusReason.BacktabFocusReason:
                self._go_to(last_target(self._page.leaves))
            case _:
                self._go_to(self.current or first_target(self._page.leaves))

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

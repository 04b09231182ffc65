"""All that was looked up in an answer, as a list that a button over the pane opens: each thing, and what is said of it.

What is amiss stands first. A screen reader goes through it as through any menu.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.evidence.checked import NO_EVIDENCE, Evidence, Verdict
from desktop.ui.evidence.words import thing_words
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.words import fill, number, plain_action, shown_name

_MOST: Final = 100  # of the things that are amiss, and of the others: a longer list is gone through by F8
_LONGEST: Final = 90  # letters of a line


class FindingsButton(MenuButton):
    """A button that says which of the things is shown, and opens the list of them."""

    chosen = Signal(int)  # the index of a thing

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._evidence = NO_EVIDENCE
        self._menu: QMenu | None = None
        self.clicked.connect(self._open)

    def show_thing(self, evidence: Evidence, thing: int) -> None:
        """Show which of the things of an answer is in the pane."""
        self._evidence = evidence
        told = _told(evidence)
        at = told.index(thing) + 1 if thing in told else 0
        words = fill(self.tr("%1 of %2"), number(at), number(len(told)))
        self.show_words(words, fill(self.tr("All that was looked up: %1"), words))
        self.setVisible(len(told) > 1)

    def _open(self) -> None:
        if self._menu is not None:
            self._menu.deleteLater()
        menu = self._menu = QMenu(self)
        told = _told(self._evidence)
        amiss = [each for each in told if self._evidence.checked[each].verdict.is_amiss]
        others = [each for each in told if not self._evidence.checked[each].verdict.is_amiss]
        for things in (amiss[:_MOST], others[:_MOST]):
            for thing in things:
                action = menu.addAction(plain_action(self._line(thing)))
                action.triggered.connect(lambda _=False, at=thing: self.chosen.emit(at))
            menu.addSeparator()
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _line(self, thing: int) -> str:
        """Return what is said of a thing, in one line."""
        words = shown_name(" ".join(thing_words(self._evidence, thing).split()))
        return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"


def _told(evidence: Evidence) -> list[int]:
    return [at for at, each in enumerate(evidence.checked) if each.verdict is not Verdict.UNCHECKED]

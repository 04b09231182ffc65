"""The user's recipes on the start page: a row of them, the pinned ones first, and the way to all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP
from desktop.ui.widgets.buttons import LabelledButton, button
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import FlowLayout, drop, stack
from desktop.ui.words import fill, plain_action, short

if TYPE_CHECKING:
    from desktop.core.recipes.folder import ShelvedRecipe

MOST_SHOWN: Final = 3
_LONGEST: Final = 24  # characters of a name


class StartRecipes(QWidget):
    """The row, hidden while there are no recipes. `use` is called with the key of the one that is pressed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[ShelvedRecipe] = []
        self._buttons: list[QPushButton] = []
        self.use: Callable[[str], None] = lambda _: None
        self._all = button(self.tr("All recipes"), "link")
        self.all_requested: SignalInstance = self._all.clicked
        row = QWidget()
        self._row = FlowLayout(row)
        self._row.addWidget(self._all)
        stack(PlainLabel(self.tr("Your recipes"), "strong small"), row, margins=(0, GAP, 0, 0), on=self)
        self.hide()

    def show_recipes(self, entries: Sequence[ShelvedRecipe]) -> None:
        """Show the first of these."""
        shown = list(entries[:MOST_SHOWN])
        if shown != self._shown:
            self._shown = shown
            for button in (*self._buttons, self._all):
                self._row.removeWidget(button)
            drop(*self._buttons)
            self._buttons = [self._made(each) for each in shown]
            for button in (*self._buttons, self._all):
                self._row.addWidget(button)
        self.setVisible(bool(shown))

    def _made(self, entry: ShelvedRecipe) -> QPushButton:
        name = " ".join(entry.recipe.name.split())
        cut = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        button = LabelledButton(self._theme, "recipe", plain_action(short(cut)), "filter")
        button.setAccessibleName(fill(self.tr("Use the recipe “%1”"), name))
        set_tooltip(button, name if cut != name else "")
        button.clicked.connect(partial(self._use, entry.key))
        return button

    def _use(self, key: str, _: bool = False) -> None:
        self.use(key)

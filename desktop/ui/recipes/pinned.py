"""The recipes that the user has pinned, in the sidebar: a press asks for the blanks of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import empty, stack
from desktop.ui.words import fill, plain_action

if TYPE_CHECKING:
    from desktop.core.recipes.recipe import ShelvedRecipe

MOST_SHOWN: Final = 6  # more would leave no room to the conversations in a low window


class PinnedRecipes(QWidget):
    """A column of buttons, hidden while nothing is pinned."""

    chosen = Signal(str)  # the key of the recipe
    all_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[ShelvedRecipe] = []
        heading = PlainLabel(self.tr("Recipes"), "tiny")
        heading.setContentsMargins(GAP, GAP_TIGHT, 0, GAP_TIGHT)
        self._all = LabelledButton(theme, "more", self.tr("All recipes"), "quiet", do=self.all_requested.emit)
        self._buttons = stack(gap=0)
        stack(heading, self._buttons, self._all, gap=0, on=self)
        self.setAccessibleName(heading.text())
        self.hide()

    def show_recipes(self, entries: Sequence[ShelvedRecipe]) -> None:
        """Show these as pinned, in this order."""
        shown = list(entries[:MOST_SHOWN])
        self._all.setVisible(len(entries) > len(shown))
        if shown != self._shown:
            self._shown = shown
            empty(self._buttons)
            for entry in shown:
                self._buttons.addWidget(self._button(entry))
        self.setVisible(bool(shown))

    def _button(self, entry: ShelvedRecipe) -> LabelledButton:
        name = " ".join(entry.recipe.name.split())
        made = LabelledButton(
            self._theme, "recipe", plain_action(name), "quiet", do=partial(self.chosen.emit, entry.key)
        )
        made.cut = Qt.TextElideMode.ElideMiddle
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # as wide as the sidebar
        set_tooltip(made, name)
        made.setAccessibleName(fill(self.tr("Use the recipe “%1”"), name))
        return made

"""The button that shows by which framework a prompt is built, and opens the list of all of them.

On it stand the pinned recipes, then the tasks of the office, then the frameworks for anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.prompts.prompt import Language, PromptFramework
from desktop.core.recipes.folder import ShelvedRecipe
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.frameworks.list import FrameworkList, rows_of
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.words import fill

_WIDEST_EM = 24


class FrameworkChooser(MenuButton):
    """A button with a list; it emits what was picked."""

    def __init__(
        self,
        theme: Theme,
        frameworks: Sequence[PromptFramework],
        language: Language,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, _WIDEST_EM, self.tr("Choose how the prompt is built"), parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_look(self, "chooser")
        self._frameworks = frameworks
        self._language = language
        self._pinned: Sequence[ShelvedRecipe] = ()
        self._key = ""
        self.list = FrameworkList(theme, self)
        self.framework_chosen: SignalInstance = self.list.framework_chosen  # its key, here and below
        self.recipe_chosen: SignalInstance = self.list.recipe_chosen
        self.recipes_requested: SignalInstance = self.list.recipes_requested
        self.clicked.connect(self._open)

    def show_recipes(self, pinned: Sequence[ShelvedRecipe]) -> None:
        """Offer these recipes, too, on top."""
        self._pinned = pinned

    def show_framework(self, key: str) -> None:
        """Show the framework in force."""
        self._key = key
        name = next(each for each in self._frameworks if each.key == key).name.of(self._language)
        self.show_words(name, fill(self.tr("Framework: %1"), name))

    def _open(self) -> None:
        words = (self.tr("Your recipes"), self.tr("For the office"), self.tr("For anything"), self.tr("Recipes…"))
        self.list.show_rows(rows_of(self._frameworks, self._pinned, self._language, words), self._key)
        self.list.open_below(self)

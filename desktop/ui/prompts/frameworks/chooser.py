"""The button that shows by which framework a prompt is built, and opens the list of all of them.

On it stand the pinned recipes, then the tasks of the office, then the frameworks for anything.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.prompts.prompt import Language, PromptFramework
from desktop.core.recipes.folder import ShelvedRecipe
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.widgets.picker import Picker
from desktop.ui.widgets.rows import Row
from desktop.ui.words import fill

_WIDEST_EM = 24
_WIDE_PX = 380
_ALL_RECIPES = "all recipes"


class FrameworkChooser(MenuButton):
    """A button with a list; it emits what was picked."""

    framework_chosen = Signal(str)  # its key
    recipe_chosen = Signal(str)  # its key
    recipes_requested = Signal()

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
        self.frameworks = frameworks
        self.language = language
        self.pinned: Sequence[ShelvedRecipe] = ()
        self.key = ""
        self.list = _FrameworkPicker(theme, self)
        self.list.chosen.connect(self._on_chosen)
        self.clicked.connect(lambda: self.list.open_below(self))

    def show_recipes(self, pinned: Sequence[ShelvedRecipe]) -> None:
        """Offer these recipes, too, on top."""
        self.pinned = pinned

    def show_framework(self, key: str) -> None:
        """Show the framework in force."""
        self.key = key
        name = next(each for each in self.frameworks if each.key == key).name.of(self.language)
        self.show_words(name, fill(self.tr("Framework: %1"), name))

    def _on_chosen(self, key: str) -> None:
        if key == _ALL_RECIPES:
            self.recipes_requested.emit()
        elif any(each.key == key for each in self.frameworks):
            self.framework_chosen.emit(key)
        else:
            self.recipe_chosen.emit(key)


class _FrameworkPicker(Picker):
    """What each is for stands below its name."""

    def __init__(self, theme: Theme, chooser: FrameworkChooser) -> None:
        find, nothing = self.tr("Find a task or a recipe"), self.tr("Nothing of the list is like that.")
        super().__init__(theme, self.tr("Frameworks"), find, nothing, _WIDE_PX, chooser)
        self._chooser = chooser

    def rows_now(self) -> Sequence[Row]:
        chooser = self._chooser
        pinned = [Row(each.key, each.recipe.name, each.recipe.about) for each in chooser.pinned]
        office, others = (
            [self._row(each) for each in chooser.frameworks if each.is_ready_made is is_ready]
            for is_ready in (True, False)
        )
        rows: list[Row] = []
        headings = (self.tr("Your recipes"), self.tr("For the office"), self.tr("For anything"))
        for heading, group in zip(headings, (pinned, office, others), strict=True):
            rows += [Row(heading, heading, is_heading=True), *group] if group else []
        return [*rows, Row(_ALL_RECIPES, self.tr("Recipes…"))]

    def first_key(self) -> Hashable:
        return self._chooser.key

    def open_below(self, widget: QWidget) -> None:
        super().open_below(widget)
        self.list.scrollToTop()  # what most people want stands above what is in force

    def _row(self, framework: PromptFramework) -> Row:
        language = self._chooser.language
        icon = "check" if framework.key == self._chooser.key else ""
        return Row(framework.key, framework.name.of(language), framework.about.of(language), icon=icon)

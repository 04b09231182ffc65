"""The button that shows by which framework a prompt is built.

Its menu has the pinned recipes, then the frameworks for anything, then the ready ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal, SignalInstance
from PySide6.QtGui import QAction, QActionGroup, QIcon
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop.core.prompts.prompt import Language, PromptFramework
from desktop.core.recipes.folder import ShelvedRecipe
from desktop.ui.look.icons import icon
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.widgets.named_entry import name_entry
from desktop.ui.words import fill, plain_action

_WIDEST_EM = 24


class FrameworkChooser(MenuButton):
    """A button with a menu; it emits what was picked."""

    framework_chosen = Signal(str)  # its key
    recipe_chosen = Signal(str)  # its key

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
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.setAccessibleName(self.tr("Frameworks"))
        self._names = {each.key: each.name.of(language) for each in frameworks}
        self._actions: dict[str, QAction] = {}
        choices = QActionGroup(self)
        ordered = sorted(frameworks, key=lambda each: each.is_ready_made)
        for at, framework in enumerate(ordered):
            if at and framework.is_ready_made is not ordered[at - 1].is_ready_made:
                self._menu.addSeparator()
            action = self._menu.addAction(plain_action(self._names[framework.key]))
            action.setToolTip(framework.about.of(language))
            action.setCheckable(True)
            choices.addAction(action)
            action.triggered.connect(lambda _, key=framework.key: self.framework_chosen.emit(key))
            self._actions[framework.key] = action
        self._recipes: list[QAction] = []  # and the line below them
        self._menu.addSeparator()
        self.recipes_requested: SignalInstance = self._menu.addAction(self.tr("Recipes…")).triggered
        self.clicked.connect(self._open)  # Qt sets the words of a button with a menu of its own at its very edge

    def show_recipes(self, pinned: Sequence[ShelvedRecipe]) -> None:
        """Offer these recipes, too, on top."""
        for each in self._recipes:
            self._menu.removeAction(each)
        first = self._menu.actions()[0]
        self._recipes = [QAction(self._menu) for _ in pinned]
        for action, entry in zip(self._recipes, pinned, strict=True):
            name_entry(action, self._theme, entry.recipe.name, about=entry.recipe.about)
            action.triggered.connect(lambda _, key=entry.key: self.recipe_chosen.emit(key))
            self._menu.insertAction(first, action)
        if pinned:
            self._recipes.append(self._menu.insertSeparator(first))

    def _open(self) -> None:
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def show_framework(self, key: str) -> None:
        """Show the framework in force."""
        name = self._names[key]
        for each, action in self._actions.items():
            action.setChecked(each == key)
            edge = self._theme.icon_px
            action.setIcon(icon("check", self._theme.tokens.accent, edge) if each == key else QIcon())
        self.show_words(name, fill(self.tr("Framework: %1"), name))

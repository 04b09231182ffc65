"""How recipes are passed on: as a file, as a link, or in a folder that a company shares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.core.preferences import Preferences
from desktop.core.recipes.folder import ShelvedRecipe, exported_name
from desktop.core.recipes.link import link_to
from desktop.runtime.background import gui_task
from desktop.runtime.recipes import RecipeShelf
from desktop.ui import words
from desktop.ui.inputs.picked_folder import users_documents


class Say(Protocol):
    """Way to say on the page of recipes what came of something."""

    def __call__(self, said: str, *, is_trouble: bool = False) -> None: ...


class RecipeSharing(QObject):
    """A presenter of what leads out of the user's own recipes; its dialogs stand over `page`."""

    def __init__(
        self,
        shelf: RecipeShelf,
        preferences: Preferences,
        page: QWidget,
        say: Say,
        say_failure: Callable[[Exception], None],
    ) -> None:
        super().__init__(page)
        self._shelf = shelf
        self._preferences = preferences
        self._page = page
        self._say = say
        self._say_failure = say_failure

    @gui_task
    async def export(self, entry: ShelvedRecipe) -> None:
        """Ask where a recipe is to be written, and write it there."""
        names = self.tr("Recipes (*.candor.toml *.toml)")
        begin = str(users_documents() / exported_name(entry))
        path, _ = QFileDialog.getSaveFileName(self._page, self.tr("Export the recipe"), begin, names)
        if not path:
            return
        try:
            await self._shelf.export(entry, Path(path))
        except Exception as error:
            self._say_failure(error)
        else:
            self._say(words.fill(self.tr("Exported to %1"), words.shown_name(Path(path).name)))

    def copy_link(self, entry: ShelvedRecipe) -> None:
        """Copy a link to a recipe, and say for whom it opens it."""
        QGuiApplication.clipboard().setText(link_to(entry.recipe.name))
        if entry.is_shared:
            said = self.tr("The link is copied. It opens this recipe for all who use the folder of your company.")
        else:
            said = self.tr(
                "The link is copied. It opens this recipe for all who have one of this name: "
                "give them the exported file as well, or put that into the folder of your company."
            )
        self._say(said)

    def ask_for_folder(self) -> None:
        """Ask which folder has the recipes of the user's company, and watch it from now on."""
        title = self.tr("A folder of your company's recipes")
        folders = self._shelf.folders
        # A dialog that begins in a folder that does not answer would hold up the window.
        start = self._shelf.shared_path if len(folders) > 1 and folders[1].is_current else str(users_documents())
        path = QFileDialog.getExistingDirectory(self._page, title, start)
        if path and Path(path) == self._shelf.own_path:
            self._say(self.tr("That is the folder of your own recipes."), is_trouble=True)
        elif path:
            self.use_folder(path)

    def use_folder(self, path: str) -> None:
        """Watch a folder of shared recipes; "": none."""
        self._shelf.share(path)
        self._preferences.change(recipes_folder=path)

"""All recipes that can be used: the user's own, and those of a shared folder. What is there, and what is broken.

Nothing here waits for a disk: results come by a callback on the GUI thread, or never if the disk never answers. Which
recipes are visible, and in what words, is the window's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.core.recipes.folder import RecipeFolder, ShelvedRecipe, free_name, named
from desktop.runtime.background import BackgroundTasks, DaemonExecutor
from desktop.runtime.recipes.watched_folder import WatchedFolder

if TYPE_CHECKING:
    from desktop.core.recipes.recipe import Recipe

OpenFolder = Callable[[Path, bool], RecipeFolder]  # a path, and whether others keep what lies there
_Done = Callable[[Any], None]
_Failed = Callable[[Exception], None]
_Sought = Callable[[ShelvedRecipe | None], None]


class RecipeShelf(QObject):
    """The recipes of both folders. Empty until `start_watching`, which a start of the program need not wait for."""

    changed = Signal()  # recipes, what is broken, or how a folder stands

    def __init__(
        self, work: BackgroundTasks, own_path: Path, open_folder: OpenFolder, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._own_path = own_path
        self._open_folder = open_folder
        self._shared_path = ""
        self.fixed_by = ""  # who has fixed the shared folder, in words
        self._own: WatchedFolder | None = None
        self._shared: WatchedFolder | None = None

    @property
    def has_begun(self) -> bool:
        return self._own is not None

    @property
    def own_path(self) -> Path:
        return self._own_path

    @property
    def shared_path(self) -> str:
        """The shared folder; empty if there is none."""
        return self._shared_path

    @property
    def folders(self) -> list[WatchedFolder]:
        """The folders, the user's own first."""
        return [each for each in (self._own, self._shared) if each is not None]

    @property
    def recipes(self) -> list[ShelvedRecipe]:
        """All recipes, sorted by name."""
        found = [each for folder in self.folders for each in folder.content.recipes]
        return sorted(found, key=lambda each: (each.recipe.name.casefold(), each.is_shared, each.file.name))

    def find(self, key: str) -> ShelvedRecipe | None:
        return next((each for folder in self.folders for each in folder.content.recipes if each.key == key), None)

    @property
    def is_all_read(self) -> bool:
        """True if all that lies in the folders is known."""
        return all(each.is_current and not each.content.problems for each in self.folders)

    def seek(self, name: str, done: _Sought) -> None:
        """Look for a recipe by its name, first among the user's own, then in the shared folder.

        `done` is called with it, or with None if there is none, or the folder has not answered in time.
        """
        own = self._own_folder()
        if (found := named(name, own.content.recipes)) is not None:
            done(found)
        else:
            own.settle(lambda: self._seek_on(name, done))

    def _seek_on(self, name: str, done: _Sought) -> None:
        """Go on with the shared folder, now that the user's own are known: these never wait for another computer."""
        found = self._named(name)
        if found is not None or self._shared is None:
            done(found)
        else:
            self._shared.settle(lambda: done(self._named(name)))

    def _named(self, name: str) -> ShelvedRecipe | None:
        found = (named(name, folder.content.recipes) for folder in self.folders)
        return next((each for each in found if each is not None), None)

    def start_watching(self) -> None:
        """Read the folders and watch them, from the first call on."""
        if self._own is None:
            self._own = self._watch(self._own_path, is_shared=False)
            self._watch_shared()

    def look_again(self) -> None:
        """Read what is watched soon: the user may have been elsewhere, and changed it there."""
        for folder in self.folders:
            folder.look_again()

    def fix_shared(self, path: str, by_whom: str) -> None:
        """Use the recipes of this folder, and of no other that is asked for. `by_whom`: who wants that."""
        self.share(path)
        self.fixed_by = by_whom

    def release_shared(self) -> None:
        """Let another folder be asked for again."""
        self.fixed_by = ""

    def share(self, path: str) -> None:
        """Use the recipes of this folder too, in place of the shared one before; empty for none."""
        if path == self._shared_path or self.fixed_by:
            return
        self._shared_path = path
        if self._shared is not None:
            self._shared.end()
            self._shared.deleteLater()
            self._shared = None
        if self.has_begun:
            self._watch_shared()
            self.changed.emit()

    def free_name(self, name: str) -> str:
        """Return `name`, with a number behind it if one of the user's own has it."""
        return free_name(name, (each.recipe.name for each in self._own_folder().content.recipes))

    def add_recipe(self, recipe: Recipe, done: _Done, failed: _Failed) -> None:
        """Add a recipe to the user's own, under a free name; `done` is called with the `ShelvedRecipe`."""
        own = self._own_folder()
        named = replace(recipe, name=self.free_name(recipe.name))
        own.change_folder(lambda: own.folder.add_recipe(named), done, failed)

    def save(
        self, entry: ShelvedRecipe, recipe: Recipe, done: _Done, failed: _Failed, *, overwriting: bool = False
    ) -> None:
        """Replace the user's own `entry` by `recipe`; `failed` may be called with `RecipeChanged`."""
        own = self._own_folder()
        own.change_folder(lambda: own.folder.save(entry, recipe, overwriting=overwriting), done, failed)

    def delete(self, entry: ShelvedRecipe, done: _Done, failed: _Failed) -> None:
        """Delete one of the user's own; `done` is called with what `restore` brings back."""
        own = self._own_folder()
        own.change_folder(lambda: own.folder.delete(entry), done, failed)

    def restore(self, deleted: Path, done: _Done, failed: _Failed) -> None:
        own = self._own_folder()
        own.change_folder(lambda: own.folder.restore(deleted), done, failed)

    def look_at(self, file: Path, done: _Done, failed: _Failed) -> None:
        """Read a recipe from any place; `done` is called with it when the user's own are known.

        `failed` may be called with a `FileProblem`.
        """
        own = self._own_folder()
        self._run_aside(
            lambda: own.folder.read_file(file), lambda recipe: own.change_folder(lambda: recipe, done, failed), failed
        )

    def import_file(self, file: Path, done: _Done, failed: _Failed) -> None:
        """Add a copy of a recipe from any place. `failed` may be called with a `FileProblem`."""
        self.look_at(file, lambda recipe: self.add_recipe(recipe, done, failed), failed)

    def export(self, entry: ShelvedRecipe, file: Path, done: _Done, failed: _Failed) -> None:
        """Write a recipe to a file that the user has chosen."""
        own = self._own_folder()
        self._run_aside(lambda: own.folder.write_file(file, entry.recipe), done, failed)

    def end(self) -> None:
        """Stop watching; what was just saved gets a moment to reach the disk."""
        if self._shared is not None:
            self._shared.end()
        if self._own is not None:
            self._own.end(finishing=True)

    def _own_folder(self) -> WatchedFolder:
        self.start_watching()
        assert self._own is not None
        return self._own

    def _watch_shared(self) -> None:
        if self._shared_path:
            self._shared = self._watch(Path(self._shared_path), is_shared=True)

    def _watch(self, path: Path, *, is_shared: bool) -> WatchedFolder:
        watched = WatchedFolder(self._work, self._open_folder(path, is_shared), self)
        watched.changed.connect(self.changed)
        watched.start_watching()
        return watched

    def _run_aside(self, function: Callable[[], Any], done: _Done, failed: _Failed) -> None:
        """Run a function on a thread of its own: a place that does not answer must hold up nothing else."""
        thread = DaemonExecutor("recipe file")
        self._work.run_on(thread, function, done, failed)
        thread.end()

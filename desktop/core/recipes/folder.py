"""The seam to a folder of recipes: what it holds, and what can be done with it. The one on disk is in `prompts`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.core.prompts.file_problem import FileProblem
from desktop.core.recipes.link import name_in_link
from desktop.core.text.file_names import numbered

if TYPE_CHECKING:
    from desktop.core.recipes.recipe import Recipe


@dataclass(frozen=True, slots=True)
class ShelvedRecipe:
    """Recipe and the file that it stands in. `version` is of the file's content when it was read."""

    file: Path
    recipe: Recipe
    version: str
    is_shared: bool = False  # of a folder that others keep: for use and for copies
    is_writable: bool = True

    @property
    def key(self) -> str:
        """The name of it among all recipes, wherever the folders come to lie."""
        return f"{'shared' if self.is_shared else 'own'}/{self.file.name}"


@dataclass(frozen=True, slots=True)
class FolderContent:
    """Content of a folder: recipes by name, and what is wrong with the files that could not be read."""

    recipes: tuple[ShelvedRecipe, ...] = ()
    problems: tuple[FileProblem, ...] = ()


class RecipeChanged(Exception):
    """Change of the file by another program since it was read; `theirs` is what stands in it now."""

    def __init__(self, theirs: str) -> None:
        super().__init__("changed by another program")
        self.theirs = theirs


class RecipeTooLarge(Exception):
    """Refusal of a recipe that would be a file larger than `most` bytes, which nobody could read again."""

    def __init__(self, most: int) -> None:
        super().__init__(f"larger than {most} bytes")
        self.most = most


class RecipeFolder(Protocol):
    """Folder of recipes.

    Everything may block for long where it lies on another computer: never call it on the GUI thread.

    Writing raises `StoreError` where the disk refuses, and `RecipeTooLarge`.
    """

    @property
    def path(self) -> Path: ...

    @property
    def is_shared(self) -> bool: ...

    def read(self) -> FolderContent:
        """Return what stands in it now. Raises `OSError` where the folder is not there."""
        ...

    def add_recipe(self, recipe: Recipe) -> ShelvedRecipe:
        """Keep a recipe in a file of its own."""
        ...

    def save(self, entry: ShelvedRecipe, recipe: Recipe, *, overwriting: bool = False) -> ShelvedRecipe:
        """Put `recipe` in the place of `entry`. Raises `RecipeChanged` unless `overwriting`.

        A file that has gone meanwhile is made again.
        """
        ...

    def delete(self, entry: ShelvedRecipe) -> Path:
        """Move its file aside, and return where it is now."""
        ...

    def restore(self, deleted: Path) -> Path:
        """Move a deleted file back, and return where it is then."""
        ...

    def read_file(self, file: Path) -> Recipe:
        """Return a recipe that lies anywhere. Raises `FileProblem`."""
        ...

    def write_file(self, file: Path, recipe: Recipe) -> None:
        """Write a recipe to a place that the user has chosen."""
        ...


def exported_name(entry: ShelvedRecipe) -> str:
    """Return the name of a file for handing on a recipe: its ending tells the system to open it with Candor."""
    return f"{entry.file.stem.removesuffix('.candor')}.candor.toml"


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or with the first number behind it that nobody has: "Reply", "Reply 2"."""
    others = {each.casefold() for each in taken}
    return next(each for each in numbered(name, "") if each.casefold() not in others)


def named(name: str, entries: Iterable[ShelvedRecipe]) -> ShelvedRecipe | None:
    """Return the recipe of a name as the user sees it: written just so, or else in other capitals.

    The first of several.
    """
    wanted = name_in_link(name)
    names = [(each, name_in_link(each.recipe.name)) for each in entries]
    for fold in (str, str.casefold):
        for each, said in names:
            if fold(said) == fold(wanted):
                return each
    return None

"""The content of a folder of recipes. The folder itself is `prompts.recipe_folder`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop.core.prompts.file_problem import FileProblem
from desktop.core.recipes.link import name_in_link
from desktop.core.recipes.recipe import Recipe
from desktop.core.text.clean_text import numbered


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
    """Change of the file by another program since it was read."""


class RecipeTooLarge(Exception):
    """Refusal of a recipe that would be a file larger than `most` bytes, which nobody could read again."""

    def __init__(self, most: int) -> None:
        super().__init__(f"larger than {most} bytes")
        self.most = most


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

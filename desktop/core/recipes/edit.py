"""A recipe made of a draft: names for blanks, blanks put into texts and taken out again. Pure rules, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from desktop.core.prompts.prompt import PromptDraft
from desktop.core.recipes.recipe import (
    MOST_BLANKS,
    MOST_CHOICES,
    MOST_EXAMPLES,
    MOST_MATERIALS,
    Blank,
    BlankKind,
    Recipe,
    blank_names,
    escaped,
    is_blank_name,
    problem_of,
    recipe_of,
    with_pieces,
)
from desktop.core.text.clean_text import numbered

_LONGEST_LINE = 200  # characters of what is rather a line than a text


class RecipeFault(StrEnum):
    """Fault that keeps a recipe from being of use."""

    NO_NAME = "no_name"
    NO_CHOICES = "no_choices"
    BAD_DEFAULT = "bad_default"  # it could not be put into its own blank
    TOO_MUCH = "too_much"  # nobody could read it again


def blank_text(name: str) -> str:
    """Return a blank as it stands in a text."""
    return f"{{{{{name}}}}}"


def names_in(texts: Mapping[str, str]) -> list[str]:
    """Return the blanks of all texts, each once, in the order in which they stand."""
    return list(dict.fromkeys(name for text in texts.values() for name in blank_names(text)))


def free_blank_name(stem: str, taken: Iterable[str]) -> str:
    """Return a name that no blank has: "blank", "blank 2"."""
    others = set(taken)
    return next(each for each in numbered(stem, "") if each not in others)


def guessed_kind(words: str) -> BlankKind:
    """Return the kind of blank that these words would stand in."""
    bare = words.strip()
    if "\n" in bare or len(bare) > _LONGEST_LINE:
        return BlankKind.LONG_TEXT
    for kind in (BlankKind.DATE, BlankKind.NUMBER):
        if bare and problem_of(Blank(name="x", kind=kind), bare) is None:
            return kind
    return BlankKind.TEXT


def renamed(texts: Mapping[str, str], old: str, new: str) -> dict[str, str]:
    """Return the texts with a blank under another name. Raises `ValueError` where that can be none."""
    if not is_blank_name(new):
        raise ValueError(f"no name of a blank: {new!r}")
    return _changed(texts, lambda name: blank_text(new) if name == old else None)


def with_words_for(texts: Mapping[str, str], gone: str, words: str = "") -> dict[str, str]:
    """Return the texts with these words in place of a blank; without words it is mere text, braces and all."""
    return _changed(texts, lambda name: escaped(words or blank_text(gone)) if name == gone else None)


def _changed(texts: Mapping[str, str], change: Callable[[str], str | None]) -> dict[str, str]:
    return {key: with_pieces(text, change) for key, text in texts.items()}


def made_recipe(name: str, about: str, draft: PromptDraft, described: Iterable[Blank]) -> Recipe:
    """Return the recipe of what stands in an editor: blanks that belong to a part, then those of the texts in order."""
    by_name = {each.name: each for each in described}
    names = names_in(draft.texts)
    of_parts = [each for each in by_name.values() if each.field and each.name not in names]
    blanks = (*of_parts, *(by_name.get(each, Blank(name=each)) for each in names))
    return recipe_of(" ".join(name.split()), draft, blanks, about.strip())


def faults(recipe: Recipe) -> dict[str, RecipeFault]:
    """Return the faults of a recipe, by the names of blanks; under an empty name that of the recipe itself."""
    found: dict[str, RecipeFault] = {}
    if not recipe.name:
        found[""] = RecipeFault.NO_NAME
    elif (
        len(recipe.blanks) > MOST_BLANKS
        or len(recipe.draft.materials) > MOST_MATERIALS
        or len(recipe.draft.examples) > MOST_EXAMPLES
    ):
        found[""] = RecipeFault.TOO_MUCH
    for blank in recipe.blanks:
        if blank.kind is BlankKind.CHOICE and not blank.choices:
            found[blank.name] = RecipeFault.NO_CHOICES
        elif len(blank.choices) > MOST_CHOICES:
            found[blank.name] = RecipeFault.TOO_MUCH
        elif blank.default.strip() and problem_of(blank, blank.default) is not None:
            found[blank.name] = RecipeFault.BAD_DEFAULT
    return found

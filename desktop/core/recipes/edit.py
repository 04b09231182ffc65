"""A recipe made of a draft: names for blanks, blanks put into texts and taken out again. Pure rules, no widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
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
    number, name = 1, stem
    while name in others:
        number += 1
        name = f"{stem} {number}"
    return name


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


def without_blank(texts: Mapping[str, str], gone: str) -> dict[str, str]:
    """Return the texts with a blank as mere text, braces and all."""
    return _changed(texts, lambda name: escaped(blank_text(gone)) if name == gone else None)


def _changed(texts: Mapping[str, str], change: Callable[[str], str | None]) -> dict[str, str]:
    return {key: with_pieces(text, change) for key, text in texts.items()}


def asked_for(draft: PromptDraft, at: int, name: str) -> PromptDraft:
    """Return the draft with a blank in the place of its material number `at`: it is asked for each time."""
    material = draft.materials[at]
    written = draft.text(material.field).rstrip()
    draft = replace(draft, materials=draft.materials[:at] + draft.materials[at + 1 :])
    return draft.with_text(material.field, f"{written}\n{blank_text(name)}" if written else blank_text(name))


def with_blanks_for_files(draft: PromptDraft, stem: str) -> tuple[PromptDraft, tuple[Blank, ...]]:
    """Return the draft with a blank for each of its files, which a recipe cannot have, and these blanks.

    A blank stands where the words name its file, else below them.
    """
    blanks: list[Blank] = []
    for file in draft.files:
        name = free_blank_name(stem, [*names_in(draft.texts), *(each.name for each in blanks)])
        blanks.append(Blank(name=name, kind=BlankKind.FILE))
        words = draft.text(file.field)
        if file.name in words:
            words = words.replace(f'"{file.name}"', file.name).replace(file.name, blank_text(name), 1)
        else:
            words = f"{words.rstrip()}\n{blank_text(name)}".lstrip("\n")
        draft = draft.with_text(file.field, words)
    return replace(draft, files=()), tuple(blanks)


def made_recipe(name: str, about: str, draft: PromptDraft, described: Iterable[Blank]) -> Recipe:
    """Return the recipe of what stands in an editor: blanks in the order of the texts, none that stands in no text."""
    by_name = {each.name: each for each in described}
    blanks = tuple(by_name.get(each, Blank(name=each)) for each in names_in(draft.texts))
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

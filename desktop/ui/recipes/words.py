"""The words about recipes: what is wrong with a value, a file or a folder, and what came of saving. Words only."""

from __future__ import annotations

from desktop.core.errors import StoreError
from desktop.core.prompts.prompt import Language
from desktop.core.recipes.recipe import (
    MOST_BLANKS,
    MOST_CHOICES,
    MOST_EXAMPLES,
    MOST_MATERIALS,
    Blank,
    BlankKind,
    BlankProblem,
    FileProblem,
    FileReason,
    RecipeFault,
    RecipeTooLarge,
)
from desktop.core.tasks.case import BlankNames
from desktop.runtime.recipes import FolderState
from desktop.ui.words import number, say, say_each, shown_name, size


def blank_problem(blank: Blank, problem: BlankProblem) -> str:
    """Return why a blank cannot be filled, and what would help."""
    if problem is BlankProblem.MISSING and blank.kind is BlankKind.CHOICE:
        return say("recipes.please_choose_one")
    return say_each("recipes.blank_problem", problem)


def names_of_case(language: Language) -> BlankNames:
    """Return the names of blanks for what nothing else names, with the language of the others."""
    text, file = say("recipes.text"), say("recipes.file")
    return BlankNames(text=text, file=file, language=language)


def fault(found: RecipeFault) -> str:
    """Return what a recipe lacks."""
    most = {
        "blanks": number(MOST_BLANKS),
        "choices": number(MOST_CHOICES),
        "materials": number(MOST_MATERIALS),
        "examples": number(MOST_EXAMPLES),
    }
    return say_each("recipes.fault", found, **most)


def folder_state(state: FolderState, is_shared: bool, was_read: bool = True) -> str:
    """Return the state of a folder in words; empty if there is nothing to say.

    `was_read`: something is known of it.
    """
    if state is FolderState.READ:
        return ""
    if state is FolderState.READING:
        return say("recipes.reading")
    if not is_shared:
        return say_each("recipes.own_folder", state)
    return say_each("recipes.shared_folder", state) if was_read else say_each("recipes.unread_folder", state)


def failure(error: Exception) -> str:
    """Return why a recipe could not be saved, imported, or moved."""
    match error:
        case FileProblem():
            return _no_recipe(error)
        case RecipeTooLarge():
            return say("recipes.a_recipe_may_be_so_large", most=size(error.most))
        case StoreError(reason="full"):
            return say("recipes.the_disk_is_full_nothing_was")
        case StoreError(reason="read_only"):
            return say("recipes.candor_may_not_write_there_nothing")
        case _:
            return say("recipes.the_disk_did_not_take_it")


def reason_words(reason: FileReason) -> str:
    """Return what is wrong with a file that was written by hand; names that stand in it stay as they are."""
    return say_each("recipes.file_fault", reason.fault, **dict(zip(("first", "second"), reason.values, strict=False)))


def file_problem(problem: FileProblem) -> str:
    """Return what is wrong with a file and where."""
    name, reason = shown_name(problem.file.name), reason_words(problem.reason)
    if problem.line:
        return say("recipes.broken_line", name=name, line=number(problem.line), reason=reason)
    return say("recipes.broken_file", name=name, reason=reason)


def _no_recipe(problem: FileProblem) -> str:
    """Return the sentence that a file cannot be used as a recipe, with what is wrong where."""
    name, reason = shown_name(problem.file.name), reason_words(problem.reason)
    if problem.line:
        return say("recipes.cannot_be_used_for_a_line", name=name, line=number(problem.line), reason=reason)
    return say("recipes.cannot_be_used", name=name, reason=reason)

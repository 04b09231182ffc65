"""The words about recipes: what is wrong with a value, a file or a folder, and what came of saving. Words only."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QCoreApplication

from desktop.core.prompts.file_problem import FileProblem
from desktop.core.prompts.prompt import Language
from desktop.core.recipes.edit import RecipeFault
from desktop.core.recipes.folder import RecipeTooLarge
from desktop.core.recipes.recipe import (
    MOST_BLANKS,
    MOST_CHOICES,
    MOST_EXAMPLES,
    MOST_MATERIALS,
    Blank,
    BlankKind,
    BlankProblem,
)
from desktop.core.repository import StoreError
from desktop.core.tasks.case import BlankNames
from desktop.runtime.recipes import FolderState
from desktop.ui.prompts.file_words import reason_words
from desktop.ui.words import fill, number, shown_name, size

translate = QCoreApplication.translate


def blank_problem(blank: Blank, problem: BlankProblem) -> str:
    """Return why a blank cannot be filled, and what would help."""
    match problem:
        case BlankProblem.MISSING if blank.kind is BlankKind.CHOICE:
            return translate("recipes", "Please choose one.")
        case BlankProblem.MISSING:
            return translate("recipes", "Please fill this in.")
        case BlankProblem.NO_NUMBER:
            return translate("recipes", "This must be a number, such as 12 or 12.5, without other words.")
        case BlankProblem.NO_DATE:
            return translate("recipes", "This must be a day, such as 2026-05-03. The calendar beside it writes one.")
        case BlankProblem.NO_CHOICE:
            return translate("recipes", "This must be one of the choices.")
        case _ as never:
            assert_never(never)


def kind_name(kind: BlankKind) -> str:
    """Return the name of a kind of blank, for choosing."""
    match kind:
        case BlankKind.TEXT:
            return translate("recipes", "Line of text")
        case BlankKind.LONG_TEXT:
            return translate("recipes", "Long text")
        case BlankKind.CHOICE:
            return translate("recipes", "Choice")
        case BlankKind.NUMBER:
            return translate("recipes", "Number")
        case BlankKind.DATE:
            return translate("recipes", "Date")
        case BlankKind.FILE:
            return translate("recipes", "File")
        case _ as never:
            assert_never(never)


def names_of_case(language: Language) -> BlankNames:
    """Return the names of blanks for what nothing else names, with the language of the others."""
    text, file = translate("recipes", "text", "name of a blank"), translate("recipes", "file", "name of a blank")
    return BlankNames(text=text, file=file, language=language)


def fault(found: RecipeFault) -> str:
    """Return what a recipe lacks."""
    match found:
        case RecipeFault.NO_NAME:
            return translate("recipes", "Give the recipe a name.")
        case RecipeFault.NO_CHOICES:
            return translate("recipes", "Write the choices, one a line.")
        case RecipeFault.BAD_DEFAULT:
            return translate("recipes", "What stands there from the start cannot stand in a blank of this kind.")
        case RecipeFault.TOO_MUCH:
            template = translate(
                "recipes", "A recipe may have at most %1 blanks, %2 choices of one blank, %3 materials and %4 examples."
            )
            return fill(template, *map(number, (MOST_BLANKS, MOST_CHOICES, MOST_MATERIALS, MOST_EXAMPLES)))
        case _ as never:
            assert_never(never)


def folder_state(state: FolderState, is_shared: bool, was_read: bool = True) -> str:
    """Return the state of a folder in words; empty if there is nothing to say.

    `was_read`: something is known of it.
    """
    match state, is_shared:
        case FolderState.READ, _:
            return ""
        case FolderState.READING, _:
            return translate("recipes", "Reading…")
        case FolderState.GONE, True if not was_read:
            return translate("recipes", "This folder is not there now.")
        case FolderState.GONE, True:
            return translate("recipes", "This folder is not there now. What was last read from it can still be used.")
        case FolderState.GONE, _:
            return translate("recipes", "The folder of your recipes cannot be read now.")
        case FolderState.NOT_ANSWERING, True if not was_read:
            return translate("recipes", "This folder does not answer.")
        case FolderState.NOT_ANSWERING, True:
            return translate("recipes", "This folder does not answer. What was last read from it can still be used.")
        case _:
            return translate("recipes", "The folder of your recipes does not answer.")


def failure(error: Exception) -> str:
    """Return why a recipe could not be saved, imported, or moved."""
    match error:
        case FileProblem():
            return _no_recipe(error)
        case RecipeTooLarge():
            template = translate(
                "recipes", "A recipe may have at most %1. Have long texts asked for each time instead."
            )
            return fill(template, size(error.most))
        case StoreError(reason="full"):
            return translate("recipes", "The disk is full. Nothing was changed.")
        case StoreError(reason="read_only"):
            return translate("recipes", "Candor may not write there. Nothing was changed.")
        case _:
            return translate("recipes", "The disk did not take it. Nothing was changed.")


def unfinished(name: str) -> str:
    """Return the sentence that something is being written where the recipe of this name would be shown."""
    template = translate("recipes", "What is written here stays. When you are done with it, open “%1” once more.")
    return fill(template, shown_name(name))


def _no_recipe(problem: FileProblem) -> str:
    """Return the sentence that a file cannot be used as a recipe, with what is wrong where."""
    name = shown_name(problem.file.name)
    if problem.line:
        template = translate("recipes", "“%1” cannot be used as a recipe. Line %2: %3")
        return fill(template, name, number(problem.line), reason_words(problem.reason))
    return fill(translate("recipes", "“%1” cannot be used as a recipe: %2"), name, reason_words(problem.reason))

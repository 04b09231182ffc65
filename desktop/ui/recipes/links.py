"""The following of links to recipes: looks for the one that is named, shows its form, or says why nothing is shown.

One link at a time, the newest wins: whoever writes links must not be able to fill the screen with boxes.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from desktop.core.recipes.link import LinkFault
from desktop.core.recipes.recipe import ShelvedRecipe
from desktop.runtime.background import gui_task
from desktop.runtime.recipes import RecipeShelf
from desktop.ui.recipes.presenter import RecipePresenter
from desktop.ui.widgets.boxes import OneBox, QuestionBox
from desktop.ui.words import say, say_each, shown_name

# Faults of links that are meant to lead to a recipe, as a look at the list may help with.
_OF_RECIPE_LINKS = frozenset((LinkFault.UNREADABLE, LinkFault.UNKNOWN, LinkFault.NAMELESS))
_Role = QMessageBox.ButtonRole


class RecipeLinks(QObject):
    """A follower of links whose boxes stand over `window`, whatever that shows."""

    def __init__(self, shelf: RecipeShelf, recipes: RecipePresenter, window: QWidget) -> None:
        super().__init__(window)
        self._shelf = shelf
        self._recipes = recipes
        self._window = window
        self._box = OneBox(window)

    @gui_task
    async def follow(self, name: str) -> None:
        """Show the form of the recipe of this name, as soon as it is found."""
        look = self._box.start_search(lambda: looking_box(name, self._window))
        entry = await self._shelf.seek(name)
        if self._box.is_awaited(look):
            self._box.take_back()
            self._show(name, entry)

    def refuse(self, fault: LinkFault) -> None:
        """Show why nothing can be opened by a link, or by another address."""
        box = notice_box(say_each("recipes.link", fault), say_each("recipes.about_link", fault), self._window)
        self._say(box, leads_to_list=fault in _OF_RECIPE_LINKS)

    def _show(self, name: str, entry: ShelvedRecipe | None) -> None:
        if entry is None:
            has_shared, is_all_read = bool(self._shelf.shared_path), self._shelf.is_all_read
            self._say(missing_box(name, self._window, has_shared=has_shared, is_all_read=is_all_read))
        elif not self._recipes.show_form(entry):
            self._say(unfinished_box(name, self._window), leads_to_list=False)

    def _say(self, box: QMessageBox, *, leads_to_list: bool = True) -> None:
        if leads_to_list:
            offer_list(box).clicked.connect(self._recipes.show_list)
        self._box.say(box)


def notice_box(title: str, sentence: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a box with what has happened and what to do next, which Enter closes."""
    box = QuestionBox(parent, title, sentence, warns=True)
    # Who is just typing may press Enter, and shall not be led away by it. Qt's own button has a black picture.
    box.setDefaultButton(box.addButton(say("recipes.close"), _Role.RejectRole))
    return box


def missing_box(name: str, parent: QWidget | None = None, *, has_shared: bool, is_all_read: bool) -> QMessageBox:
    """Return the notice that no recipe of this name is known."""
    title = say("recipes.there_is_no_recipe_named_here", name=shown_name(name))
    if not is_all_read:
        title = say("recipes.no_recipe_named_was_found", name=shown_name(name))
        sentence = say("recipes.not_all_that_lies_in_the")
    elif has_shared:
        sentence = say("recipes.it_is_neither_among_your_own")
    else:
        sentence = say("recipes.ask_whoever_gave_you_the_link")
    return notice_box(title, sentence, parent)


def unfinished_box(name: str, parent: QWidget | None = None) -> QMessageBox:
    """Return the notice that something is being written where the recipe would be shown."""
    sentence = say("recipes.it_stays_as_it_is_when", name=shown_name(name))
    return notice_box(say("recipes.you_are_writing_something_here"), sentence, parent)


def offer_list(box: QMessageBox) -> QPushButton:
    """Add a button to the list of recipes."""
    return box.addButton(say("recipes.show_the_recipes"), _Role.ActionRole)


def looking_box(name: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says that the search for a recipe takes long; its only button ends the search."""
    title = say("recipes.looking_for_the_recipe", name=shown_name(name))
    box = QuestionBox(parent, title, say("recipes.the_folder_of_recipes_takes_its"))
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.addButton(say("recipes.stop_looking"), _Role.RejectRole)
    return box

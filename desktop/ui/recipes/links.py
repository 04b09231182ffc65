"""The following of links to recipes: looks for the one that is named, shows its form, or says why nothing is shown.

One link at a time, the newest wins: whoever writes links must not be able to fill the screen with boxes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.recipes.folder import ShelvedRecipe, named
from desktop.core.recipes.link import LinkFault
from desktop.runtime.background import gui_task
from desktop.runtime.recipes import RecipeShelf
from desktop.ui.recipes.presenter import RecipePresenter
from desktop.ui.widgets.boxes import OneBox

if TYPE_CHECKING:
    from desktop.ui.recipes.link_words import LinkNotice

# Faults of links that are meant to lead to a recipe, as a look at the list may help with.
_OF_RECIPE_LINKS = frozenset((LinkFault.UNREADABLE, LinkFault.UNKNOWN, LinkFault.NAMELESS))


class RecipeLinks(QObject):
    """A follower of links whose boxes stand over `window`, whatever that shows."""

    def __init__(self, shelf: RecipeShelf, recipes: RecipePresenter, window: QWidget) -> None:
        super().__init__(window)
        self._shelf = shelf
        self._recipes = recipes
        self._window = window
        self._box = OneBox(window)
        self._shown: ShelvedRecipe | None = None  # what the last link led to
        shelf.changed.connect(self._tell_of_another)

    @gui_task
    async def follow(self, name: str) -> None:
        """Show the form of the recipe of this name, as soon as it is found."""
        look = self._box.start_search(lambda: self._looking_box(name))
        entry = await self._shelf.seek(name)
        if self._box.is_awaited(look):
            self._box.take_back()
            self._show(name, entry)

    def refuse(self, fault: LinkFault) -> None:
        """Show why nothing can be opened by a link, or by another address."""
        from desktop.ui.recipes.link_words import faulty

        self._say(faulty(fault), leads_to_list=fault in _OF_RECIPE_LINKS)

    def _show(self, name: str, entry: ShelvedRecipe | None) -> None:
        from desktop.ui.recipes.link_words import missing, unfinished

        self._shown = entry
        if entry is None:
            has_shared = bool(self._shelf.shared_path)
            self._say(missing(name, has_shared=has_shared, is_all_read=self._shelf.is_all_read))
            return
        if self._recipes.show_form(entry):
            self._tell_of_another()
        else:
            self._say(unfinished(name), leads_to_list=False)

    def _tell_of_another(self) -> None:
        """Show that the shared folder has a recipe of the same name, once that is known: the link may mean that."""
        shown, form = self._shown, self._recipes.form
        if shown is None or shown.is_shared or form is None or form.recipe != shown.recipe:
            return
        theirs = (each for each in self._shelf.recipes if each.is_shared and each.recipe != shown.recipe)
        if named(shown.recipe.name, theirs) is not None:
            from desktop.ui.recipes.link_words import one_of_two

            form.show_note(one_of_two())

    def _say(self, said: LinkNotice, *, leads_to_list: bool = True) -> None:
        from desktop.ui.recipes.link_words import trouble

        box, to_list = trouble(said, self._window, leads_to_list=leads_to_list)
        if to_list is not None:
            to_list.clicked.connect(self._recipes.show_list)
        self._box.say(box)

    def _looking_box(self, name: str) -> QMessageBox:
        from desktop.ui.recipes.link_words import looking

        return looking(name, self._window)

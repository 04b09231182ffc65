"""The words and boxes for a link that leads to no recipe, or not at once. When they are shown is `links`' matter."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from desktop.core.recipes.link import LinkFault
from desktop.ui.words import say, shown_name


class LinkNotice(NamedTuple):
    """A title for what has happened, and a sentence for what to do next."""

    title: str
    sentence: str


def faulty(fault: LinkFault) -> LinkNotice:
    """Return the notice of why a link, or another address, leads to nothing."""
    ask = say("recipes.ask_whoever_gave_it_to_you")
    match fault:
        case LinkFault.UNREADABLE:
            return LinkNotice(say("recipes.this_link_cannot_be_read"), ask)
        case LinkFault.UNKNOWN:
            return LinkNotice(say("recipes.this_link_asks_for_something_that"), ask)
        case LinkFault.NAMELESS:
            return LinkNotice(say("recipes.this_link_names_no_recipe"), ask)
        case LinkFault.TOO_LONG:
            sentence = say("recipes.no_link_to_a_recipe_is")
            return LinkNotice(say("recipes.this_is_too_long_to_be"), sentence)
        case LinkFault.ELSEWHERE:
            sentence = say("recipes.candor_opens_files_that_are_on")
            return LinkNotice(say("recipes.this_leads_to_another_computer"), sentence)
        case LinkFault.NO_FILE:
            sentence = say("recipes.no_file_can_have_such_an")
            return LinkNotice(say("recipes.this_address_cannot_be_read"), sentence)
        case _ as never:
            assert_never(never)


def missing(name: str, *, has_shared: bool, is_all_read: bool) -> LinkNotice:
    """Return the notice that no recipe of this name is known."""
    title = say("recipes.there_is_no_recipe_named_here", name=shown_name(name))
    if not is_all_read:
        title = say("recipes.no_recipe_named_was_found", name=shown_name(name))
        sentence = say("recipes.not_all_that_lies_in_the")
    elif has_shared:
        sentence = say("recipes.it_is_neither_among_your_own")
    else:
        sentence = say("recipes.ask_whoever_gave_you_the_link")
    return LinkNotice(title, sentence)


def unfinished(name: str) -> LinkNotice:
    """Return the notice that something is being written where the recipe would be shown."""
    sentence = say("recipes.it_stays_as_it_is_when", name=shown_name(name))
    return LinkNotice(say("recipes.you_are_writing_something_here"), sentence)


def one_of_two() -> str:
    """Return the sentence that the shared folder holds another recipe of the same name."""
    return say("recipes.this_is_your_own_recipe_your")


def looking(name: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says that the search for a recipe takes long; its only button ends the search."""
    title = say("recipes.looking_for_the_recipe", name=shown_name(name))
    box = _box(LinkNotice(title, say("recipes.the_folder_of_recipes_takes_its")), parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.addButton(say("recipes.stop_looking"), QMessageBox.ButtonRole.RejectRole)
    return box


def trouble(
    said: LinkNotice, parent: QWidget | None = None, *, leads_to_list: bool = True
) -> tuple[QMessageBox, QPushButton | None]:
    """Return a box with the notice, and its button to the list of recipes, or None."""
    box = _box(said, parent)
    to_list = None
    if leads_to_list:
        to_list = box.addButton(say("recipes.show_the_recipes"), QMessageBox.ButtonRole.ActionRole)
    # Who is just typing may press Enter, and shall not be led away by it. Qt's own button has a black picture.
    box.setDefaultButton(box.addButton(say("recipes.close"), QMessageBox.ButtonRole.RejectRole))
    return box, to_list


def _box(said: LinkNotice, parent: QWidget | None) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", "", QMessageBox.StandardButton.NoButton, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(said.title)
    box.setInformativeText(said.sentence)
    return box

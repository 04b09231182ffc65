"""The words and boxes for a link that leads to no recipe, or not at once. When they are shown is `links`' matter."""

from __future__ import annotations

from typing import NamedTuple, assert_never

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from desktop.core.recipes.link import LinkFault
from desktop.ui.words import fill, shown_name, translate


class LinkNotice(NamedTuple):
    """A title for what has happened, and a sentence for what to do next."""

    title: str
    sentence: str


def faulty(fault: LinkFault) -> LinkNotice:
    """Return the notice of why a link, or another address, leads to nothing."""
    ask = translate(
        "link",
        "Ask whoever gave it to you for a new one: “Copy link”, in the menu of a recipe, writes it as it must be.",
    )
    match fault:
        case LinkFault.UNREADABLE:
            return LinkNotice(translate("link", "This link cannot be read"), ask)
        case LinkFault.UNKNOWN:
            return LinkNotice(translate("link", "This link asks for something that Candor does not know"), ask)
        case LinkFault.NAMELESS:
            return LinkNotice(translate("link", "This link names no recipe"), ask)
        case LinkFault.TOO_LONG:
            sentence = translate(
                "link", "No link to a recipe is as long. A file can be opened from a folder that has a shorter path."
            )
            return LinkNotice(translate("link", "This is too long to be opened"), sentence)
        case LinkFault.ELSEWHERE:
            sentence = translate(
                "link",
                "Candor opens files that are on this computer, and fetches none. Save the file first, then open it.",
            )
            return LinkNotice(translate("link", "This leads to another computer"), sentence)
        case LinkFault.NO_FILE:
            sentence = translate("link", "No file can have such an address. Open the file from its folder.")
            return LinkNotice(translate("link", "This address cannot be read"), sentence)
        case _ as never:
            assert_never(never)


def missing(name: str, *, has_shared: bool, is_all_read: bool) -> LinkNotice:
    """Return the notice that no recipe of this name is known."""
    title = translate("link", "There is no recipe named “%1” here")
    if not is_all_read:
        title = translate("link", "No recipe named “%1” was found")
        sentence = translate(
            "link",
            "Not all that lies in the folders of recipes can be read now; the list says what cannot. "
            "Follow the link again when it can, or ask whoever gave it to you for the recipe's file.",
        )
    elif has_shared:
        sentence = translate(
            "link",
            "It is neither among your own recipes nor in the folder of your company. "
            "Ask whoever gave you the link for the recipe's file, or by which name it is to be found now.",
        )
    else:
        sentence = translate(
            "link",
            "Ask whoever gave you the link for the recipe's file, "
            "or set the folder of your company's recipes at the foot of the list.",
        )
    return LinkNotice(fill(title, shown_name(name)), sentence)


def unfinished(name: str) -> LinkNotice:
    """Return the notice that something is being written where the recipe would be shown."""
    sentence = translate(
        "link", "It stays as it is. When you have used or left it, follow the link to the recipe “%1” once more."
    )
    return LinkNotice(translate("link", "You are writing something here"), fill(sentence, shown_name(name)))


def one_of_two() -> str:
    """Return the sentence that the shared folder holds another recipe of the same name."""
    return translate(
        "link", "This is your own recipe. Your company has another one of this name, which stands in the list, too."
    )


def looking(name: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a box that says that the search for a recipe takes long; its only button ends the search."""
    title = fill(translate("link", "Looking for the recipe “%1”…"), shown_name(name))
    box = _box(LinkNotice(title, translate("link", "The folder of recipes takes its time to answer.")), parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.addButton(translate("link", "Stop looking"), QMessageBox.ButtonRole.RejectRole)
    return box


def trouble(
    said: LinkNotice, parent: QWidget | None = None, *, leads_to_list: bool = True
) -> tuple[QMessageBox, QPushButton | None]:
    """Return a box with the notice, and its button to the list of recipes, or None."""
    box = _box(said, parent)
    to_list = None
    if leads_to_list:
        to_list = box.addButton(translate("link", "Show the recipes"), QMessageBox.ButtonRole.ActionRole)
    # Who is just typing may press Enter, and shall not be led away by it. Qt's own button has a black picture.
    box.setDefaultButton(box.addButton(translate("link", "Close"), QMessageBox.ButtonRole.RejectRole))
    return box, to_list


def _box(said: LinkNotice, parent: QWidget | None) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Warning, "Candor", "", QMessageBox.StandardButton.NoButton, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(said.title)
    box.setInformativeText(said.sentence)
    return box

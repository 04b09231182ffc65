"""The menu of what can be done with a conversation: the same at its row in the list and at its title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from desktop.rendering.text.invisible import show_invisible
from desktop.ui.look.icons import icon
from desktop.ui.words import translate

if TYPE_CHECKING:
    from desktop.core.conversation import Conversation
    from desktop.ui.look.theme import Theme

FOLDER_LETTERS = 60  # of a folder's name, at most


@dataclass(frozen=True, slots=True)
class RenameConversation:
    """The user wants to write another title."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class PinConversation:
    """The conversation is to stand above all others, or not any more."""

    conversation_id: str
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class MoveToFolder:
    """The conversation is to stand in a folder; an empty name: in none."""

    conversation_id: str
    folder: str


@dataclass(frozen=True, slots=True)
class ExportConversation:
    """The conversation is to be written to a file."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class ShowWhereWordsWent:
    """The user wants to see what was sent from the conversation, and where to."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class DeleteConversation:
    """The conversation is to go to the bin."""

    conversation_id: str


ConversationAction = (
    RenameConversation | PinConversation | MoveToFolder | ExportConversation | ShowWhereWordsWent | DeleteConversation
)


def conversation_menu(
    theme: Theme,
    parent: QWidget,
    conversation: Conversation,
    folders: Sequence[str],
    ask: Callable[[ConversationAction], None],
    *,
    is_in_list: bool = True,
) -> QMenu:
    """Return a new menu for a conversation; `folders` are all that there are. It deletes itself when it closes.

    `is_in_list`: the keyboard is in the list, where Del deletes a conversation, and no letter.
    """
    menu = QMenu(parent)
    color, edge, identity = theme.tokens.ink, theme.icon_px, conversation.id
    rename = menu.addAction(icon("rename", color, edge), translate("conversation_menu", "Rename"))
    rename.setShortcut(Qt.Key.Key_F2)
    rename.triggered.connect(lambda: ask(RenameConversation(identity)))
    pin_words = (
        translate("conversation_menu", "Unpin") if conversation.pinned else translate("conversation_menu", "Pin")
    )
    pin = menu.addAction(icon("pin", color, edge), pin_words)
    pin.triggered.connect(lambda: ask(PinConversation(identity, not conversation.pinned)))
    menu.addMenu(_folder_menu(menu, parent, conversation, folders, ask))
    export = menu.addAction(icon("file", color, edge), translate("conversation_menu", "Export…"))
    export.triggered.connect(lambda: ask(ExportConversation(identity)))
    went = menu.addAction(icon("shield", color, edge), translate("conversation_menu", "Where did my words go"))
    went.triggered.connect(lambda: ask(ShowWhereWordsWent(identity)))
    menu.addSeparator()
    delete = menu.addAction(icon("trash", theme.tokens.danger, edge), translate("conversation_menu", "Delete"))
    if is_in_list:
        delete.setShortcut(Qt.Key.Key_Delete)
    delete.triggered.connect(lambda: ask(DeleteConversation(identity)))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _folder_menu(
    menu: QMenu,
    parent: QWidget,
    conversation: Conversation,
    folders: Sequence[str],
    ask: Callable[[ConversationAction], None],
) -> QMenu:
    now = conversation.settings.folder
    found = QMenu(translate("conversation_menu", "Move to folder"), menu)

    def move(name: str) -> None:
        ask(MoveToFolder(conversation.id, name))

    for name in folders:
        entry = found.addAction(show_invisible(name).replace("&", "&&"))
        entry.setCheckable(True)
        entry.setChecked(name == now)
        entry.triggered.connect(lambda _=False, name=name: move(name))
    if now:
        found.addAction(translate("conversation_menu", "No folder")).triggered.connect(lambda: move(""))
    if folders:
        found.addSeparator()
    new = found.addAction(translate("conversation_menu", "New folder…"))
    new.triggered.connect(lambda: _ask_for_name(parent, move))
    return found


def _ask_for_name(window: QWidget, move: Callable[[str], None]) -> None:
    dialog = QInputDialog(window)
    dialog.setWindowTitle(translate("conversation_menu", "Move to a new folder"))
    dialog.setLabelText(translate("conversation_menu", "Name of the folder"))
    dialog.setOkButtonText(translate("conversation_menu", "Move"))
    dialog.setCancelButtonText(translate("conversation_menu", "Cancel"))
    dialog.textValueSelected.connect(lambda name: move(folder_name(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def folder_name(typed: str) -> str:
    """Return a typed name of a folder on one line, no longer than a row shows."""
    return " ".join(typed.split())[:FOLDER_LETTERS].strip()

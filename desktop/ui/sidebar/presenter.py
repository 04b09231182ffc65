"""The presenter of the sidebar's list: which conversations there are, which is shown, and the way out of the bin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.core.conversation import Conversation, is_temporary
from desktop.runtime.chat import Chat
from desktop.runtime.models.directory import ModelDirectory
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.sidebar.column import Sidebar
from desktop.ui.sidebar.list import ConversationAsk, Heading, HeadingKind, Row, conversation_menu
from desktop.ui.widgets.quiet_line import UndoBar
from desktop.ui.words import fill, origin_words, short, title_of


class ConversationsPresenter(QObject):
    """The owner of what the sidebar says of conversations."""

    chosen = Signal()  # another conversation is the current one now, since the user wants to see it

    def __init__(self, theme: Theme, sidebar: Sidebar, page: ChatPage, chat: Chat) -> None:
        super().__init__(sidebar)
        self._theme = theme
        self._sidebar = sidebar
        self._page = page
        self._chat = chat
        self._deleted = ""  # the id of the one that went to the bin last
        self._undo_on_page = UndoBar(theme)  # for as long as the sidebar is out of sight
        page.put_below(self._undo_on_page)
        sidebar.conversation_chosen.connect(self._open)
        sidebar.rename_requested.connect(chat.rename)
        sidebar.asked.connect(self._act)
        sidebar.dropped.connect(self._on_dropped)
        for undone in (sidebar.undo_requested, self._undo_on_page.undone):
            undone.connect(lambda: chat.restore([self._deleted]))
        chat.conversations_changed.connect(self.show_all)
        chat.opened.connect(self.show_current)
        page.waiting_ended.connect(self.show_current)
        sidebar.tell_origins(lambda each: _origin_of(each, chat.services.models))

    def show_all(self) -> None:
        """List the conversations, with what runs in them."""
        self._sidebar.show_conversations(self._chat.conversations)
        self._sidebar.set_running(self._chat.generations.running_conversations)
        self.show_current()

    def show_current(self) -> None:
        """Mark the conversation that is shown, or the one that is awaited."""
        if self._chat.is_stored or not self._page.is_awaiting:
            self._sidebar.select(self._chat.current.id)

    def offer_undelete(self, binned: Conversation, *, was_compared: bool = False) -> None:
        """Say that a conversation went to the bin, with a way to have it back; `was_compared`: which one that was."""
        if is_temporary(binned.id):
            return  # it is gone, as it would be when Candor closes
        self._deleted = binned.id
        compared = self.tr("“%1”, the conversation for comparing, was moved to the bin")
        said = fill(compared if was_compared else self.tr("“%1” was moved to the bin"), short(title_of(binned.title)))
        if self._sidebar.isVisible():
            self._undo_on_page.hide()
            self._sidebar.undo.announce(said)
        else:
            self._undo_on_page.announce(said)

    def follow_sidebar(self, is_shown: bool) -> None:
        """Keep the way back in sight where the sidebar, which offers it, goes away."""
        if not is_shown and not self._sidebar.undo.isHidden():
            self._sidebar.undo.hide()
            self._undo_on_page.announce(self._sidebar.undo.accessibleName())

    def show_menu(
        self, parent: QWidget, at: QPoint, rename: Callable[[], None], hidden: Sequence[QAbstractButton]
    ) -> None:
        """Open the menu of the conversation that is shown, at a place of the screen.

        `rename` begins a new title. `hidden`: buttons for which there is no room elsewhere.
        """
        current = self._chat.current
        if not any(each.id == current.id for each in self._chat.conversations):
            return

        def ask(identity: str, wanted: ConversationAsk, group: str) -> None:
            if wanted is ConversationAsk.RENAME:
                rename()
            else:
                self._act(identity, wanted, group)

        menu = conversation_menu(self._theme, parent, current, self._sidebar.groups, ask, is_in_list=False)
        first = menu.actions()[0]
        for each in hidden:
            action = QAction(each.icon(), each.accessibleName(), menu)
            action.setCheckable(each.isCheckable())
            action.setChecked(each.isChecked())
            action.triggered.connect(each.click)
            menu.insertAction(first, action)
        if hidden:
            menu.insertSeparator(first)
        menu.popup(at)

    def _act(self, identity: str, wanted: ConversationAsk, group: str) -> None:
        match wanted:
            case ConversationAsk.PIN | ConversationAsk.UNPIN:
                self._chat.pin(identity, is_pinned=wanted is ConversationAsk.PIN)
            case ConversationAsk.MOVE:
                if group:
                    self._chat.pin(identity, is_pinned=False)  # else it would stay where it stands
                self._chat.move_to_folder(identity, group)
            case ConversationAsk.DELETE:
                self._delete(identity)
            case ConversationAsk.EXPORT:
                self._sidebar.export_requested.emit(identity)
            case ConversationAsk.SHOW_WHERE_WORDS_WENT:
                self._sidebar.ledger_requested.emit(identity)

    def _on_dropped(self, conversation_id: str, target: Row) -> None:
        """Do with a dragged conversation as with the row that it was dropped on."""
        if isinstance(target, Heading):
            is_pinned = target.kind is HeadingKind.PINNED
            group = target.name if target.kind is HeadingKind.GROUP else ""
        else:
            is_pinned, group = target.pinned, target.settings.folder
        self._chat.pin(conversation_id, is_pinned=is_pinned)
        if not is_pinned:
            self._chat.move_to_folder(conversation_id, group)

    def _open(self, conversation_id: str) -> None:
        self._chat.open(conversation_id)
        self.chosen.emit()

    def _delete(self, conversation_id: str) -> None:
        deleted = self._chat.shelf.get(conversation_id)
        focused = QApplication.focusWidget()
        self._chat.delete(conversation_id)
        if focused is None or not self._sidebar.isAncestorOf(focused):  # else the list goes on under the keyboard
            self._page.composer.setFocus()
        if deleted is not None:
            self.offer_undelete(deleted)


def _origin_of(conversation: Conversation, models: ModelDirectory) -> str:
    """Return the model that a conversation is with, and where words go there."""
    choice = conversation.settings.choice
    return origin_words(choice.model, models.place_of(choice)) if choice is not None else ""

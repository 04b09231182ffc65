"""The presenter of the sidebar's list: which conversations there are, which is shown, and the way out of the bin."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop.runtime.chat import Chat
from desktop.ui.window.sidebar import Sidebar


class ConversationsPresenter(QObject):
    """The owner of what the sidebar says of conversations."""

    chosen = Signal()  # another conversation is the current one now, since the user wants to see it

    def __init__(self, sidebar: Sidebar, chat: Chat) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar
        self._chat = chat
        self._deleted = ""  # the id of the one that went to the bin last
        sidebar.conversation_chosen.connect(self._open)
        sidebar.rename_requested.connect(chat.rename)
        sidebar.delete_requested.connect(self._delete)
        sidebar.undo_requested.connect(lambda: chat.restore(self._deleted))
        chat.conversations_changed.connect(self.show_all)
        chat.opened.connect(self.show_current)

    def show_all(self) -> None:
        """List the conversations, with what runs in them and what has come unseen."""
        sidebar, chat = self._sidebar, self._chat
        sidebar.show_conversations(chat.conversations)
        sidebar.set_running({each.id for each in chat.conversations if chat.is_running(each.id)})
        sidebar.set_unread({each.id for each in chat.conversations if each.settings.unread})
        self.show_current()

    def show_current(self) -> None:
        """Mark the conversation that is shown."""
        self._sidebar.select(self._chat.current.id)

    def offer_undelete(self, conversation_id: str) -> None:
        """Say that a conversation went to the bin, with a way to have it back."""
        self._deleted = conversation_id
        self._sidebar.show_undo(self.tr("Conversation moved to the bin"))

    def _open(self, conversation_id: str) -> None:
        self._chat.open(conversation_id)
        self.chosen.emit()

    def _delete(self, conversation_id: str) -> None:
        self._chat.delete(conversation_id)
        self.offer_undelete(conversation_id)

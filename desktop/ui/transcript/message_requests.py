"""The requests of a page of messages: one signal for all that a user can ask for at any of them.

The messages emit it, and whoever does something about it listens; those who hold the messages need not pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from desktop.core.message import Message
    from desktop.ui.documents.sent_files import LoadPicture
    from desktop.ui.message_actions import Ask, MessageAction
    from desktop.ui.transcript.footer import FooterAction


class MessageRequests(QObject):
    """The seam between messages and presenters."""

    asked = Signal(str, object)  # the id of the message, and a MessageAction

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.load_picture: LoadPicture | None = None  # where pictures of messages come from
        self.headings: Callable[[], Collection[str]] = frozenset  # the lines that are headings of prompts
        self.find_evidence: Callable[[Message], None] | None = None  # for an answer that is shown and has ended
        self.left_out: frozenset[FooterAction] = frozenset()  # what nobody here acts on; for messages still to come
        self.left_out_now: Callable[[], frozenset[FooterAction]] = lambda: self.left_out  # and what is no use there

    def at(self, message_id: str) -> Ask:
        """Return the function that one message calls with its actions."""

        def ask(action: MessageAction) -> None:
            self.asked.emit(message_id, action)

        return ask

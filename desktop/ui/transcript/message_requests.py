"""What a page of messages has in common: how they are read, and one signal for all that is asked for at any of them.

The messages emit it, and whoever does something about it listens; those who hold the messages need not pass it on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.ui.look.panel_preference import PanelPreference

if TYPE_CHECKING:
    from desktop.core.message import Message
    from desktop.ui.documents.sent_files import LoadPicture
    from desktop.ui.message_actions import Ask, MessageAction
    from desktop.ui.transcript.footer import FooterAction


class MessageRequests(QObject):
    """The seam between messages and presenters."""

    asked = Signal(str, object)  # the id of the message, and a MessageAction
    changed = Signal()  # how the messages are read, see `read`

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # How the messages are read; changed by `read`.
        self.preference = PanelPreference.AUTO  # in which thinking panels open
        self.signs_off: frozenset[str] = frozenset()  # kinds of signs of trouble that are not shown
        self.unsent: frozenset[str] = frozenset()  # ids of messages that are not sent any more
        self.edited = ""  # the id of the message of the user that is being edited
        self.names_models = True  # where an answer's differs from the one before
        self.can_ask_without = False  # the model in use can answer without thinking
        self.load_picture: LoadPicture | None = None  # where pictures of messages come from
        self.headings: Callable[[], Collection[str]] = frozenset  # the lines that are headings of prompts
        self.find_evidence: Callable[[Message], None] | None = None  # for an answer that is shown and has ended
        self.left_out: frozenset[FooterAction] = frozenset()  # what nobody here acts on; for messages still to come
        self.left_out_now: Callable[[], frozenset[FooterAction]] = lambda: self.left_out  # and what is no use there

    def read(self, **how: object) -> None:
        """Have all messages, also those still to come, be read in this way from now on: values by their names here."""
        for name, value in how.items():
            setattr(self, name, value)
        self.changed.emit()

    def at(self, message_id: str) -> Ask:
        """Return the function that one message calls with its actions."""

        def ask(action: MessageAction) -> None:
            self.asked.emit(message_id, action)

        return ask

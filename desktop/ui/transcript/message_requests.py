"""What a person can ask for at a message, said once for all messages of a page.

The messages say it, and whoever does something about it listens; those who hold the messages need not pass it on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from desktop.ui.transcript.message_footer import FooterAction
    from desktop.ui.transcript.message_view import MessageView  # a start without messages does not need it


class MessageRequests(QObject):
    """Each signal carries the id of the message, where it matters which."""

    retry_requested = Signal(str)
    edit_requested = Signal(str)
    continue_requested = Signal(str)
    step_requested = Signal(str, str)  # and a ReplyStep
    version_requested = Signal(str, int)  # and the wanted version, from 1
    answer_now_requested = Signal(str)
    resplit_requested = Signal(str, bool)  # and whether its answer was thinking, or else its thinking the answer
    start_fresh_requested = Signal(str)
    stop_requested = Signal()
    action_chosen = Signal(str)  # an ErrorAction of a failed reply
    link_activated = Signal(str)
    sign_switched_off = Signal(str)  # a SignKind that the person does not want to see any more
    sign_kinds_requested = Signal()  # to see which there are, and which are off
    preference_changed = Signal(str)  # a PanelPreference that the person has chosen

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.left_out: frozenset[FooterAction] = frozenset()  # what nobody here acts on; for messages still to come

    def listen_to(self, view: MessageView) -> None:
        """Say what is asked for at one more message."""
        view.leave_out(self.left_out)
        identity = view.message.id
        view.retry_requested.connect(lambda: self.retry_requested.emit(identity))
        view.edit_requested.connect(lambda: self.edit_requested.emit(identity))
        view.continue_requested.connect(lambda: self.continue_requested.emit(identity))
        view.start_fresh_requested.connect(lambda: self.start_fresh_requested.emit(identity))
        view.step_requested.connect(lambda step: self.step_requested.emit(identity, step))
        view.version_requested.connect(lambda version: self.version_requested.emit(identity, version))
        view.answer_now_requested.connect(lambda: self.answer_now_requested.emit(identity))
        view.resplit_requested.connect(lambda thinking: self.resplit_requested.emit(identity, thinking))
        view.signs.start_fresh_requested.connect(lambda: self.start_fresh_requested.emit(identity))
        view.signs.switched_off.connect(self.sign_switched_off)
        view.signs.kinds_requested.connect(self.sign_kinds_requested)
        view.stop_requested.connect(self.stop_requested)
        view.action_chosen.connect(self.action_chosen)
        view.link_activated.connect(self.link_activated)

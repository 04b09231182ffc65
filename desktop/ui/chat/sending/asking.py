"""The questions before anything is asked of a model: if a reply runs here, and if words may go to the model's place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject

from desktop.core.message import Role
from desktop.core.model import ModelChoice
from desktop.runtime.chat import Chat
from desktop.ui.chat.sending.consent import SendingConsent
from desktop.ui.chat.sending.consent_dialog import Consent
from desktop.ui.chat.sending.pending_message import PendingMessage
from desktop.ui.widgets.quiet_line import NoticeBar

_T = TypeVar("_T")


class ConversationAsking(QObject):
    """The one way to a model from the page of a conversation."""

    def __init__(
        self, chat: Chat, notice: NoticeBar, consent: SendingConsent, start_fresh: Callable[[], None], parent: QObject
    ) -> None:
        """Keep the dependencies; `start_fresh` is called where the user would rather do so than send words further."""
        super().__init__(parent)
        self._chat = chat
        self._notice = notice
        self._consent = consent
        self._start_fresh = start_fresh
        self.is_asking = False  # the user, right now: what comes of it is to be seen

    def run_user_action(self, act: Callable[[], _T]) -> _T:
        """Run a user action, scroll to the reply it starts, and return its result.

        Replies that start on their own don't scroll.
        """
        self.is_asking = True
        try:
            return act()
        finally:
            self.is_asking = False

    def is_answering(self) -> bool:
        """Return True if a reply runs here, after showing that."""
        if not self._chat.is_answering:
            return False
        if self.is_comparing():
            said = self.tr("Answers are being compared here. Stop them first, or wait until they are done.")
        else:
            said = self.tr("An answer is still running. Stop it first, or wait until it is done.")
        self._notice.show_text(said)
        return True

    def is_comparing(self) -> bool:
        """Return True if answers are being compared here."""
        return self._chat.current.id in self._chat.compared

    def may_send(self, text: str, choice: ModelChoice | None = None, before: Sequence[str] = ()) -> bool:
        """Return True if words may go to the chosen model's place; asks where they go further than they have been.

        `choice`: another model that is to be asked. `before`: the ids of the messages that go along.
        """
        consent = self._consent.ask(text, choice or self._chat.current.settings.choice, before)
        if consent is Consent.START_FRESH:
            self._start_fresh()
        return consent is Consent.SEND

    def may_ask_again(self, message_id: str | None) -> bool:
        """Return True if what a reply answers, or the last question, may go to the chosen model's place."""
        path = self._chat.path
        end = path.index_of(message_id) if message_id else len(path.entries)
        questions = [at for at in range(end or 0) if path.entries[at].role is Role.USER]
        if not questions:
            return self.may_send("")
        message = path.message(path.entries[questions[-1]].id)
        return self.may_send(message.text if message is not None else "", before=self.all_ids()[: questions[-1]])

    def consent_to(self, pending: PendingMessage) -> Consent:
        """Return if a message may go to the chosen model with what stands before it."""
        return self._consent.ask(pending.words, self._chat.current.settings.choice, self._ids_before(pending))

    def read_outgoing(self, pending: PendingMessage, show: Callable[[str], None]) -> None:
        """Call `show` with all that would be sent with a message."""
        self._consent.read_all(pending.words, self._ids_before(pending), show)

    def all_ids(self) -> list[str]:
        """Return the ids of all messages of the conversation."""
        return [entry.id for entry in self._chat.path.entries]

    def _ids_before(self, pending: PendingMessage) -> list[str]:
        """Return the ids of the messages that stand before one that is about to be sent."""
        at = self._chat.path.index_of(pending.in_place_of) if pending.in_place_of else None
        return self.all_ids()[:at]

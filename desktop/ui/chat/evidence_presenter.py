"""The presenter of evidence: has it looked for when an answer is shown, and shows what was found at the answer."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.core.evidence.checked import Evidence
from desktop.core.message import Message
from desktop.runtime.chat import Chat
from desktop.runtime.evidence.watch import EvidenceWatch
from desktop.ui.chat.page import ChatPage
from desktop.ui.message_actions import MessageAction, ShowEvidence


class EvidencePresenter(QObject):
    """The link between what is found for answers and the page that shows it."""

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._chat = chat
        self._made: EvidenceWatch | None = None
        page.requests.find_evidence = self._find
        page.requests.asked.connect(self._on_asked)

    def step(self, by: int) -> None:
        """Move the keyboard to the next mark of an answer, or by -1 to the one before."""
        if self._page.has_transcript:
            self._page.transcript.evidence.step(by)

    def take_escape(self) -> bool:
        """Show no thing as being looked at. Return False if none was."""
        return self._page.has_transcript and self._page.transcript.evidence.close_mark()

    @property
    def _watch(self) -> EvidenceWatch:
        """The finder, made when there is an answer to look at: a start shows none."""
        if self._made is None:
            from desktop.rendering.page.shown_claims import shown_in

            self._made = self._chat.evidence_watch(shown_in)
            self._made.found.connect(self._show)
        return self._made

    def _find(self, reply: Message) -> None:
        self._watch.look(self._chat.current, reply)

    def _show(self, message_id: str, evidence: Evidence) -> None:
        if self._page.has_transcript:
            self._page.transcript.evidence.show(message_id, evidence)

    def _on_asked(self, message_id: str, action: MessageAction) -> None:
        if isinstance(action, ShowEvidence):
            self._page.transcript.evidence.open_mark(message_id, action.thing)

"""The ends of replies, in whatever conversation: noted as unread, looked through for signs, named, and followed by the
text that waits there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.message import Message
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.sign import Sign
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.conversation.titles import TitleWriter
from desktop.runtime.conversation.waiting_texts import WaitingTexts
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.signs_watch import SignsWatch


class ReplyEnds(QObject):
    """A follower of the ends of replies."""

    noted = Signal(object)  # Generation: its conversation has its words
    signs_found = Signal(str)  # the id of a reply of the current path, which has its signs of trouble now

    def __init__(
        self,
        conversations: ConversationList,
        models: ModelDirectory,
        waiting: WaitingTexts,
        is_comparing: Callable[[str], bool],
        signs: SignsWatch,
        titles: TitleWriter,
        current: CurrentConversation,
        parent: QObject | None = None,
    ) -> None:
        """`is_comparing` returns True for a conversation whose answers are compared."""
        super().__init__(parent)
        self._list = conversations
        self._models = models
        self._waiting = waiting
        self._is_comparing = is_comparing
        self._signs = signs
        self._titles = titles
        self._current = current
        signs.found.connect(self._on_signs)

    def follow(self, generation: Generation, message: Message) -> None:
        """Do what follows the end of a generation with its final message."""
        identity = generation.conversation.id
        if self._current.conversation.id == identity:
            self._current.path.update(message)
        else:
            self._note_unread(identity)
        limit, again = generation.answer_limit_reached, generation.began_again
        self._signs.look(
            generation.conversation,
            message,
            limit,
            began_again=again,
            is_without_loops=generation.loops.found_none,
        )
        self.noted.emit(generation)
        self._titles.consider(generation.conversation)
        choice = generation.conversation.settings.choice
        if choice is not None and message.failure is not None and message.failure.reason == "forwarded":
            self._models.refresh(choice.connection_id)  # whose list does not say yet where this model is
        # After a comparison the user first chooses the answer to go on with.
        if phase_of(message) is ReplyPhase.DONE and not self._is_comparing(identity):
            # Later, when all listeners know that this generation has ended.
            QTimer.singleShot(0, self, lambda: self._waiting.send_next(identity, message.place))

    def _note_unread(self, conversation_id: str) -> None:
        """Record that a reply came unseen; one that is compared with the current conversation's is in sight."""
        conversation = self._list.get(conversation_id)
        if conversation is None or conversation.settings.unread:
            return
        if conversation.origin != self._current.conversation.id or not self._is_comparing(conversation_id):
            self._list.save(replace(conversation, settings=replace(conversation.settings, unread=True)))

    def _on_signs(self, message_id: str, signs: tuple[Sign, ...]) -> None:
        path = self._current.path
        message = path.message(message_id)
        if message is not None and message.signs != signs:
            path.update(replace(message, signs=signs))
            self.signs_found.emit(message_id)

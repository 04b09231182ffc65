"""The ends of replies, in whatever conversation: noted as unread, looked through for signs of trouble, named, and
followed by the text that waits there.

What counts as a sign is `core.signs`; which are shown, and how, is the window's.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import count

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.conversation import Conversation
from desktop.core.message import Message
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.repository import StoreError
from desktop.core.sign import Sign, SignKind, answer_limit_in, has_kind
from desktop.runtime.background import gui_task
from desktop.runtime.conversation.sending import Sending
from desktop.runtime.conversation.session import Session
from desktop.runtime.conversation.titles import TitleWriter
from desktop.runtime.reply.generation import Generation

_log = logging.getLogger(__name__)


class ReplyEnds(QObject):
    """A follower of the ends of replies."""

    noted = Signal(object)  # Generation: its conversation has its words
    signs_found = Signal(str)  # the id of a reply of the current path, which has its signs of trouble now

    def __init__(self, session: Session, sending: Sending, titles: TitleWriter) -> None:
        super().__init__(session)
        self._session = session
        self._sending = sending
        self._titles = titles
        self._numbers = count(1)
        self._looks: dict[str, int] = {}  # number of the last look at a reply, by its id, while it lasts
        session.generations.ended.connect(self._follow)

    def _follow(self, generation: Generation, message: Message) -> None:
        """Do what follows the end of a generation with its final message."""
        session, conversation = self._session, generation.conversation
        if session.current.id == conversation.id:
            session.path.update(message)
        else:
            self._note_unread(conversation.id)
        limit, again = generation.answer_limit_reached, generation.builder.began_again
        self._look(conversation, message, limit, began_again=again)
        self.noted.emit(generation)
        self._titles.consider(conversation)
        choice = conversation.settings.choice
        if choice is not None and message.failure is not None and message.failure.reason == "forwarded":
            session.services.models.refresh(choice.connection_id)  # whose list does not say yet where this model is
        # After a comparison the user first chooses the answer to go on with.
        if phase_of(message) is ReplyPhase.DONE and conversation.id not in session.compared:
            # Later, when all listeners know that this generation has ended.
            QTimer.singleShot(0, self, lambda: self._sending.send_next(conversation.id, message.place))

    def _note_unread(self, conversation_id: str) -> None:
        """Record that a reply came unseen; one that is compared with the current conversation's is in sight."""
        session = self._session
        conversation = session.shelf.get(conversation_id)
        if conversation is None or conversation.settings.unread:
            return
        if conversation.origin != session.current.id or conversation_id not in session.compared:
            session.shelf.save(replace(conversation, settings=replace(conversation.settings, unread=True)))

    def look_again(self, before: Message, after: Message) -> None:
        """Look for the signs of a reply of the current conversation whose words stand in other places now."""
        began_again = has_kind(before.signs, SignKind.BEGAN_AGAIN)
        self._look(self._session.current, after, answer_limit_in(before.signs), began_again=began_again)

    @gui_task
    async def _look(
        self,
        conversation: Conversation,
        reply: Message,
        answer_limit: int | None,
        *,
        began_again: bool,
    ) -> None:
        """Look for signs in a reply whose present form is on its way to the disk, and store them with it."""
        number = self._looks[reply.id] = next(self._numbers)
        store, system = self._session.services.store, conversation.settings.system

        def find() -> tuple[Sign, ...]:
            # A start without replies does not need the rules.
            from desktop.core.signs.exchange import MOST_EARLIER, exchange_of
            from desktop.core.signs.rules import signs_in

            path = store.path_end(conversation.id, MOST_EARLIER + 1, reply.id)[:-1]
            exchange = exchange_of(
                reply,
                path,
                is_whole=not path or path[0].parent_id is None,
                system=system,
                answer_limit=answer_limit,
                began_again=began_again,
            )
            signs = signs_in(exchange)
            if signs != reply.signs:
                store.save_signs(reply.id, signs)
            return signs

        try:
            signs = await self._session.services.work.run(find)
        except StoreError as error:  # what keeps the disk from being read is reported elsewhere
            _log.warning("signs of trouble could not be looked for: %s", error)
            return
        if self._looks.get(reply.id) != number:  # looked at again meanwhile
            return
        del self._looks[reply.id]
        message = self._session.path.message(reply.id)
        if message is not None and message.signs != signs:
            self._session.path.update(replace(message, signs=signs))
            self.signs_found.emit(reply.id)

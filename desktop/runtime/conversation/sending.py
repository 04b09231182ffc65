"""Messages of the user on their way: shown at once, saved, sent, and given back where the disk refuses them.

Also those that wait for the end of a reply. The request to the model, and what comes of it, is `reply`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop.core.conversation import Conversation
from desktop.core.message import FilePart, Message, QueuedText, Role, user_message
from desktop.core.path import PathEntry
from desktop.core.place import Place
from desktop.core.repository import StoreError
from desktop.runtime.background import gui_task
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.conversation.session import Session
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import RequestOverrides


@dataclass(frozen=True, slots=True)
class PathSlot:
    """The index on the current path that a generation's first message gets, and its number of versions."""

    index: int
    versions: int = 1

    @classmethod
    def beside(cls, index: int, entry: PathEntry) -> PathSlot:
        """Return the slot of one more version of a message."""
        return cls(index, entry.versions + 1)


@dataclass(frozen=True, slots=True)
class InsertPoint:
    """The place for a new message of the user: its parent, its slot, and the files attached there already."""

    above: str | None
    slot: PathSlot
    attached: tuple[FilePart, ...] = ()


def place_at_end(path: ConversationPath) -> InsertPoint:
    """Return the insert point of the next message."""
    end = len(path.entries)
    return InsertPoint(path.parent_of(end), PathSlot(end))


def place_beside(path: ConversationPath, message_id: str) -> InsertPoint | None:
    """Return the insert point of another version of a user message; None if the path has no such message."""
    index = path.index_of(message_id)
    if index is None or path.entries[index].role is not Role.USER:
        return None
    before = path.message(message_id)
    slot = PathSlot.beside(index, path.entries[index])
    return InsertPoint(path.parent_of(index), slot, before.files if before else ())


class Sending(QObject):
    """The starter of generations in the conversations of a session."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def start(
        self,
        conversation: Conversation,
        above: str | None,
        said: list[Message],
        slot: PathSlot | None = None,
        begun: Message | None = None,
        overrides: RequestOverrides | None = None,
    ) -> bool:
        """Start the reply to `said`, or to the history ending with `above`. Return False if no model is available.

        `slot` is None for a conversation that is not the current one. The other parameters are those of
        `Generations.prepare`.
        """
        generation = self.prepare(conversation, above, said, slot, begun=begun, overrides=overrides)
        if generation is not None:
            self._send(generation, slot)
        return generation is not None

    def prepare(
        self,
        conversation: Conversation,
        above: str | None,
        said: list[Message],
        slot: PathSlot | None,
        queue: Sequence[QueuedText] | None = None,
        begun: Message | None = None,
        overrides: RequestOverrides | None = None,
    ) -> Generation | None:
        """Return a new generation, which is to be begun; None, with `model_needed`, without a model."""
        generation = self._session.generations.prepare(conversation, above, said, queue, begun, overrides)
        if generation is None and slot is not None:
            self._session.model_needed.emit()
        return generation

    async def begin(self, generation: Generation, slot: PathSlot | None) -> None:
        """Show a generation, and begin it. Where the disk refuses, take it back and raise `StoreError`."""
        session, conversation = self._session, generation.conversation
        stored = session.shelf.get(conversation.id)
        before, path = stored or session.current, session.path
        session.shelf.show(conversation)
        replaced = None
        if slot is not None:
            replaced = path.replace_from(slot.index, generation.new_messages, slot.versions)
            session.current = conversation
            session.generation_started.emit(generation)
        try:
            await session.generations.begin(generation)
        except StoreError:
            session.shelf.go_back(before, was_stored=stored is not None)
            if replaced is not None and path is session.path:
                path.go_back(replaced)
                session.go_back(before)
            session.conversations_changed.emit()
            raise

    @gui_task
    async def _send(self, generation: Generation, slot: PathSlot | None, queued: QueuedText | None = None) -> None:
        session, path, identity = self._session, self._session.path, generation.conversation.id
        was_stored = identity in session.shelf
        try:
            await self.begin(generation, slot)
        except StoreError as error:
            if queued is not None:
                session.unsent.keep_waiting(identity, (queued, *session.unsent.waiting(identity)))
                session.store_failed.emit(error)
            else:
                is_in_front = slot is not None and path is session.path
                self._give_back(generation, slot, error, was_stored=was_stored, is_in_front=is_in_front)

    def _give_back(
        self, generation: Generation, slot: PathSlot | None, error: StoreError, *, was_stored: bool, is_in_front: bool
    ) -> None:
        """Give the user their words back, with those that wait behind them where nothing is left to wait in."""
        session, identity = self._session, generation.conversation.id
        said = [message for message in generation.new_messages if message.role is Role.USER][-1:]
        words = [message.text for message in said]  # those before are examples, which the user has elsewhere
        files = [part for message in said for part in message.files]
        if not was_stored and (waiting := session.unsent.waiting(identity)):
            session.unsent.keep_waiting(identity, ())
            words += [each.text for each in waiting]
            files += [part for each in waiting for part in each.files]
        text = "\n\n".join(words)
        if not is_in_front and (was_stored or session.is_stored):
            key = identity if was_stored else ""
            session.unsent.give_back(key, text)
            session.attachments.give_back_to(key, files)
            session.store_failed.emit(error)
            return
        if slot is not None and slot.versions > 1:  # in the place of another message
            session.attachments.show_message_files(files)
        else:
            session.attachments.give_back(files)
        session.not_sent.emit(text, error)

    # Texts that wait in the current conversation, or in another, until its reply has ended

    def queue(self, text: str, attached: Sequence[FilePart] = ()) -> bool:
        """Have a text wait in the current conversation. Return False if it has no words and no files."""
        if not (text.strip() or attached):
            return False
        unsent, identity = self._session.unsent, self._session.current.id
        unsent.keep_waiting(identity, (*unsent.waiting(identity), QueuedText(text, tuple(attached))))
        return True

    def take_back(self, index: int) -> str:
        """Take a waiting text back and return it; empty if it has just been sent. Its files are attachments again."""
        unsent, identity = self._session.unsent, self._session.current.id
        texts = unsent.waiting(identity)
        if not 0 <= index < len(texts):
            return ""
        self._session.attachments.give_back(texts[index].files)
        unsent.keep_waiting(identity, (*texts[:index], *texts[index + 1 :]))
        return texts[index].text

    def send_waiting(self, index: int = 0) -> bool:
        """Send a waiting text now; those after it follow by themselves, each after a complete reply.

        Return False if there is none at `index`, or a reply runs.
        """
        session = self._session
        if not 0 <= index < len(session.unsent.waiting(session.current.id)) or session.is_busy:
            return False
        return self._send_waiting(session.current, index)

    def send_next(self, conversation_id: str, place: Place | None) -> None:
        """Send what waits after a complete reply, but only to the place that the reply came from."""
        session = self._session
        conversation = session.shelf.get(conversation_id)
        waits = session.unsent.waiting(conversation_id) and not session.generations.is_busy(conversation_id)
        if conversation is None or place is None or not waits:
            return
        if session.services.models.place_of(conversation.settings.choice) == place:
            self._send_waiting(conversation, 0)

    def _send_waiting(self, conversation: Conversation, index: int) -> bool:
        session = self._session
        texts = session.unsent.waiting(conversation.id)
        text, remaining = texts[index], (*texts[:index], *texts[index + 1 :])
        above, slot = conversation.head_id, None
        if conversation.id == session.current.id:
            place = place_at_end(session.path)
            above, slot = place.above, place.slot
        said = user_message(text.text, above, text.files)
        generation = self.prepare(conversation, above, [said], slot, remaining)
        if generation is None:
            return False
        self._send(generation, slot, text)
        session.unsent.show_waiting(conversation.id, remaining)
        return True

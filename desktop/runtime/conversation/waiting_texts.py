"""The texts that wait in the current conversation until its reply has ended: added, taken back, sent.

Those of all conversations are kept by `text_queue`, also while another one is in front.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.message import FilePart, QueuedText, user_message
from desktop.core.place import Place
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.generation_starter import GenerationStarter, PathSlot, Queued
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.conversation.text_queue import TextQueue
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generations import Generations


class WaitingTexts(QObject):
    """The waiting texts of the current conversation, the next one first."""

    changed = Signal()

    def __init__(
        self,
        queue: TextQueue,
        conversations: ConversationList,
        models: ModelDirectory,
        attachments: Attachments,
        generations: Generations,
        start: GenerationStarter,
        current: CurrentConversation,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._list = conversations
        self._models = models
        self._attachments = attachments
        self._generations = generations
        self._start = start
        self._current = current

    @property
    def texts(self) -> tuple[QueuedText, ...]:
        """The texts, with their files."""
        return self._queue.of(self._current.conversation.id)

    @property
    def words(self) -> list[str]:
        """The texts, each with the names of its files."""
        return [each.words for each in self.texts]

    def append(self, text: str, attached: Sequence[FilePart] = ()) -> bool:
        """Have a text with files wait for the end of the reply. Return False if it has no words and no files."""
        if not (text.strip() or attached):
            return False
        self._queue.queue_text(self._current.conversation.id, QueuedText(text, tuple(attached)))
        self.changed.emit()
        return True

    def take_back(self, index: int) -> str:
        """Take a waiting text back and return it; empty if it has just been sent. Its files are attachments again."""
        taken = self._queue.take_back(self._current.conversation.id, index)
        if taken is not None:
            self._attachments.give_back(taken.files)
        self.changed.emit()
        return taken.text if taken is not None else ""

    def send(self, index: int = 0) -> bool:
        """Send a waiting text now; those after it follow by themselves, each after a complete reply.

        Return False if there is none at `index`, or a reply runs.
        """
        conversation = self._current.conversation
        if not 0 <= index < len(self.texts) or self._generations.is_busy(conversation.id):
            return False
        return self._send(conversation, index)

    def send_next(self, conversation_id: str, place: Place | None) -> None:
        """Send what waits after a complete reply, but only to the place that the reply came from."""
        conversation = self._list.get(conversation_id)
        if conversation is None or not self._queue.of(conversation_id) or self._generations.is_busy(conversation_id):
            return
        if place is not None and self._models.place_of(conversation.settings.choice) == place:
            self._send(conversation, 0)

    def _send(self, conversation: Conversation, index: int) -> bool:
        is_in_front = conversation.id == self._current.conversation.id
        path = self._current.path
        text = self._queue.of(conversation.id)[index]
        slot = PathSlot(len(path.entries)) if is_in_front else None
        above = path.parent_of(slot.index) if slot else conversation.head_id
        queued = Queued(text, self._queue.without(conversation.id, index))
        said = user_message(text.text, above, text.files)
        if not self._start.start_generation(conversation, above, [said], slot, queued):
            return False
        self._queue.show(conversation.id, queued.remaining)
        if is_in_front:
            self.changed.emit()
        return True

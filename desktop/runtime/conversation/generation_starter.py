"""The beginning of a generation: shown at once, and taken back if the disk refuses it.

It is shown in the list and on the current path. What is to be said, and where, is decided in `chat`; the request to the
model is `generations`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.message import FilePart, Message, QueuedText, Role
from desktop.core.path import PathEntry
from desktop.core.repository import StoreError
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.conversation.path import ConversationPath, Replaced
from desktop.runtime.conversation.text_queue import TextQueue
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import Generations, RequestOverrides


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


@dataclass(frozen=True, slots=True)
class Queued:
    """A text that came from the queue, and the texts that wait after it."""

    text: QueuedText
    remaining: Sequence[QueuedText]


@dataclass(frozen=True, slots=True)
class _Before:
    """The state before a generation: all that is needed to go back if the disk refuses its beginning."""

    conversation: Conversation
    was_stored: bool
    queued: Queued | None
    words_are_kept: bool
    is_edit: bool  # of a message in whose place something else was said
    path: ConversationPath | None = None  # None if it began in another than the current conversation
    replaced: Replaced | None = None


class GenerationStarter(QObject):
    """A starter of generations, each of which can be undone until the disk has its messages."""

    started = Signal(object)  # Generation, in the current conversation
    model_needed = Signal()
    taken_back = Signal()  # a generation counts as one that never was; then `not_sent` or `failed` says why
    not_sent = Signal(str, object)  # the text, StoreError: it belongs to the current conversation, which has its files
    failed = Signal(object)  # StoreError: the text is kept elsewhere

    def __init__(
        self,
        generations: Generations,
        conversations: ConversationList,
        queue: TextQueue,
        current: CurrentConversation,
        attachments: Attachments,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._attachments = attachments
        self._generations = generations
        self._list = conversations
        self._queue = queue
        self._current = current
        # By reply, until the disk has answered whether it took the beginning of its generation.
        self._before: dict[str, _Before] = {}
        generations.begun.connect(self._on_begun)
        generations.not_begun.connect(self._on_not_begun)

    def start_generation(
        self,
        conversation: Conversation,
        above: str | None,
        said: list[Message],
        slot: PathSlot | None = None,
        queued: Queued | None = None,
        begun: Message | None = None,
        overrides: RequestOverrides | None = None,
    ) -> bool:
        """Start the reply to `said`, or to the history ending with `above`. Return False if no model is available.

        `slot` is None for a conversation that is not the current one.
        """
        generation = self._generations.prepare(
            conversation, above, said, queued.remaining if queued else None, begun, overrides
        )
        return self._begin(generation, conversation, slot, queued)

    def start_compared(
        self,
        conversation: Conversation,
        above: str | None,
        said: list[Message],
        slot: PathSlot | None,
        overrides: RequestOverrides | None,
    ) -> Generation | None:
        """Start the first of several compared answers; return its generation, None if no model is available.

        The caller keeps the words: when the disk refuses, only `failed` is emitted.
        """
        generation = self._generations.prepare(conversation, above, said, overrides=overrides)
        return generation if self._begin(generation, conversation, slot, words_are_kept=True) else None

    def _begin(
        self,
        generation: Generation | None,
        conversation: Conversation,
        slot: PathSlot | None,
        queued: Queued | None = None,
        *,
        words_are_kept: bool = False,
    ) -> bool:
        if generation is None:
            if slot is not None:
                self.model_needed.emit()
            return False
        before, current = self._list.get(conversation.id), self._current
        self._before[generation.reply_id] = _Before(
            before or current.conversation,
            before is not None,
            queued,
            words_are_kept,
            slot is not None and slot.versions > 1,
            current.path if slot else None,
            current.path.replace_from(slot.index, generation.new_messages, slot.versions) if slot else None,
        )
        if slot is not None:
            current.conversation = generation.conversation
        self._list.show(generation.conversation)
        if slot is not None:
            self.started.emit(generation)
        generation.start()
        return True

    def _on_begun(self, generation: Generation) -> None:
        self._before.pop(generation.reply_id, None)

    def _on_not_begun(self, generation: Generation, error: StoreError) -> None:
        """Go back to the state before the generation, and give the user their words back."""
        identity, current = generation.conversation.id, self._current
        before = self._before.pop(generation.reply_id, None)
        if before is None:
            return  # one that began beside another: nothing was shown of it here
        self._list.go_back(before.conversation, was_stored=before.was_stored)
        said = [message for message in generation.new_messages if message.role is Role.USER][-1:]
        words = [message.text for message in said]  # those before are examples, which the user has elsewhere
        files = [part for message in said for part in message.files]
        if before.queued is not None:
            self._queue.put_back(identity, before.queued.text)
        elif not before.was_stored:  # nothing is left that the texts could wait in
            waiting = self._queue.take_all_back(identity)
            words += [each.text for each in waiting]
            files += [part for each in waiting for part in each.files]
        if before.path is current.path and before.replaced is not None:
            current.path.go_back(before.replaced)
            current.go_back(before.conversation)
        self.taken_back.emit()
        text = "\n\n".join(words)
        if before.queued is not None or before.words_are_kept:
            self.failed.emit(error)
        elif before.path is not current.path and (before.was_stored or current.is_stored):
            key = identity if before.was_stored else ""
            current.give_back(key, text)
            self._attachments.give_back_to(key, files)
            self.failed.emit(error)
        else:
            if before.is_edit:
                self._attachments.show_message_files(files)
            else:
                self._attachments.give_back(files)
            self.not_sent.emit(text, error)

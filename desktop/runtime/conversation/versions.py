"""The versions of the messages on the current path: made once more, written anew, gone on with, switched between.

Each stands beside the others in the tree of messages. The first message of all is sent by `chat`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.message import AnswerWay, FilePart, Message, Role, in_line, user_message
from desktop.core.reply import can_be_continued, more_room_for, thought_only
from desktop.core.repository import ConversationStore
from desktop.core.request import ThinkingMode
from desktop.core.resplit import lesson_of, resplit
from desktop.core.sign import SignKind, answer_limit_in, has_kind
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.generation_starter import GenerationStarter, PathSlot, place_beside
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generations import Generations, RequestOverrides
from desktop.runtime.reply.signs_watch import SignsWatch
from desktop.runtime.threads.background_tasks import BackgroundTasks


class PathVersions(QObject):
    """The versions of the current path's messages."""

    changed = Signal(int)  # the message at this index of the path has its words in other places
    failed = Signal(object)  # the exception with which the store failed

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        models: ModelDirectory,
        generations: Generations,
        start: GenerationStarter,
        current: CurrentConversation,
        signs: SignsWatch,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self._models = models
        self._generations = generations
        self._start = start
        self._current = current
        self._signs = signs

    def _is_busy(self) -> bool:
        return self._generations.is_busy(self._current.conversation.id)

    def try_again(self, message_id: str | None = None, *, thinking: ThinkingMode | None = None) -> bool:
        """Generate a reply of the path once more, or the last one; the earlier one stays beside it in the tree.

        Return False if that can't be done now. `thinking` overrides the conversation's setting for this one request.
        """
        overrides = RequestOverrides(thinking=thinking) if thinking is not None else None
        if self._is_busy() or self._current.path.is_empty:
            return False
        entries = self._current.path.entries
        if message_id is None and entries[-1].role is not Role.ASSISTANT:
            return self._start.start_generation(
                self._current.conversation, entries[-1].id, [], PathSlot(len(entries)), overrides=overrides
            )
        index = self._current.path.index_of(message_id or entries[-1].id)
        if index is None or entries[index].role is not Role.ASSISTANT:
            return False
        above = self._current.path.parent_of(index)
        slot = PathSlot.beside(index, entries[index])
        conversation = self._current.conversation
        return above is not None and self._start.start_generation(conversation, above, [], slot, overrides=overrides)

    def edit(
        self,
        message_id: str,
        text: str,
        earlier: Sequence[Message] = (),
        attached: Sequence[FilePart] | None = None,
    ) -> bool:
        """Replace a message of the user by another version; the earlier one stays beside it.

        Return False if that can't be done now. `earlier` as in `send`. `attached`: None for the files it has.
        """
        place = place_beside(self._current.path, message_id)
        if place is None or self._is_busy():
            return False
        files = place.attached if attached is None else attached
        if not (text.strip() or files):
            return False
        said = in_line([*earlier, user_message(text, attached=files)], place.above)
        return self._start.start_generation(self._current.conversation, place.above, said, place.slot)

    def answer_now(self, message_id: str | None = None) -> bool:
        """End the thinking of the reply that runs here, and have it answer from what was thought so far.

        A reply that ended with thinking alone is answered in a new version beside it. Return False if there is nothing
        to end, or the answer has begun.
        """
        running = self._generations.running(self._current.conversation.head_id)
        if running is not None:
            return running.answer_now()
        message = self._current.path.message(message_id) if message_id else self._current.path.last
        if message is None or not thought_only(message):
            return False
        return self._go_on(message.id, RequestOverrides(answer_by=(AnswerWay.CONTINUED, AnswerWay.ASKED)))

    def more_room(self, message_id: str) -> bool:
        """Continue a reply that ended before its answer did, with a larger token limit than the one it ran into.

        Return False if that can't be done now.
        """
        message = self._current.path.message(message_id)
        return message is not None and self._go_on(message_id, RequestOverrides(max_tokens=more_room_for(message)))

    def continue_reply(self, message_id: str) -> bool:
        """Continue a visible reply that broke off; the broken one stays beside the whole one.

        Return False if that can't be done now.
        """
        return self._go_on(message_id)

    def _go_on(self, message_id: str, overrides: RequestOverrides | None = None) -> bool:
        index, begun = self._current.path.index_of(message_id), self._current.path.message(message_id)
        if self._is_busy() or index is None or begun is None or not can_be_continued(begun):
            return False
        above, slot = self._current.path.parent_of(index), PathSlot.beside(index, self._current.path.entries[index])
        return above is not None and self._start.start_generation(
            self._current.conversation, above, [], slot, begun=begun, overrides=overrides
        )

    def resplit(self, message_id: str, *, thinking: bool) -> bool:
        """Move the answer of a reply to its thinking, or its thinking to the answer. Return False if there is none.

        The next replies of its model are read that way from the start.
        """
        index, before = self._current.path.index_of(message_id), self._current.path.message(message_id)
        if index is None or before is None or before.role is not Role.ASSISTANT or self._is_busy():
            return False
        after = resplit(before, thinking=thinking)
        if after is before:
            return False
        choice = self._current.conversation.settings.choice
        if choice is not None and (choice.model, self._models.place_of(choice)) == (before.model, before.place):
            self._models.remember_split(choice, lesson_of(before, thinking=thinking))
        self._current.path.update(after)
        store = self._store
        self._work.run_on_store(lambda: store.finish_reply(after), None, self.failed.emit)
        self.changed.emit(index)
        began_again = has_kind(before.signs, SignKind.BEGAN_AGAIN)
        self._signs.look(self._current.conversation, after, answer_limit_in(before.signs), began_again=began_again)
        return True

    def show(self, message_id: str, version: int) -> bool:
        """Switch to another version of a message, 1 being the oldest, and to the last message below it.

        Return False if there is no such version, or a reply runs.
        """
        index = self._current.path.index_of(message_id)
        if index is None or self._is_busy():
            return False
        entry, store = self._current.path.entries[index], self._store
        if not 1 <= version <= entry.versions or version == entry.version:
            return False
        self._move_to(lambda: store.leaf_of_version(message_id, version))
        return True

    def turn_to(self, message_id: str) -> bool:
        """Switch to the newest version of the current conversation that has a message.

        Return False if a reply runs: it would get out of sight.
        """
        store = self._store
        if self._is_busy():
            return False
        self._move_to(lambda: store.leaf_under(message_id))
        return True

    def _move_to(self, find_leaf: Callable[[], str | None]) -> None:
        """Show the path that ends with the leaf that is found on the store's thread, if it is still wanted then."""
        path = self._current.path

        def move_head(leaf_id: str | None) -> None:
            if (
                leaf_id is not None
                and self._current.path is path
                and not self._generations.is_busy(path.conversation_id)
            ):
                self._current.go_to(leaf_id)

        self._work.run_on_store(find_leaf, move_head, self.failed.emit)

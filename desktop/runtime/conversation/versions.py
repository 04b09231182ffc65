"""The versions of the messages on the current path: made once more, written anew, gone on with, switched between.

Each stands beside the others in the tree of messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.core.message import AnswerWay, FilePart, Message, Role, in_line, user_message
from desktop.core.reply import can_be_continued, more_room_for, thought_only
from desktop.core.request import ThinkingMode
from desktop.core.resplit import lesson_of, resplit
from desktop.runtime.background import gui_task
from desktop.runtime.conversation.sending import PathSlot, Sending, place_beside
from desktop.runtime.conversation.session import Session
from desktop.runtime.reply.generations import RequestOverrides


class PathVersions(QObject):
    """The versions of the current path's messages. What cannot be done now, since a reply runs, returns False."""

    resplit_done = Signal(object, object)  # Message, Message: before and after
    changed = Signal(int)  # the message at this index of the path has its words in other places

    def __init__(self, session: Session, sending: Sending) -> None:
        super().__init__(session)
        self._session = session
        self._sending = sending

    def try_again(self, message_id: str | None = None, *, thinking: ThinkingMode | None = None) -> bool:
        """Generate a reply of the path once more, or the last one; the earlier one stays beside it in the tree.

        `thinking` overrides the conversation's setting for this one request.
        """
        session, path = self._session, self._session.path
        if session.is_busy or path.is_empty:
            return False
        overrides = RequestOverrides(thinking=thinking)
        last = path.entries[-1]
        if message_id is None and last.role is not Role.ASSISTANT:
            slot = PathSlot(len(path.entries))
            return self._sending.start(session.current, last.id, [], slot, overrides=overrides)
        index = path.index_of(message_id or last.id)
        if index is None or path.entries[index].role is not Role.ASSISTANT:
            return False
        return self._start_beside(index, overrides)

    def _start_beside(self, index: int, overrides: RequestOverrides | None, begun: Message | None = None) -> bool:
        session, path = self._session, self._session.path
        above, slot = path.parent_of(index), PathSlot.beside(index, path.entries[index])
        return above is not None and self._sending.start(session.current, above, [], slot, begun, overrides)

    def edit(
        self,
        message_id: str,
        text: str,
        earlier: Sequence[Message] = (),
        attached: Sequence[FilePart] | None = None,
    ) -> bool:
        """Replace a message of the user by another version; the earlier one stays beside it.

        `earlier` as in `Chat.send`. `attached`: None for the files it has.
        """
        place = place_beside(self._session.path, message_id)
        if place is None or self._session.is_busy:
            return False
        files = place.attached if attached is None else attached
        if not (text.strip() or files):
            return False
        said = in_line([*earlier, user_message(text, attached=files)], place.above)
        return self._sending.start(self._session.current, place.above, said, place.slot)

    def answer_now(self, message_id: str | None = None) -> bool:
        """End the thinking of the reply that runs here, and have it answer from what was thought so far.

        A reply that ended with thinking alone is answered in a new version beside it. Return False also if the answer
        has begun.
        """
        running = self._session.generation
        if running is not None:
            return running.answer_now()
        path = self._session.path
        message = path.message(message_id) if message_id else path.last
        if message is None or not thought_only(message):
            return False
        return self._go_on(message.id, RequestOverrides(answer_by=(AnswerWay.CONTINUED, AnswerWay.ASKED)))

    def more_room(self, message_id: str) -> bool:
        """Continue a reply that ended before its answer did, with a larger token limit than the one it ran into."""
        message = self._session.path.message(message_id)
        return message is not None and self._go_on(message_id, RequestOverrides(max_tokens=more_room_for(message)))

    def continue_reply(self, message_id: str) -> bool:
        """Continue a visible reply that broke off; the broken one stays beside the whole one."""
        return self._go_on(message_id, None)

    def _go_on(self, message_id: str, overrides: RequestOverrides | None) -> bool:
        path = self._session.path
        index, begun = path.index_of(message_id), path.message(message_id)
        if self._session.is_busy or index is None or begun is None or not can_be_continued(begun):
            return False
        return self._start_beside(index, overrides, begun)

    def resplit(self, message_id: str, *, thinking: bool) -> bool:
        """Move the answer of a reply to its thinking, or its thinking to the answer. Return False if there is none.

        The next replies of its model are read that way from the start.
        """
        session, models = self._session, self._session.services.models
        index, before = session.path.index_of(message_id), session.path.message(message_id)
        if index is None or before is None or before.role is not Role.ASSISTANT or session.is_busy:
            return False
        after = resplit(before, thinking=thinking)
        if after is before:
            return False
        choice = session.current.settings.choice
        if choice is not None and (choice.model, models.place_of(choice)) == (before.model, before.place):
            models.remember_split(choice, lesson_of(before, thinking=thinking))
        session.save_message(after)
        self.changed.emit(index)
        self.resplit_done.emit(before, after)
        return True

    def show(self, message_id: str, version: int) -> bool:
        """Switch to another version of a message, 1 being the oldest, and to the last message below it."""
        path = self._session.path
        index = path.index_of(message_id)
        if index is None or self._session.is_busy:
            return False
        entry, store = path.entries[index], self._session.services.store
        if not 1 <= version <= entry.versions or version == entry.version:
            return False
        self._move_to(lambda: store.leaf_of_version(message_id, version))
        return True

    def turn_to(self, message_id: str) -> bool:
        """Switch to the newest version of the current conversation that has a message."""
        store = self._session.services.store
        if self._session.is_busy:
            return False
        self._move_to(lambda: store.leaf_under(message_id))
        return True

    @gui_task
    async def _move_to(self, find_leaf: Callable[[], str | None]) -> None:
        """Show the path that ends with the leaf that is found on the store's thread, if it is still wanted then."""
        session, path = self._session, self._session.path
        leaf_id = await session.services.work.run(find_leaf)
        if leaf_id is not None and session.path is path and not session.is_busy:
            session.go_to(leaf_id)

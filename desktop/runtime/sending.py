"""What is said in the conversation in front: sent, asked again, written anew, gone on with, and what waits its turn.

A message is shown at once, saved, sent, and given back where the disk refuses it. When a reply has ended, in whatever
conversation, it is noted as unread, looked through for signs of trouble, and followed by the text that waits there. The
request to the model, and what comes of it, is `generations`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal

from desktop.core.conversation import Conversation
from desktop.core.documents.marks import without_asking
from desktop.core.errors import StoreError
from desktop.core.message import (
    AnswerWay,
    FilePart,
    Message,
    QueuedText,
    Role,
    Sign,
    SignKind,
    answer_limit_in,
    has_kind,
    in_line,
    user_message,
)
from desktop.core.place import Place
from desktop.core.reply import ReplyPhase, can_be_continued, lesson_of, more_room_for, phase_of, resplit, thought_only
from desktop.core.request import ThinkingMode
from desktop.core.signs.exchange import MOST_EARLIER, exchange_of
from desktop.core.signs.rules import signs_in
from desktop.runtime.background import gui_task
from desktop.runtime.files import Attachments
from desktop.runtime.generation import Generation
from desktop.runtime.generations import ANSWER_NOW, Start
from desktop.runtime.path import Slot
from desktop.runtime.services import Services
from desktop.runtime.session import Session

_log = logging.getLogger(__name__)


class Sending(Session):
    """The session in which something is said. What cannot be done now, since a reply runs, returns False."""

    model_needed = Signal()
    not_sent = Signal(str, object)  # the text, StoreError: it belongs to the current conversation, which has its files
    generation_ended = Signal(object)  # Generation, in any conversation, which has its words
    signs_found = Signal(str)  # the id of a reply of the current path, which has its signs of trouble now
    words_moved = Signal(int)  # the message at this index of the path has its words in other places

    def __init__(
        self,
        services: Services,
        attachments: Attachments,
        title_of: Callable[[str, Sequence[str]], str],
    ) -> None:
        """`title_of` returns the title of a conversation that begins with a text and with files of these names."""
        super().__init__(services, attachments)
        self.title_of = title_of
        self.generations.ended.connect(self._on_ended)

    # New messages, and new versions of those that are there

    def send(self, text: str, earlier: Sequence[Message] = (), attached: Sequence[FilePart] = ()) -> bool:
        """Send a message of the user. Return False if that can't be done now: a reply runs, or `model_needed` says why.

        `earlier`: messages to stand before it, as if they had been said; each message is given its parent here.
        """
        if not (text.strip() or attached) or self.is_busy:
            return False
        asked = user_message(text, attached=attached)
        names = [part.name for part in asked.without_passages.files]
        title = self.current.title or self.title_of(without_asking(text), names)
        if self.current.origin is not None and not self.current.title:  # the same words are a title already
            title = self.shelf.distinct(title)
        key, slot = self.draft_key, self.path.end
        said = in_line([*earlier, asked], slot.above)
        if not self._start(slot, Start(replace(self.current, title=title), slot.above, said)):
            return False
        self.unsent.forget_draft(key)
        self.attachments.rename_draft(self.draft_key)
        return True

    def edit(
        self,
        message_id: str,
        text: str,
        earlier: Sequence[Message] = (),
        attached: Sequence[FilePart] | None = None,
    ) -> bool:
        """Replace a message of the user by another version; the earlier one stays beside it.

        `earlier` as in `send`. `attached`: None for the files it has.
        """
        slot = self.slot_beside(message_id)
        if slot is None or self.is_busy:
            return False
        files = slot.attached if attached is None else attached
        if not (text.strip() or files):
            return False
        said = in_line([*earlier, user_message(text, attached=files)], slot.above)
        return self._start(slot, Start(self.current, slot.above, said))

    def slot_beside(self, message_id: str) -> Slot | None:
        """Return the slot of another version of a message of the user; None if the path has no such message."""
        index = self.path.index_of(message_id)
        if index is None or self.path.entries[index].role is not Role.USER:
            return None
        return self.path.beside(index)

    def try_again(self, message_id: str | None = None, *, thinking: ThinkingMode | None = None) -> bool:
        """Generate a reply of the path once more, or the last one; the earlier one stays beside it in the tree.

        `thinking` overrides the conversation's setting for this one request.
        """
        if self.is_busy or self.path.is_empty:
            return False
        index = self.path.index_of(message_id or self.path.entries[-1].id)
        if index is None:
            return False
        is_reply = self.path.entries[index].role is Role.ASSISTANT
        if message_id and not is_reply:
            return False
        slot = self.path.beside(index) if is_reply else self.path.end
        return self._start(slot, Start(self.current, slot.above, thinking=thinking))

    def answer_now(self, message_id: str | None = None) -> bool:
        """End the thinking of the reply that runs here, and have it answer from what was thought so far.

        A reply that ended with thinking alone is answered in a new version beside it. Return False also if the answer
        has begun.
        """
        if self.generation is not None:
            return self.generation.answer_now()
        message = self.path.message(message_id) if message_id else self.path.last
        return message is not None and thought_only(message) and self.continue_reply(message.id, answer_by=ANSWER_NOW)

    def more_room(self, message_id: str) -> bool:
        """Continue a reply that ended before its answer did, with a larger token limit than the one it ran into."""
        message = self.path.message(message_id)
        return message is not None and self.continue_reply(message_id, max_tokens=more_room_for(message))

    def continue_reply(
        self, message_id: str, *, answer_by: tuple[AnswerWay, ...] = (), max_tokens: int | None = None
    ) -> bool:
        """Continue a visible reply that broke off, as in `Start`; the broken one stays beside the whole one."""
        index, begun = self.path.index_of(message_id), self.path.message(message_id)
        if self.is_busy or index is None or begun is None or not can_be_continued(begun):
            return False
        slot = self.path.beside(index)
        start = Start(self.current, slot.above, begun=begun, answer_by=answer_by, max_tokens=max_tokens)
        return self._start(slot, start)

    def resplit(self, message_id: str, *, thinking: bool) -> bool:
        """Move the answer of a reply to its thinking, or its thinking to the answer. Return False if there is none.

        The next replies of its model are read that way from the start.
        """
        index, before = self.path.index_of(message_id), self.path.message(message_id)
        if index is None or before is None or before.role is not Role.ASSISTANT or self.is_busy:
            return False
        after = resplit(before, thinking=thinking)
        if after is before:
            return False
        models, choice = self.services.models, self.choice
        if choice is not None and (choice.model, models.place_of(choice)) == (before.model, before.place):
            models.remember_split(choice, lesson_of(before, thinking=thinking))
        self.save_message(after)
        self.words_moved.emit(index)
        began_again = has_kind(before.signs, SignKind.BEGAN_AGAIN)
        self._look_for_signs(self.current, after, answer_limit_in(before.signs), began_again=began_again)
        return True

    def show_version(self, message_id: str, version: int) -> bool:
        """Switch to another version of a message, 1 being the oldest, and to the last message below it."""
        index = self.path.index_of(message_id)
        if index is None or self.is_busy:
            return False
        entry, store = self.path.entries[index], self.services.store
        if not 1 <= version <= entry.versions or version == entry.version:
            return False
        self._move_to(lambda: store.leaf_of_version(message_id, version))
        return True

    def turn_to(self, message_id: str) -> bool:
        """Switch to the newest version of the current conversation that has a message."""
        if self.is_busy:
            return False
        self._move_to(lambda: self.services.store.leaf_under(message_id))
        return True

    @gui_task
    async def _move_to(self, find_leaf: Callable[[], str | None]) -> None:
        """Show the path that ends with the leaf that is found on the store's thread, if it is still wanted then."""
        path = self.path
        leaf_id = await self.services.work.run(find_leaf)
        if leaf_id is not None and self.path is path and not self.is_busy:
            self.go_to(leaf_id)

    # On the way

    def _start(self, slot: Slot | None, start: Start, queued: QueuedText | None = None) -> bool:
        """Start a reply in its slot, if it has one: that is, if its conversation is the current one."""
        generation = self.generations.prepare(start)
        if generation is not None:
            self._send(generation, slot, queued)
        elif slot is not None:
            self.model_needed.emit()
        return generation is not None

    async def begin_reply(self, generation: Generation, slot: Slot | None) -> None:
        """Show a generation, in its slot if its conversation is the current one, and begin it.

        Where the disk refuses, take it back and raise `StoreError`.
        """
        conversation, path, before = generation.conversation, self.path, self.current
        stored = self.shelf.get(conversation.id)
        self.shelf.show(conversation)
        undo = None
        if slot is not None:
            undo = path.replace_from(slot, generation.new_messages)
            self.current = conversation
            self.generation_started.emit(generation)
        try:
            await self.generations.begin(generation)
        except StoreError:
            self.shelf.go_back(conversation.id, stored)
            if undo is not None and path is self.path:
                undo()
                self.current = stored or before
                self.show_current(None)
            self.conversations_changed.emit()
            raise

    @gui_task
    async def _send(self, generation: Generation, slot: Slot | None, queued: QueuedText | None) -> None:
        path, identity = self.path, generation.conversation.id
        was_stored = identity in self.shelf
        try:
            await self.begin_reply(generation, slot)
        except StoreError as error:
            if queued is not None:
                self.unsent.keep_waiting(identity, (queued, *self.unsent.waiting(identity)))
                self.store_failed.emit(error)
                return
            # The user has the words back, with those that wait behind them where nothing is left to wait in.
            is_in_front = slot is not None and path is self.path
            said = [message for message in generation.new_messages if message.role is Role.USER][-1:]
            words = [message.text for message in said]  # those before are examples, which the user has elsewhere
            files = [part for message in said for part in message.files]
            if not was_stored and (waiting := self.unsent.waiting(identity)):
                self.unsent.keep_waiting(identity, ())
                words += [each.text for each in waiting]
                files += [part for each in waiting for part in each.files]
            text = "\n\n".join(words)
            if not is_in_front and (was_stored or self.is_stored):
                key = identity if was_stored else ""
                self.unsent.give_back(key, text)
                self.attachments.give_back(files, draft=key)
                self.store_failed.emit(error)
                return
            if slot is not None and slot.versions:  # in the place of another message
                self.attachments.show_message_files(files)
            else:
                self.attachments.give_back(files)
            self.not_sent.emit(text, error)

    # Texts that wait, in the current conversation or in another, until its reply has ended

    @property
    def waiting(self) -> tuple[QueuedText, ...]:
        """The texts that wait here, the next one first."""
        return self.unsent.waiting(self.current.id)

    def queue(self, text: str, attached: Sequence[FilePart] = ()) -> bool:
        """Have a text with files wait for the end of the reply that runs here.

        Return False if no reply runs, or if answers are compared.
        """
        is_compared = self.current.id in self.compared
        if self.generation is None or is_compared or not (text.strip() or attached):
            return False
        self.unsent.keep_waiting(self.current.id, (*self.waiting, QueuedText(text, tuple(attached))))
        return True

    def take_back(self, index: int) -> str:
        """Take a waiting text back and return it; empty if it has just been sent. Its files are attachments again."""
        texts = self.waiting
        if not 0 <= index < len(texts):
            return ""
        self.attachments.give_back(texts[index].files)
        self.unsent.keep_waiting(self.current.id, (*texts[:index], *texts[index + 1 :]))
        return texts[index].text

    def send_waiting(self, index: int = 0) -> bool:
        """Send a waiting text now; those after it follow by themselves, each after a complete reply.

        Return False if there is none at `index`, or a reply runs.
        """
        if not 0 <= index < len(self.waiting) or self.is_busy:
            return False
        return self._send_waiting(self.current, index)

    def _send_next(self, conversation_id: str, place: Place | None) -> None:
        """Send what waits after a complete reply, but only to the place that the reply came from."""
        conversation = self.shelf.get(conversation_id)
        waits = self.unsent.waiting(conversation_id) and not self.generations.is_busy(conversation_id)
        if conversation is None or place is None or not waits:
            return
        if self.services.models.place_of(conversation.settings.choice) == place:
            self._send_waiting(conversation, 0)

    def _send_waiting(self, conversation: Conversation, index: int) -> bool:
        texts = self.unsent.waiting(conversation.id)
        text, remaining = texts[index], (*texts[:index], *texts[index + 1 :])
        slot = self.path.end if conversation.id == self.current.id else None
        above = conversation.head_id if slot is None else slot.above
        said = user_message(text.text, above, text.files)
        is_sent = self._start(slot, Start(conversation, above, [said], queue=remaining), text)
        if is_sent:
            self.unsent.show_waiting(conversation.id, remaining)
        return is_sent

    # Replies that have ended

    def _on_ended(self, generation: Generation, message: Message) -> None:
        conversation = generation.conversation
        if self.current.id == conversation.id:
            self.path.update(message)
        elif conversation.origin != self.current.id or conversation.id not in self.compared:  # else it is in sight
            self.change(conversation.id, _unread)
        limit, again = generation.answer_limit_reached, generation.builder.began_again
        self._look_for_signs(conversation, message, limit, began_again=again)
        self.generation_ended.emit(generation)
        choice = conversation.settings.choice
        if choice is not None and message.failure is not None and message.failure.reason == "forwarded":
            self.services.models.refresh(choice.connection_id)  # whose list does not say yet where this model is
        # After a comparison the user first chooses the answer to go on with.
        if phase_of(message) is ReplyPhase.DONE and conversation.id not in self.compared:
            # Later, when all listeners know that this generation has ended.
            QTimer.singleShot(0, self, lambda: self._send_next(conversation.id, message.place))

    @gui_task
    async def _look_for_signs(
        self, conversation: Conversation, reply: Message, answer_limit: int | None, *, began_again: bool
    ) -> None:
        """Look for signs in a reply whose present form is on its way to the disk, and store them with it."""
        store, system = self.services.store, conversation.settings.system

        def find() -> tuple[Sign, ...]:
            path = store.path_end(conversation.id, MOST_EARLIER + 1, reply.id)[:-1]
            is_whole = not path or path[0].parent_id is None
            exchange = exchange_of(
                reply,
                path,
                is_whole=is_whole,
                system=system,
                answer_limit=answer_limit,
                began_again=began_again,
                left_out=conversation.settings.left_out,
            )
            signs = signs_in(exchange)
            if signs != reply.signs:
                store.save_signs(reply.id, signs)
            return signs

        try:
            signs = await self.services.work.run(find)
        except StoreError as error:  # what keeps the disk from being read is reported elsewhere
            _log.warning("signs of trouble could not be looked for: %s", error)
            return
        message = self.path.message(reply.id)
        # Its words may stand in other places by now, and be looked at again.
        if message is not None and message.parts == reply.parts and message.signs != signs:
            self.path.update(replace(message, signs=signs))
            self.signs_found.emit(reply.id)


def _unread(conversation: Conversation) -> Conversation:
    return replace(conversation, settings=replace(conversation.settings, unread=True))

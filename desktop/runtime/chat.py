"""The conversations and the one in front: opening, sending, stopping, trying again.

Says what happened with signals; draws nothing. All disk work goes through the store's thread.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.message import Message, MessageStatus, Role, user_message
from desktop.core.model import ModelChoice
from desktop.core.outgoing import outgoing
from desktop.core.repository import ConversationStore, StoreError
from desktop.core.request import ChatRequest, Thinking
from desktop.core.titles import title_from
from desktop.runtime.models import ModelDirectory
from desktop.runtime.open_path import OpenPath, PathEnd, Replaced
from desktop.runtime.turn import Turn
from desktop.runtime.work import Work

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Before:
    """What stood before a turn: all that is needed to go back when the disk does not take its beginning."""

    conversation: Conversation
    is_stored: bool
    path: OpenPath
    replaced: Replaced


class Chat(QObject):
    """What the window is a view of."""

    conversations_changed = Signal()
    leaving = Signal()  # another conversation is about to come to the front: time to keep the draft
    opened = Signal(object, object, object)  # Conversation, OpenPath, draft (None: leave what is written)
    draft_found = Signal(str)  # of the conversation that does not exist yet, from the last time
    settings_changed = Signal()  # of the conversation in front
    turn_started = Signal(object)  # Turn, in the conversation in front
    turn_ended = Signal(object)  # Turn, in any conversation
    not_sent = Signal(str, object)  # the text, StoreError: nothing was sent and nothing is lost
    store_failed = Signal(object)  # StoreError
    model_needed = Signal()

    def __init__(
        self,
        work: Work,
        store: ConversationStore,
        models: ModelDirectory,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self._models = models
        self._conversations: dict[str, Conversation] = {}
        self._turns: dict[str, Turn] = {}
        # What stood before a turn, by conversation, until the disk has answered whether it took its beginning.
        self._before: dict[str, _Before] = {}
        self._leaving_for_bin: dict[str, Conversation] = {}  # deleted, but not yet on the disk
        self._unsaved: list[Turn] = []  # whose end did not reach the disk
        self._last_ended: Turn | None = None  # kept until it is no longer in the middle of its own signal
        self._wanted = ""  # the conversation that is being opened
        self._draft = ""  # of the conversation that does not exist yet
        self.current = Conversation()
        self.path = self._path_of(self.current.id)
        self.default_choice: ModelChoice | None = None
        models.changed.connect(self._describe_model)

    @property
    def conversations(self) -> list[Conversation]:
        """All that are stored, the newest first."""
        return sorted(self._conversations.values(), key=lambda each: each.updated_at, reverse=True)

    @property
    def turn(self) -> Turn | None:
        """The reply that runs in the conversation in front."""
        return self._turns.get(self.current.id)

    def is_running(self, conversation_id: str) -> bool:
        return conversation_id in self._turns

    @property
    def _is_busy(self) -> bool:
        """Whether a reply runs in front, or was stopped before the disk has taken its beginning."""
        return self.current.id in self._turns or self.current.id in self._before

    def load(self, on_loaded: Callable[[], None] | None = None) -> None:
        """Fetch the list of conversations and the draft of the one that does not exist yet."""

        def read() -> tuple[list[Conversation], str]:
            return self._store.conversations(), self._store.draft("")

        def show(found: tuple[list[Conversation], str]) -> None:
            self._conversations |= {each.id: each for each in found[0] if each.id not in self._conversations}
            if found[1] and not self._draft:
                self._draft = found[1]
                if self.current.id not in self._conversations:
                    self.draft_found.emit(self._draft)
            self.conversations_changed.emit()
            if on_loaded:
                on_loaded()

        self._work.run_on_store(read, show, self._store_trouble)

    def new(self) -> None:
        """Put an empty conversation in front. It is stored with its first message."""
        self.leaving.emit()
        self._begin_new()

    def _begin_new(self) -> None:
        self._wanted = ""
        choice = self.current.settings.choice or self.default_choice
        self.current = Conversation(settings=ConversationSettings(choice=choice))
        self.path = self._path_of(self.current.id)
        self.opened.emit(self.current, self.path, self._draft)
        self._describe_model()

    def open(self, conversation_id: str) -> None:
        """Put a stored conversation in front, as soon as it has been read."""
        if conversation_id == self.current.id or conversation_id not in self._conversations:
            self._wanted = ""
            return
        self._wanted = conversation_id

        def read() -> tuple[PathEnd, str]:
            return PathEnd.read(self._store, conversation_id), self._store.draft(conversation_id)

        def show(found: tuple[PathEnd, str], is_second: bool = False) -> None:
            if self._wanted != conversation_id or conversation_id not in self._conversations:
                return
            end, draft = found
            last = end.messages[-1] if end.messages else None
            turn = self._turns.get(conversation_id)
            if turn is None and last is not None and last.status.is_running and not is_second:
                # The reply has ended since this was read. Its last save was asked for before, so it is there now.
                self._work.run_on_store(read, lambda again: show(again, is_second=True), self._store_trouble)
                return
            self._wanted = ""
            self.leaving.emit()
            self.current = self._conversations[conversation_id]
            self.path = self._path_of(conversation_id, end)
            if turn is not None:
                self.path.update(turn.builder.message)
            self.opened.emit(self.current, self.path, draft)
            self.path.complete()
            self._describe_model()
            if turn is not None:
                self.turn_started.emit(turn)

        self._work.run_on_store(read, show, self._store_trouble)

    def send(self, text: str) -> bool:
        """Send a message of the person; False when that can't be done now: a reply runs, or `model_needed` says why."""
        if not text.strip() or self._is_busy:
            return False
        end = len(self.path.entries)
        message = user_message(text, self.path.parent_of(end))
        title = self.current.title or title_from(text)
        key = self._draft_key()
        if not self._start_turn(replace(self.current, title=title), end, [message]):
            return False
        self._save_draft(key, "")
        return True

    def try_again(self) -> bool:
        """Ask for the last reply once more; the earlier one stays beside it in the tree."""
        if self._is_busy or self.path.is_empty:
            return False
        index = len(self.path.entries)
        last = self.path.entries[-1]
        if last.role is not Role.ASSISTANT:
            return self._start_turn(self.current, index, [])
        return index > 1 and self._start_turn(self.current, index - 1, [], last.versions + 1)

    def stop(self) -> None:
        """Stop the reply in front."""
        if self.turn is not None:
            self.turn.stop()

    def choose_model(self, choice: ModelChoice) -> None:
        """Talk to another model from the next message on."""
        self.default_choice = choice
        self._change_settings(replace(self.current.settings, choice=choice))
        self._describe_model()

    def set_thinking(self, thinking: Thinking) -> None:
        self._change_settings(replace(self.current.settings, thinking=thinking))

    def rename(self, conversation_id: str, title: str) -> None:
        conversation = self._conversations.get(conversation_id)
        if conversation is not None and title.strip():
            self._keep(replace(conversation, title=title.strip()))

    def delete(self, conversation_id: str) -> None:
        """Move a conversation to the bin; a reply that runs in it is stopped and kept."""
        if conversation_id not in self._conversations:
            return
        turn = self._turns.get(conversation_id)
        if turn is not None:
            turn.stop()
        is_in_front = self.current.id == conversation_id
        if is_in_front:
            self.leaving.emit()
        self._leaving_for_bin[conversation_id] = self._conversations.pop(conversation_id)
        self._work.run_on_store(
            lambda: self._store.delete_conversation(conversation_id),
            lambda _: self._on_deletion_ended(conversation_id, None),
            lambda error: self._on_deletion_ended(conversation_id, error),
        )
        self.conversations_changed.emit()
        if is_in_front:
            self._begin_new()

    def _on_deletion_ended(self, conversation_id: str, error: Exception | None) -> None:
        conversation = self._leaving_for_bin.pop(conversation_id, None)
        if error is None:
            return
        if conversation is not None:
            self._conversations[conversation_id] = conversation
            self.conversations_changed.emit()
        self._store_trouble(error)

    def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the bin and put it in front."""
        self._work.run_on_store(
            lambda: self._store.restore_conversation(conversation_id),
            lambda _: self.load(lambda: self.open(conversation_id)),
            self._store_trouble,
        )

    def keep_draft(self, text: str) -> None:
        """Remember what stands in the composer."""
        self._save_draft(self._draft_key(), text)

    def save_again(self) -> None:
        """Save what the disk did not take before, after the person has made room."""
        turns, self._unsaved = self._unsaved, []
        for turn in turns:
            turn.save_again()

    def stop_all(self) -> None:
        """At the end of the program: keep what has arrived everywhere."""
        for turn in list(self._turns.values()):
            turn.stop()

    def _describe_model(self) -> None:
        """Learn all there is to know of the model in front, now or as soon as it is listed."""
        self._models.describe(self.current.settings.choice)

    def _draft_key(self) -> str:
        """Under which a draft of the conversation in front is kept; "" until that conversation exists."""
        return self.current.id if self.current.id in self._conversations else ""

    def _save_draft(self, key: str, text: str) -> None:
        if not key:
            self._draft = text
        self._work.run_on_store(lambda: self._store.save_draft(key, text), None, self._store_trouble)

    def _path_of(self, conversation_id: str, end: PathEnd | None = None) -> OpenPath:
        path = OpenPath(self._work, self._store, conversation_id, end)
        path.failed.connect(self._store_trouble)
        return path

    def _start_turn(self, conversation: Conversation, index: int, said: list[Message], versions: int = 1) -> bool:
        """Have `said`, or what stands above `index`, answered; the first new message is the newest of `versions`."""
        choice = conversation.settings.choice
        backend = self._models.backend(choice.connection_id) if choice else None
        if choice is None or backend is None:
            self.model_needed.emit()
            return False
        above = self.path.parent_of(index)
        reply = Message(
            role=Role.ASSISTANT,
            parent_id=said[-1].id if said else above,
            status=MessageStatus.STREAMING,
            model=choice.model,
            place=backend.place,
        )
        request = self._request(conversation, choice.model, above, said)
        new_messages = [*said, reply]
        replaced = self.path.put(index, new_messages, versions)
        is_stored = conversation.id in self._conversations
        self._before[conversation.id] = _Before(self.current, is_stored, self.path, replaced)
        conversation = replace(conversation, head_id=reply.id, updated_at=time.time())
        turn = Turn(self._work, self._store, backend, request, conversation, new_messages)
        turn.finished.connect(self._on_turn_finished)
        turn.begun.connect(self._on_begun)
        turn.not_begun.connect(self._on_not_begun)
        turn.save_failed.connect(self._on_save_failed)
        self._turns[conversation.id] = turn
        self.current = self._conversations[conversation.id] = conversation
        self.conversations_changed.emit()
        self.turn_started.emit(turn)
        turn.start()
        return True

    def _request(
        self, conversation: Conversation, model: str, above: str | None, said: list[Message]
    ) -> Callable[[], ChatRequest]:
        """What reads the history down to the message `above` and asks for an answer to it, on the store's thread."""
        store, settings = self._store, conversation.settings
        unsaved = {turn.reply_id: turn.builder.message for turn in self._unsaved}

        def make() -> ChatRequest:
            earlier = store.path(conversation.id, above) if above else []
            if above and not earlier:
                raise StoreError("other", "the messages before this one are not there")
            whole = [*(unsaved.get(each.id, each) for each in earlier), *said]
            return ChatRequest(
                model=model, messages=outgoing(whole), system=settings.system, thinking=settings.thinking
            )

        return make

    def _on_turn_finished(self, message: Message) -> None:
        turn = self._take_turn(message.id)
        if turn is None:
            return
        if self.current.id == turn.conversation.id:
            self.path.update(message)
        self.conversations_changed.emit()
        self.turn_ended.emit(turn)

    def _on_save_failed(self, turn: Turn, error: StoreError) -> None:
        self._unsaved.append(turn)
        self.store_failed.emit(error)

    def _on_begun(self, turn: Turn) -> None:
        self._before.pop(turn.conversation.id, None)

    def _on_not_begun(self, turn: Turn, error: StoreError) -> None:
        """Go back to what stood before the turn, and give the person their words back."""
        self._take_turn(turn.reply_id)
        before = self._before.pop(turn.conversation.id)
        identity = before.conversation.id
        for kept in (self._conversations, self._leaving_for_bin):
            if identity in kept and before.is_stored:
                kept[identity] = before.conversation
            else:
                kept.pop(identity, None)
        if self.current.id == identity:
            self.current, self.path = before.conversation, before.path
            self.path.go_back(before.replaced)
            self.opened.emit(self.current, self.path, None)
        self.conversations_changed.emit()
        said = "".join(message.text for message in turn.new_messages if message.role is Role.USER)
        self.not_sent.emit(said, error)

    def _take_turn(self, reply_id: str) -> Turn | None:
        """The running turn of a reply, which from now on counts as ended."""
        found = next((each for each in self._turns.values() if each.reply_id == reply_id), None)
        if found is not None:
            del self._turns[found.conversation.id]
            self._last_ended = found
        return found

    def _change_settings(self, settings: ConversationSettings) -> None:
        self.current = replace(self.current, settings=settings)
        if self.current.id in self._conversations:
            self._keep(self.current)
        self.settings_changed.emit()

    def _keep(self, conversation: Conversation) -> None:
        self._conversations[conversation.id] = conversation
        if self.current.id == conversation.id:
            self.current = conversation
        self._work.run_on_store(lambda: self._store.save_conversation(conversation), None, self._store_trouble)
        self.conversations_changed.emit()

    def _store_trouble(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            _log.error("the store failed", exc_info=error)
            error = StoreError("other", str(error))
        self.store_failed.emit(error)

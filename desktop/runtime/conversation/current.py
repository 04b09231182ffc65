"""The current conversation, with its path, its settings and the draft in the input field.

Opens conversations and keeps what belongs to them; what is said in them, and which replies run, is `chat`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation, ConversationSettings, is_temporary, temporary_id
from desktop.core.message import Message, QueuedText
from desktop.core.model import ModelChoice
from desktop.core.path import PathEntry, entry_of
from desktop.core.repository import ConversationStore
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.conversation.path import ConversationPath, PathEnd
from desktop.runtime.conversation.text_queue import TextQueue
from desktop.runtime.keeping.unsaved import Unsaved
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import Generations
from desktop.runtime.threads.background_tasks import BackgroundTasks


class CurrentConversation(QObject):
    """The conversation that the window shows.

    `conversation` is stored once it has a message; until then it is an empty one, of which only the draft is kept.
    """

    leaving = Signal()  # another conversation is about to come to the front: time to keep the draft
    opened = Signal(object)  # its draft; None where what is written is to be left alone
    moved = Signal(int)  # the path goes on with other messages after so many that are the same
    draft_found = Signal(str)  # of the conversation that does not exist yet, from the last time
    settings_changed = Signal()
    failed = Signal(object)  # what the store failed with

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        conversations: ConversationList,
        generations: Generations,
        queue: TextQueue,
        models: ModelDirectory,
        disk: Unsaved,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._store = store
        self._list = conversations
        self._generations = generations
        self._queue = queue
        self._models = models
        self._disk = disk
        self._wanted = ""  # the conversation that is being opened
        self._unlisted: Callable[[], bool] | None = None  # if it is still wanted, while the list does not have it yet
        self._draft = ""  # of the conversation that does not exist yet
        self._temporary_draft = ("", "")  # of the last one that nothing was sent in: its id, and the words
        self._last_draft: str | None = None  # of that one from the last time, once the store's thread has read it
        self._has_last_draft = False  # it is in `_draft`
        self._returned: dict[str, str] = {}  # words that could not be sent, of conversations that have been left
        self.instructions = ""  # that each new conversation begins with
        self.keeps_nothing = False  # each new conversation is a temporary one
        self.conversation = Conversation()
        self.path = self._path_of(self.conversation.id)
        conversations.changed.connect(self._on_listed)

    @property
    def is_opening(self) -> bool:
        """True while another conversation is wanted, and has not been read yet."""
        return bool(self._wanted) and (self._unlisted is None or not self._list.is_complete)

    @property
    def is_stored(self) -> bool:
        return self.conversation.id in self._list

    @property
    def temporary_draft(self) -> str:
        """The words of a temporary conversation in which nothing was sent; the next one begins with them."""
        return self._temporary_draft[1]

    @temporary_draft.setter
    def temporary_draft(self, words: str) -> None:
        self._temporary_draft = ("", words)

    def begin_new(self, default_choice: ModelChoice | None, *, keeps_written: bool = False) -> None:
        """Make a new, empty conversation the current one, with the model that the user has chosen last.

        Where none was, with that of the conversation before: the one that the program has begun with. If its connection
        is gone, with the nearest. `keeps_written`: with what stands in the message box.
        """
        if self.keeps_nothing:
            self.begin_temporary(default_choice, keeps_written=keeps_written)
        else:
            settings = self._new_settings(default_choice)
            self._show_new(Conversation(settings=settings), keeps_written=keeps_written)

    def begin_temporary(self, default_choice: ModelChoice | None, *, keeps_written: bool = False) -> None:
        """Make a new conversation the current one of which nothing is written to a disk."""
        temporary = Conversation(id=temporary_id(), settings=self._new_settings(default_choice))
        self._show_new(temporary, keeps_written=keeps_written)

    def _new_settings(self, default_choice: ModelChoice | None) -> ConversationSettings:
        choice = default_choice or self.conversation.settings.choice
        if default_choice is None and choice is not None and self._models.place_of(choice) is None:
            choice = self._models.nearest_choice()
        return ConversationSettings(choice=choice, system=self.instructions)

    def open_empty(self, conversation: Conversation) -> None:
        """Make this conversation the current one, in which nothing has been said yet."""
        self.leaving.emit()
        self._show_new(conversation)

    def open(self, conversation_id: str, is_still_wanted: Callable[[], bool] = lambda: True) -> None:
        """Make a stored conversation the current one, as soon as its end has been read, if it is wanted then.

        Where the list is still being fetched, as soon as it has that one.
        """
        is_listed = conversation_id in self._list
        if conversation_id == self.conversation.id or (self._list.is_complete and not is_listed):
            self._wanted, self._unlisted = "", None
            return
        self._wanted = conversation_id
        self._unlisted = None if is_listed else is_still_wanted
        if is_listed:
            self._read(conversation_id, is_still_wanted)

    def go_to(self, leaf_id: str) -> None:
        """Make this message the head of the current conversation; it may be a reply that runs."""
        self.save(replace(self.conversation, head_id=leaf_id))
        self.read_again()

    def read_again(self) -> None:
        """Read the current path again, after its messages or their versions have changed."""
        if not self.is_stored or self.conversation.head_id is None:
            return
        path, store, leaf_id = self.path, self._store, self.conversation.head_id
        running = self._generations.running(leaf_id)

        def read() -> tuple[list[PathEntry], PathEnd]:
            return store.outline(path.conversation_id), PathEnd.read(store, path.conversation_id)

        def show(found: tuple[list[PathEntry], PathEnd]) -> None:
            generation = self._generations.running(leaf_id)
            if self.path is not path or self.conversation.head_id != leaf_id:
                return
            if generation is not running:
                self.read_again()  # it has ended since this was asked for
                return
            same = path.go_on_with(*found)
            if generation is not None:
                path.update(generation.builder.message)
            self.moved.emit(same)

        self._work.run_on_store(read, show, self.failed.emit)

    def path_of_one(self, message: Message, conversation_id: str) -> ConversationPath:
        """Return a path that consists of one message, whatever stands above it in its conversation."""
        return self._path_of(conversation_id, PathEnd([replace(message, parent_id=None)], [entry_of(message)]))

    def go_back(self, conversation: Conversation) -> None:
        """Show the current conversation as it was before a change that could not be saved."""
        self.conversation = conversation
        self.opened.emit(None)

    def change_settings(self, settings: ConversationSettings) -> None:
        changed = replace(self.conversation, settings=settings)
        if self.is_stored:
            self.save(changed)
        else:
            self.conversation = changed
        self.settings_changed.emit()

    def save(self, conversation: Conversation) -> None:
        """Save a changed conversation, the current one or another."""
        if conversation.id == self.conversation.id:
            self.conversation = conversation
        self._list.save(conversation)

    def save_message(self, message: Message) -> None:
        """Save a changed message that has ended, and show it if it is on the current path."""
        self.path.update(message)
        self._work.run_on_store(lambda: self._store.finish_reply(message), None, self.failed.emit)

    def keep_draft(self, text: str) -> None:
        """Save the text of the input field as a draft."""
        self.save_draft(self.draft_key(), text)

    def draft_key(self) -> str:
        """Return the key of the draft: the conversation's id, "" until it is stored."""
        return self.conversation.id if self.is_stored or is_temporary(self.conversation.id) else ""

    def save_draft(self, key: str, text: str) -> None:
        def save() -> None:
            is_alone = bool(key) or has_last
            self._store.save_draft(key, text if is_alone else _joined(self._read_last_draft(), text))

        has_last = self._has_last_draft
        if not key:
            self._draft = text
        elif is_temporary(key) and key not in self._list:
            self._temporary_draft = (key, text)
        elif key == self._temporary_draft[0]:  # it has a message now, and is listed
            self._temporary_draft = ("", "")
        self._disk.save(("draft", key), save, text=text)

    def find_draft(self) -> None:
        """Read the draft of the conversation that does not exist yet, and tell what it is.

        What has been written meanwhile stands below it, on the disk as well. Once it is known, nothing is done.
        """

        def take_over(draft: str) -> None:
            if self._has_last_draft:
                return
            self._draft, self._has_last_draft = _joined(draft, self._draft), True
            if draft and not self.is_stored:
                self.draft_found.emit(draft)

        self._work.run_on_store(self._read_last_draft, take_over, self.failed.emit)

    def _read_last_draft(self) -> str:
        """Return the draft from the last time; on the store's thread."""
        if self._last_draft is None:
            self._last_draft = self._store.draft("")
        return self._last_draft

    def give_back(self, conversation_id: str, words: str) -> None:
        """Keep words that could not be sent until their conversation, which has been left, is opened again.

        Without an id they belong to one that does not exist, and so to the next new one.
        """
        if conversation_id:
            self._returned[conversation_id] = _joined(self._returned.get(conversation_id, ""), words)
        else:
            self._draft = _joined(words, self._draft)

    def _on_listed(self) -> None:
        """Read the conversation that was wanted before the list had it."""
        if self._unlisted is not None and self._wanted in self._list:
            is_still_wanted, self._unlisted = self._unlisted, None
            self._read(self._wanted, is_still_wanted)

    def _show_new(self, conversation: Conversation, *, keeps_written: bool = False) -> None:
        self._wanted, self._unlisted = "", None
        self.conversation = conversation
        self.path = self._path_of(conversation.id)
        draft = self._draft
        if is_temporary(conversation.id):
            draft = self.temporary_draft
            self._temporary_draft = (conversation.id, draft)
        self.opened.emit(None if keeps_written else draft)

    def _read(self, conversation_id: str, is_still_wanted: Callable[[], bool]) -> None:
        store, running = self._store, self._running_at_end_of(conversation_id)

        def read() -> tuple[PathEnd, str, list[QueuedText]]:
            return PathEnd.read(store, conversation_id), store.draft(conversation_id), store.queue(conversation_id)

        def show(found: tuple[PathEnd, str, list[QueuedText]]) -> None:
            conversation = self._list.get(conversation_id)
            if self._wanted != conversation_id or conversation is None or not is_still_wanted():
                return
            generation = self._running_at_end_of(conversation_id)
            if generation is not running:
                # A reply has ended or begun since this was asked for; by now, its save has been asked for too.
                self._read(conversation_id, is_still_wanted)
                return
            end, stored, queue = found
            draft = self._disk.latest(("draft", conversation_id), stored)
            self._wanted = ""
            self.leaving.emit()
            self.conversation = conversation
            self.path = self._path_of(conversation_id, end)
            self._queue.merge_stored(conversation_id, queue)
            if generation is not None:
                self.path.update(generation.builder.message)
            self.opened.emit(_joined(self._returned.pop(conversation_id, ""), draft))

        self._work.run_on_store(read, show, self.failed.emit)

    def _running_at_end_of(self, conversation_id: str) -> Generation | None:
        conversation = self._list.get(conversation_id)
        return self._generations.running(conversation.head_id) if conversation is not None else None

    def _path_of(self, conversation_id: str, end: PathEnd | None = None) -> ConversationPath:
        path = ConversationPath(self._work, self._store, conversation_id, end)
        path.failed.connect(self.failed)
        return path


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)

"""The conversation in front, among all others: which one it is, its path, its settings, its draft.

Conversations are opened here, and changed. What is said in one is `sending`; `Chat` is both, with all that belongs to
it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.core.conversation import Conversation, ConversationSettings, is_temporary, temporary_id
from desktop.core.errors import StoreError
from desktop.core.message import Message, PathEntry, QueuedText
from desktop.core.model import ModelChoice, ModelInfo
from desktop.core.place import Place
from desktop.runtime.background import gui_task
from desktop.runtime.files import Attachments
from desktop.runtime.generation import Generation
from desktop.runtime.generations import Generations
from desktop.runtime.keeping import Unsaved
from desktop.runtime.path import ConversationPath, PathEnd
from desktop.runtime.services import Services, WithServices
from desktop.runtime.shelf import ConversationShelf
from desktop.runtime.unsent import Unsent

_log = logging.getLogger(__name__)


class Session(WithServices):
    """The conversation that the window shows.

    `current` is stored once it has a message; until then it is an empty one, of which only the draft is kept.
    """

    leaving = Signal()  # another conversation is about to come to the front: time to keep the draft
    opened = Signal(object, object, object)  # Conversation, ConversationPath, draft (None: leave what is written)
    path_changed = Signal(int)  # the current path has other messages after so many that are the same
    settings_changed = Signal()  # of the current conversation
    generation_started = Signal(object)  # Generation, in the current conversation

    def __init__(self, services: Services, attachments: Attachments) -> None:
        super().__init__(services)
        self.attachments = attachments  # to the next message, or to the one that is edited
        self.unsaved = Unsaved(services.work)
        self.shelf = ConversationShelf(services, self.unsaved)
        self.generations = Generations(services, self.unsaved, self._is_in_sight)
        self.unsent = Unsent(services, self.shelf, self.unsaved)
        self.instructions = Instructions(self)
        self.conversations_changed: SignalInstance = self.shelf.changed
        self.store_failed: SignalInstance = services.work.failed
        self.unsaved.refused.connect(self._on_store_failed)
        self.default_choice: ModelChoice | None = None  # the model that the user has chosen last
        self.keeps_nothing = False  # each new conversation is a temporary one
        self.compared: dict[str, QObject] = {}  # the comparison that runs in a conversation, by its id
        self._wanted = ""  # the conversation that is being opened
        self._unlisted: Callable[[], bool] | None = None  # if it is still wanted, while the list does not have it yet
        self.current = Conversation()
        self.path = self._path_of(self.current.id)
        self.shelf.changed.connect(self._on_listed)

    # What is in front

    @property
    def is_opening(self) -> bool:
        """True while another conversation is wanted, and has not been read yet."""
        return bool(self._wanted) and (self._unlisted is None or not self.shelf.is_complete)

    @property
    def choice(self) -> ModelChoice | None:
        """The model that is chosen in the current conversation."""
        return self.current.settings.choice

    @property
    def model(self) -> ModelInfo | None:
        """That model, as far as its server lists it."""
        return self.services.models.find(self.choice)

    @property
    def place(self) -> Place | None:
        """Where the next message goes; None where that is not known."""
        return self.services.models.place_of(self.choice)

    @property
    def is_stored(self) -> bool:
        """True once the current conversation has a message, and so is in the list."""
        return self.current.id in self.shelf

    @property
    def is_busy(self) -> bool:
        """True if a reply runs in it, or was stopped before the disk took its beginning."""
        return self.generations.is_busy(self.current.id)

    def _is_in_sight(self, conversation: Conversation) -> bool:
        """Return True for what the window shows: the current conversation, and what is compared with it."""
        here = self.current.id in (conversation.id, conversation.origin)
        return here or conversation.id in self.compared

    @property
    def generation(self) -> Generation | None:
        """The generation that runs at the end of the current conversation, or None."""
        return self.generations.running(self.current.head_id)

    @property
    def draft_key(self) -> str:
        """The key that drafts are kept under: the conversation's id, "" until it is stored."""
        return self.current.id if self.is_stored or is_temporary(self.current.id) else ""

    # Another conversation in front

    def new(self, *, keeps_written: bool = False) -> None:
        """Make a new, empty conversation the current one. It is stored with its first message.

        `keeps_written`: what stands in the message box belongs to it.
        """
        if not keeps_written:
            self.leaving.emit()
        new = Conversation(
            settings=replace(self._new_settings(), folders=self.without_forgotten(self.unsent.folders_of_new))
        )
        self._show_new(replace(new, id=temporary_id()) if self.keeps_nothing else new, keeps_written=keeps_written)

    def without_forgotten(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return these without the folders that were forgotten meanwhile; all of them where none can be asked."""
        folders = self.services.folders
        return tuple(each for each in ids if not folders.is_allowed or folders.state(each) is not None)

    def new_temporary(self) -> None:
        """Make a new conversation the current one that ends with the program, and is never written to a disk."""
        self.begin(Conversation(id=temporary_id(), settings=self._new_settings()))

    def begin(self, conversation: Conversation) -> None:
        """Make this conversation the current one, in which nothing has been said yet."""
        self.leaving.emit()
        self._show_new(conversation)

    def _new_settings(self) -> ConversationSettings:
        """Return the settings of a new conversation, with the model that was chosen last.

        Where none was, with that of the conversation before: the one that the program has begun with. If its connection
        is gone, with the nearest.
        """
        models, choice = self.services.models, self.default_choice or self.choice
        if self.default_choice is None and choice is not None and models.place_of(choice) is None:
            choice = models.nearest_choice()
        return ConversationSettings(choice=choice, system=self.instructions.standing)

    def _show_new(self, conversation: Conversation, *, keeps_written: bool = False) -> None:
        self._wanted, self._unlisted = "", None
        self.current = conversation
        self.path = self._path_of(conversation.id)
        draft = self.unsent.draft_of_new
        if is_temporary(conversation.id):
            draft = self.unsent.temporary_draft
            self.unsent.begin_temporary(conversation.id, draft)
        self.show_current(None if keeps_written else draft)

    def open(self, conversation_id: str, is_still_wanted: Callable[[], bool] = lambda: True) -> None:
        """Make a stored conversation the current one, as soon as its end has been read, if it is wanted then.

        Where the list is still being fetched, as soon as it has that one.
        """
        is_listed = conversation_id in self.shelf
        if conversation_id == self.current.id or (self.shelf.is_complete and not is_listed):
            self._wanted, self._unlisted = "", None
            return
        self._wanted = conversation_id
        self._unlisted = None if is_listed else is_still_wanted
        if is_listed:
            self._read(conversation_id, is_still_wanted)

    def _on_listed(self) -> None:
        """Read the conversation that was wanted before the list had it."""
        if self._unlisted is not None and self._wanted in self.shelf:
            is_still_wanted, self._unlisted = self._unlisted, None
            self._read(self._wanted, is_still_wanted)

    @gui_task
    async def _read(self, conversation_id: str, is_still_wanted: Callable[[], bool]) -> None:
        store = self.services.store

        def read() -> tuple[PathEnd, str, list[QueuedText]]:
            return PathEnd.read(store, conversation_id), store.draft(conversation_id), store.queue(conversation_id)

        while True:
            running = self._running_at_end_of(conversation_id)
            end, draft, waiting = await self.services.work.run(read)
            conversation = self.shelf.get(conversation_id)
            if self._wanted != conversation_id or conversation is None or not is_still_wanted():
                return
            generation = self._running_at_end_of(conversation_id)
            if generation is running:
                break
            # A reply has ended or begun since this was asked for; by now, its save has been asked for too.
        self._wanted = ""
        self.leaving.emit()
        self.current = conversation
        self.path = self._path_of(conversation_id, end)
        self.unsent.merge_stored(conversation_id, waiting)
        if generation is not None:
            self.path.update(generation.builder.message)
        self.show_current(self.unsent.latest_draft(conversation_id, draft))

    def _running_at_end_of(self, conversation_id: str) -> Generation | None:
        conversation = self.shelf.get(conversation_id)
        return self.generations.running(conversation.head_id) if conversation is not None else None

    def _path_of(self, conversation_id: str, end: PathEnd | None = None) -> ConversationPath:
        return ConversationPath(self.services.work, self.services.store, conversation_id, end)

    def show_current(self, draft: str | None) -> None:
        """Tell of the conversation that has come to the front; `draft` as in `opened`."""
        if draft is None:
            self.attachments.rename_draft(self.draft_key)
        else:
            self.attachments.show_draft(self.draft_key)
        self.generations.share_attention()
        self.opened.emit(self.current, self.path, draft)
        if self.current.settings.unread:
            self.change_settings(lambda settings: replace(settings, unread=False))
        self.path.complete()
        self.services.models.describe(self.choice)
        self._tell_of_generation()

    def _tell_of_generation(self) -> None:
        if self.generation is not None:
            self.generation_started.emit(self.generation)

    # The path in front

    def go_to(self, leaf_id: str) -> None:
        """Make this message the head of the current conversation; it may be a reply that runs."""
        self.save(replace(self.current, head_id=leaf_id))
        self.read_again()

    @gui_task
    async def read_again(self) -> None:
        """Read the current path again, after its messages or their versions have changed."""
        path, store, leaf_id = self.path, self.services.store, self.current.head_id
        if not self.is_stored or leaf_id is None:
            return

        def read() -> tuple[list[PathEntry], PathEnd]:
            return store.outline(path.conversation_id), PathEnd.read(store, path.conversation_id)

        while True:
            running = self.generation
            outline, end = await self.services.work.run(read)
            if self.path is not path or self.current.head_id != leaf_id:
                return
            if self.generation is running:
                break  # else it has ended since this was asked for
        same = path.go_on_with(outline, end)
        if running is not None:
            path.update(running.builder.message)
        self.path_changed.emit(same)
        self._tell_of_generation()

    # Changes

    def change_settings(self, change: Callable[[ConversationSettings], ConversationSettings]) -> None:
        """Change the current conversation's settings from the next message on."""
        changed = replace(self.current, settings=change(self.current.settings))
        if self.is_stored:
            self.save(changed)
        else:
            self.current = changed
            if not is_temporary(changed.id):
                self.unsent.keep_folders(changed.settings.folders)
        self.settings_changed.emit()

    def save(self, conversation: Conversation) -> None:
        """Save a changed conversation, the current one or another."""
        if conversation.id == self.current.id:
            self.current = conversation
        self.shelf.save(conversation)

    @gui_task
    async def save_message(self, message: Message) -> None:
        """Save a changed message that has ended, and show it if it is on the current path."""
        self.path.update(message)
        await self.services.work.run(self.services.store.finish_reply, message)

    def change(self, conversation_id: str, change: Callable[[Conversation], Conversation]) -> None:
        """Change a stored conversation, if it is still there."""
        before = self.shelf.get(conversation_id)
        if before is not None and (changed := change(before)) != before:
            self.save(changed)

    def rename(self, conversation_id: str, title: str) -> None:
        if title.strip():
            self.change(conversation_id, lambda before: replace(before, title=title.strip()))

    def pin(self, conversation_id: str, *, is_pinned: bool) -> None:
        """Keep a conversation above all others in the list, or not any more."""
        self.change(conversation_id, lambda before: replace(before, pinned=is_pinned))

    def move_to_folder(self, conversation_id: str, folder: str) -> None:
        """List a conversation in a folder, which exists as long as something is in it; an empty name: in none."""
        self.change(conversation_id, lambda before: replace(before, settings=replace(before.settings, folder=folder)))

    def delete(self, conversation_id: str) -> None:
        """Move a conversation to the bin; what runs in it is stopped and kept."""
        if conversation_id not in self.shelf:
            return
        self.generations.stop_in(conversation_id)
        is_in_front = self.current.id == conversation_id
        if is_in_front:
            self.leaving.emit()
        self.shelf.delete(conversation_id)
        if is_in_front:
            self.new(keeps_written=False)

    @gui_task
    async def restore(self, ids: Sequence[str]) -> None:
        """Take conversations out of the bin, into the list; the first one becomes the current one."""
        await self.shelf.restore(ids)
        self.shelf.look_into_bin()
        await self.shelf.load()
        self.open(ids[0])

    def _on_store_failed(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            _log.error("the store failed", exc_info=error)
            error = StoreError("other", str(error))
        self.store_failed.emit(error)


class Instructions:
    """What goes to the model before all messages: the administrator's words, then the user's own.

    A new conversation begins with a copy, so what one has can be read and changed there, and never changes behind its
    back.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._fixed = ""
        self.own = ""  # what the user wants each new conversation to begin with

    @property
    def standing(self) -> str:
        """All that a new conversation begins with."""
        return "\n\n".join(each for each in (self._fixed, self.own) if each)

    @property
    def of_current(self) -> str:
        """What goes along in the current conversation."""
        return self._session.current.settings.system

    def fix(self, text: str) -> None:
        """Have each new conversation begin with the administrator's words."""
        self._replace(text.strip(), self.own)

    def set_own(self, text: str) -> None:
        """Have each new conversation begin with these, after the administrator's."""
        self._replace(self._fixed, text.strip())

    def change_current(self, text: str) -> None:
        """Have these go along in the current conversation from now on, and in no other."""
        if text.strip() != self.of_current.strip():
            self._session.change_settings(lambda settings: replace(settings, system=text.strip()))

    def _replace(self, fixed: str, own: str) -> None:
        """Give new ones to the conversation that nothing was said in yet, unless it has some of its own."""
        before = self.standing
        self._fixed, self.own = fixed, own
        session = self._session
        if session.path.is_empty and not session.is_stored and self.of_current == before:
            self.change_current(self.standing)

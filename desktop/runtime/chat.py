"""The conversation in front, and the replies that run anywhere: opening, sending, stopping, other versions, the queue.

Says what happened with signals; draws nothing. All disk work goes through the store's thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from desktop.core.conversation import Conversation, ConversationSettings
from desktop.core.documents.naming_places import without_asking
from desktop.core.message import (
    AnswerWay,
    FilePart,
    Message,
    QueuedText,
    Role,
    in_line,
    user_message,
)
from desktop.core.model import ModelChoice
from desktop.core.place import Place
from desktop.core.policy.fixed import Keeping, Policy
from desktop.core.reply import ReplyPhase, can_be_continued, more_room_for, phase_of, thought_only
from desktop.core.repository import ConversationStore, StoreError
from desktop.core.request import Thinking, ThinkingLimit, ThinkingMode
from desktop.core.resplit import lesson_of, resplit
from desktop.core.sign import Sign, SignKind, answer_limit_in, has_kind
from desktop.core.text.pace import Attention
from desktop.core.text.titles import title_of_words
from desktop.runtime.compare.comparisons import Comparisons
from desktop.runtime.context.fitting import Fitting, Said
from desktop.runtime.context.passage_search import PassageSearch
from desktop.runtime.context.reading_in_pieces import ReadingInPieces
from desktop.runtime.conversation.bin import ConversationBin
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.generation_starter import GenerationStarter, PathSlot, Queued, place_beside
from desktop.runtime.conversation.instructions import Instructions
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.conversation.path_search import PathSearch
from desktop.runtime.conversation.place_requests import PlaceRequests
from desktop.runtime.conversation.prompt_drafts import PromptDrafts
from desktop.runtime.conversation.text_queue import TextQueue
from desktop.runtime.conversation.titles import TitleWriter
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.fresh_start.comparisons import FreshComparisons
from desktop.runtime.fresh_start.starts import FreshStarts
from desktop.runtime.keeping.retention import Retention
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import Generations, RequestOverrides
from desktop.runtime.reply.signs_watch import SignsWatch
from desktop.runtime.threads.background_tasks import BackgroundTasks

if TYPE_CHECKING:
    from desktop.core.claims.claim import Shown
    from desktop.runtime.compare.answer_differences import AnswerDifferences
    from desktop.runtime.evidence.pages import PagePictures
    from desktop.runtime.evidence.watch import EvidenceWatch, LookUps

_log = logging.getLogger(__name__)


class Chat(QObject):
    """The conversations of the window: a facade over everything it shows and lets the user do."""

    conversations_changed = Signal()
    leaving = Signal()  # another conversation is about to come to the front: time to keep the draft
    opened = Signal(object, object, object)  # Conversation, ConversationPath, draft (None: leave what is written)
    path_changed = Signal(int)  # the current path has other messages after so many that are the same
    message_changed = Signal(int)  # the message at this index of the path has its words in other places
    signs_found = Signal(str)  # the id of a reply of the current path, which has its signs of trouble now
    queue_changed = Signal()  # of the current conversation
    generation_started = Signal(object)  # Generation, in the current conversation
    generation_ended = Signal(object)  # Generation, in any conversation
    store_failed = Signal(object)  # StoreError

    def __init__(
        self,
        work: BackgroundTasks,
        store: ConversationStore,
        models: ModelDirectory,
        attachments: Attachments,
        parent: QObject | None = None,
        title_of: Callable[[str, Sequence[str]], str] = title_of_words,
        *,
        make_look_ups: Callable[[], LookUps] | None = None,
    ) -> None:
        """`title_of` returns the title of a conversation that begins with a text and with files of these names.

        `make_look_ups` is described at `EvidenceWatch`.
        """
        super().__init__(parent)
        self._title_of = title_of
        self._make_look_ups = make_look_ups
        self.attachments = attachments  # to the next message, or to the one that is edited
        attachments.failed.connect(self._store_trouble)
        self._prompt_files: Attachments | None = None
        self._work = work
        self._store = store
        self._models = models
        self._generations = Generations(work, store, models, self)
        self._generations.ended.connect(self._on_generation_ended)
        self._generations.save_failed.connect(self.store_failed)
        self.ends_saved: SignalInstance = self._generations.all_saved  # that the disk had refused before
        self._list = ConversationList(work, store, self)
        self._list.changed.connect(self.conversations_changed)
        self._list.failed.connect(self._store_trouble)
        self._queue = TextQueue(work, store, self._store_trouble)
        self._current = current = CurrentConversation(work, store, self._list, self._generations, self._queue, self)
        current.leaving.connect(self.leaving)
        current.opened.connect(self._on_opened)
        current.moved.connect(self._on_moved)
        self.draft_found: SignalInstance = current.draft_found  # of the new one, from the last time
        self.settings_changed: SignalInstance = current.settings_changed  # of the current conversation
        current.failed.connect(self._store_trouble)
        self._start = start = GenerationStarter(self._generations, self._list, self._queue, current, attachments, self)
        start.started.connect(self.generation_started)
        start.taken_back.connect(self.conversations_changed)
        self.model_needed: SignalInstance = start.model_needed
        self.not_sent: SignalInstance = start.not_sent  # the text, StoreError: nothing was sent and nothing is lost
        start.failed.connect(self.store_failed)
        self.comparisons = Comparisons(self._generations, start, self._list, current, self)  # of answers, side by side
        self.instructions = Instructions(current, self)
        self.fresh_comparisons = FreshComparisons(
            self.comparisons, self._list, self.delete, lambda: self.instructions.standing, self
        )
        self._signs = SignsWatch(work, store, self)
        self._signs.found.connect(self._on_signs)
        self.search = PathSearch(work, store, self)  # within the current conversation
        self.place_requests = PlaceRequests(current, attachments, self)  # the page of each statement
        self.prompts = PromptDrafts(work, store, self._store_trouble)
        self.fresh = FreshStarts(work, store, current, self._list, self.delete, self._store_trouble, self)
        self.bin = ConversationBin(work, store, self)
        self.titles = TitleWriter(
            work, store, models, title_of, lambda: self.is_anything_running, self._title_now, self.rename, self
        )
        self.generation_started.connect(self.titles.cancel)
        self._retention = Retention(work, store, lambda: self.running_ids | {self.current.id}, self)
        self._retention.erased.connect(self._list.forget)
        self.bin.failed.connect(self._store_trouble)
        self.fitting = Fitting(work, store, models, self)
        self.passages = PassageSearch(work, models, self)
        self.reading_in_pieces = ReadingInPieces(work, models, self)
        self.default_choice: ModelChoice | None = None
        models.changed.connect(self._describe_model)

    @property
    def conversations(self) -> list[Conversation]:
        """All stored conversations, the newest first."""
        return self._list.newest_first

    def show_imported(self, conversations: Sequence[Conversation]) -> None:
        """List conversations that have been stored from a file."""
        self._list.merge_stored(conversations)

    @property
    def current(self) -> Conversation:
        """The current conversation: the one that the window shows."""
        return self._current.conversation

    @property
    def path(self) -> ConversationPath:
        """The current conversation's messages, from the root to the head."""
        return self._current.path

    @property
    def prompt_files(self) -> Attachments:
        """The files given to the prompt builder, whose drafts are kept as those of the message box."""
        if self._prompt_files is None:
            self._prompt_files = self.attachments.of_prompts
            self._prompt_files.failed.connect(self._store_trouble)
        return self._prompt_files

    @property
    def said(self) -> Said:
        """What was said in the current conversation, for `fitting` to measure."""
        return Said(self.current, self.path.entries, self.path.message)

    @property
    def generation(self) -> Generation | None:
        """The generation that runs at the end of the current conversation, or None."""
        return self._generations.running(self.current.head_id)

    @property
    def is_answering(self) -> bool:
        """True while a reply runs in the current conversation, at its end or beside it."""
        return self.is_running(self.current.id)

    def answer_differences(self, shown_in: Callable[[str], Shown]) -> AnswerDifferences:
        """Return a new finder of the differences between answers that stand side by side.

        `shown_in` is described at `AnswerDifferences`.
        """
        from desktop.runtime.compare.answer_differences import (
            AnswerDifferences,  # its rules are long, and most starts need none
        )

        return AnswerDifferences(self._work, shown_in, self)

    def evidence_watch(self, shown_in: Callable[[str], Shown]) -> EvidenceWatch:
        """Return a new finder of evidence for answers; `shown_in` is described at `EvidenceWatch`."""
        from desktop.runtime.evidence.watch import EvidenceWatch

        return EvidenceWatch(self._work, self._store, shown_in, self, make_look_ups=self._make_look_ups)

    def page_pictures(self, decode: Callable[[bytes], Any]) -> PagePictures:
        """Return a new drawer of the pages of files that were given; `decode` is described at `PagePictures`."""
        from desktop.runtime.evidence.pages import PagePictures

        return PagePictures(self._work, self.attachments.files, self.attachments.make_reader, decode, self)

    @property
    def is_stored(self) -> bool:
        """Return True once the current conversation has a message, and so is in the list."""
        return self._current.is_stored

    @property
    def draft_key(self) -> str:
        """The key that drafts are kept under: the id of the current conversation, "" until it is stored."""
        return self._current.draft_key()

    @property
    def queued(self) -> list[str]:
        """The texts of the current conversation that wait to be sent after the reply, the next one first.

        Each with the names of its files.
        """
        return [each.words for each in self.waiting]

    @property
    def waiting(self) -> tuple[QueuedText, ...]:
        """The same texts, with their files."""
        return self._queue.of(self.current.id)

    def is_running(self, conversation_id: str) -> bool:
        return bool(self._generations.running_in(conversation_id))

    @property
    def running_ids(self) -> frozenset[str]:
        """The ids of the conversations in which replies run."""
        return self._generations.running_conversations

    # The conversations, and the current one

    def load(self, on_loaded: Callable[[], None] | None = None) -> None:
        """Fetch the list of conversations and the draft of the one that does not exist yet."""

        def show_draft(draft: str) -> None:
            self._current.learn_draft(draft)
            self.attachments.load("")

        def tell() -> None:
            if self._store.trouble is not None:
                self._store_trouble(self._store.trouble)
            if on_loaded:
                on_loaded()

        self._work.run_on_store(lambda: self._store.draft(""), show_draft, self._store_trouble)
        self._list.load(tell)

    def follow_policy(self, policy: Policy) -> None:
        """Begin new conversations as a policy says, and erase those that are older than it keeps them.

        Before `load`, so that these are not listed.
        """
        self.instructions.fix(policy.instructions)
        self._current.keeps_nothing = policy.keep is Keeping.UNTIL_CLOSED
        self._retention.keep_days(policy.keep_days if policy.keep is Keeping.DAYS else 0)

    def new(self) -> None:
        """Make a new, empty conversation the current one. It is stored with its first message."""
        self.leaving.emit()
        self._current.begin_new(self.default_choice)

    def new_temporary(self) -> None:
        """Make a new conversation the current one that ends with the program, and is never written to a disk."""
        self.leaving.emit()
        self._current.begin_temporary(self.default_choice)

    def open(self, conversation_id: str, is_still_wanted: Callable[[], bool] = lambda: True) -> None:
        """Make a stored conversation the current one, as soon as its end has been read, if it is wanted then."""
        self._current.open(conversation_id, is_still_wanted)

    def _on_opened(self, draft: str | None) -> None:
        if draft is None:
            self.attachments.rename_draft(self.draft_key)
        else:
            self.attachments.show_draft(self.draft_key)
        self.opened.emit(self.current, self.path, draft)
        if self.current.settings.unread:
            self._current.change_settings(replace(self.current.settings, unread=False))
        self.queue_changed.emit()
        self.path.complete()
        self._describe_model()
        if self.generation is not None:
            self.generation_started.emit(self.generation)

    def _title_now(self, conversation_id: str) -> str:
        conversation = self._list.get(conversation_id)
        return conversation.title if conversation is not None else ""

    def rename(self, conversation_id: str, title: str) -> None:
        conversation = self._list.get(conversation_id)
        if conversation is not None and title.strip():
            self._current.save(replace(conversation, title=title.strip()))

    def delete(self, conversation_id: str) -> None:
        """Move a conversation to the bin; what runs in it is stopped and kept."""
        if conversation_id not in self._list:
            return
        self._generations.stop_in(conversation_id)
        is_in_front = self.current.id == conversation_id
        if is_in_front:
            self.leaving.emit()
        self._list.delete(conversation_id)
        if is_in_front:
            self._current.begin_new(self.default_choice)

    def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the bin and make it the current one."""
        self._list.restore(conversation_id, lambda: self.load(lambda: self.open(conversation_id)))

    def restore_all(self, ids: Sequence[str]) -> None:
        """Take conversations out of the bin, into the list; the first one becomes the current one."""
        if ids:
            self.bin.restore(ids, lambda: self.load(lambda: self.open(ids[0])))

    def pin(self, conversation_id: str, *, is_pinned: bool) -> None:
        """Keep a conversation above all others in the list, or not any more."""
        conversation = self._list.get(conversation_id)
        if conversation is not None and conversation.pinned is not is_pinned:
            self._current.save(replace(conversation, pinned=is_pinned))

    def move_to_folder(self, conversation_id: str, folder: str) -> None:
        """List a conversation in a folder, which exists as long as something is in it; an empty name: in none."""
        conversation = self._list.get(conversation_id)
        if conversation is not None and conversation.settings.folder != folder:
            self._current.save(replace(conversation, settings=replace(conversation.settings, folder=folder)))

    # Messages of the user

    def send(self, text: str, earlier: Sequence[Message] = (), attached: Sequence[FilePart] = ()) -> bool:
        """Send a message of the user. Return False if that can't be done now: a reply runs, or `model_needed` says why.

        `earlier`: messages to stand before it, as if they had been said; each message is given its parent here.
        """
        if not (text.strip() or attached) or self._generations.is_busy(self.current.id):
            return False
        title = self.current.title or self._title_of(without_asking(text), [part.name for part in attached])
        if self.current.origin is not None and not self.current.title:  # the same words are a title already
            title = self._list.distinct(title)
        key = self._current.draft_key()
        end = len(self.path.entries)
        above = self.path.parent_of(end)
        said = in_line([*earlier, user_message(text, attached=attached)], above)
        if not self._start.start_generation(replace(self.current, title=title), above, said, PathSlot(end)):
            return False
        self._current.save_draft(key, "")
        self.attachments.rename_draft(self._current.draft_key())
        return True

    def try_again(self, message_id: str | None = None, *, thinking: ThinkingMode | None = None) -> bool:
        """Generate a reply of the path once more, or the last one; the earlier one stays beside it in the tree.

        Return False if that can't be done now. `thinking` overrides the conversation's setting for this one request.
        """
        overrides = RequestOverrides(thinking=thinking) if thinking is not None else None
        if self._generations.is_busy(self.current.id) or self.path.is_empty:
            return False
        entries = self.path.entries
        if message_id is None and entries[-1].role is not Role.ASSISTANT:
            return self._start.start_generation(
                self.current, entries[-1].id, [], PathSlot(len(entries)), overrides=overrides
            )
        index = self.path.index_of(message_id or entries[-1].id)
        if index is None or entries[index].role is not Role.ASSISTANT:
            return False
        above = self.path.parent_of(index)
        slot = PathSlot.beside(index, entries[index])
        return above is not None and self._start.start_generation(self.current, above, [], slot, overrides=overrides)

    def answer_now(self, message_id: str | None = None) -> bool:
        """End the thinking of the reply that runs here, and have it answer from what was thought so far.

        A reply that ended with thinking alone is answered in a new version beside it. Return False if there is nothing
        to end, or the answer has begun.
        """
        if self.generation is not None:
            return self.generation.answer_now()
        message = self.path.message(message_id) if message_id else self.path.last
        if message is None or not thought_only(message):
            return False
        return self._go_on(message.id, RequestOverrides(answer_by=(AnswerWay.CONTINUED, AnswerWay.ASKED)))

    def more_room(self, message_id: str) -> bool:
        """Continue a reply that ended before its answer did, with a larger token limit than the one it ran into.

        Return False if that can't be done now.
        """
        message = self.path.message(message_id)
        return message is not None and self._go_on(message_id, RequestOverrides(max_tokens=more_room_for(message)))

    def continue_reply(self, message_id: str) -> bool:
        """Continue a visible reply that broke off; the broken one stays beside the whole one.

        Return False if that can't be done now.
        """
        return self._go_on(message_id)

    def _go_on(self, message_id: str, overrides: RequestOverrides | None = None) -> bool:
        index, begun = self.path.index_of(message_id), self.path.message(message_id)
        if self._generations.is_busy(self.current.id) or index is None or begun is None or not can_be_continued(begun):
            return False
        above, slot = self.path.parent_of(index), PathSlot.beside(index, self.path.entries[index])
        return above is not None and self._start.start_generation(
            self.current, above, [], slot, begun=begun, overrides=overrides
        )

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
        place = place_beside(self.path, message_id)
        if place is None or self._generations.is_busy(self.current.id):
            return False
        files = place.attached if attached is None else attached
        if not (text.strip() or files):
            return False
        said = in_line([*earlier, user_message(text, attached=files)], place.above)
        return self._start.start_generation(self.current, place.above, said, place.slot)

    def resplit(self, message_id: str, *, thinking: bool) -> bool:
        """Move the answer of a reply to its thinking, or its thinking to the answer. Return False if there is none.

        The next replies of its model are read that way from the start.
        """
        index, before = self.path.index_of(message_id), self.path.message(message_id)
        if (
            index is None
            or before is None
            or before.role is not Role.ASSISTANT
            or self._generations.is_busy(self.current.id)
        ):
            return False
        after = resplit(before, thinking=thinking)
        if after is before:
            return False
        choice = self.current.settings.choice
        if choice is not None and (choice.model, self._models.place_of(choice)) == (before.model, before.place):
            self._models.remember_split(choice, lesson_of(before, thinking=thinking))
        self.path.update(after)
        store = self._store
        self._work.run_on_store(lambda: store.finish_reply(after), None, self._store_trouble)
        self.message_changed.emit(index)
        began_again = has_kind(before.signs, SignKind.BEGAN_AGAIN)
        self._signs.look(self.current, after, answer_limit_in(before.signs), began_again=began_again)
        return True

    def show_version(self, message_id: str, version: int) -> bool:
        """Switch to another version of a message, 1 being the oldest, and to the last message below it.

        Return False if there is no such version, or a reply runs.
        """
        index = self.path.index_of(message_id)
        if index is None or self._generations.is_busy(self.current.id):
            return False
        entry, path, store = self.path.entries[index], self.path, self._store
        if not 1 <= version <= entry.versions or version == entry.version:
            return False

        def move_head(leaf_id: str | None) -> None:
            if leaf_id is not None and self.path is path and not self._generations.is_busy(path.conversation_id):
                self._current.go_to(leaf_id)

        self._work.run_on_store(lambda: store.leaf_of_version(message_id, version), move_head, self._store_trouble)
        return True

    def turn_to(self, message_id: str) -> bool:
        """Switch to the newest version of the current conversation that has a message.

        Return False if a reply runs: it would get out of sight.
        """
        path, store = self.path, self._store
        if self._generations.is_busy(path.conversation_id):
            return False

        def move_head(leaf_id: str | None) -> None:
            if leaf_id is not None and self.path is path and not self._generations.is_busy(path.conversation_id):
                self._current.go_to(leaf_id)

        self._work.run_on_store(lambda: store.leaf_under(message_id), move_head, self._store_trouble)
        return True

    def queue(self, text: str, attached: Sequence[FilePart] = ()) -> bool:
        """Queue a text with files to be sent after the reply that runs here.

        Return False if no reply runs, or if answers are compared.
        """
        if not (text.strip() or attached) or self.generation is None or self.comparisons.is_comparing(self.current.id):
            return False
        self._queue.queue_text(self.current.id, QueuedText(text, tuple(attached)))
        self.queue_changed.emit()
        return True

    def unqueue(self, index: int) -> str:
        """Take a waiting text back and return it; empty if it has just been sent. Its files are attachments again."""
        taken = self._queue.take_back(self.current.id, index)
        if taken is not None:
            self.attachments.give_back(taken.files)
        self.queue_changed.emit()
        return taken.text if taken is not None else ""

    def send_queued(self, index: int = 0) -> bool:
        """Send a waiting text now; those after it follow by themselves, each after a complete reply.

        Return False if there is none at `index`, or a reply runs.
        """
        if not 0 <= index < len(self.queued) or self._generations.is_busy(self.current.id):
            return False
        return self._send_queued(self.current, index)

    def stop(self) -> None:
        """Stop the replies that run in the current conversation."""
        self._generations.stop_in(self.current.id)

    def stop_all(self) -> None:
        """Stop all replies at the end of the program, keeping what has arrived."""
        self.titles.cancel()
        self._generations.stop_all()

    # What is kept with a conversation

    def choose_model(self, choice: ModelChoice) -> None:
        """Use another model from the next message on."""
        self.default_choice = choice
        self._current.change_settings(replace(self.current.settings, choice=choice))
        self._describe_model()

    def change_settings(self, change: Callable[[ConversationSettings], ConversationSettings]) -> None:
        """Change the current conversation's settings from the next message on."""
        self._current.change_settings(change(self.current.settings))

    def send_again(self, message_id: str) -> None:
        """Send a message again that was left out, from the next one on; a question together with its answer."""
        entries, at = self.path.entries, self.path.index_of(message_id)
        if at is None:
            return
        other = at + 1 if entries[at].role is Role.USER else at - 1
        ids = {message_id} | {entries[other].id for other in (other,) if 0 <= other < len(entries)}
        self.change_settings(
            lambda settings: replace(settings, left_out=tuple(each for each in settings.left_out if each not in ids))
        )

    def set_thinking(self, thinking: Thinking) -> None:
        self._current.change_settings(replace(self.current.settings, thinking=thinking))

    def set_thinking_limit(self, limit: ThinkingLimit | None) -> None:
        """Set how long the model may think before its answer is asked for, from the next message on; None: no limit."""
        self._current.change_settings(replace(self.current.settings, thinking_limit=limit))

    def note_fresh_suggested(self) -> None:
        """Record that a fresh start was suggested in this conversation: it is suggested once."""
        self._current.change_settings(replace(self.current.settings, fresh_suggested=True))

    def keep_draft(self, text: str) -> None:
        """Save the text of the input field as a draft."""
        self._current.keep_draft(text)

    def follow(self, attention: Attention) -> None:
        """Show running replies as often as the window's `attention` is worth."""
        self._generations.follow(attention)

    @property
    def is_anything_running(self) -> bool:
        """Return True if a reply is written, in any conversation."""
        return self._generations.is_any_running

    @property
    def has_unsaved_ends(self) -> bool:
        """Return True if the end of a reply would be lost with the program, since the disk refused it."""
        return self._generations.has_unsaved

    def save_again(self) -> None:
        """Save what the disk refused before, after the user has made room."""
        self._generations.save_again()

    def _describe_model(self) -> None:
        """Fetch the details of the current model, now or as soon as it is listed."""
        self._models.describe(self.current.settings.choice)

    # Generations

    def _on_moved(self, same: int) -> None:
        self.path_changed.emit(same)
        if self.generation is not None:
            self.generation_started.emit(self.generation)

    def _send_queued(self, conversation: Conversation, index: int) -> bool:
        is_in_front = conversation.id == self.current.id
        text = self._queue.of(conversation.id)[index]
        slot = PathSlot(len(self.path.entries)) if is_in_front else None
        above = self.path.parent_of(slot.index) if slot else conversation.head_id
        queued = Queued(text, self._queue.without(conversation.id, index))
        said = user_message(text.text, above, text.files)
        if not self._start.start_generation(conversation, above, [said], slot, queued):
            return False
        self._queue.show(conversation.id, queued.remaining)
        if is_in_front:
            self.queue_changed.emit()
        return True

    def _send_next(self, conversation_id: str, place: Place | None) -> None:
        """Send what waits after a complete reply, but only to the place that the reply came from."""
        conversation = self._list.get(conversation_id)
        if conversation is None or not self._queue.of(conversation_id) or self._generations.is_busy(conversation_id):
            return
        if place is not None and self._models.place_of(conversation.settings.choice) == place:
            self._send_queued(conversation, 0)

    def _on_generation_ended(self, generation: Generation, message: Message) -> None:
        identity = generation.conversation.id
        if self.current.id == identity:
            self.path.update(message)
        else:
            self._note_unread(identity)
        limit, again = generation.answer_limit_reached, generation.began_again
        self._signs.look(generation.conversation, message, limit, began_again=again)
        self.conversations_changed.emit()
        self.generation_ended.emit(generation)
        self.titles.consider(generation.conversation)
        choice = generation.conversation.settings.choice
        if choice is not None and message.failure is not None and message.failure.reason == "forwarded":
            self._models.refresh(choice.connection_id)  # whose list does not say yet where this model is
        # After a comparison the user first chooses the answer to go on with.
        if phase_of(message) is ReplyPhase.DONE and not self.comparisons.is_comparing(identity):
            # Later, when all listeners know that this generation has ended.
            QTimer.singleShot(0, self, lambda: self._send_next(identity, message.place))

    def _note_unread(self, conversation_id: str) -> None:
        """Record that a reply came unseen; one that is compared with the current conversation's is in sight."""
        conversation = self._list.get(conversation_id)
        if conversation is None or conversation.settings.unread:
            return
        if conversation.origin != self.current.id or not self.comparisons.is_comparing(conversation_id):
            self._list.save(replace(conversation, settings=replace(conversation.settings, unread=True)))

    def _on_signs(self, message_id: str, signs: tuple[Sign, ...]) -> None:
        message = self.path.message(message_id)
        if message is not None and message.signs != signs:
            self.path.update(replace(message, signs=signs))
            self.signs_found.emit(message_id)

    def _store_trouble(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            _log.error("the store failed", exc_info=error)
            error = StoreError("other", str(error))
        self.store_failed.emit(error)

"""The conversation in front, and the replies that run anywhere: opening, sending, stopping.

Says what happened with signals; draws nothing. All disk work goes through the store's thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.core.conversation import Conversation, ConversationSettings, is_temporary
from desktop.core.documents.naming_places import without_asking
from desktop.core.message import (
    FilePart,
    Message,
    Role,
    in_line,
    user_message,
)
from desktop.core.model import ModelChoice
from desktop.core.policy.fixed import Keeping, Policy
from desktop.core.repository import StoreError
from desktop.core.request import Thinking, ThinkingLimit
from desktop.core.text.pace import Attention
from desktop.core.text.titles import title_of_words
from desktop.runtime.compare.comparisons import Comparisons
from desktop.runtime.context.fitting import Fitting, Said
from desktop.runtime.context.passage_search import PassageSearch
from desktop.runtime.context.reading_in_pieces import ReadingInPieces
from desktop.runtime.conversation.bin import ConversationBin
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.edits import UnsentEdits
from desktop.runtime.conversation.generation_starter import GenerationStarter, PathSlot
from desktop.runtime.conversation.instructions import Instructions
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.conversation.path_search import PathSearch
from desktop.runtime.conversation.place_requests import PlaceRequests
from desktop.runtime.conversation.prompt_drafts import PromptDrafts
from desktop.runtime.conversation.reply_ends import ReplyEnds
from desktop.runtime.conversation.shelf import ConversationShelf
from desktop.runtime.conversation.text_queue import TextQueue
from desktop.runtime.conversation.titles import TitleWriter
from desktop.runtime.conversation.versions import PathVersions
from desktop.runtime.conversation.waiting_texts import WaitingTexts
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.evidence.finders import EvidenceFinders
from desktop.runtime.fresh_start.comparisons import FreshComparisons
from desktop.runtime.fresh_start.starts import FreshStarts
from desktop.runtime.keeping.retention import Retention
from desktop.runtime.keeping.unsaved import Unsaved
from desktop.runtime.reply.generation import Generation
from desktop.runtime.reply.generations import Generations
from desktop.runtime.reply.reading_ahead import ReadingAhead
from desktop.runtime.reply.signs_watch import SignsWatch
from desktop.runtime.services import Services

if TYPE_CHECKING:
    from desktop.core.claims.claim import Shown
    from desktop.runtime.compare.answer_differences import AnswerDifferences
    from desktop.runtime.evidence.watch import LookUps

_log = logging.getLogger(__name__)


class Chat(QObject):
    """The conversations of the window: a facade over everything it shows and lets the user do."""

    conversations_changed = Signal()
    leaving = Signal()  # another conversation is about to come to the front: time to keep the draft
    opened = Signal(object, object, object)  # Conversation, ConversationPath, draft (None: leave what is written)
    path_changed = Signal(int)  # the current path has other messages after so many that are the same
    generation_started = Signal(object)  # Generation, in the current conversation
    generation_ended = Signal(object)  # Generation, in any conversation
    store_failed = Signal(object)  # StoreError

    def __init__(
        self,
        services: Services,
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
        work, store, models = services.work, services.store, services.models
        self._title_of = title_of
        self.evidence = EvidenceFinders(work, store, attachments, make_look_ups, self)
        self.attachments = attachments  # to the next message, or to the one that is edited
        attachments.failed.connect(self._store_trouble)
        self._prompt_files: Attachments | None = None
        self._work = work
        work.failed.connect(self.store_failed)
        self._store = store
        self._models = models
        self.unsaved = unsaved = Unsaved(work, self)
        unsaved.refused.connect(self._store_trouble)
        self._generations = Generations(work, store, models, unsaved, self)
        self._list = ConversationList(work, store, unsaved, self)
        self._list.changed.connect(self.conversations_changed)
        self._list.failed.connect(self._store_trouble)
        queue = TextQueue(store, unsaved)
        self._current = current = CurrentConversation(
            work, store, self._list, self._generations, queue, models, unsaved, self
        )
        current.leaving.connect(self.leaving)
        current.opened.connect(self._on_opened)
        current.moved.connect(self._on_moved)
        self.draft_found: SignalInstance = current.draft_found  # of the new one, from the last time
        self.settings_changed: SignalInstance = current.settings_changed  # of the current conversation
        current.failed.connect(self._store_trouble)
        self.give_back = current.give_back  # words to the draft of another conversation, by its key
        self._start = start = GenerationStarter(self._generations, self._list, queue, current, attachments, self)
        start.started.connect(self.generation_started)
        start.taken_back.connect(self.conversations_changed)
        self.model_needed: SignalInstance = start.model_needed
        self.not_sent: SignalInstance = start.not_sent  # the text, StoreError: nothing was sent and nothing is lost
        start.failed.connect(self.store_failed)
        self.waiting = WaitingTexts(queue, self._list, models, attachments, self._generations, start, current, self)
        self.comparisons = Comparisons(self._generations, start, self._list, current, self)  # of answers, side by side
        self.instructions = Instructions(current, self)
        self.bin = ConversationBin(work, store, self)
        self.bin.failed.connect(self._store_trouble)
        self.shelf = ConversationShelf(self._list, self.bin, self._generations, current, self._begin_new, self._reopen)
        self.fresh_comparisons = FreshComparisons(
            self.comparisons, self._list, self.shelf.delete, lambda: self.instructions.standing, self
        )
        signs = SignsWatch(work, store, self)
        self.versions = PathVersions(work, store, models, self._generations, start, current, signs, self)
        self.versions.failed.connect(self._store_trouble)
        self.search = PathSearch(work, store, self)  # within the current conversation
        self.place_requests = PlaceRequests(current, attachments, self)  # the page of each statement
        self.prompts = PromptDrafts(work, store, unsaved, self._store_trouble)
        self.edits = UnsentEdits(work, store, unsaved, self._store_trouble)
        self.fresh = FreshStarts(work, store, current, self._list, self.shelf.delete, self._store_trouble, self)
        shelf = self.shelf
        self.titles = TitleWriter(
            work, store, models, self._generations, title_of, self._is_model_used, shelf.title_of, shelf.rename, self
        )
        self.generation_started.connect(self.titles.cancel)
        attachments.changed.connect(lambda: self.titles.cancel() if attachments.items else None)
        comparing = self.comparisons.is_comparing
        self._ends = ReplyEnds(self._list, models, self.waiting, comparing, signs, self.titles, current, self)
        self._generations.ended.connect(self._ends.follow)
        self._ends.noted.connect(self._on_end_noted)
        self.signs_found: SignalInstance = self._ends.signs_found
        self.retention = Retention(work, store, lambda: self.running_ids | {self.current.id}, self)
        self.retention.erased.connect(self._list.forget)
        for erased in (self.bin.erasing, self.retention.erased):
            erased.connect(unsaved.forget)
        self.fitting = Fitting(work, store, models, self)
        self.passages = PassageSearch(work, models, self)
        self.reading_in_pieces = ReadingInPieces(work, models, self)
        self.ahead = ReadingAhead(work, self._generations, models, self)
        start.started.connect(self.ahead.hand_over)
        self.default_choice: ModelChoice | None = None
        models.changed.connect(self._describe_model)
        self._generations.is_in_sight = self.comparisons.is_in_sight

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
        from desktop.runtime.compare.answer_differences import AnswerDifferences  # most starts need none of its rules

        return AnswerDifferences(self._work, shown_in, self)

    @property
    def is_opening(self) -> bool:
        """True while another conversation is wanted, and has not been read yet."""
        return self._current.is_opening

    @property
    def is_stored(self) -> bool:
        """Return True once the current conversation has a message, and so is in the list."""
        return self._current.is_stored

    @property
    def draft_key(self) -> str:
        """The key that drafts are kept under: the id of the current conversation, "" until it is stored."""
        return self._current.draft_key()

    def is_running(self, conversation_id: str) -> bool:
        return bool(self._generations.running_in(conversation_id))

    @property
    def running_ids(self) -> frozenset[str]:
        """The ids of the conversations in which replies run."""
        return self._generations.running_conversations

    # The conversations, and the current one

    def load(self, on_loaded: Callable[[], None] | None = None) -> None:
        """Fetch the list of conversations and the draft of the one that does not exist yet."""

        def tell() -> None:
            if self._store.trouble is not None:
                self._store_trouble(self._store.trouble)
            if on_loaded:
                on_loaded()

        self._current.find_draft()
        self.attachments.load("")  # at once: what is given meanwhile is kept in their place
        self._list.load(tell)

    def follow_policy(self, policy: Policy) -> None:
        """Begin new conversations as a policy says, and erase those that are older than it keeps them.

        Before `load`, so that these are not listed.
        """
        self.instructions.fix(policy.instructions)
        self._current.keeps_nothing = policy.keep is Keeping.UNTIL_CLOSED
        if self._current.keeps_nothing and not (self._current.is_stored or is_temporary(self.current.id)):
            self.new(keeps_written=True)  # which was to be kept
        self.retention.keep_days(policy.keep_days if policy.keep is Keeping.DAYS else 0)

    def new(self, *, keeps_written: bool = False) -> None:
        """Make a new, empty conversation the current one. It is stored with its first message.

        `keeps_written`: what stands in the message box belongs to it.
        """
        if not keeps_written:
            self.leaving.emit()
        self._begin_new(keeps_written=keeps_written)

    def _begin_new(self, *, keeps_written: bool = False) -> None:
        self._current.begin_new(self.default_choice, keeps_written=keeps_written)

    def _reopen(self, conversation_id: str) -> None:
        """Open a conversation that the list does not have yet."""
        self.load(lambda: self.open(conversation_id))

    @property
    def temporary_draft(self) -> str:
        """What was written in a temporary conversation that nothing was sent in."""
        return self._current.temporary_draft

    def go_on_writing(self, temporary_draft: str) -> None:
        """Begin the next temporary conversation with what was written in that of the window before."""
        self._current.temporary_draft = temporary_draft

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
        self._generations.share_attention()
        self.opened.emit(self.current, self.path, draft)
        if self.current.settings.unread:
            self._current.change_settings(replace(self.current.settings, unread=False))
        self.waiting.changed.emit()
        self.path.complete()
        self._describe_model()
        if self.generation is not None:
            self.generation_started.emit(self.generation)

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

    def queue(self, text: str, attached: Sequence[FilePart] = ()) -> bool:
        """Have a text with files wait for the end of the reply that runs here.

        Return False if no reply runs, or if answers are compared.
        """
        if self.generation is None or self.comparisons.is_comparing(self.current.id):
            return False
        return self.waiting.append(text, attached)

    def stop(self) -> None:
        """Stop the replies that run in the current conversation."""
        self._generations.stop_in(self.current.id)

    def stop_all(self) -> None:
        """Stop all replies at the end of the program, keeping what has arrived."""
        self.titles.cancel()
        self.ahead.stop()
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

    def _is_model_used(self) -> bool:
        return self.is_anything_running or self.reading_in_pieces.is_running or self.ahead.is_taken

    def save_again(self) -> None:
        """Save what the disk refused before, after the user has made room."""
        self.unsaved.save_again()

    def _describe_model(self) -> None:
        """Fetch the details of the current model, now or as soon as it is listed."""
        self._models.describe(self.current.settings.choice)

    def _on_moved(self, same: int) -> None:
        self.path_changed.emit(same)
        if self.generation is not None:
            self.generation_started.emit(self.generation)

    def _on_end_noted(self, generation: Generation) -> None:
        self.conversations_changed.emit()
        self.generation_ended.emit(generation)

    def _store_trouble(self, error: Exception) -> None:
        if not isinstance(error, StoreError):
            _log.error("the store failed", exc_info=error)
            error = StoreError("other", str(error))
        self.store_failed.emit(error)

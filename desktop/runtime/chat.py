"""The conversations of a window, with all that can be done in them: what a window asks for, and what it is told.

Draws nothing. All disk work goes through the store's thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation, ConversationSettings, is_temporary, temporary_id
from desktop.core.documents.marks import PlaceWord, asking_for_places, places_in
from desktop.core.errors import BackendError, StoreError
from desktop.core.message import AttachmentPart, FilePart, Message, Role, in_line, user_message
from desktop.core.model import ModelChoice, ReadsAhead
from desktop.core.policy.fixed import Keeping, Policy
from desktop.core.prompts.prompt import KeptExample, kept_of
from desktop.core.request import ChatRequest, Thinking, ThinkingLimit
from desktop.core.signs.exchange import exchange_of
from desktop.core.signs.rules import signs_in
from desktop.core.text.titles import title_of_words
from desktop.runtime.background import NO_TASK, gui_task
from desktop.runtime.compare import Comparisons
from desktop.runtime.evidence import LookUps
from desktop.runtime.files import Attachments
from desktop.runtime.fitting import Fitting, ReadingInPieces, Said
from desktop.runtime.fresh_start import FreshStarts
from desktop.runtime.generation import Generation
from desktop.runtime.generations import Start
from desktop.runtime.keeping import Retention
from desktop.runtime.path import PathSearch
from desktop.runtime.sending import Sending
from desktop.runtime.services import Services
from desktop.runtime.session import Session
from desktop.runtime.titles import TitleWriter

_log = logging.getLogger(__name__)


_Beginning = tuple[str, ModelChoice | None, tuple[object, ...]]  # of a prompt: the conversation, the model, all else


class ReadingAhead(QObject):
    """What a question that is still typed will need, made ready by a model that can: the answer begins at once.

    Files are read only before the first question of a conversation: what stands in front of them is then known, and
    nothing is lost with them if they are taken away. One beginning is read at a time; another one takes its place.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._work = session.services.work
        self._models = session.services.models
        self._generations = session.generations
        self.is_wanted: Callable[[], bool] = lambda: False  # asked on the store's thread
        self._read: tuple[_Beginning, ReadsAhead] | None = None  # what was read ahead, or is, and where
        self._reading = NO_TASK
        self._handed_over: tuple[Generation, ReadsAhead] | None = None
        self._loaded_for: tuple[str, str | None, ModelChoice | None] | None = None  # the question that is typed
        session.generation_started.connect(self._hand_over)
        for over in (self._generations.ended, self._generations.not_begun):
            over.connect(self._forget_unused)

    @property
    def is_taken(self) -> bool:
        """True while something is being read, or has been for a question that is still typed."""
        return self._read is not None

    def follow(self, conversation: Conversation, files: Sequence[FilePart]) -> None:
        """Read the files of a conversation that has not begun; give up what was read of another, or of others."""
        settings = conversation.settings
        own = (settings.system, settings.thinking, settings.thinking_limit, conversation.origin, *files)
        beginning = conversation.id, settings.choice, own
        if self._read is not None and beginning == self._read[0]:  # the same one need not be read twice
            return
        self.forget_files()
        backend = self._models.reader_ahead(settings.choice)
        if not files or not all(isinstance(each, AttachmentPart) for each in files):
            return
        if backend is None or self._generations.is_any_running:
            return
        make = self._generations.request_for(Start(conversation, said=[user_message("", attached=files)]))
        if make is not None:
            self._read = beginning, backend
            self._reading = self._ask(make, backend.read_ahead)

    def load(self, conversation: Conversation) -> None:
        """Have the model of a conversation loaded, if it is not; any question takes that up.

        It stays loaded, since nothing of the question is in it.
        """
        question = (conversation.id, conversation.head_id, conversation.settings.choice)
        backend = self._models.reader_ahead(conversation.settings.choice)
        if question == self._loaded_for or backend is None or self._read is not None:
            return
        make = self._generations.request_for(Start(conversation, conversation.head_id))
        if make is not None and not self._generations.is_any_running:
            self._loaded_for = question
            self._ask(make, backend.load_ahead)

    @gui_task
    async def _ask(
        self, make: Callable[[], ChatRequest], send: Callable[[ChatRequest], Coroutine[Any, Any, None]]
    ) -> None:
        """Make a request on the store's thread, if that is wanted, and send it."""
        is_wanted, read = self.is_wanted, self._read
        try:
            request = await self._work.run(lambda: make() if is_wanted() else None)
            if request is not None and read is self._read:
                await self._work.on_loop(send(request))
        except (BackendError, StoreError) as error:
            _note(error)

    def _hand_over(self, generation: Generation) -> None:
        """Leave what was read, or is, to the question that is asked now; have it forgotten if that is another one.

        The backend ends the reading itself: a load that has begun is not to be begun again.
        """
        if self._read is None:
            return
        (conversation, choice, _), backend = self._read
        asked = (generation.conversation.id, generation.builder.message.model)
        if choice is None or asked != (conversation, choice.model):
            self.forget_files()
            return
        self._handed_over = (generation, backend)
        self._read, self._reading = None, NO_TASK

    def forget_files(self) -> None:
        """Stop reading, and have what was read forgotten."""
        read = self._read
        self.stop()
        if read is not None:
            self._have_forgotten(read[1])

    def stop(self) -> None:
        """Stop reading; the engine itself is about to end."""
        self._reading.cancel()
        self._read = None

    def _forget_unused(self, generation: Generation) -> None:
        """Have forgotten what was left to a question that was stopped, or refused by the disk, before it was asked."""
        if self._handed_over is not None and self._handed_over[0] is generation:
            backend, self._handed_over = self._handed_over[1], None
            self._have_forgotten(backend)

    @gui_task
    async def _have_forgotten(self, backend: ReadsAhead) -> None:
        try:
            await self._work.on_loop(backend.forget_ahead())
        except BackendError as error:
            _note(error)


def _note(error: Exception) -> None:
    _log.info("nothing could be made ready ahead: %s", type(error).__name__, exc_info=error)


class KeptExamples(QObject):
    """All of them, the newest first. They lie beside the drafts, and are erased as conversations are."""

    changed = Signal()

    def __init__(self, chat: Sending) -> None:
        super().__init__(chat)
        self.all: list[KeptExample] = []
        self._chat = chat
        self._is_read = False

    @gui_task
    async def read(self) -> None:
        """Read them from the disk, if that was not done yet; `changed` follows."""
        if self._is_read:
            return
        self._is_read = True
        services = self._chat.services
        try:
            stored = await services.work.run(services.store.kept_examples)
        except StoreError:
            self._is_read = False  # the next look tries again
            raise
        known = {each.key for each in self.all}
        found = [kept_of(key, draft) for key, draft, _ in stored if key not in known]
        self.all += [each for each in found if each is not None]
        self.changed.emit()

    def newest_of(self, task: str) -> KeptExample | None:
        """Return the example of a task that was kept last, if there is one."""
        return next((each for each in self.all if task and each.task == task), None)

    def keep(self, kept: KeptExample) -> None:
        """Keep another one."""
        self.all.insert(0, kept)
        self._chat.unsent.keep_prompt(kept.as_draft, kept.key)
        self.changed.emit()

    async def delete(self, kept: KeptExample) -> None:
        """Erase one for good. Raises `StoreError`."""
        services = self._chat.services
        self._chat.unsaved.forget([kept.key])  # else what the disk has refused so far is written later
        await services.work.run(services.store.delete_for_good, kept.key)
        self.forget([kept.key])

    def forget(self, keys: list[str]) -> None:
        """List those no more that were erased."""
        self.all = [each for each in self.all if each.key not in keys]
        self.changed.emit()


class PlaceRequests(QObject):
    """The finder of the places that can be asked for in the current conversation."""

    changed = Signal()  # the places that can be asked for, or may be

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._known: dict[str, tuple[PlaceWord, ...]] = {}  # of messages, by their ids; empty while they are read
        for signal in (session.opened, session.path_changed, session.attachments.changed):
            signal.connect(lambda *_: self._look())

    @property
    def places(self) -> tuple[PlaceWord, ...]:
        """The places of the files that the next message could speak of, as far as these are known."""
        found = set(places_in(self._session.attachments.parts()))
        for entry in self._session.path.entries:
            found.update(self._known.get(entry.id, ()))
        return tuple(word for word in PlaceWord if word in found)

    def words_for(self, text: str, files: Sequence[FilePart] = ()) -> str:
        """Return a message as it is sent: with the sentence that asks for places, if the user wants that here."""
        places = self.places
        if not (self._session.current.settings.asks_places and places and (text.strip() or files)):
            return text
        path = self._session.path
        said = [message.text for entry in path.entries if (message := path.message(entry.id)) is not None]
        language_of = said[-1] if said else " ".join(each.name for each in files)  # for a message of files alone
        return asking_for_places(text, places, language_of=language_of)

    @gui_task
    async def _look(self) -> None:
        """Look through the messages of the path that were not looked through yet; tell what is known before, too."""
        path, store = self._session.path, self._session.services.store
        unread: list[str] = []
        for entry in path.entries:
            if entry.role is Role.USER and entry.id not in self._known:
                message = path.message(entry.id)
                self._known[entry.id] = places_in(message.files) if message is not None else ()
                if message is None:
                    unread.append(entry.id)
        self.changed.emit()
        if unread:
            self._known |= await self._session.services.work.run(
                lambda: {each.id: places_in(each.files) for each in store.messages(unread)}
            )
            self.changed.emit()


class Chat(Sending):
    """The conversation in front, and what belongs to it."""

    draft_found = Signal(str)  # of the conversation that does not exist yet, from the last time

    def __init__(
        self,
        services: Services,
        attachments: Attachments,
        title_of: Callable[[str, Sequence[str]], str] = title_of_words,
        *,
        look_ups: LookUps | None = None,
    ) -> None:
        """`title_of` returns the title of a conversation that begins with a text and with files of these names.

        `look_ups` is described at `EvidenceWatch`.
        """
        super().__init__(services, attachments, title_of)
        models = services.models
        self.look_ups = look_ups
        self.comparisons = Comparisons(self)  # of answers, side by side
        self.fresh = FreshStarts(self, self.comparisons)
        self.search = PathSearch(services.work, services.store)  # within the current conversation
        self.examples = KeptExamples(self)
        self.place_requests = PlaceRequests(self)  # the page of each statement
        self.retention = Retention(services, lambda: self.generations.running_conversations | {self.current.id})
        self.fitting = Fitting(services)
        self.reading_in_pieces = ReadingInPieces(services)
        self.ahead = ReadingAhead(self)
        self.titles = TitleWriter(self, lambda: self.reading_in_pieces.is_running or self.ahead.is_taken)
        self.generation_ended.connect(self.conversations_changed)
        self.retention.erased.connect(self.shelf.forget)
        self.retention.erased.connect(self.examples.forget)
        for erased in (self.shelf.erasing, self.retention.erased):
            erased.connect(self.unsaved.forget)
        models.changed.connect(lambda: models.describe(self.choice))

    @property
    def conversations(self) -> list[Conversation]:
        """All stored conversations, the newest first."""
        return self.shelf.newest_first

    @property
    def said(self) -> Said:
        """What was said in the current conversation, for `fitting` to measure."""
        return Said(self.current, self.path.entries, self.path.message)

    @property
    def is_answering(self) -> bool:
        """True while a reply runs in the current conversation, at its end or beside it."""
        return bool(self.generations.running_in(self.current.id))

    @gui_task
    async def load(self, then: Callable[[], None] = lambda: None) -> None:
        """Fetch the list of conversations and the draft of the one that does not exist yet."""
        self._find_draft()
        self.attachments.load("")  # at once: what is given meanwhile is kept in their place
        await self.shelf.load()
        if self.services.store.trouble is not None:
            self.store_failed.emit(self.services.store.trouble)
        then()

    @gui_task
    async def _find_draft(self) -> None:
        folders = await self.unsent.find_folders()
        self._ask_folders(folders)  # before there are words that could go without them
        draft = await self.unsent.find_draft()
        if draft and not self.is_stored:
            self.draft_found.emit(draft)
        if folders:
            await self.services.folders.loaded()
            self._ask_folders(self.without_forgotten(self.current.settings.folders))

    def _ask_folders(self, ids: tuple[str, ...]) -> None:
        """Have the conversation that does not exist yet ask these."""
        is_new = not (self.is_stored or is_temporary(self.current.id))
        if is_new and ids != self.current.settings.folders:
            self.change_settings(lambda settings: replace(settings, folders=ids))

    def follow_policy(self, policy: Policy) -> None:
        """Begin new conversations as a policy says, and erase those that are older than it keeps them.

        Before `load`, so that these are not listed.
        """
        self.instructions.fix(policy.instructions)
        self.keeps_nothing = policy.keep is Keeping.UNTIL_CLOSED
        if self.keeps_nothing and not (self.is_stored or is_temporary(self.current.id)):
            self.new(keeps_written=True)  # which was to be kept
        self.retention.keep_days(policy.keep_days if policy.keep is Keeping.DAYS else 0)

    def stop(self) -> None:
        """Stop the replies that run in the current conversation."""
        self.generations.stop_in(self.current.id)

    def stop_all(self) -> None:
        """Stop all replies at the end of the program, keeping what has arrived."""
        self.titles.cancel()
        self.ahead.stop()
        self.generations.stop_all()

    def choose_model(self, choice: ModelChoice) -> None:
        """Use another model from the next message on."""
        self.default_choice = choice
        self.change_settings(lambda settings: replace(settings, choice=choice))
        self.services.models.describe(choice)

    @gui_task
    async def open_held(self, title: str, messages: Sequence[Message]) -> None:
        """Open a temporary conversation as if it had been held, with the signs that each reply would have shown."""
        said: list[Message] = []
        for message in in_line(messages, None):
            signs = signs_in(exchange_of(message, said, is_whole=True)) if message.role is Role.ASSISTANT else ()
            said.append(replace(message, signs=signs))
        settings = ConversationSettings(choice=self.choice)
        made = Conversation(id=temporary_id(), title=title, settings=settings, head_id=said[-1].id)
        await self._work.run(self._store.begin_reply, made, said)
        self.shelf.merge_stored([made])
        self.open(made.id)

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
        self.change_settings(lambda settings: replace(settings, thinking=thinking))

    def set_thinking_limit(self, limit: ThinkingLimit | None) -> None:
        """Set how long the model may think before its answer is asked for, from the next message on; None: no limit."""
        self.change_settings(lambda settings: replace(settings, thinking_limit=limit))

    def keep_draft(self, text: str) -> None:
        """Save the text of the input field as a draft."""
        self.unsent.keep_draft(self.draft_key, text)

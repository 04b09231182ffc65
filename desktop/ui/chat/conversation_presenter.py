"""The presenter between the page of a conversation and `runtime.chat.Chat`.

Sending, editing, queueing, asking again, other versions, and the draft. Which conversation is the current one, and all
other pages, are the window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar, assert_never

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.message import FilePart, Message, Role
from desktop.core.model import ModelChoice
from desktop.core.preferences import Preferences
from desktop.core.repository import StoreError
from desktop.core.request import Thinking, ThinkingMode
from desktop.core.text.languages import IN_THIS_LANGUAGE
from desktop.runtime.chat import Chat
from desktop.runtime.compare.comparison import Comparison
from desktop.runtime.conversation.path import ConversationPath
from desktop.runtime.documents.attachments import Attachments
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.models.sight import sight_of
from desktop.runtime.reply.generation import Generation
from desktop.ui.chat.consent_dialog import Consent
from desktop.ui.chat.files_to_send import FilesToSend
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.pending_message import PendingMessage, nobody_waits
from desktop.ui.chat.sending_consent import SendingConsent
from desktop.ui.errors import ErrorAction, describe_store
from desktop.ui.message_actions import (
    AskInLanguage,
    ChooseSignKinds,
    Continue,
    Edit,
    HideSignKind,
    MessageAction,
    OpenFile,
    OpenLink,
    Recover,
    ReplyStep,
    Resplit,
    SaveTable,
    SendAgain,
    SetPanels,
    ShowEvidence,
    ShowVersion,
    StartFresh,
    Stop,
    TakeAlong,
    TakeStep,
    TryAgain,
)

_T = TypeVar("_T")


class ConversationPresenter(QObject):
    """The presenter of the current conversation: shows it on its page, and does there what the user asks for."""

    action_chosen = Signal(object)  # an ErrorAction that concerns more than this conversation
    model_needed = Signal()
    consent_given = Signal(object)  # the Place to which words may go, as the user was asked
    edit_began = Signal(str)  # the id of the message whose words are in the composer now

    def __init__(
        self, page: ChatPage, chat: Chat, models: ModelDirectory, preferences: Preferences, asked_hosts: set[str]
    ) -> None:
        """Keep the dependencies. `asked_hosts` are those on the internet that words may go to."""
        super().__init__(page)
        self._page = page
        self._composer = page.composer
        self._notice = page.notice
        self._files = FilesToSend(page.notice, lambda: sight_of(models.listings, chat.current.settings.choice))
        self._chat = chat
        self._models = models
        self._preferences = preferences
        self._consent = SendingConsent(page, chat, models, preferences, asked_hosts, self.consent_given.emit)
        self._edited = ""  # the id of the message whose words are in the composer
        self._sent_edit = ""  # the id of the message in whose place was sent what the disk has yet to take
        self._kept_draft = ""  # what the composer held when it was last saved or filled
        self._do_again: Callable[[], None] | None = None  # what the disk did not let happen
        self._is_disk_told = False  # the notice says that the disk refused something, and nothing else waits for it
        self._is_walking_versions = False  # by keyboard, which is to stay there
        self._is_asking = False  # the user, right now: what comes of it is to be seen
        # Asked before something new is sent; shows what can be done if it does not fit, and returns False.
        self.fits: Callable[[PendingMessage], bool] = lambda _: True
        self._connect_page()
        self._connect_chat()
        self._show(chat.path)

    def keep_draft(self) -> None:
        """Save what is written, the last words of an input method too."""
        self._composer.finish_composing()
        self._save_draft(self._composer.draft)

    def try_again(self, message_id: str | None = None) -> None:
        """Request a reply once more, or the last one."""
        if self._is_answering() or not self._may_ask_again(message_id):
            return
        self._notice.hide()
        self._composer.setFocus()  # before the button under the keyboard goes away
        self._ask(lambda: self._chat.versions.try_again(message_id))

    def show_models(self) -> None:
        """Show what the connections offer now."""
        self._page.show_models(self._models, self._chat.current.settings)

    def use_text(self, text: str) -> None:
        """Put a text into the input field and focus it; undo restores what stood there."""
        self._composer.set_text(text)
        self._save_draft(self._composer.draft)
        self._composer.setFocus()

    def clear_written(self) -> None:
        """Empty the input field; undo restores what stood there."""
        self._composer.set_text("")
        self._save_draft("")

    def send_built(
        self,
        text: str,
        earlier: Sequence[Message] = (),
        in_place_of: str = "",
        files: Attachments | None = None,
        on_sent: Callable[[str], None] = nobody_waits,
    ) -> None:
        """Send a prompt from elsewhere than the input field, which is left alone.

        `earlier` are messages to stand before it; `in_place_of`, an earlier message. Of `files` goes what is chosen.
        `on_sent` is called with the id of the message as soon as it is sent, which may be after the user has been asked
        how; never if it is not.
        """
        if not self._is_answering():
            pending = PendingMessage(
                text=text,
                files=files.parts() if files is not None else (),
                source=files,
                earlier=tuple(earlier),
                in_place_of=in_place_of,
                on_sent=on_sent,
            )
            self._send_if_it_fits(pending)

    def are_ready(self, files: Attachments, again: Callable[[], None]) -> bool:
        """Return True if these files can go now; else say why not, and call `again` as soon as waiting has helped."""
        return self._files.are_ready(files, again)

    def send_written(self, earlier: Sequence[Message] = ()) -> None:
        """Send what stands in the message box with its files; `earlier` are messages to stand before it."""
        if self._files.are_ready(self._chat.attachments, self._send_what_is_written):
            self._send_if_it_fits(replace(self.written_message(), earlier=tuple(earlier)))

    def compare(
        self,
        lines: Sequence[Sequence[Message]],
        in_place_of: str = "",
        beside: tuple[Message, Message] | None = None,
    ) -> Comparison | None:
        """Ask in several ways at once, as in `Comparisons.ask`; return None if nothing was sent.

        `beside`: a question and its answer, which are compared with what is asked. The input field is left alone.
        """
        words = "\n\n".join(each.text for line in lines for each in line)
        if self._is_answering() or not self.may_send(words, before=self._all_ids()):
            return None
        self._notice.hide()
        made = self._ask(lambda: self._chat.comparisons.ask(lines, in_place_of, beside))
        if made is not None:
            self._keep_box()
        return made

    def _keep_box(self) -> None:
        """Save the field's draft again, which sending something else has forgotten."""
        self._kept_draft, self._sent_edit, self._do_again = "", "", None
        self._save_draft(self._composer.draft)

    def _connect_page(self) -> None:
        page, composer = self._page, self._composer
        page.requests.asked.connect(self._act_at)
        page.notice.action_chosen.connect(self._act_on_notice)
        composer.send_requested.connect(lambda _: self._send())
        composer.queue_requested.connect(lambda _: self._send())
        composer.queue_send_requested.connect(self._send_queued)
        composer.taken_back.connect(self._take_back)
        composer.stop_requested.connect(self._chat.stop)
        composer.draft_changed.connect(self._save_draft)
        composer.thinking_changed.connect(self._set_thinking)
        composer.limit_changed.connect(self._chat.set_thinking_limit)
        composer.earlier_wanted.connect(lambda: self._walk(-1))
        composer.later_wanted.connect(lambda: self._walk(1))
        composer.edit_cancelled.connect(self._end_edit)
        composer.explained.connect(self._notice.show_text)

    def _connect_chat(self) -> None:
        chat = self._chat
        chat.leaving.connect(self.keep_draft)
        chat.opened.connect(self._on_opened)
        chat.path_changed.connect(self._on_path_changed)
        chat.versions.changed.connect(lambda index: self._page.transcript.show_again(index))
        chat.draft_found.connect(self._on_draft_found)
        chat.generation_started.connect(self._on_generation_started)
        chat.generation_ended.connect(self._on_generation_ended)
        chat.waiting.changed.connect(self._show_queue)
        chat.not_sent.connect(self._on_not_sent)
        chat.store_failed.connect(self._on_store_failed)
        chat.ends_saved.connect(self._on_ends_saved)
        chat.model_needed.connect(self._on_model_needed)
        chat.settings_changed.connect(self._on_settings_changed)
        self._models.changed.connect(self.show_models)

    # What the user asks for

    def _act_at(self, message_id: str, action: MessageAction) -> None:
        """Do what is asked for at a message. What concerns more than the conversation is done by other listeners."""
        match action:
            case TryAgain():
                self.try_again(message_id)
            case Edit():
                self._edit(message_id)
            case Continue():
                self._continue(message_id)
            case TakeStep(step):
                self._take_step(message_id, step)
            case ShowVersion(version):
                self._show_version(message_id, version)
            case Resplit(thinking):
                self._resplit(message_id, thinking)
            case Stop():
                self._chat.stop()
            case Recover(step):
                self.action_chosen.emit(step)
            case AskInLanguage(language):
                self.send_built(IN_THIS_LANGUAGE.get(language, IN_THIS_LANGUAGE["en"]))
            case SendAgain():
                self._chat.send_again(message_id)
            case (
                StartFresh()
                | OpenLink()
                | OpenFile()
                | ShowEvidence()
                | TakeAlong()
                | SaveTable()
                | HideSignKind()
                | ChooseSignKinds()
                | SetPanels()
            ):
                pass
            case _:
                assert_never(action)

    def _ask(self, act: Callable[[], _T]) -> _T:
        """Run a user action, scroll to the reply it starts, and return its result.

        Replies that start on their own don't scroll.
        """
        self._is_asking = True
        try:
            return act()
        finally:
            self._is_asking = False

    def written_message(self) -> PendingMessage:
        """Return what stands in the message box, with its files: a new message, or another version of one."""
        files = self._chat.attachments.parts()
        return PendingMessage(
            text=self._chat.place_requests.words_for(self._composer.text().strip(), files),
            files=files,
            source=self._chat.attachments,
            in_place_of=self._edited,
            is_written=True,
            on_sent=self._on_written_sent,
        )

    def read_outgoing(self, show: Callable[[str], None]) -> None:
        """Call `show` with all that would be sent with what stands in the message box."""
        pending = self.written_message()
        self._consent.read_all(pending.words, self._ids_before(pending), show)

    def send_decided(self, pending: PendingMessage, files: tuple[FilePart, ...] | None) -> None:
        """Send a message now that the user has said how: with other files, or as it is where these are None.

        What was written to it meanwhile goes along.
        """
        if pending.is_written:
            written = self.written_message()
            if written.in_place_of != pending.in_place_of:
                return  # it is not there any more
            pending = replace(written, earlier=pending.earlier)
        if files is None:
            self._send_if_it_fits(pending)
        else:
            self._deliver(replace(pending, files=files))

    def _send(self) -> None:
        """Send what is written, or have it wait for the reply that runs."""
        if not ((self._edited or self._is_comparing()) and self._is_answering()):
            self.send_written()

    def _send_if_it_fits(self, pending: PendingMessage) -> None:
        """Send a message, or ask what is to be done about one that does not fit."""
        if self.fits(pending):
            self._deliver(pending)

    def _deliver(self, pending: PendingMessage) -> None:
        """Send a message or queue it; what can't be sent now is kept where it stands."""
        is_new = pending.is_written and not pending.in_place_of
        if not is_new and self._is_answering():
            return
        match self._consent.ask(pending.words, self._chat.current.settings.choice, self._ids_before(pending)):
            case Consent.NO:
                return
            case Consent.START_FRESH:
                self._start_fresh_with(pending)
                return
        self._notice.hide()
        if is_new and self._chat.generation is not None:
            self._queue(pending)
        elif self._ask(lambda: self._start(pending)):
            pending.on_sent(self._chat.path.entries[-2].id)
            if not pending.is_written:
                self._keep_box()

    def _start(self, pending: PendingMessage) -> bool:
        if pending.in_place_of:
            return self._chat.versions.edit(pending.in_place_of, pending.text, pending.earlier, pending.files)
        return self._chat.send(pending.text, pending.earlier, pending.files)

    def _queue(self, pending: PendingMessage) -> None:
        if self._chat.queue(pending.text, pending.files):
            self._composer.take_text()
            self._chat.attachments.clear()
            self._save_draft("")

    def _on_written_sent(self, _: str) -> None:
        """Empty the message box of what was sent; after an edit, restore what stood there before."""
        self._do_again, self._sent_edit = None, self._edited
        self._composer.take_text()
        if self._edited:
            self._end_edit()
        else:
            self._chat.attachments.clear()
            self._kept_draft = ""

    def _send_what_is_written(self) -> None:
        if self._composer.text().strip() or self._chat.attachments.items:
            self._send()

    def _take_back(self, index: int) -> None:
        if text := self._chat.waiting.take_back(index):
            self._composer.add_text(text)
        self._composer.setFocus()

    def _send_queued(self) -> None:
        waiting = self._chat.waiting.words
        if waiting and self.may_send(waiting[0], before=self._all_ids()):
            self._composer.setFocus()
            self._ask(self._chat.waiting.send)

    def _edit(self, message_id: str) -> None:
        path = self._chat.path
        message = path.message(message_id)
        if message is not None:
            self._begin_edit(message_id, message.text, message.files)
        else:
            path.read(
                [message_id],
                lambda found: list(found.values()),
                lambda found: self._on_words_read(path, found),
            )

    def _on_words_read(self, path: ConversationPath, found: list[Message]) -> None:
        if path is self._chat.path and found:
            self._begin_edit(found[0].id, found[0].text, found[0].files)

    def _begin_edit(self, message_id: str, text: str, files: Sequence[FilePart] | None = None) -> None:
        """Have a message changed. `files`: those it has; None: they are shown already."""
        self._mark_edited(message_id)
        if files is not None:
            self._chat.attachments.show_message_files(files)
        self._composer.begin_edit(text)
        self.edit_began.emit(message_id)
        self._save_draft(self._composer.draft)  # which may have been typed a moment ago

    def _end_edit(self) -> None:
        self._mark_edited("")
        self._chat.attachments.return_to_draft()

    def _mark_edited(self, message_id: str) -> None:
        self._edited = message_id
        if self._page.has_transcript:
            self._page.transcript.mark_edited(message_id)

    def _walk(self, step: int) -> None:
        """Edit the user's message before or after the one in the composer; after the last comes the draft."""
        mine = [entry.id for entry in self._chat.path.entries if entry.role is Role.USER]
        at = mine.index(self._edited) if self._edited in mine else len(mine)
        if at + step >= len(mine):
            self._composer.cancel_edit()
        elif at + step >= 0:
            self._edit(mine[at + step])

    def _show_version(self, message_id: str, version: int) -> None:
        if self._is_answering():
            return
        focused = self._page.transcript.focusWidget()
        self._is_walking_versions = focused is not None and focused.hasFocus()
        self._chat.versions.show(message_id, version)

    def _continue(self, message_id: str) -> None:
        if not self._is_answering() and self._may_ask_again(message_id):
            self._notice.hide()
            self._composer.setFocus()
            self._ask(lambda: self._chat.versions.continue_reply(message_id))

    def _take_step(self, message_id: str, step: ReplyStep) -> None:
        if step is ReplyStep.ANSWER_NOW:
            self._answer_now(message_id)
        elif not self._is_answering() and self._may_ask_again(message_id):
            self._notice.hide()
            self._composer.setFocus()
            if step is ReplyStep.MORE_ROOM:
                self._chat.versions.more_room(message_id)
            else:
                self._ask(lambda: self._chat.versions.try_again(message_id, thinking=ThinkingMode.OFF))

    def _answer_now(self, message_id: str) -> None:
        if self._chat.generation is not None or self._may_ask_again(message_id):
            self._composer.setFocus()  # before the button under the keyboard goes away
            self._chat.versions.answer_now(message_id)

    def _resplit(self, message_id: str, thinking: bool) -> None:
        if not self._is_answering():
            self._chat.versions.resplit(message_id, thinking=thinking)

    def _is_answering(self) -> bool:
        """Return True if a reply runs here, after showing that."""
        if not self._chat.is_answering:
            return False
        if self._is_comparing():
            self._notice.show_text(
                self.tr("Answers are being compared here. Stop them first, or wait until they are done.")
            )
        else:
            self._notice.show_text(self.tr("An answer is still running. Stop it first, or wait until it is done."))
        return True

    def _is_comparing(self) -> bool:
        return self._chat.comparisons.is_comparing(self._chat.current.id)

    def may_send(self, text: str, choice: ModelChoice | None = None, before: Sequence[str] = ()) -> bool:
        """Return True if words may go to the chosen model's place; asks where they go further than they have been.

        `choice`: another model that is to be asked. `before`: the ids of the messages that go along.
        """
        consent = self._consent.ask(text, choice or self._chat.current.settings.choice, before)
        if consent is Consent.START_FRESH:
            self.action_chosen.emit(ErrorAction.START_FRESH)
        return consent is Consent.SEND

    def _may_ask_again(self, message_id: str | None) -> bool:
        """Return True if what a reply answers, or the last question, may go to the chosen model's place."""
        path = self._chat.path
        end = path.index_of(message_id) if message_id else len(path.entries)
        questions = [at for at in range(end or 0) if path.entries[at].role is Role.USER]
        if not questions:
            return self.may_send("")
        message = path.message(path.entries[questions[-1]].id)
        return self.may_send(message.text if message is not None else "", before=self._all_ids()[: questions[-1]])

    def _all_ids(self) -> list[str]:
        return [entry.id for entry in self._chat.path.entries]

    def _ids_before(self, pending: PendingMessage) -> list[str]:
        """Return the ids of the messages that stand before one that is about to be sent."""
        at = self._chat.path.index_of(pending.in_place_of) if pending.in_place_of else None
        return self._all_ids()[:at]

    def _start_fresh_with(self, pending: PendingMessage) -> None:
        """Send a message in a new conversation, to the same model, without what was said before it."""
        if not pending.is_written or pending.in_place_of:
            self.action_chosen.emit(ErrorAction.START_FRESH)
            return
        self.clear_written()
        self._chat.attachments.clear()
        self._chat.fresh.start_conversation(goes_on=True)
        self.use_text(pending.text)
        self._chat.attachments.give_back(pending.files)
        self.send_written(pending.earlier)

    def _set_thinking(self, mode: ThinkingMode) -> None:
        self._chat.set_thinking(Thinking(mode))

    def _save_draft(self, text: str) -> None:
        if text != self._kept_draft:
            self._kept_draft = text
            self._chat.keep_draft(text)

    def _act_on_notice(self, action: ErrorAction) -> None:
        if action is not ErrorAction.TRY_AGAIN:
            self.action_chosen.emit(action)
            return
        again, self._do_again = self._do_again, None
        self._notice.hide()
        self._chat.save_again()
        self._chat.load()
        if again is not None:
            again()

    # What comes of it

    def _on_opened(self, conversation: Conversation, path: ConversationPath, draft: str | None) -> None:
        self._show(path)
        self._files.stop_waiting()
        if draft is not None:
            self._mark_edited("")
            self._sent_edit = ""
            self._composer.open_draft(draft)
            self._kept_draft = draft

    def _show(self, path: ConversationPath) -> None:
        if not path.is_empty or self._page.has_transcript:
            self._show_unsent()
            self._page.transcript.show_path(path)
        self._page.show_transcript(not path.is_empty)
        self._composer.set_running(self._chat.is_answering)
        self._show_queue()
        self._notice.hide()
        self._do_again = None
        self.show_models()

    def _on_settings_changed(self) -> None:
        self.show_models()
        if self._page.has_transcript:
            self._show_unsent()

    def _show_unsent(self) -> None:
        """Show which messages are not sent any more."""
        self._page.transcript.set_unsent(frozenset(self._chat.current.settings.left_out))

    def _on_path_changed(self, same: int) -> None:
        transcript = self._page.transcript
        transcript.show_branch()
        if self._edited and self._chat.path.index_of(self._edited) is None:
            self._composer.cancel_edit()
        view = transcript.view_at(same)
        if self._is_walking_versions and view is not None:
            view.focus_versions()
        self._is_walking_versions = False

    def _on_draft_found(self, draft: str) -> None:
        if not self._composer.text():
            self._composer.open_draft(draft)
            self._kept_draft = draft

    def _on_generation_started(self, generation: Generation) -> None:
        self._page.show_transcript(True)
        self._page.transcript.follow(generation, self._chat.path, to_end=self._is_asking)
        self._composer.set_running(True)

    def _on_generation_ended(self, generation: Generation) -> None:
        if generation.conversation.id == self._chat.current.id:
            self._composer.set_running(self._chat.is_answering)

    def _show_queue(self) -> None:
        self._composer.show_queue(self._chat.waiting.texts)

    def _on_not_sent(self, text: str, error: StoreError) -> None:
        self._composer.set_running(self._chat.is_answering)
        if text and self._sent_edit:
            self._begin_edit(self._sent_edit, text)
        elif text:
            written = self._composer.text().strip()
            self._composer.set_text(f"{text}\n\n{written}" if written else text)
        self._notice.show_error(describe_store(error))
        self._do_again = self._send_what_is_written if text else self.try_again
        self._sent_edit = ""

    def _on_store_failed(self, error: StoreError) -> None:
        self._notice.show_error(describe_store(error))
        self._is_disk_told = self._do_again is None

    def _on_ends_saved(self) -> None:
        """Hide the notice of the disk's refusal, unless something else still waits to be done again."""
        if self._is_disk_told and self._do_again is None:
            self._notice.hide()
        self._is_disk_told = False

    def _on_model_needed(self) -> None:
        if self._models.is_loading:
            self._notice.show_text(
                self.tr("Still looking for models. Your message is kept; send it again in a moment.")
            )
        else:
            self.model_needed.emit()

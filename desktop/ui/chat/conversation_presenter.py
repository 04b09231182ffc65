"""The presenter between the page of a conversation and `runtime.chat.Chat`.

Sending, queueing and the draft; editing is `message_edit.py`, what is asked for at a message `at_messages.py`. Which
conversation is the current one, and all other pages, are the window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.core.conversation import Conversation
from desktop.core.message import FilePart, Message
from desktop.core.request import Thinking
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Comparison
from desktop.runtime.documents.files import Attachments
from desktop.runtime.generation import Generation
from desktop.runtime.models.directory import sight_of
from desktop.runtime.path import ConversationPath
from desktop.ui.chat.at_messages import AtMessages
from desktop.ui.chat.message_edit import MessageEdit
from desktop.ui.chat.model_trouble import connection_gone
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.sending.asking import ConversationAsking
from desktop.ui.chat.sending.consent import SendingConsent
from desktop.ui.chat.sending.consent_dialog import Consent
from desktop.ui.chat.sending.disk_refusals import DiskRefusals
from desktop.ui.chat.sending.files import FilesToSend
from desktop.ui.chat.sending.model_to_come import ModelToCome
from desktop.ui.chat.sending.pending_message import PendingMessage, no_files, nobody_waits
from desktop.ui.composer.pasted import text_below
from desktop.ui.errors import ErrorAction
from desktop.ui.message_actions import Ask


class BoxDraft(QObject):
    """The keeper of what is written in the message box.

    What is written while a conversation is awaited belongs to that one, if it comes: until then it is nobody's.
    """

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page)
        self._page = page
        self._composer = page.composer
        self._chat = chat
        self._kept = ""  # what the composer held when it was last saved or filled
        self._found = ""  # the draft of the conversation that does not exist yet, while another one is awaited
        for changed in (self._composer.draft_changed, self._composer.draft_overdue):
            changed.connect(self.save)
        chat.leaving.connect(self.save_now)
        chat.draft_found.connect(self._on_found)
        page.waiting_ended.connect(self._on_waiting_ended)

    def save(self, text: str) -> None:
        """Save a text as the draft, unless it is that already."""
        if text != self._kept and not self._page.is_awaiting:
            self._kept = text
            self._chat.keep_draft(text)

    def save_now(self) -> None:
        """Save what is written, the last words of an input method too."""
        self._composer.finish_composing()
        self.save(self._composer.draft)

    def save_again(self) -> None:
        """Save the field's draft again, which sending something else has forgotten."""
        self.note_sent()
        self.save(self._composer.draft)

    def note_sent(self) -> None:
        """Note that nothing is kept any more: it was sent."""
        self._kept = ""

    def show(self, draft: str) -> None:
        """Show the draft of a conversation that has been opened."""
        if self._page.is_awaiting and self._chat.is_stored:  # the one that has been awaited
            self._found = ""
            if self._composer.text():
                self._put_above(draft)
                return
        self._composer.open_draft(draft)
        self._kept = draft

    def _put_above(self, draft: str) -> None:
        """Show a draft from the last time above what has been written since the start."""
        if draft:
            written = self._composer.text()
            self._composer.open_draft(text_below(draft, written) if written else draft)
        self._kept = draft
        self.save(self._composer.draft)

    def _on_found(self, draft: str) -> None:
        if self._page.is_awaiting:
            self._found = draft
        else:
            self._put_above(draft)

    def _on_waiting_ended(self) -> None:
        found, self._found = self._found, ""
        if found:
            self._put_above(found)
        else:
            self.save(self._composer.draft)


class ConversationPresenter(QObject):
    """The presenter of the current conversation: shows it on its page, and does there what the user asks for."""

    action_chosen = Signal(object)  # an ErrorAction that concerns more than this conversation
    model_needed = Signal()
    consent_given = Signal(object)  # the Place to which words may go, as the user was asked

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        """Keep the dependencies. `asked_hosts` are those on the internet that words may go to."""
        super().__init__(page)
        self._page = page
        self._composer = page.composer
        self._notice = page.notice
        self._files = FilesToSend(
            page.notice, lambda: sight_of(chat.services.models.listings, chat.current.settings.choice)
        )
        self._chat = chat
        self._models = chat.services.models
        self._preferences = chat.services.settings
        consent = SendingConsent(
            page, chat, self._models, self._preferences, set(self._preferences.now.asked_hosts), self.consent_given.emit
        )
        self._asking = ConversationAsking(chat, page.notice, consent, self._offer_fresh_start, self)
        self.may_send = self._asking.may_send
        self._draft = BoxDraft(page, chat)
        self._edited = MessageEdit(page, chat, self._draft.save)
        self._before: tuple[Message, ...] = ()  # messages that go before what is written, as long as that stands there
        self._before_sent: tuple[Message, ...] = ()  # those of what was sent last, which the disk has yet to take
        self._to_come = ModelToCome(page.notice, chat, self._models, self.written_message, self._send_what_is_written)
        self.edit_began: SignalInstance = self._edited.edit_began
        self._refusals = DiskRefusals(
            page, chat, self._edited, self._send_what_is_written, lambda: self.try_again(), self.action_chosen.emit
        )
        # Asked before something new is sent; shows what can be done if it does not fit, and returns False.
        self.fits: Callable[[PendingMessage], bool] = lambda _: True
        self._connect_page()
        self._connect_chat()
        # After the page shows what has changed: then there is something for the keyboard to stay at.
        at_messages = AtMessages(page, chat, self._asking, self.send_built)
        page.reading.register({Ask.RECOVER: lambda _, step: self.action_chosen.emit(step)})
        self.try_again = at_messages.try_again
        self._show(chat.path)

    def keep_draft(self) -> None:
        """Save what is written, the last words of an input method too."""
        self._page.end_waiting()  # for one that does not come any more
        self._draft.save_now()
        self._edited.keep()
        self._edited.drop_given_up()

    def show_models(self) -> None:
        """Show what the connections offer now."""
        path, settings = self._chat.path, self._chat.current.settings
        last = path.message(path.entries[-1].id) if path.entries else None
        is_its_own = last is not None and settings.choice is not None and last.model == settings.choice.model
        self._page.show_models(self._models, settings, last.place if last is not None and is_its_own else None)
        self._to_come.look()

    def use_text(self, text: str) -> None:
        """Put a text into the input field and focus it; undo restores what stood there."""
        self._before = ()
        self._composer.set_text(text)
        self._draft.save(self._composer.draft)
        self._composer.setFocus()

    def clear_written(self) -> None:
        """Empty the input field; undo restores what stood there."""
        self._before = ()
        self._composer.set_text("")
        self._draft.save("")

    def send_built(
        self,
        text: str,
        earlier: Sequence[Message] = (),
        in_place_of: str = "",
        files: Attachments | None = None,
        on_sent: Callable[[str], None] = nobody_waits,
        words_alone: str = "",
        make_files: Callable[[], bool] = no_files,
    ) -> None:
        """Send a prompt from elsewhere than the input field, which is left alone.

        `earlier` are messages to stand before it; `in_place_of`, an earlier message. Of `files` goes what is chosen.
        `on_sent` is called with the id of the message as soon as it is sent, which may be after the user has been asked
        how; never if it is not. `words_alone` and `make_files` as in `PendingMessage`.
        """
        if not self._asking.is_answering():
            pending = PendingMessage(
                text=text,
                files=files.parts() if files is not None else (),
                source=files,
                earlier=tuple(earlier),
                in_place_of=in_place_of,
                on_sent=on_sent,
                words_alone=words_alone,
                make_files=make_files,
            )
            self._send_if_it_fits(pending)

    def are_ready(self, files: Attachments, again: Callable[[], None]) -> bool:
        """Return True if these files can go now; else say why not, and call `again` as soon as waiting has helped."""
        return self._files.are_ready(files, again)

    def send_written(self, earlier: Sequence[Message] | None = None) -> None:
        """Send what stands in the message box with its files.

        `earlier`: messages to stand before it, also if it can only go later; None for those that are meant to already.
        """
        if earlier is not None:
            self._before = tuple(earlier)
        if self._files.are_ready(self._chat.attachments, self._send_what_is_written):
            self._send_if_it_fits(self.written_message())

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
        if self._asking.is_answering() or not self.may_send(words, before=self._asking.all_ids()):
            return None
        self._notice.hide()
        made = self._asking.run_user_action(lambda: self._chat.comparisons.ask(lines, in_place_of, beside))
        if made is not None:
            self._keep_box()
        return made

    def _keep_box(self) -> None:
        """Save the field's draft again, which sending something else has forgotten."""
        self._before_sent = ()
        self._refusals.note_sent()
        self._draft.save_again()

    def _connect_page(self) -> None:
        composer = self._composer
        composer.send_requested.connect(lambda _: self._send())
        composer.queue_requested.connect(lambda _: self._send())
        composer.queue_send_requested.connect(self._send_queued)
        composer.taken_back.connect(self._take_back)
        composer.stop_requested.connect(self._chat.stop)
        composer.draft_changed.connect(self._on_draft_changed)
        thinking = self._page.header.menu.thinking
        thinking.mode_chosen.connect(lambda mode: self._chat.set_thinking(Thinking(mode)))
        thinking.limit_chosen.connect(self._chat.set_thinking_limit)
        composer.explained.connect(self._notice.show_text)

    def _connect_chat(self) -> None:
        chat = self._chat
        chat.opened.connect(self._on_opened)
        chat.path_changed.connect(lambda _: self._on_path_changed())
        chat.words_moved.connect(lambda index: self._page.transcript.show_again(index))
        chat.generation_started.connect(self._on_generation_started)
        chat.generation_ended.connect(self._on_generation_ended)
        chat.unsent.waiting_changed.connect(self._show_queue)
        chat.not_sent.connect(lambda text, _: self._put_before_again() if text else None)
        chat.model_needed.connect(self._on_model_needed)
        chat.settings_changed.connect(self._on_settings_changed)
        self._models.changed.connect(self.show_models)

    # What the user asks for

    def written_message(self) -> PendingMessage:
        """Return what stands in the message box, with its files: a new message, or another version of one."""
        files = self._chat.attachments.parts()
        return PendingMessage(
            text=self._chat.place_requests.words_for(self._composer.text().strip(), files),
            files=files,
            source=self._chat.attachments,
            earlier=() if self._edited.id else self._before,
            in_place_of=self._edited.id,
            is_written=True,
            on_sent=self._on_written_sent,
            words_alone=self._composer.words,
            make_files=self._make_files,
        )

    def _make_files(self) -> bool:
        are_made = self._composer.make_files()
        if are_made:
            self.send_written()
        return are_made

    def read_outgoing(self, show: Callable[[str], None]) -> None:
        """Call `show` with all that would be sent with what stands in the message box."""
        self._asking.read_outgoing(self.written_message(), show)

    def send_decided(self, pending: PendingMessage, files: tuple[FilePart, ...] | None) -> None:
        """Send a message now that the user has said how: with other files, or as it is where these are None.

        What was written to it meanwhile goes along.
        """
        if pending.is_written:
            in_place_of, pending = pending.in_place_of, self.written_message()
            if pending.in_place_of != in_place_of:
                return  # it is not there any more
        if files is None:
            self._send_if_it_fits(pending)
        else:
            self._deliver(replace(pending, files=files))

    def _send(self) -> None:
        """Send what is written, or have it wait for the reply that runs."""
        if not ((self._edited.id or self._asking.is_comparing()) and self._asking.is_answering()):
            self.send_written()

    def _send_if_it_fits(self, pending: PendingMessage) -> None:
        """Send a message, or ask what is to be done about one that does not fit."""
        if self.fits(pending):
            self._deliver(pending)

    def _deliver(self, pending: PendingMessage) -> None:
        """Send a message or queue it; what can't be sent now is kept where it stands."""
        may_wait = pending.is_written and not pending.in_place_of and not pending.earlier
        if not may_wait and self._asking.is_answering():
            return
        match self._asking.consent_to(pending):
            case Consent.NO:
                return
            case Consent.START_FRESH:
                self._start_fresh_with(pending)
                return
        self._notice.hide()
        if may_wait and self._chat.generation is not None:
            self._queue(pending)
        elif self._asking.run_user_action(lambda: self._start(pending)):
            pending.on_sent(self._chat.path.entries[-2].id)
            if not pending.is_written:
                self._keep_box()
        elif pending.is_written:
            self._to_come.wait()

    def _start(self, pending: PendingMessage) -> bool:
        if pending.in_place_of:
            return self._chat.edit(pending.in_place_of, pending.text, pending.earlier, pending.files)
        return self._chat.send(pending.text, pending.earlier, pending.files)

    def _queue(self, pending: PendingMessage) -> None:
        if self._chat.queue(pending.text, pending.files):
            self._composer.take_text()
            self._chat.attachments.clear()
            self._draft.save("")

    def _on_written_sent(self, _: str) -> None:
        """Empty the message box of what was sent; after an edit, restore what stood there before."""
        self._refusals.note_sent(self._edited.id)
        self._composer.take_text()
        if self._edited.id:
            self._edited.end_edit()
        else:
            self._chat.attachments.clear()
            self._draft.note_sent()
            self._before_sent, self._before = self._before, ()

    def _send_what_is_written(self) -> None:
        if self._composer.text().strip() or self._chat.attachments.items:
            self._send()

    def _take_back(self, index: int) -> None:
        if text := self._chat.take_back(index):
            self._composer.add_text(text)
        self._composer.setFocus()

    def _send_queued(self) -> None:
        waiting = [each.words for each in self._chat.waiting]
        if waiting and self.may_send(waiting[0], before=self._asking.all_ids()):
            self._composer.setFocus()
            self._asking.run_user_action(self._chat.send_waiting)

    def _start_fresh_with(self, pending: PendingMessage) -> None:
        """Send a message in a new conversation, to the same model, without what was said before it."""
        if not pending.is_written or pending.in_place_of:
            self._offer_fresh_start()
            return
        self.clear_written()
        self._chat.attachments.clear()
        self._chat.fresh.start_conversation(goes_on=True)
        self.use_text(pending.text)
        self._chat.attachments.give_back(pending.files)
        self.send_written(pending.earlier)

    def _offer_fresh_start(self) -> None:
        self.action_chosen.emit(ErrorAction.START_FRESH)

    def _on_draft_changed(self, text: str) -> None:
        if not text and not self._chat.attachments.items:
            self._before = ()

    # What comes of it

    def _on_opened(self, conversation: Conversation, path: ConversationPath, draft: str | None) -> None:
        self._show(path)
        self._files.stop_waiting()
        self._to_come.stop_waiting()
        if draft is not None:
            self._edited.mark("")
            self._refusals.note_sent()
            self._before = self._before_sent = ()
            self._draft.show(draft)
            if self._composer.text() in ("", draft):  # else something has been written since the start
                self._edited.go_on()
        if self._chat.is_stored:
            self._page.end_waiting()

    def _show(self, path: ConversationPath) -> None:
        if not path.is_empty or self._page.has_transcript:
            self._show_unsent()
            self._page.transcript.show_path(path)
        self._page.show_transcript(not path.is_empty)
        self._composer.set_running(self._chat.is_answering)
        self._show_queue()
        self._refusals.forget()
        self.show_models()

    def _on_settings_changed(self) -> None:
        self.show_models()
        if self._page.has_transcript:
            self._show_unsent()

    def _show_unsent(self) -> None:
        """Show which messages are not sent any more."""
        self._page.reading.read(unsent=frozenset(self._chat.current.settings.left_out))

    def _on_path_changed(self) -> None:
        self._page.transcript.show_branch()
        if self._edited.id and self._chat.path.index_of(self._edited.id) is None:
            self._composer.cancel_edit()

    def _on_generation_started(self, generation: Generation) -> None:
        self._page.end_waiting()
        self._page.show_transcript(True)
        self._page.transcript.follow(generation, self._chat.path, to_end=self._asking.is_asking)
        self._composer.set_running(True)

    def _on_generation_ended(self, generation: Generation) -> None:
        if generation.conversation.id == self._chat.current.id:
            self._composer.set_running(self._chat.is_answering)

    def _show_queue(self) -> None:
        self._composer.show_queue(self._chat.waiting)

    def _put_before_again(self) -> None:
        """Have the messages go with the words again that the disk has not taken, which are a draft once more."""
        self._before, self._before_sent = self._before_sent, ()
        self._draft.save_again()

    def _on_model_needed(self) -> None:
        choice = self._chat.current.settings.choice
        if self._models.is_loading:
            self._to_come.tell()
        elif choice is not None and self._models.place_of(choice) is None:
            self._notice.show_error(connection_gone(choice))
        else:
            self.model_needed.emit()

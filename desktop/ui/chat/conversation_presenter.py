"""The presenter between the page of a conversation and `runtime.chat.Chat`: what is sent, and what comes of it.

What stands in the message box is `writing.py`, what stands between it and a model `sending.py`. Which conversation is
the current one, and all other pages, are the window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, SignalInstance

from desktop.core.conversation import Conversation
from desktop.core.errors import StoreError
from desktop.core.fresh_start import question_above
from desktop.core.message import FilePart, Message, kinds_off, user_message
from desktop.core.models.facts import can_be_kept_from_reasoning
from desktop.core.models.place import shown_name
from desktop.core.outgoing import cannot_reason, modes_of
from desktop.core.request import Thinking, ThinkingMode
from desktop.core.text.scripts import IN_THIS_LANGUAGE
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Comparison
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui.chat.page import ChatPage
from desktop.ui.chat.sending import Consent, Gate, PendingMessage, connection_gone, nowhere_a_model, trouble_with
from desktop.ui.chat.writing import Writing
from desktop.ui.composer.above_text import text_below
from desktop.ui.errors import ErrorAction, describe_store
from desktop.ui.message_actions import Ask
from desktop.ui.models.menu import ThinkingChoice

_LASTING = ("read_only", "damaged")  # why nothing of any conversation can be saved


class ConversationPresenter(Gate):
    """The presenter of the current conversation: shows it on its page, and does there what the user asks for."""

    model_needed = Signal()

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page, chat)
        self._box = Writing(page, chat)
        self.edit_began: SignalInstance = self._box.edit_began
        self._before: tuple[Message, ...] = ()  # messages that go before what is written, as long as that stands there
        self._before_sent: tuple[Message, ...] = ()  # those of what was sent last, which the disk has yet to take
        self._asked = self.written_message()  # what stood in the box as its passages were looked for
        self._sent_edit = ""  # the id of the message in whose place was sent what the disk has yet to take
        self.is_sending_built = False  # what goes now is not the text of the input field
        self._do_again: Callable[[], object] | None = None  # what the disk did not let happen
        self._is_told = False  # the notice says that the disk refused something, and nothing else waits for it
        self._is_walking_versions = False  # by keyboard, which is to stay there
        self._lasting = ""  # the notice that says why nothing of any conversation can be saved
        # Asked before something new is sent; shows what can be done if it does not fit, and returns False.
        self.fits: Callable[[PendingMessage], bool] = lambda _: True
        # Given what is to be sent in a conversation with folders, of which passages go along; `send_found` sends it.
        self.find_passages: Callable[[PendingMessage], None] = self.send_found
        self._connect_page()
        self._connect_chat()
        self.follow_settings()
        self._show(chat.path)

    def _connect_page(self) -> None:
        composer, chat = self._composer, self._chat
        composer.send_requested.connect(lambda _: self._send())
        composer.queue_requested.connect(lambda _: self._send())
        composer.queued.send_requested.connect(self._send_queued)
        composer.queued.taken_back.connect(self._take_back)
        composer.stop_requested.connect(chat.stop)
        composer.draft_changed.connect(self._on_draft_changed)
        composer.pasted.explained.connect(self._notice.show_text)
        self._notice.action_chosen.connect(self._act_on_notice)
        thinking = self._page.header.menu.thinking
        thinking.mode_chosen.connect(lambda mode: chat.set_thinking(Thinking(mode)))
        thinking.limit_chosen.connect(chat.set_thinking_limit)
        without = ThinkingMode.OFF
        self._page.reading.register(
            {
                Ask.TRY_AGAIN: lambda at, _: self.try_again(at),
                Ask.CONTINUE: lambda at, _: self.ask_again(at, lambda: chat.continue_reply(at)),
                Ask.WITHOUT_THINKING: lambda at, _: self.ask_again(at, lambda: chat.try_again(at, thinking=without)),
                Ask.MORE_ROOM: lambda at, _: self.ask_again(at, lambda: chat.more_room(at)),
                Ask.ANSWER_NOW: lambda at, _: self._answer_now(at),
                Ask.IN_LANGUAGE: lambda _, each: self._ask_in(each),
                Ask.SHOW_VERSION: self._show_version,
                Ask.RESPLIT: self._resplit,
                Ask.STOP: lambda *_: chat.stop(),
                Ask.FIND_AGAIN: lambda at, _: self._find_again(at),
                Ask.SEND_AGAIN: lambda at, _: chat.send_again(at),
                Ask.RECOVER: lambda _, step: self.action_chosen.emit(step),
                Ask.HIDE_SIGN_KIND: lambda _, kind: self._switch_off(kind),
            }
        )

    def _connect_chat(self) -> None:
        chat = self._chat
        chat.opened.connect(self._on_opened)
        chat.path_changed.connect(self._on_path_changed)
        chat.words_moved.connect(lambda index: self._page.transcript.show_again(index))
        chat.generation_started.connect(self._on_generation_started)
        chat.generation_ended.connect(self._on_generation_ended)
        chat.unsent.waiting_changed.connect(self._show_queue)
        chat.not_sent.connect(self._on_not_sent)
        chat.store_failed.connect(self._on_store_failed)
        chat.unsaved.all_saved.connect(self._on_all_saved)
        chat.model_needed.connect(self._on_model_needed)
        chat.signs_found.connect(self._show_signs)
        chat.settings_changed.connect(self._on_settings_changed)
        self._models.changed.connect(self.show_models)

    def keep_draft(self) -> None:
        """Save what is written, the last words of an input method too."""
        self._page.end_waiting()  # for one that does not come any more
        self._box.save_now()
        self._box.keep()
        self._box.drop_given_up()

    def show_models(self) -> None:
        """Show what the connections offer now, and the place of the chosen model.

        While its connection is away, that is where it answered last.
        """
        page, models, settings = self._page, self._models, self._chat.current.settings
        choice, info, place = settings.choice, models.find(settings.choice), models.place_of(settings.choice)
        if place is None and choice is not None and (last := self._chat.path.last) is not None:
            place = last.place if last.model == choice.model else None
        page.header.show_models(models.listings, choice, is_offline=models.is_offline)
        page.header.set_place(place)
        self._composer.send_button.set_place(place)
        modes = tuple(modes_of(info)) if info is not None else ()
        page.header.show_thinking(
            ThinkingChoice(modes, settings.thinking.mode, settings.thinking_limit, cannot_reason(info))
        )
        page.reading.read(can_ask_without=can_be_kept_from_reasoning(info))
        page.empty.show_model(info, place, shown_name(choice.model) if choice else "", is_looking=models.is_loading)
        trouble = trouble_with(models.listings, choice, page.model_files, is_offline=models.is_offline)
        page.empty.show_trouble(trouble, is_looking=models.is_loading)
        self.look_for_model()

    # What is sent

    def use_text(self, text: str) -> None:
        """Put a text into the input field and focus it; undo restores what stood there."""
        self._before = ()
        self._composer.set_text(text)
        self._box.save(self._composer.draft)
        self._composer.setFocus()

    def clear_written(self) -> None:
        """Empty the input field; undo restores what stood there."""
        self._before = ()
        self._composer.set_text("")
        self._box.save("")

    def written_message(self) -> PendingMessage:
        files = self._chat.attachments.parts()
        return PendingMessage(
            text=self._chat.place_requests.words_for(self._composer.text().strip(), files),
            files=files,
            source=self._chat.attachments,
            earlier=() if self._box.id else self._before,
            in_place_of=self._box.id,
            is_written=True,
            on_sent=self._on_written_sent,
            words_alone=self._composer.words,
            make_files=self._make_files,
        )

    def send_written(self, earlier: Sequence[Message] | None = None) -> None:
        """Send what stands in the message box with its files.

        `earlier`: messages to stand before it, also if it can only go later; None for those that are meant to already.
        """
        if earlier is not None:
            self._before = tuple(earlier)
        if self.are_ready(self._chat.attachments, self._send_what_is_written):
            self._send_if_it_fits(self.written_message())

    def send_built(self, pending: PendingMessage) -> None:
        """Send a prompt from elsewhere than the input field, which is left alone.

        It may be sent after the user has been asked how, or never.
        """
        if not self.is_answering():
            self._send_if_it_fits(pending)

    def _ask_in(self, language: str) -> None:
        self.send_built(PendingMessage(text=IN_THIS_LANGUAGE.get(language, IN_THIS_LANGUAGE["en"])))

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
            self._ask_folders(replace(pending, files=files))

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
        if self.is_answering() or not self.may_send(words, before=self.ids_above()):
            return None
        self._notice.hide()
        made = self.run_user_action(lambda: self._chat.comparisons.ask(lines, in_place_of, beside))
        if made is not None:
            self._keep_box()
        return made

    def _send(self) -> None:
        """Send what is written, or have it wait for the reply that runs."""
        is_busy = (self._box.id or self.is_comparing()) and self.is_answering()
        if not is_busy and not self.holds(self.written_message()):
            self.send_written()

    def _send_what_is_written(self) -> None:
        if self._composer.text().strip() or self._chat.attachments.items:
            self._send()

    def _send_if_it_fits(self, pending: PendingMessage) -> None:
        """Send a message, or ask what is to be done about one that does not fit."""
        if self.fits(pending):
            self._ask_folders(pending)

    def _ask_folders(self, pending: PendingMessage) -> None:
        """Have passages go along where the conversation has folders: what finds them may ask the model, too."""
        if not self._chat.current.settings.folders:
            self._deliver(pending)
        elif self._may_go(pending):
            self._asked = self.written_message()
            self.find_passages(pending)

    def send_found(self, pending: PendingMessage) -> None:
        """Send a message with its passages, unless something else is written by now."""
        if pending.is_written and self.written_message() != self._asked:
            self._notice.show_text(self.tr("Not sent: you have changed it meanwhile. Press Enter to send it."))
        else:
            self._deliver(pending)

    def _find_again(self, at: str) -> None:
        """Ask what an answer answers once more, with what is found for it by now."""
        if (question := self._question(at)) is not None:
            self._ask_anew(question)

    def _question(self, message_id: str) -> Message | None:
        """Return what a message answers, or the last question, if its words are in memory."""
        path = self._chat.path
        return path.message(question_above(path.entries, message_id))

    def _ask_anew(self, question: Message) -> None:
        files = question.without_passages.files
        self._send_if_it_fits(PendingMessage(text=question.text, files=files, in_place_of=question.id))

    def _may_go(self, pending: PendingMessage) -> bool:
        """Return True if a message can be sent or queued, and its words may go to the model's place."""
        if not self._may_wait(pending) and self.is_answering():
            return False
        consent = self.consent_to(pending)
        if consent is Consent.START_FRESH:
            self._start_fresh_with(pending)
        return consent is Consent.SEND

    def _may_wait(self, pending: PendingMessage) -> bool:
        return pending.is_written and not pending.in_place_of and not pending.earlier

    def _deliver(self, pending: PendingMessage) -> None:
        """Send a message or queue it; what can't be sent now is kept where it stands."""
        if not self._may_go(pending):
            return
        self._notice.hide()
        if self._may_wait(pending) and self._chat.generation is not None:
            if self._chat.queue(pending.text, pending.files):
                self._composer.take_text()
                self._chat.attachments.clear()
                self._box.save("")
        elif self.run_user_action(lambda: self._start(pending)):
            pending.on_sent(self._chat.path.entries[-2].id)
            if not pending.is_written:
                self._keep_box()
        elif pending.is_written:
            self.wait_for_model()

    def _start(self, pending: PendingMessage) -> bool:
        self.is_sending_built = not pending.is_written
        try:
            if pending.in_place_of:
                return self._chat.edit(pending.in_place_of, pending.text, pending.earlier, pending.files)
            return self._chat.send(pending.text, pending.earlier, pending.files)
        finally:
            self.is_sending_built = False

    def _on_written_sent(self, _: str) -> None:
        """Empty the message box of what was sent; after an edit, restore what stood there before."""
        self._note_sent(self._box.id)
        self._composer.take_text()
        if self._box.id:
            self._box.end_edit()
        else:
            self._chat.attachments.clear()
            self._box.kept = ""
            self._before_sent, self._before = self._before, ()

    def _keep_box(self) -> None:
        """Save the field's draft again, which sending something else has forgotten."""
        self._before_sent = ()
        self._note_sent()
        self._box.save_again()

    def _make_files(self) -> bool:
        are_made = self._composer.make_files()
        if are_made:
            self.send_written()
        return are_made

    def _take_back(self, index: int) -> None:
        if text := self._chat.take_back(index):
            self._composer.add_text(text)
        self._composer.setFocus()

    def _send_queued(self) -> None:
        waiting = self._chat.waiting
        if waiting and self.shows_first(user_message("", attached=waiting[0].files)):
            self._take_back(0)
        elif waiting and self.may_send(waiting[0].words, before=self.ids_above()):
            self._composer.setFocus()
            self.run_user_action(self._chat.send_waiting)

    def _start_fresh_with(self, pending: PendingMessage) -> None:
        """Send a message in a new conversation, to the same model, without what was said before it."""
        if not pending.is_written or pending.in_place_of:
            self.start_fresh()
            return
        self.clear_written()
        self._chat.attachments.clear()
        self._chat.fresh.start_conversation(goes_on=True)
        self.use_text(pending.text)
        self._chat.attachments.give_back(pending.files)
        self.send_written(pending.earlier)

    def _on_draft_changed(self, text: str) -> None:
        if not text and not self._chat.attachments.items:
            self._before = ()

    # What is asked for at a message

    def try_again(self, message_id: str | None = None) -> None:
        """Request a reply once more, or the last one.

        A question that would take passages over the internet is asked anew, so that the user sees them first.
        """
        question = self._question(message_id or "")
        if question is None or not self.shows_first(question):
            self.ask_again(message_id, lambda: self._chat.try_again(message_id))
        elif not self.is_answering():
            self._ask_anew(question)

    def ask_again(self, message_id: str | None, ask: Callable[[], object]) -> None:
        """Ask a model about the messages before a reply, once more or for more of it."""
        if not self.is_answering() and self.may_ask_again(message_id):
            self._notice.hide()
            self._composer.setFocus()  # before the button under the keyboard goes away
            self.run_user_action(ask)

    def _answer_now(self, message_id: str) -> None:
        if self._chat.generation is not None or self.may_ask_again(message_id):
            self._composer.setFocus()  # before the button under the keyboard goes away
            self._chat.answer_now(message_id)

    def _show_version(self, message_id: str, version: int) -> None:
        if self.is_answering():
            return
        focused = self._page.transcript.focusWidget()
        self._is_walking_versions = focused is not None and focused.hasFocus()
        self._chat.show_version(message_id, version)

    def _resplit(self, message_id: str, thinking: bool) -> None:
        if not self.is_answering():
            self._chat.resplit(message_id, thinking=thinking)

    # What comes of it

    def _on_opened(self, conversation: Conversation, path: ConversationPath, draft: str | None) -> None:
        self._show(path)
        self.stop_waiting()
        if draft is not None:
            self._box.mark("")
            self._note_sent()
            self._before = self._before_sent = ()
            self._box.show_draft(draft)
            if self._composer.text() in ("", draft):  # else something has been written since the start
                self._box.go_on()
        if self._chat.is_stored:
            self._page.end_waiting()

    def _show(self, path: ConversationPath) -> None:
        if not path.is_empty or self._page.has_transcript:
            self._show_unsent()
            self._page.transcript.show_path(path)
        self._page.show_transcript(not path.is_empty)
        self._show_running()
        self._show_queue()
        self._do_again = None
        if not self._lasting or self._notice.accessibleName() != self._lasting:
            self._notice.hide()  # what is so of all conversations is still said
        self.show_models()

    def _on_settings_changed(self) -> None:
        self.show_models()
        if self._page.has_transcript:
            self._show_unsent()

    def _show_unsent(self) -> None:
        """Show which messages are not sent any more."""
        self._page.reading.read(unsent=frozenset(self._chat.current.settings.left_out))

    def _on_path_changed(self, same: int) -> None:
        """Show the messages from the first that is another one, and leave the keyboard at the versions of that."""
        self._page.transcript.show_branch()
        if self._box.id and self._chat.path.index_of(self._box.id) is None:
            self._composer.cancel_edit()
        view = self._page.transcript.view_at(same)
        if self._is_walking_versions and view is not None:
            view.focus_versions()
        self._is_walking_versions = False

    def _on_generation_started(self, generation: Generation) -> None:
        self._page.end_waiting()
        self._page.show_transcript(True)
        self._page.transcript.follow(generation, self._chat.path, to_end=self.is_asking)
        self._composer.set_running(True)

    def _on_generation_ended(self, generation: Generation) -> None:
        if generation.conversation.id == self._chat.current.id:
            self._show_running()

    def _show_running(self) -> None:
        """Have Send be Stop while answers come; what is written beside several of them cannot wait for one."""
        self._composer.set_running(self._chat.is_answering, queues=not self.is_comparing())

    def _show_queue(self) -> None:
        self._composer.queued.show_messages(self._chat.waiting)

    def _on_model_needed(self) -> None:
        choice = self._chat.choice
        if self._models.is_loading:
            self.tell_of_looking()
        elif choice is not None and self._models.place_of(choice) is None:
            self._notice.show_error(connection_gone(choice))
        elif not any(model.can_chat for _, model in self._models.offers):
            self._notice.show_error(nowhere_a_model())
        else:
            self.model_needed.emit()

    # What the disk did not take

    def _note_sent(self, in_place_of: str = "") -> None:
        """Note that a message was sent which the disk has yet to take; `in_place_of`: the id of the one it changes."""
        self._do_again, self._sent_edit = None, in_place_of

    def _act_on_notice(self, action: ErrorAction) -> None:
        if action is not ErrorAction.TRY_AGAIN:
            self.action_chosen.emit(action)
            return
        again, self._do_again = self._do_again, None
        self._notice.hide()
        self._chat.unsaved.save_again()
        self._chat.load()
        if again is not None:
            again()

    def _on_not_sent(self, text: str, error: StoreError) -> None:
        """Give words that were not saved, and so not sent, back to the message box."""
        self._show_running()
        if text and self._sent_edit:
            self._box.begin_edit(self._sent_edit, text)
        elif text:
            written = self._composer.text().strip()
            self._composer.set_text(text_below(text, written) if written else text)
        if text:
            self._before, self._before_sent = self._before_sent, ()
            self._box.save_again()
        self._notice.show_error(describe_store(error))
        self._do_again = self._send_what_is_written if text else self.try_again
        self._sent_edit = ""

    def _on_store_failed(self, error: StoreError) -> None:
        self._notice.show_error(describe_store(error))
        self._lasting = self._notice.accessibleName() if error.reason in _LASTING else ""
        self._is_told = self._do_again is None

    def _on_all_saved(self) -> None:
        """Hide the notice of the disk's refusal, unless something else still waits to be done again."""
        if self._is_told and self._do_again is None:
            self._notice.hide()
        self._is_told = False

    # Signs of trouble

    def follow_settings(self) -> None:
        """Show the kinds of signs that are wanted now."""
        self._page.reading.read(signs_off=kinds_off(self._settings.now.signs_off))

    def _switch_off(self, kind: str) -> None:
        """Switch a kind off at once, and show where it is switched on again, since its line has gone."""
        self._settings.change(signs_off=tuple(sorted({*self._settings.now.signs_off, kind})))
        sentence = self.tr("This kind is not shown any more. The switch in the settings brings it back.")
        self._notice.show_text(sentence)

    def _show_signs(self, message_id: str) -> None:
        message = self._chat.path.message(message_id)
        if message is not None and self._page.has_transcript:
            self._page.transcript.show_signs(message_id, message.signs)
